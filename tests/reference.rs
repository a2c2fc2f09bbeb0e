//! `docs/reference.md` is made from the JSON Schema, and so from the types of the decoder.

#![cfg(feature = "cli")]

use std::fmt::Write as _;
use std::path::Path;

use monospec::diagnostics::codes::CODES;
use serde_json::{Map, Value};

const INTRODUCTION: &str = "\
# The language

Everything that can be written in a spec. This page is made from the types that read it; `UPDATE_GOLDEN=1 cargo test --test \
reference` renews it, and `monospec schema` prints the same as a JSON Schema for editors.

A spec is [YAML 1.2](https://yaml.org/spec/1.2.2/) in UTF-8, one document a file. Unknown keys, duplicate keys, merge keys (`<<`), \
tags and characters that reorder text are errors; `on`, `yes` and `no` are strings; what is null is absent; where a string is expected, a number or a boolean \
has to be quoted. Lengths of time are written like `15s` or `1h30m`, quantities like `5%`, `250ms`, `1GiB`, `10/m` or `3`.

Keys in **bold** are required.
";

const FINDINGS: &str = "\
# Findings

Every code that monospec tells, as `monospec explain` does; `UPDATE_GOLDEN=1 cargo test --test reference` renews this page. An \
*error* is one whatever the spec says. The others are lints: *deny* makes an error of it, *warn* a warning, *allow* nothing; \
`lints: { NAME: LEVEL }` changes that for a spec, `allow: { NAME: reason }` for one item. The examples are parts of the shop in \
the README.

| code | | |
| --- | --- | --- |
";

const SIGNALS: &str = "
## Signals that are there anyway

Alerts and panels name signals of `signals:`, metrics (a gauge for its value, a counter for its rate), and these. An entry of the \
same name in `signals:` takes their place.

| signal | with | what it is |
| --- | --- | --- |
| `up`, `up(JOB)` | always, and for every exporter | 1 if Prometheus reached the target, by instance |
| `request_rate` | `http.requests` | requests per second |
| `error_ratio` | `http.requests` | the share of requests that was answered with a 5xx status |
| `latency_p50`, `latency_p95`, `latency_p99` | `http.duration` | quantiles of the time to answer |
| `in_flight` | `http.in_flight` | requests being answered |
| `flag_status` | `flags` | 1 for each flag that is on in some instance, by `flag_name` |
| `flag_changes` | `flags` | the share of instances in which a flag changed within ten minutes, by `flag_name` |
| `health_status` | `health.checks` | 1 for each check that is healthy in every instance, by `check` |

What the runtime exposes may be used like declared metrics: `feature_flag_status{flag_name,enabled}`, \
`feature_flag_invalid{flag_name}`, `health_check_status{check}`, `health_check_duration_seconds{check}`, \
`health_check_last_success_timestamp_seconds{check}`, `monospec_label_overflow_total{label}`, \
`monospec_spec_info{hash}`; `include: [std:process]` declares the \
`process_*` metrics, `std:tokio` and `std:go` what those runtimes expose.

A selector of a signal is a metric's name, perhaps with matchers: `orders_total{result=\"paid\"}`. It gets the job of its metric, and \
on dashboards what their variables say; so do the selectors of an `expr` that name no job, unless `raw: true`.

`equals` compares each series of a gauge (or `up`) and nothing that is computed. `when_missing: fire` goes with `equals: 0`: the alert \
fires too when there is no series at all, and its texts may then use only the labels that the selector names. `min_traffic` goes with \
ratios of counters, quantiles and averages. `90%` of a gauge with a `limit` is a share of that limit, series by series. `record: true` \
makes a recording rule `level:signal:operation` for others to read; alerts and panels of this spec do not read it.
";

const TEXTS: &str = "
## Words in texts

`summary`, `description`, and the labels and annotations of an alert are \
[templates of Prometheus](https://prometheus.io/docs/prometheus/latest/configuration/template_reference/), and have words that monospec \
puts in before, so that no number is written twice. `{{ $value }}` alone becomes one that people read, by the unit: `12.5%`, `1m 5s`.

| word | in | what stands there then |
| --- | --- | --- |
| `{threshold}` | alerts on a signal | what it is compared with, as it is written: `10%`; of `levels:` each its own |
| `{for}` | alerts | how long that has to hold: `5m` |
| `{window}` | alerts on a signal | how far back the signal looks: `5m` |
| `{limit}` | alerts on a gauge with a `limit` | the limit as it is written: `100`. Of a limit that is another gauge, that gauge's name, as in `90% of pool_size`: how much it is just now, only Prometheus knows, `{{ with query \"pool_size\" }}{{ . | first | value }}{{ end }}` |
| `{alert}` | alerts and objectives, `runbook_url` | the name of the alert |
| `{objective}`, `{over}` | objectives | `99.9%`, `30d` |
| `{environment}` | `runbook_url`, paths of `outputs:` | the name of the environment |
| `{dashboard}` | `outputs.grafana` | the key of the dashboard |

A word that has nothing to stand for where it is written is an error.
";

const LINTS: &str = "
## Lints

How much each weighs, `lints:` says; an item is excused with `allow: { LINT: reason }`. [docs/findings.md](findings.md) has all of \
them, as `monospec explain` has.
";

#[test]
fn the_reference_is_up_to_date() {
    is_up_to_date(
        "docs/reference.md",
        page(&monospec::spec::document::json_schema()),
    );
}

#[test]
fn the_page_of_findings_is_up_to_date() {
    is_up_to_date("docs/findings.md", findings());
}

fn is_up_to_date(path: &str, page: String) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    if committed == page {
        return;
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, page).expect("docs/ can be written");
    } else {
        panic!(
            "{path} is not what the code says; `UPDATE_GOLDEN=1 cargo test --test reference` renews it"
        );
    }
}

/// Every code and what `monospec explain` says of it.
fn findings() -> String {
    let mut page = FINDINGS.to_owned();
    for code in CODES {
        let (name, weight, summary) = (code.name, code.weight(), code.summary());
        writeln!(
            page,
            "| [`{name}`](#{name}) | {weight} | {} |",
            cell(summary)
        )
        .expect("a string");
    }
    for code in CODES {
        let (name, weight) = (code.name, code.weight());
        write!(page, "\n## {name}\n\n*{weight}* · {}", code.text).expect("a string");
    }
    page
}

fn page(schema: &Value) -> String {
    let mut page = INTRODUCTION.to_owned();
    let definitions = schema["$defs"].as_object().expect("definitions");
    section(&mut page, "A spec", schema);
    // In the order in which a reader meets them.
    let mut order = Vec::new();
    collect(schema, definitions, &mut order);
    for name in order {
        section(&mut page, &name, &definitions[&name]);
    }
    page.push_str(SIGNALS);
    page.push_str(TEXTS);
    page.push_str(LINTS);
    page
}

/// The definitions that a schema refers to, and those that they refer to.
fn collect(schema: &Value, definitions: &Map<String, Value>, order: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(name) = reference(schema)
                && !order.contains(&name)
            {
                order.push(name.clone());
                collect(&definitions[&name], definitions, order);
            }
            for (key, value) in object {
                if key != "$defs" {
                    collect(value, definitions, order);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|v| collect(v, definitions, order)),
        _ => {}
    }
}

fn reference(schema: &Value) -> Option<String> {
    let path = schema.get("$ref")?.as_str()?;
    Some(path.rsplit('/').next()?.to_owned())
}

fn section(page: &mut String, name: &str, schema: &Value) {
    writeln!(page, "\n## {name}\n").expect("a string");
    if let Some(text) = schema["description"].as_str() {
        writeln!(page, "{}\n", one_line(text)).expect("a string");
    }
    if let Some(words) = schema.get("oneOf").and_then(Value::as_array) {
        writeln!(page, "| word | |\n| --- | --- |").expect("a string");
        for word in words {
            let about = word["description"].as_str().unwrap_or_default();
            writeln!(page, "| `{}` | {} |", plain(&word["const"]), cell(about)).expect("a string");
        }
        return;
    }
    if let Some(item) = reference(&schema["then"]["items"]) {
        writeln!(page, "As a list: of [{item}](#{}).\n", item.to_lowercase()).expect("a string");
    }
    if let Some(mapping) = reference(&schema["else"]) {
        writeln!(
            page,
            "As a mapping: [{mapping}](#{}).\n",
            mapping.to_lowercase()
        )
        .expect("a string");
    }
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    writeln!(page, "| key | value | |\n| --- | --- | --- |").expect("a string");
    for (key, property) in properties {
        let shown = if required.contains(&key.as_str()) {
            format!("**`{key}`**")
        } else {
            format!("`{key}`")
        };
        let about = property["description"].as_str().unwrap_or_default();
        writeln!(page, "| {shown} | {} | {} |", kind(property), cell(about)).expect("a string");
    }
}

/// What a value is, with a link where there is more to say.
fn kind(schema: &Value) -> String {
    if let Some(name) = reference(schema) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(either) = schema.get("anyOf").and_then(Value::as_array) {
        let kinds: Vec<String> = either
            .iter()
            .filter(|s| s["type"] != "null")
            .map(kind)
            .collect();
        return kinds.join(" or ");
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    match types.iter().find(|kind| **kind != "null") {
        Some(&"array") => format!("list of {}", kind(&schema["items"])),
        Some(&"object") => {
            format!("mapping to {}", kind(&schema["additionalProperties"]))
        }
        Some(&"integer") => "whole number".to_owned(),
        Some(other) => (*other).to_owned(),
        None => "anything".to_owned(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cell(text: &str) -> String {
    one_line(text).replace('|', "\\|")
}
