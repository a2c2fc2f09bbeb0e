//! Where artefacts go.

use crate::diagnostics::{Finding, Findings};
use crate::model::Outputs;
use crate::spec::Place;
use crate::spec::document::{Document, Output};

pub(super) fn resolve(document: &Document, findings: &mut Findings) -> Outputs {
    let written = document.outputs.as_ref().and_then(|o| o.sound());
    let mut taken: Vec<(String, &str)> = Vec::new();
    let mut path = |key: &'static str, output: Option<&Output>, default: Option<&str>| {
        let at = Place::root().child("outputs").child(key);
        let path = match output {
            Some(Output::Off) => return None,
            Some(Output::Path(path)) => path.clone(),
            None => default?.to_owned(),
        };
        if let Some(problem) = problem(key, &path) {
            findings.push(Finding::error("bad-path", at, problem));
        } else if let Some((_, other)) = taken.iter().find(|(taken, _)| *taken == path) {
            findings.push(Finding::error(
                "bad-path",
                at,
                format!("`{other}` and `{key}` would be the same file"),
            ));
        }
        let below = |path: &str, folder: &str| {
            let rest = path.strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let inside = taken
            .iter()
            .find(|(taken, _)| below(taken, &path) || below(&path, taken));
        if let Some((_, other)) = inside.filter(|_| problem(key, &path).is_none()) {
            findings.push(Finding::error(
                "bad-path",
                Place::root().child("outputs").child(key),
                format!("`{other}` and `{key}` cannot both be: one file would be the folder of the other"),
            ));
        }
        taken.push((path.clone(), key));
        Some(path)
    };
    Outputs {
        prometheus: path(
            "prometheus",
            written.and_then(|o| o.prometheus.as_ref()),
            Some("generated/prometheus.yml"),
        ),
        alerts: path(
            "alerts",
            written.and_then(|o| o.alerts.as_ref()),
            Some("generated/alerts.yml"),
        ),
        grafana: path(
            "grafana",
            written.and_then(|o| o.grafana.as_ref()),
            Some("generated/grafana/{dashboard}.json"),
        ),
        schema: path(
            "schema",
            written.and_then(|o| o.schema.as_ref()),
            Some("generated/monospec.schema.json"),
        ),
        rust: path("rust", written.and_then(|o| o.rust.as_ref()), None),
    }
}

/// What is wrong with a path, if anything: artefacts stay inside the project.
fn problem(key: &str, path: &str) -> Option<String> {
    let placeholder = "{dashboard}";
    if path.is_empty() || path.ends_with('/') {
        return Some(format!("`{path}` is not a file"));
    }
    if path.starts_with('/') || path.contains('\\') || path.contains(':') {
        return Some("a path is relative to the project, with `/` between folders".to_owned());
    }
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Some("a path stays inside the project, without `.` and `..`".to_owned());
    }
    if path.chars().any(char::is_control) {
        return Some("a path has no control characters".to_owned());
    }
    match path.matches(placeholder).count() {
        0 if key == "grafana" => Some(format!(
            "there may be several dashboards: the path needs `{placeholder}`"
        )),
        0 => None,
        _ if key != "grafana" => Some(format!("only `grafana` knows `{placeholder}`")),
        1 => None,
        _ => Some(format!("`{placeholder}` stands there more than once")),
    }
}
