//! Whatever text stands in a spec arrives intact at the other end of every artefact, read by its real reader, or is refused
//! with its place.
#![cfg(feature = "cli")]

#[path = "support/folder.rs"]
mod folder;
#[path = "support/texts.rs"]
mod texts;

use std::collections::BTreeMap;
use std::process::Command;

use folder::Folder;
use monospec::Compilation;
use monospec::diagnostics::Severity;
use serde_json::{Value, json};
use texts::texts;

/// A place of a spec where a text may stand.
struct Slot {
    name: &'static str,
    put: fn(&mut Value, &str),
    /// Where the text is expected, if the spec is taken: what is read of the artefacts there.
    read: fn(&Artefacts) -> Vec<String>,
}

struct Artefacts {
    rules: Value,
    prometheus: Value,
    dashboard: Value,
}

fn spec() -> Value {
    json!({
        "monospec": 1,
        "service": { "name": "shop" },
        "scrape": { "targets": ["localhost:1"] },
        "labels": { "kind": ["usual", "other kind"] },
        "metrics": { "level": { "type": "gauge", "help": "A level.", "labels": ["kind"] } },
        "alerts": {
            "High": { "signal": "level", "above": 1, "severity": "warning", "summary": "It is high" }
        },
        "dashboards": {
            "board": {
                "title": "Board",
                "rows": [{ "title": "Row", "panels": [{ "title": "Panel", "signal": "level" }] }]
            }
        }
    })
}

fn strings(values: &[&Value]) -> Vec<String> {
    let strings = values.iter().filter_map(|value| value.as_str());
    strings.map(str::to_owned).collect()
}

const SLOTS: &[Slot] = &[
    Slot {
        name: "summary",
        put: |spec, text| spec["alerts"]["High"]["summary"] = text.into(),
        read: |all| strings(&[&rule(all)["annotations"]["summary"]]),
    },
    Slot {
        name: "description of an alert",
        put: |spec, text| spec["alerts"]["High"]["description"] = text.into(),
        read: |all| strings(&[&rule(all)["annotations"]["description"]]),
    },
    Slot {
        name: "annotation",
        put: |spec, text| spec["alerts"]["High"]["annotations"] = json!({ "note": text }),
        read: |all| strings(&[&rule(all)["annotations"]["note"]]),
    },
    Slot {
        name: "label of an alert",
        put: |spec, text| spec["alerts"]["High"]["labels"] = json!({ "area": text }),
        read: |all| strings(&[&rule(all)["labels"]["area"]]),
    },
    Slot {
        name: "owner",
        put: |spec, text| spec["service"]["owner"] = text.into(),
        read: |all| strings(&[&rule(all)["labels"]["team"]]),
    },
    Slot {
        name: "external label",
        put: |spec, text| spec["prometheus"] = json!({ "external_labels": { "region": text } }),
        read: |all| strings(&[&all.prometheus["global"]["external_labels"]["region"]]),
    },
    Slot {
        name: "label of targets",
        put: |spec, text| spec["scrape"]["labels"] = json!({ "zone": text }),
        read: |all| {
            strings(&[&all.prometheus["scrape_configs"][0]["static_configs"][0]["labels"]["zone"]])
        },
    },
    Slot {
        name: "help",
        put: |spec, text| spec["metrics"]["level"]["help"] = text.into(),
        // Markdown, in which what Grafana would expand is a character reference.
        read: |all| {
            let description = all.dashboard["panels"][1]["description"].as_str();
            let read = |text: &str| text.replace("&#36;", "$").replace("&#91;", "[");
            description.map(read).into_iter().collect()
        },
    },
    Slot {
        name: "title of a dashboard",
        put: |spec, text| spec["dashboards"]["board"]["title"] = text.into(),
        read: |all| strings(&[&all.dashboard["title"]]),
    },
    Slot {
        name: "title of a row",
        put: |spec, text| spec["dashboards"]["board"]["rows"][0]["title"] = text.into(),
        read: |all| strings(&[&all.dashboard["panels"][0]["title"]]),
    },
    Slot {
        name: "title of a panel",
        put: |spec, text| {
            spec["dashboards"]["board"]["rows"][0]["panels"][0]["title"] = text.into();
        },
        read: |all| strings(&[&all.dashboard["panels"][1]["title"]]),
    },
];

fn rule(all: &Artefacts) -> &Value {
    &all.rules["groups"][0]["rules"][0]
}

fn compile(folder: &Folder, name: &str, spec: &Value) -> Compilation {
    let path = folder.write(&format!("{name}/monospec.yaml"), spec.to_string());
    monospec::compile(&path).expect("a spec")
}

fn artefacts(compilation: &Compilation) -> BTreeMap<String, Vec<u8>> {
    let model = compilation.models.first().expect("a model");
    let artefacts = monospec::targets::render(model, None);
    let artefacts = artefacts.iter();
    artefacts
        .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))
        .collect()
}

fn yaml(bytes: &[u8]) -> Value {
    let text = std::str::from_utf8(bytes).expect("YAML is text");
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Every error stands where the text does.
fn assert_placed(slot: &str, text: &str, spec: &Value, compilation: &Compilation) {
    let source = spec.to_string();
    let quoted = Value::from(text).to_string();
    let findings = compilation.report.findings.iter();
    for finding in findings.filter(|finding| finding.severity == Severity::Error) {
        let range = finding.location.range.clone();
        let spots = source.match_indices(&quoted);
        let inside = spots.map(|(start, _)| start..start + quoted.len());
        assert!(
            inside
                .into_iter()
                .any(|spot| spot.start <= range.end && range.start <= spot.end),
            "{slot}: {text:?}: [{}] {} at {range:?}",
            finding.code,
            finding.message
        );
    }
}

#[test]
fn texts_arrive_or_are_refused() {
    let folder = Folder::new();
    let (mut arrived, mut refused) = (0, 0);
    for (s, slot) in SLOTS.iter().enumerate() {
        for (t, text) in texts().iter().enumerate() {
            let mut spec = spec();
            (slot.put)(&mut spec, text);
            let compilation = compile(&folder, &format!("{s}-{t}"), &spec);
            if compilation.report.errors() > 0 {
                assert_placed(slot.name, text, &spec, &compilation);
                refused += 1;
                continue;
            }
            let files = artefacts(&compilation);
            let all = Artefacts {
                rules: yaml(&files["generated/alerts.yml"]),
                prometheus: yaml(&files["generated/prometheus.yml"]),
                dashboard: serde_json::from_slice(&files["generated/grafana/board.json"])
                    .expect("JSON"),
            };
            let read = (slot.read)(&all);
            // An empty help is none, and a panel then says something of its own.
            let expected = !(text.is_empty() || is_template(text) && slot.name != "help");
            if expected {
                assert_eq!(read, std::slice::from_ref(text), "{}: {text:?}", slot.name);
            }
            arrived += 1;
        }
    }
    // Neither everything is refused, nor is everything taken.
    assert!(arrived > 200 && refused > 20, "{arrived} {refused}");
}

/// What is expanded, by monospec or by Prometheus: it shall not arrive as it is.
fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{threshold}")
}

/// Prometheus itself says what becomes of the texts of alerts, and of values of labels.
#[test]
fn alerts_say_what_the_spec_says() {
    let folder = Folder::new();
    let mut base = spec();
    base["alerts"] = json!({});
    base.as_object_mut()
        .expect("an object")
        .remove("dashboards");
    let mut accepted = Vec::new();
    let mut kinds = vec![Value::from("usual")];
    for (t, text) in texts().into_iter().enumerate() {
        let mut spec = spec();
        spec["alerts"]["High"]["summary"] = text.as_str().into();
        let summary = compile(&folder, &format!("summary-{t}"), &spec)
            .report
            .errors()
            == 0;
        let mut spec = self::spec();
        let kind = json!({ "value": text, "rust": format!("Kind{t}") });
        spec["labels"]["kind"] = json!({ "values": ["usual", kind] });
        let compilation = compile(&folder, &format!("kind-{t}"), &spec);
        let kind_taken = compilation.report.errors() == 0;
        if kind_taken {
            kinds.push(kind);
        } else {
            assert_placed("value of a label", &text, &spec, &compilation);
        }
        if summary && !is_template(&text) && !text.is_empty() {
            let name = format!("Text{t}");
            base["alerts"][&name] = json!({
                "signal": "level", "above": 0, "severity": "warning", "summary": text,
            });
            accepted.push((name, text, kind_taken));
        }
    }
    base["labels"]["kind"] = json!({ "values": kinds });
    let compilation = compile(&folder, "all", &base);
    let words = monospec::diagnostics::human::render(&compilation.report, false);
    assert_eq!(compilation.report.errors(), 0, "{words}");
    for (path, bytes) in artefacts(&compilation) {
        folder.write(&format!("all/{path}"), bytes);
    }
    let quote = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{}\"", text.replace('\n', "\\n"))
    };
    let tests: Vec<Value> = accepted
        .iter()
        .map(|(name, text, kind_taken)| {
            let kind = if *kind_taken { text.as_str() } else { "usual" };
            json!({
                "interval": "1m",
                "input_series": [{
                    "series": format!("level{{job=\"shop\",kind={}}}", quote(kind)),
                    "values": "1x5",
                }],
                "alert_rule_test": [{
                    "eval_time": "5m",
                    "alertname": name,
                    "exp_alerts": [{
                        "exp_labels": {
                            "job": "shop", "kind": kind, "service": "shop", "severity": "warning",
                        },
                        "exp_annotations": annotations(&compilation, name, text),
                    }],
                }],
            })
        })
        .collect();
    let test = json!({ "rule_files": ["generated/alerts.yml"], "tests": tests });
    let test = serde_saphyr::to_string(&test).expect("YAML");
    let path = folder.write("all/test.yml", test);
    let output = Command::new("promtool")
        .args(["test", "rules"])
        .arg(&path)
        .current_dir(folder.path())
        .output()
        .expect("promtool runs: scripts/test installs it");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(accepted.len() > 20, "{}", accepted.len());
}

/// The annotations of an alert, of which only the summary is looked at: the others are what the rules say.
fn annotations(compilation: &Compilation, name: &str, summary: &str) -> Value {
    let model = compilation.models.first().expect("a model");
    let alerts = &model.monitoring.alerts;
    let alert = alerts.iter().find(|alert| alert.name == name);
    let rule = &alert.expect("the alert").rules[0];
    let written = rule.annotations.iter();
    let mut annotations: BTreeMap<_, _> = written.cloned().collect();
    annotations.insert("summary".to_owned(), summary.to_owned());
    json!(annotations)
}
