//! Values of labels reach Alertmanager's matchers as they are, whatever they are.

use serde_json::{Value, json};

use super::alertmanager::check_configs;
use super::folder::Folder;
use super::routes::receivers;
use super::server::compile;

const TEXTS: &[&str] = &[
    "plain",
    "\"",
    "'",
    "\\",
    "\\\" \\n",
    "\\n",
    "a\nb",
    "a\r\nb",
    "tab\tend ",
    " leading",
    "a,b=\"c\"",
    "{a=\"b\"}",
    "=~.*",
    ".*",
    "a|b",
    "(a)[b]{1}^$?+",
    "*/ /* // #",
    "# not a comment",
    "- not: a list",
    "}}",
    "$x $job ${1}",
    "null",
    "12:30:45",
    "0x10",
    "ü 漢字 👩\u{200d}🚀",
    "\u{2028}\u{85}\u{feff}",
    "\u{1}",
];

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("area=\"{}\"", text.replace('\n', "\\n"))
}

fn spec(values: impl Fn(usize, &str) -> Value) -> Value {
    let slack = json!({ "api_url_file": "/etc/alertmanager/slack_url", "channel": TEXTS.concat() });
    let (mut alerts, mut receivers) = (json!({}), json!({ "default": { "slack": slack } }));
    let mut routes = Vec::new();
    for (i, text) in TEXTS.iter().enumerate() {
        alerts[format!("Alert{i}")] = json!({
            "signal": "level", "above": 1, "severity": "warning", "summary": "High", "labels": { "area": text },
        });
        let receiver = format!("r{i}");
        receivers[&receiver] = json!({});
        routes.push(json!({ "match": { "area": values(i, text) }, "to": receiver }));
    }
    json!({
        "monospec": 1,
        "service": { "name": "shop" },
        "scrape": { "targets": ["localhost:1"] },
        "prometheus": { "alertmanagers": ["localhost:9093"] },
        "metrics": { "level": { "type": "gauge", "help": "A level." } },
        "alerts": alerts,
        "notify": { "default": "default", "receivers": receivers, "routes": routes },
    })
}

/// Each text finds its own route.
fn check(spec: &Value) {
    let folder = Folder::new();
    let compilation = compile(&folder.write("monospec.yaml", spec.to_string()));
    for (path, bytes) in compilation.artifacts().iter() {
        folder.write(path, bytes);
    }
    let config = folder.path().join("generated/alertmanager.yml");
    assert_eq!(
        check_configs((0, 25), std::slice::from_ref(&config)),
        Ok(())
    );
    for (i, text) in TEXTS.iter().enumerate() {
        let found = receivers(&config, &[&quoted(text)]);
        assert_eq!(found, format!("r{i}"), "{text:?}");
    }
    assert_eq!(receivers(&config, &[&quoted("something else")]), "default");
}

#[test]
fn values_are_compared_as_they_are() {
    check(&spec(|_, text| json!(text)));
}

/// With a second value that an earlier route has taken already.
#[test]
fn values_are_alternatives_as_they_are() {
    check(&spec(|i, text| match i {
        0 => json!(text),
        _ => json!([text, TEXTS[0]]),
    }));
}
