//! What holds for every spec: right ones compile into what Prometheus and Grafana read, and broken ones are told as such.
#![cfg(feature = "cli")]

#[path = "../support/alertmanager.rs"]
mod alertmanager;
#[path = "../support/folder.rs"]
mod folder;
mod generator;
#[path = "../support/grafana.rs"]
mod grafana;
#[path = "../support/kubernetes.rs"]
mod kubernetes;
mod mutations;
mod promises;
#[path = "../support/promtool.rs"]
mod promtool;
mod surroundings;
mod written;

use std::path::PathBuf;
use std::process::Command;

use folder::Folder;
use generator::Spec;
use monospec::Compilation;
use monospec::artifacts::Artifacts;
use monospec::diagnostics::{github, human};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use pulldown_cmark::{Event, Options, Parser, Tag};

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
    tests: Vec<PathBuf>,
    /// Where there is `notify:`.
    alertmanagers: Vec<PathBuf>,
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
        let artifacts = compilation.artifacts();
        for (path, bytes) in artifacts.iter() {
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
            if path.ends_with(".md") {
                let page = String::from_utf8_lossy(bytes);
                check_links(path, &page, &artifacts)?;
            }
            let files = match path.rsplit('/').next() {
                Some("prometheus.yml") => &mut self.configs,
                Some("alerts.yml") => &mut self.rules,
                // The proofs of objectives take promtool minutes; golden cases have them.
                Some("alerts_test.yml") if spec.promises.objectives() == 0 => &mut self.tests,
                Some("alertmanager.yml") => &mut self.alertmanagers,
                // The texts of its messages, which it names.
                Some(file) if file.ends_with(".tmpl") => {
                    folder.write(&format!("{name}/{path}"), bytes);
                    continue;
                }
                _ => continue,
            };
            files.push(folder.write(&format!("{name}/{path}"), bytes));
        }
        match self.configs.len() == self.rules.len() && !self.rules.is_empty() {
            true => Ok(()),
            false => Err("a file is missing".to_owned()),
        }
    }

    /// Whether the alerts do what their tests say.
    fn prove(&self) -> Result<(), String> {
        if self.tests.is_empty() {
            return Ok(());
        }
        let mut promtool = Command::new("promtool");
        let output = promtool.args(["test", "rules"]).args(&self.tests).output();
        let output = output.map_err(|error| format!("cannot run promtool: {error}"))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stdout).into_owned()),
        }
    }

    /// Hands everything else to who reads it.
    fn check(&self) -> Result<(), String> {
        promtool::check_rules(&self.rules)?;
        promtool::check_configs(&self.configs)?;
        match self.alertmanagers.is_empty() {
            true => Ok(()),
            false => alertmanager::check_configs((0, 25), &self.alertmanagers),
        }
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

/// Every page that a page links to is there.
fn check_links(path: &str, page: &str, artifacts: &Artifacts) -> Result<(), String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        let Event::Start(Tag::Link { dest_url, .. }) = event else {
            continue;
        };
        if dest_url.contains("://") {
            continue;
        }
        let (to, _) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
        let to = match to.strip_prefix("../") {
            Some(to) => format!(
                "{}/{to}",
                folder.rsplit_once('/').map_or("", |(above, _)| above)
            ),
            None => format!("{folder}/{to}"),
        };
        if !artifacts.iter().any(|(known, _)| known == to) {
            return Err(format!("{path} links to {dest_url}, which is not there"));
        }
    }
    Ok(())
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
    all_are_read(runner(64), Batch::check);
}

#[test]
fn the_proofs_of_right_specs_hold() {
    all_are_read(runner(24), Batch::prove);
}

/// Compiles specs, and asks of many at once whether their readers take them; if not, which of them.
fn all_are_read(mut runner: TestRunner, check: fn(&Batch) -> Result<(), String>) {
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
        let Err(_) = check(&batch) else { continue };
        // Which of them, and what is the least of it?
        for mut tree in specs {
            let alone = |spec: &Spec| {
                let folder = Folder::new();
                let mut batch = Batch::default();
                batch.add(&folder, "0", spec)?;
                check(&batch)
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
