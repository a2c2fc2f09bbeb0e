//! Who says whether an expression is right.

use std::path::PathBuf;
use std::process::Command;

use monospec::promql::{Availability, Release, parse};

use crate::folder::Folder;
use crate::releases;

/// Why monospec refuses an expression in a rule for this release, if it does.
pub(crate) fn monospec(expression: &str, release: Release) -> Option<String> {
    let parsed = match parse(expression) {
        Ok(parsed) => parsed,
        Err(error) => return Some(error.message),
    };
    let requirements = parsed.places.requirements;
    let unknown = requirements
        .iter()
        .find(|it| !it.availability.includes(release));
    unknown.map(|it| match it.availability {
        Availability::Since(major, minor) => format!("{} needs {major}.{minor}", it.what),
        Availability::Before(major, minor) => format!("{} is gone since {major}.{minor}", it.what),
        _ => format!("{} is an experiment", it.what),
    })
}

/// A promtool.
pub(crate) struct Judge {
    promtool: PathBuf,
    pub(crate) version: Release,
}

/// What Grafana makes of its own variables before Prometheus sees them, as far as monospec knows them.
fn sent_by_grafana(expression: &str) -> String {
    let mut text = expression.to_owned();
    for name in ["__rate_interval", "__interval", "__range"] {
        text = text.replace(&format!("[${name}"), "[5m");
        text = text.replace(&format!("[${{{name}}}"), "[5m");
        text = text.replace(&format!(":${name}]"), ":5m]");
        text = text.replace(&format!(":${{{name}}}]"), ":5m]");
    }
    text
}

impl Judge {
    pub(crate) fn of(release: &str) -> Judge {
        let promtool = releases::program(release, "promtool");
        let output = Command::new(&promtool)
            .arg("--version")
            .output()
            .expect("promtool runs");
        // Older ones say it on the standard error.
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        let version = said.split("version ").nth(1).and_then(|rest| {
            let mut numbers = rest.split('.').map(str::parse);
            Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
        });
        let version = version.unwrap_or_else(|| panic!("no version: {said}"));
        Judge { promtool, version }
    }

    /// Why each expression is refused, where it is: all of them stand in one file of rules, of which promtool reports every one.
    pub(crate) fn refusals(&self, expressions: &[String]) -> Vec<Option<String>> {
        let rules: Vec<_> = expressions
            .iter()
            .enumerate()
            .map(|(i, expression)| serde_json::json!({ "alert": format!("Expression{i}"), "expr": sent_by_grafana(expression) }))
            .collect();
        let file = serde_json::json!({ "groups": [{ "name": "expressions", "rules": rules }] });
        let folder = Folder::new();
        folder.write("rules.yml", file.to_string());
        let output = Command::new(&self.promtool)
            .args(["check", "rules", "--lint=none", "rules.yml"])
            .current_dir(folder.path())
            .output()
            .expect("promtool runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let mut refusals = vec![None; expressions.len()];
        for finding in said.split("\"Expression").skip(1) {
            let (i, why) = finding
                .split_once("\": could not parse expression: ")
                .unwrap_or_else(|| panic!("{finding}"));
            let i: usize = i.parse().expect("a number");
            refusals[i] = Some(why.lines().next().unwrap_or_default().to_owned());
        }
        let any = refusals.iter().any(Option::is_some);
        assert_eq!(
            output.status.success(),
            !any,
            "promtool says something else: {said}"
        );
        refusals
    }
}
