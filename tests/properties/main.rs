//! What holds for every spec: right ones compile into what Prometheus and Grafana read, and broken ones are told as such.
#![cfg(feature = "cli")]

#[path = "../support/folder.rs"]
mod folder;
mod generator;
#[path = "../support/grafana.rs"]
mod grafana;
mod mutations;
#[path = "../support/promtool.rs"]
mod promtool;
#[path = "../support/releases.rs"]
mod releases;
mod written;

use std::cell::RefCell;
use std::path::PathBuf;

use folder::Folder;
use monospec::Compilation;
use monospec::diagnostics::{github, human};
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

/// The same cases in every run; `PROPTEST_CASES` asks for more of them.
fn runner(cases: u32) -> TestRunner {
    let config = Config {
        cases: std::env::var("PROPTEST_CASES")
            .ok()
            .and_then(|cases| cases.parse().ok())
            .unwrap_or(cases),
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn report<T: std::fmt::Display + std::fmt::Debug>(result: Result<(), TestError<T>>) {
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, spec)) => panic!("{reason}\nof this spec:\n{spec}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

#[test]
fn right_specs_compile_into_what_prometheus_and_grafana_read() {
    let folder = Folder::new();
    let written: RefCell<Vec<(PathBuf, PathBuf)>> = RefCell::default();
    let count = RefCell::new(0);
    let result = runner(64).run(&generator::spec(), |spec| {
        *count.borrow_mut() += 1;
        let name = format!("{}/monospec.yaml", count.borrow());
        let path = folder.write(&name, spec.to_string());
        let compilation = monospec::compile(&path).expect("a spec");
        let words = human::render(&compilation.report, false);
        let words = words.replace(&format!("{}/", folder.path().display()), "");
        let model = compilation.models.first().ok_or(words).map_err(fail)?;
        let mut files = Vec::new();
        for (path, bytes) in monospec::targets::render(model, None).iter() {
            let file = folder.write(&format!("{}/{path}", count.borrow()), bytes);
            if path.ends_with("overview.json") {
                let dashboard = serde_json::from_slice(bytes).expect("a dashboard is JSON");
                let problems = grafana::check_dashboard(&dashboard);
                if !problems.is_empty() {
                    return Err(fail(problems.join("\n")));
                }
            }
            files.push(file);
        }
        let ending = |ending: &str| files.iter().find(|file| file.ends_with(ending)).cloned();
        let config =
            ending("prometheus.yml").ok_or_else(|| fail("no prometheus.yml".to_owned()))?;
        let rules = ending("alerts.yml").ok_or_else(|| fail("no alerts.yml".to_owned()))?;
        written.borrow_mut().push((config, rules));
        Ok(())
    });
    report(result);
    let (configs, rules): (Vec<_>, Vec<_>) = written.into_inner().into_iter().unzip();
    promtool::check_rules(&rules);
    promtool::check_configs(&configs);
}

fn fail(reason: String) -> proptest::test_runner::TestCaseError {
    proptest::test_runner::TestCaseError::fail(reason)
}

#[test]
fn broken_specs_are_told_inside_their_files() {
    let folder = Folder::new();
    let result = runner(256).run(&mutations::of_the_example(), |spec| {
        let path = folder.write("monospec.yaml", spec.to_string());
        let compilation = monospec::compile(&path).expect("a spec");
        misplaced(&compilation).map_or(Ok(()), |problem| Err(fail(problem)))
    });
    report(result);
}

/// A finding outside of its file, or between the bytes of a letter; then, that no rendering of it panics.
fn misplaced(compilation: &Compilation) -> Option<String> {
    let report = &compilation.report;
    for finding in &report.findings {
        let related = finding.related.iter().map(|(location, _)| location);
        for location in std::iter::once(&finding.location).chain(related) {
            let text = &report.sources.file(location.file).text;
            if text.get(location.range.clone()).is_none() {
                return Some(format!("[{}] at {:?}", finding.code, location.range));
            }
        }
        if finding.message.is_empty() || finding.message.ends_with('.') {
            return Some(format!("[{}] says {:?}", finding.code, finding.message));
        }
    }
    if report.errors() == 0 && compilation.models.is_empty() {
        return Some("no model, and nothing is said about it".to_owned());
    }
    human::render(report, true);
    github::render(report);
    monospec::diagnostics::json::findings(report);
    None
}
