//! Asks what the committed dashboards ask, and the one that is made where a spec has none, as Grafana would.

use std::fs;

use serde_json::Value;

use super::JOB;
use super::prometheus::Prometheus;
use crate::support::{generated, read};

/// What is wrong with what the committed dashboards ask.
pub(crate) fn problems(prometheus: &Prometheus, address: &str) -> Vec<String> {
    let folder = generated("grafana");
    let mut problems = Vec::new();
    let mut dashboards = 0;
    for entry in fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        dashboards += 1;
        let dashboard = serde_json::from_str(&read(&path)).expect("JSON");
        problems.extend(problems_of(prometheus, &dashboard, address));
    }
    assert!(dashboards > 0, "no dashboard in {}", folder.display());
    problems
}

/// What is wrong with what the dashboard asks that would be made, had the spec none.
pub(crate) fn problems_by_default(prometheus: &Prometheus, address: &str) -> Vec<String> {
    let spec = read(&generated("../spec/monospec.yaml"));
    let (before, rest) = spec.split_once("\ndashboards:\n").expect("dashboards");
    let (_, after) = rest.split_once("\noutputs:\n").expect("outputs");
    let before: String = before
        .lines()
        // These panels are gone.
        .filter(|line| !line.trim_start().starts_with("panel: "))
        .flat_map(|line| [line, "\n"])
        .collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("monospec.yaml");
    fs::write(&path, format!("{before}\noutputs:\n{after}")).expect("a file");
    let compilation = monospec::compile(&path).expect("a spec");
    let model = compilation.models.first().expect("no errors");
    let artifacts = monospec::targets::render(model, Some(&["grafana"]));
    let mut dashboards = artifacts.iter().filter(|(path, _)| path.ends_with(".json"));
    let (_, dashboard) = dashboards.next().expect("a dashboard");
    let dashboard = serde_json::from_slice(dashboard).expect("JSON");
    problems_of(prometheus, &dashboard, address)
}

fn problems_of(prometheus: &Prometheus, dashboard: &Value, address: &str) -> Vec<String> {
    let variables = variables(dashboard);
    let (asked, mut problems) = ask_all(prometheus, dashboard, &variables);
    assert!(asked > 0, "{} asks nothing", dashboard["title"]);
    problems.extend(check_variables(prometheus, dashboard, &variables, address));
    problems
}

/// What every variable stands for, the longest name first: a name may begin with another.
fn variables(dashboard: &Value) -> Vec<(String, String)> {
    let mut variables: Vec<_> = queried(dashboard)
        .map(|variable| {
            let value = match variable["current"]["value"][0].as_str() {
                Some("$__all") => variable["allValue"].as_str(),
                value => value,
            };
            let value = value.unwrap_or_else(|| panic!("no value: {variable}"));
            (format!("${}", text(&variable["name"])), value.to_owned())
        })
        .collect();
    variables.push(("$__rate_interval".to_owned(), "1m".to_owned()));
    variables.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    variables
}

/// The variables that come from a query.
fn queried(dashboard: &Value) -> impl Iterator<Item = &Value> {
    let list = dashboard["templating"]["list"]
        .as_array()
        .expect("variables");
    list.iter().filter(|variable| variable["type"] == "query")
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("not text: {value}"))
}

fn substituted(expression: &str, variables: &[(String, String)]) -> String {
    let text = variables
        .iter()
        .fold(expression.to_owned(), |text, (name, value)| {
            text.replace(name, value)
        });
    assert!(!text.contains('$'), "a variable that is not known: {text}");
    text
}

/// Asks every expression of panels and annotations; says how many there are, and what is wrong with them.
fn ask_all(
    prometheus: &Prometheus,
    dashboard: &Value,
    variables: &[(String, String)],
) -> (usize, Vec<String>) {
    let panels = dashboard["panels"].as_array().expect("panels").iter();
    let inner = panels
        .clone()
        .filter_map(|panel| panel["panels"].as_array());
    let targets = panels
        .chain(inner.flatten())
        .filter_map(|panel| Some((text(&panel["title"]), panel["targets"].as_array()?)))
        .flat_map(|(title, targets)| targets.iter().map(move |target| (title, target)));
    let annotations = dashboard["annotations"]["list"].as_array().expect("a list");
    let annotations = annotations
        .iter()
        .filter(|annotation| annotation.get("expr").is_some())
        .map(|annotation| (text(&annotation["name"]), annotation));
    let mut asked = 0;
    let mut problems = Vec::new();
    for (title, target) in targets.chain(annotations) {
        asked += 1;
        let expression = substituted(text(&target["expr"]), variables);
        let range = target["range"] == true;
        let legend = target["legendFormat"].as_str().unwrap_or_default();
        if let Err(why) = check(prometheus, &expression, range, legend) {
            problems.push(format!("{title}: {why}\n{expression}"));
        }
    }
    (asked, problems)
}

/// Asks an expression: it has series with numbers, and every label that its legend names.
fn check(
    prometheus: &Prometheus,
    expression: &str,
    range: bool,
    legend: &str,
) -> Result<(), String> {
    let series = prometheus.query(expression)?;
    if range {
        // As a panel asks, which the same expression as of now does not prove: a window around now, in steps.
        let now = prometheus.query("vector(time())")?[0]["value"][1].clone();
        let end: f64 = text(&now)
            .parse()
            .map_err(|error| format!("{error}: {now}"))?;
        let (start, end) = ((end - 5.0).to_string(), end.to_string());
        let parameters = [
            ("query", expression),
            ("start", &start),
            ("end", &end),
            ("step", "1"),
        ];
        let data = prometheus.get("query_range", &parameters)?;
        if data["resultType"] != "matrix" {
            return Err(format!("not a matrix: {data}"));
        }
        let drawn = data["result"].as_array().map_or(0, Vec::len);
        if drawn < series.len() {
            return Err(format!("{drawn} of {} series are drawn", series.len()));
        }
    }
    let number = |series: &Value| text(&series["value"][1]).parse().is_ok_and(f64::is_finite);
    // There is no exception: the traffic even has an alert fire.
    if !series.iter().any(number) {
        return Err(format!("no series has a number: {series:?}"));
    }
    let labels = legend
        .split("{{")
        .skip(1)
        .filter_map(|rest| rest.split_once("}}"));
    for (label, _) in labels {
        if series
            .iter()
            .any(|series| series["metric"].get(label.trim()).is_none())
        {
            return Err(format!(
                "the legend {legend} names what a series lacks: {series:?}"
            ));
        }
    }
    Ok(())
}

/// Asks what the variables offer.
fn check_variables(
    prometheus: &Prometheus,
    dashboard: &Value,
    variables: &[(String, String)],
    address: &str,
) -> Vec<String> {
    let mut problems = Vec::new();
    for variable in queried(dashboard) {
        let query = substituted(text(&variable["query"]), variables);
        let (selector, label) = query
            .strip_prefix("label_values(")
            .and_then(|query| query.strip_suffix(')')?.rsplit_once(", "))
            .unwrap_or_else(|| panic!("not the values of a label: {query}"));
        let path = format!("label/{label}/values");
        match prometheus.get(&path, &[("match[]", selector)]) {
            Ok(values) => {
                let right = match label {
                    "job" => values == serde_json::json!([JOB]),
                    "instance" => values == serde_json::json!([address]),
                    _ => values.as_array().is_some_and(|values| !values.is_empty()),
                };
                if !right {
                    problems.push(format!("{query}: {values}"));
                }
            }
            Err(why) => problems.push(format!("{query}: {why}")),
        }
    }
    problems
}
