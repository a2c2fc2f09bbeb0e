//! What holds for every spec: right ones compile into what Prometheus and Grafana read, and broken ones are told as such.
#![cfg(feature = "cli")]

#[path = "../support/folder.rs"]
mod folder;
mod generator;
#[path = "../support/grafana.rs"]
mod grafana;
#[path = "../support/kubernetes.rs"]
mod kubernetes;
mod mutations;
#[path = "../support/promtool.rs"]
mod promtool;
mod surroundings;
mod written;

use std::path::PathBuf;

use folder::Folder;
use generator::Spec;
use monospec::Compilation;
use monospec::diagnostics::{github, human};
use proptest::strategy::{Strategy, ValueTree};
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

/// Specs whose files promtool reads in one call: starting it takes longer than reading some.
const BATCH: u32 = 500;

/// The files of several specs, in all of their environments.
#[derive(Default)]
struct Batch {
    configs: Vec<PathBuf>,
    rules: Vec<PathBuf>,
}

impl Batch {
    /// Compiles a spec, and looks at its code and dashboards.
    fn add(&mut self, folder: &Folder, name: &str, spec: &Spec) -> Result<(), String> {
        let path = folder.write(&format!("{name}/monospec.yaml"), spec.to_string());
        let compilation = monospec::compile(&path).expect("a spec");
        if compilation.models.is_empty() {
            let words = human::render(&compilation.report, false);
            return Err(words.replace(&format!("{}/", folder.path().display()), ""));
        }
        for model in &compilation.models {
            let code = monospec::targets::rust::render(model);
            syn::parse_file(&code).map_err(|error| format!("{error} in this code:\n{code}"))?;
        }
        for (path, bytes) in compilation.artifacts().iter() {
            if path.ends_with(".json") {
                let dashboard = serde_json::from_slice(bytes).expect("a dashboard is JSON");
                let problems = grafana::check_dashboard(&dashboard);
                if !problems.is_empty() {
                    return Err(problems.join("\n"));
                }
            }
            if path.contains("kubernetes/") {
                check_object(std::str::from_utf8(bytes).expect("UTF-8"))?;
            }
            let files = match path.rsplit('/').next() {
                Some("prometheus.yml") => &mut self.configs,
                Some("alerts.yml") => &mut self.rules,
                _ => continue,
            };
            files.push(folder.write(&format!("{name}/{path}"), bytes));
        }
        match self.configs.len() == self.rules.len() && !self.rules.is_empty() {
            true => Ok(()),
            false => Err("a file is missing".to_owned()),
        }
    }

    /// Hands everything to promtool.
    fn check(&self) -> Result<(), String> {
        promtool::check_rules(&self.rules)?;
        promtool::check_configs(&self.configs)
    }
}

/// What Kubernetes gets is of its kind; the parts of kustomize are not of any.
fn check_object(text: &str) -> Result<(), String> {
    let object: serde_json::Value =
        serde_saphyr::from_str(text).map_err(|error| format!("{error} in\n{text}"))?;
    let of_kustomize = ["Kustomization", "Component", "Deployment"];
    if of_kustomize.iter().any(|kind| object["kind"] == *kind) {
        return Ok(());
    }
    match kubernetes::refusals(&object).as_slice() {
        [] => Ok(()),
        refused => Err(format!("{} in\n{text}", refused.join("\n"))),
    }
}

/// Fails with the smallest spec like this one that fails, too.
fn shrink(
    tree: &mut impl ValueTree<Value = Spec>,
    mut reason: String,
    check: impl Fn(&Spec) -> Result<(), String>,
) -> ! {
    let mut least = tree.current();
    let mut smaller = tree.simplify();
    while smaller {
        let spec = tree.current();
        smaller = match check(&spec) {
            Err(why) => {
                (least, reason) = (spec, why);
                tree.simplify()
            }
            Ok(()) => tree.complicate(),
        };
    }
    panic!("{reason}\nof this spec:\n{least}");
}

#[test]
fn right_specs_compile_into_what_their_readers_read() {
    let mut runner = runner(64);
    let mut left = runner.config().cases;
    while left > 0 {
        let folder = Folder::new();
        let mut batch = Batch::default();
        let mut specs = Vec::new();
        let count = left.min(BATCH);
        left -= count;
        for _ in 0..count {
            let mut tree = generator::spec().new_tree(&mut runner).expect("a spec");
            let name = specs.len().to_string();
            if let Err(reason) = batch.add(&folder, &name, &tree.current()) {
                let alone = |spec: &Spec| Batch::default().add(&Folder::new(), "0", spec);
                shrink(&mut tree, reason, alone);
            }
            specs.push(tree);
        }
        let Err(_) = batch.check() else { continue };
        // Which of them, and what is the least of it?
        for mut tree in specs {
            let alone = |spec: &Spec| {
                let folder = Folder::new();
                let mut batch = Batch::default();
                batch.add(&folder, "0", spec)?;
                batch.check()
            };
            if let Err(reason) = alone(&tree.current()) {
                shrink(&mut tree, reason, alone);
            }
        }
        panic!("several specs are refused together, and none of them alone");
    }
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
