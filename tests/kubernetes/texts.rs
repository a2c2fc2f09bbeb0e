//! Messages read the same, whether their templates come in a file or with them.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::cases::{Kind, committed};
use super::folder::Folder;
use super::{alertmanager, objects};

/// What amtool makes of a text: of two alerts, of which one is over.
fn rendered(text: &str, folder: &Folder, templates: &Path) -> String {
    let data = folder.write("data.json", DATA);
    let amtool = alertmanager::amtool((0, 28));
    let output = Command::new(amtool)
        .args([
            "template",
            "render",
            "--template.text",
            text,
            "--template.data",
        ])
        .arg(data)
        .arg("--template.glob")
        .arg(templates)
        .output()
        .expect("amtool starts");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}: {words}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

const DATA: &str = r#"{
  "receiver": "team",
  "status": "firing",
  "alerts": [
    {
      "status": "firing",
      "labels": { "alertname": "Busy", "severity": "critical", "service": "shop", "queue": "a<b" },
      "annotations": { "summary": "Busy & [more]", "description": "Orders.", "runbook_url": "https://example.com/(a)", "dashboard_url": "https://example.com/d" },
      "startsAt": "2026-01-02T03:04:05Z",
      "generatorURL": "https://example.com/q?a|b"
    },
    {
      "status": "resolved",
      "labels": { "alertname": "Busy", "severity": "warning", "service": "shop" },
      "annotations": { "summary": "Not busy" },
      "startsAt": "2026-01-02T03:04:05Z",
      "endsAt": "2026-01-02T04:04:05Z"
    }
  ],
  "groupLabels": { "alertname": "Busy", "job": "shop" },
  "commonLabels": { "alertname": "Busy", "service": "shop" },
  "commonAnnotations": {},
  "externalURL": "https://alertmanager.example.com"
}"#;

#[test]
fn messages_bring_the_templates_that_they_use() {
    let folder = Folder::new();
    let empty = folder.write("empty.tmpl", "");
    let case = committed(Kind::Right)
        .into_iter()
        .find(|case| case.name == "notify-receivers");
    let compilation = case.expect("a case").compile();
    let artifacts = compilation.artifacts();
    let mut files = artifacts.iter();
    let (_, templates) = files
        .find(|(path, _)| path.ends_with(".tmpl"))
        .expect("templates");
    let templates = folder.write("alertmanager.tmpl", templates);
    let mut compared = 0;
    for object in objects() {
        if object.kind() != "AlertmanagerConfig" {
            continue;
        }
        let mut waiting = vec![&object.value];
        while let Some(value) = waiting.pop() {
            match value {
                Value::String(text) if text.contains("{{ template") => {
                    let (_, asked) = text
                        .rsplit_once('\n')
                        .expect("definitions, and what is asked");
                    let alone = rendered(text, &folder, &empty);
                    assert!(!alone.trim().is_empty(), "{text}");
                    assert_eq!(alone, rendered(asked, &folder, &templates), "{text}");
                    compared += 1;
                }
                Value::Array(items) => waiting.extend(items),
                Value::Object(keys) => waiting.extend(keys.values()),
                _ => {}
            }
        }
    }
    assert!(compared >= 15, "only {compared} texts");
}
