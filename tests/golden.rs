//! The language by example: every folder below `golden/right` is a spec with what it compiles into, every folder below
//! `golden/wrong` a spec with what is said about it.
//!
//! `UPDATE_GOLDEN=1 cargo test --test golden` renews what is expected; the difference is for a reviewer.
#![cfg(feature = "cli")]

#[path = "support/alertmanager.rs"]
mod alertmanager;
#[path = "support/cases.rs"]
mod cases;
#[path = "support/folder.rs"]
mod folder;
#[path = "support/grafana.rs"]
mod grafana;
#[path = "support/harness.rs"]
mod harness;
#[path = "support/promtool.rs"]
mod promtool;
#[path = "support/releases.rs"]
mod releases;
#[path = "support/shape.rs"]
mod shape;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cases::{Case, Kind, committed};
use folder::Folder;
use monospec::diagnostics::Findings;
use monospec::diagnostics::codes::{CODES, Code};
use monospec::model::Outputs;
use monospec::spec::Spec;
use serde_json::Value;

/// The sections of the language: a right case is called `<section>-<what>`, a wrong one `<code>-<section>-<what>`.
const SECTIONS: &[&str] = &[
    "monospec",
    "service",
    "scrape",
    "prometheus",
    "exporters",
    "include",
    "labels",
    "metrics",
    "http",
    "flags",
    "health",
    "signals",
    "slos",
    "alert_defaults",
    "alerts",
    "notify",
    "dashboards",
    "kubernetes",
    "environments",
    "outputs",
    "lints",
];

/// Codes about the file rather than about a section: their cases are called `<code>-file-<what>`.
const FILE: &str = "file";

/// Codes without a case, and why.
const WITHOUT_CASE: &[(&str, &str)] = &[
    ("alert-test", "found by `monospec test` only: tests/command"),
    ("drift", "is of `check`, which the tests of the command run"),
];

/// Findings before decoding: the schema sees what a reader makes of the YAML, and other readers go on, stop elsewhere, or
/// take what monospec refuses.
const BEFORE_DECODING: &[&str] = &[
    "bad-include",
    "bidi-control",
    "complex-key",
    "duplicate-key",
    "empty-spec",
    "include-not-found",
    "merge-key",
    "nested-too-deeply",
    "not-utf8",
    "recursive-alias",
    "several-documents",
    "too-large",
    "yaml-syntax",
    "yaml-tag",
];

/// Cases that no other reader hands to the schema, and why.
const NOT_COMPARED: &[(&str, &str)] = &[
    ("bad-value-file-numbers", "JSON has no infinity"),
    ("bad-value-metrics-infinity", "JSON has no infinity"),
    (
        "object-too-large-kubernetes-dashboard",
        "another reader refuses so many aliases",
    ),
    (
        "unknown-key-include-catalogue",
        "the schema does not see what an exporter includes",
    ),
];

fn check(cases: &[Case]) {
    assert!(!cases.is_empty());
    let renew = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    let problems: Vec<String> = cases.iter().flat_map(|case| case.check(renew)).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn right_specs_compile_into_what_is_expected() {
    check(&committed(Kind::Right));
}

#[test]
fn wrong_specs_are_told_as_expected() {
    check(&committed(Kind::Wrong));
}

#[test]
fn prometheus_reads_every_artefact() {
    let folder = Folder::new();
    let (mut rules, mut proofs, mut configs) = (Vec::new(), Vec::new(), Vec::new());
    for case in committed(Kind::Right) {
        let compilation = case.compile();
        for (path, bytes) in compilation.artifacts().iter() {
            let written = folder.write(&format!("{}/{path}", case.name), bytes);
            let is = |output: fn(&Outputs) -> Option<&String>| {
                let mut models = compilation.models.iter();
                models.any(|model| output(&model.outputs).is_some_and(|output| output == path))
            };
            if is(|outputs| outputs.alerts.as_ref()) {
                rules.push(written);
                continue;
            }
            if is(|outputs| outputs.alert_tests.as_ref()) {
                proofs.push(written);
                continue;
            }
            let config = String::from_utf8_lossy(bytes);
            if is(|outputs| outputs.scrape.as_ref()) {
                // Debian's promtool does not know `scrape_config_files` yet: what it would read there is a configuration, too.
                let config = config.lines().filter(|line| !line.starts_with('#'));
                let keys: Vec<&str> = config.filter(|line| !line.starts_with(' ')).collect();
                assert_eq!(keys, ["scrape_configs:"], "{}: {path}", case.name);
            } else if !is(|outputs| outputs.prometheus.as_ref()) {
                continue;
            }
            make_named_files(written.parent().expect("a folder"), &config);
            configs.push(written);
        }
    }
    let rules = promtool::check_rules(&rules);
    rules.unwrap_or_else(|words| panic!("{words}"));
    let configs = promtool::check_configs(&configs);
    configs.unwrap_or_else(|words| panic!("{words}"));
    let proofs = prove(&proofs);
    proofs.unwrap_or_else(|words| panic!("{words}"));
}

/// Debian's Alertmanager does not know all that newer ones do; these know all that it does.
#[test]
fn alertmanager_reads_every_artefact() {
    const NEWEST: alertmanager::Version = (0, 28);
    let folder = Folder::new();
    let (mut oldest, mut all) = (Vec::new(), Vec::new());
    for case in committed(Kind::Right) {
        let compilation = case.compile();
        for (path, bytes) in compilation.artifacts().iter() {
            let written = folder.write(&format!("{}/{path}", case.name), bytes);
            let mut models = compilation.models.iter();
            let model = models.find(|model| model.outputs.alertmanager.as_deref() == Some(path));
            let Some(notify) = model.and_then(|model| model.monitoring.notify.as_ref()) else {
                continue;
            };
            if notify.version == (0, 25) {
                oldest.push(written.clone());
            }
            all.push(written);
        }
    }
    let known = alertmanager::check_configs((0, 25), &oldest);
    assert_eq!(known, Ok(()));
    assert_eq!(alertmanager::check_configs(NEWEST, &all), Ok(()));
}

/// What the tests of the alerts say, in the oldest and in the newest release that the artefacts are for.
fn prove(files: &[PathBuf]) -> Result<(), String> {
    assert!(!files.is_empty(), "there is nothing to prove");
    let prove = |release: &str| {
        let mut promtool = Command::new(releases::program(release, "promtool"));
        let output = promtool.args(["test", "rules"]).args(files).output();
        let output = output.expect("promtool starts");
        match output.status.success() {
            true => Ok(()),
            false => {
                Err(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
            }
        }
    };
    std::thread::scope(|scope| {
        let oldest = scope.spawn(|| prove("2.42"));
        prove("3").and(oldest.join().expect("it does not panic"))
    })
}

/// The files that a configuration names, such as certificates: relative ones are made, so that the checker finds them.
fn make_named_files(folder: &Path, config: &str) {
    for line in config.lines() {
        let Some((_, name)) = line.trim().split_once("_file: ") else {
            continue;
        };
        let name = name.trim_matches(['"', '\'']);
        assert!(!name.starts_with('/'), "{name} is not the test's to make");
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, "").expect("a file");
    }
}

#[test]
fn the_code_is_the_same_in_all_environments() {
    let mut compared = 0;
    for case in committed(Kind::Right) {
        let compilation = case.compile();
        let code = |model| monospec::targets::rust::render(model);
        let (first, others) = compilation.models.split_first().expect("a model");
        for other in others {
            assert!(code(first) == code(other), "{}", case.name);
            assert_eq!(
                first.catalogue.hash(),
                other.catalogue.hash(),
                "{}",
                case.name
            );
            compared += 1;
        }
    }
    assert!(compared > 0);
}

#[test]
fn grafana_reads_every_dashboard() {
    let mut count = 0;
    for case in committed(Kind::Right) {
        let compilation = case.compile();
        for (path, bytes) in compilation.artifacts().iter() {
            let is_dashboard = path.ends_with(".json") && !path.ends_with(".schema.json");
            if is_dashboard {
                let dashboard = serde_json::from_slice(bytes).expect("a dashboard is JSON");
                let problems = grafana::check_dashboard(&dashboard);
                assert_eq!(problems, [""; 0], "{}: {path}", case.name);
                count += 1;
            }
        }
    }
    assert!(count > 0);
}

/// A dashboard that is made from the metrics has no hole: every line is as wide as the screen.
#[test]
fn dashboards_by_default_fill_their_lines() {
    let mut count = 0;
    for case in committed(Kind::Right) {
        let compilation = case.compile();
        let model = compilation.models.first().expect("a model");
        let spec = fs::read_to_string(case.spec()).expect("a spec");
        if spec.contains("\ndashboards:") {
            continue;
        }
        let artifacts = monospec::targets::render(model, Some(&["grafana"]));
        for (path, bytes) in artifacts.iter().filter(|(path, _)| path.ends_with(".json")) {
            let dashboard = serde_json::from_slice(bytes).expect("a dashboard is JSON");
            let lines = lines(&dashboard);
            assert!(!lines.is_empty(), "{}: {path}", case.name);
            for (line, width) in lines {
                assert_eq!(width, 24, "{}: {path}: line {line:?}", case.name);
            }
            count += 1;
        }
    }
    assert!(count >= 5, "only {count} such dashboards");
}

/// The width of the panels of each line, by the index of the collapsed row that holds them, if there is one, and by `y`.
fn lines(dashboard: &Value) -> BTreeMap<(Option<usize>, u64), u64> {
    let list = |value: &Value| value["panels"].as_array().cloned().unwrap_or_default();
    let top = list(dashboard);
    let inner = top.iter().enumerate();
    let inner = inner.flat_map(|(row, panel)| list(panel).into_iter().map(move |p| (Some(row), p)));
    let all = top.iter().map(|panel| (None, panel.clone())).chain(inner);
    let mut lines = BTreeMap::new();
    for (row, panel) in all {
        let side = |name: &str| panel["gridPos"][name].as_u64().expect("a number");
        *lines.entry((row, side("y"))).or_default() += side("w");
    }
    lines
}

/// Whoever writes a spec with the schema in an editor sees the same mistakes of shape as monospec does.
#[test]
fn the_schema_agrees_with_the_decoder() {
    let all = [Kind::Right, Kind::Wrong].map(committed).concat();
    let mut compared = 0;
    for case in all {
        let mut findings = Findings::default();
        Spec::read(&case.spec(), &mut findings).expect("a spec");
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
        if codes.iter().any(|code| BEFORE_DECODING.contains(code))
            || NOT_COMPARED.iter().any(|(name, _)| *name == case.name)
        {
            continue;
        }
        compared += 1;
        let refusals = shape::refusals(&shape::merged(&case.spec()));
        assert_eq!(
            codes.is_empty(),
            refusals.is_empty(),
            "{}: the decoder finds {codes:?}, the schema {refusals:#?}",
            case.name
        );
    }
    assert!(compared > 50, "only {compared} cases were compared");
}

#[test]
fn every_section_has_a_right_and_a_wrong_case() {
    let right = committed(Kind::Right);
    let wrong = committed(Kind::Wrong);
    let section = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
    for case in &right {
        assert!(SECTIONS.contains(&&*section(&case.name)), "{}", case.name);
    }
    for name in SECTIONS {
        assert!(
            right.iter().any(|case| section(&case.name) == *name),
            "{name}: no right case"
        );
        let about = |case: &&Case| subject(case).is_some_and(|rest| section(rest) == *name);
        assert!(
            wrong.iter().any(|case| about(&case)),
            "{name}: no wrong case"
        );
    }
}

/// A wrong case is called by what is found, then by where: `<section>-<what>` or `file-<what>` is left.
fn subject(case: &Case) -> Option<&str> {
    let known = |rest: &str| {
        let first = rest.split('-').next().unwrap_or_default();
        SECTIONS.contains(&first) || first == FILE
    };
    case.compile()
        .report
        .findings
        .iter()
        .filter_map(|finding| case.name.strip_prefix(finding.code)?.strip_prefix('-'))
        .find(|rest| known(rest))
}

#[test]
fn every_code_has_a_case() {
    let cases = committed(Kind::Wrong);
    let mut shown = BTreeSet::new();
    for case in &cases {
        assert!(
            subject(case).is_some(),
            "{} is not `<code>-<section>-<what>`",
            case.name
        );
        shown.extend(
            case.compile()
                .report
                .findings
                .iter()
                .map(|finding| finding.code),
        );
    }
    // Those of expressions have a table of their own.
    let expressions = codes_of_expressions();
    shown.extend(expressions.iter().map(String::as_str));
    let mut written = BTreeSet::new();
    collect_codes(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut written,
    );
    assert!(
        written.len() > 40,
        "the codes are no longer found in the sources: {written:?}"
    );
    for code in written
        .iter()
        .map(String::as_str)
        .chain(shown.iter().copied())
    {
        assert!(
            Code::find(code).is_some(),
            "`{code}` has no line and no text in src/diagnostics/codes"
        );
    }
    for code in CODES.iter().map(|code| code.name) {
        let excused = WITHOUT_CASE.iter().any(|(without, _)| *without == code);
        let there = shown.contains(code);
        assert!(
            there != excused,
            "`{code}` {}",
            if there {
                "has a case: take it off the list"
            } else {
                "has no case below golden/wrong"
            }
        );
    }
}

/// The codes below the carets of tests/expressions.
fn codes_of_expressions() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expressions");
    let mut codes = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "promql")
        {
            let text = fs::read_to_string(path).expect("a table");
            let marks = text
                .lines()
                .map(str::trim)
                .filter(|line| line.starts_with('^'));
            codes.extend(marks.map(|line| line.trim_start_matches('^').trim().to_owned()));
        }
    }
    codes
}

/// The codes of findings in the sources, tests excluded: the first argument of what makes a finding.
fn collect_codes(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect_codes(&path, codes);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        let text = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        for maker in ["Finding::error(", "Finding::warning(", "self.report("] {
            for (start, _) in text.match_indices(maker) {
                let argument = text[start + maker.len()..].trim_start();
                let code = argument
                    .strip_prefix('"')
                    .and_then(|rest| rest.split('"').next());
                let is_code = |code: &&str| {
                    code.contains('-') && code.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                };
                codes.extend(code.filter(is_code).map(str::to_owned));
            }
        }
    }
}
