//! The tour of the README is what happens, and the pieces of the cookbook go with its spec.

#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const README: &str = include_str!("../README.md");
const COOKBOOK: &str = include_str!("../docs/cookbook.md");

/// The mistakes that the tour makes, each with what was there before.
fn mistakes() -> Vec<(&'static str, &'static str)> {
    let (_, rest) = README.split_once("```diff\n").expect("the mistakes");
    let (diff, _) = rest.split_once("```").expect("their end");
    let lines: Vec<&str> = diff.lines().collect();
    let pairs = lines.chunks(2).map(|pair| match pair {
        [right, wrong] => (right.strip_prefix('-'), wrong.strip_prefix('+')),
        _ => (None, None),
    });
    pairs
        .map(|(right, wrong)| (right.expect("what was there"), wrong.expect("a mistake")))
        .collect()
}

/// A folder of the tour's own, removed at its end.
struct Tour(PathBuf);

impl Tour {
    fn begin(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("spec")).expect("a folder");
        let tour = Self(folder);
        tour.write_spec(spec());
        tour
    }

    fn write_spec(&self, text: &str) {
        fs::write(self.0.join("spec/monospec.yaml"), text).expect("a file");
    }

    /// What a command prints, on either stream, and its status.
    fn run(&self, command: &str) -> (String, i32) {
        let output = Command::new(env!("CARGO_BIN_EXE_monospec"))
            .arg(command)
            .current_dir(&self.0)
            .output()
            .expect("monospec runs");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).expect("text");
        (text, output.status.code().expect("a status"))
    }
}

impl Drop for Tour {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The first spec of the README.
fn spec() -> &'static str {
    let (_, rest) = README.split_once("```yaml\n").expect("a spec");
    rest.split_once("```").expect("its end").0
}

/// What the README says a command prints.
fn printed(command: &str) -> &'static str {
    let (_, rest) = README
        .split_once(&format!("```console\n$ monospec {command}\n"))
        .expect("the command");
    rest.split_once("\n```").expect("its end").0
}

#[test]
fn generate_prints_what_the_readme_says() {
    let tour = Tour::begin("readme-generate");
    let (text, status) = tour.run("generate");
    assert_eq!((text.trim(), status), (printed("generate"), 0));
    let rules = fs::read_to_string(tour.0.join("generated/alerts.yml")).expect("rules");
    let (_, shown) = README
        .split_once("in `generated/alerts.yml`:\n\n```yaml\n")
        .expect("the first rule");
    let shown = shown.split_once("```").expect("its end").0;
    // All of it: the next one follows.
    assert!(
        rules.contains(&format!("{shown}      - alert: ")),
        "{rules}"
    );
}

#[test]
fn the_five_mistakes_are_shown_as_the_readme_says() {
    let tour = Tour::begin("readme-lint");
    let mistakes = mistakes();
    assert_eq!(mistakes.len(), 5);
    let broken = mistakes
        .iter()
        .fold(spec().to_owned(), |text, (right, wrong)| {
            let right = format!("\n{right}\n");
            assert!(text.contains(&right), "{right}");
            text.replacen(&right, &format!("\n{wrong}\n"), 1)
        });
    tour.write_spec(&broken);
    let (text, status) = tour.run("lint");
    assert_eq!((text.trim(), status), (printed("lint"), 1));
}

#[test]
fn an_edited_file_is_shown_as_the_readme_says() {
    let tour = Tour::begin("readme-check");
    tour.run("generate");
    let path = tour.0.join("generated/alerts.yml");
    let rules = fs::read_to_string(&path).expect("rules");
    fs::write(&path, rules.replacen("> 0.1\n", "> 0.2\n", 1)).expect("a file");
    let (text, status) = tour.run("check");
    assert_eq!((text.trim(), status), (printed("check"), 1));
}

#[test]
fn the_environments_of_the_readme_compile() {
    let tour = Tour::begin("readme-environments");
    let (_, environments) = README
        .split_once("```yaml\nenvironments:\n")
        .expect("environments");
    let (environments, _) = environments.split_once("```").expect("their end");
    tour.write_spec(&format!("{}environments:\n{environments}", spec()));
    let (text, status) = tour.run("generate");
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("generated/staging/prometheus.yml"), "{text}");
}

/// The pieces of the cookbook by their headings. The first, which shows how to include one, stands before all headings.
fn pieces() -> Vec<(&'static str, &'static str)> {
    let sections = COOKBOOK.split("\n## ").skip(1);
    let pieces = sections.filter_map(|section| {
        let (heading, text) = section.split_once('\n')?;
        let (_, piece) = text.split_once("```yaml\n")?;
        Some((heading, piece.split_once("```")?.0))
    });
    pieces.collect()
}

#[test]
fn pieces_of_the_cookbook_go_with_the_readme() {
    const NOTIFY: &str = "Who hears of alerts";
    const KUBERNETES: &str = "Kubernetes, and its secrets";
    let pieces = pieces();
    assert!(pieces.len() > 7, "{pieces:?}");
    let notify = pieces.iter().find(|(heading, _)| *heading == NOTIFY);
    let of_kubernetes = notify.filter(|_| pieces.iter().any(|(heading, _)| *heading == KUBERNETES));
    let of_kubernetes = of_kubernetes.expect("objects, and who hears of alerts").1;
    // Each alone; then all that have a section of outputs for themselves, or none.
    let alone = pieces.iter().map(|(heading, piece)| {
        let beside = (*heading == KUBERNETES).then_some(of_kubernetes);
        let texts: Vec<&str> = [*piece].into_iter().chain(beside).collect();
        (*heading, texts)
    });
    let together = pieces
        .iter()
        .filter(|(heading, _)| !["Pages", KUBERNETES].contains(heading));
    let together = ("all", together.map(|(_, piece)| *piece).collect());
    for (heading, texts) in alone.chain([together]) {
        let tour = Tour::begin("readme-cookbook");
        let mut names = Vec::new();
        for (i, text) in texts.into_iter().enumerate() {
            let name = format!("piece-{i}.yaml");
            fs::write(tour.0.join("spec").join(&name), text).expect("a piece");
            names.push(name);
        }
        let include = format!("include: [{}]\nservice:\n", names.join(", "));
        tour.write_spec(&spec().replacen("service:\n", &include, 1));
        let (text, status) = tour.run("lint");
        assert!(
            status == 0 && text.contains("no findings"),
            "{heading}: {text}"
        );
        for command in ["generate", "check", "test"] {
            let (text, status) = tour.run(command);
            assert_eq!(status, 0, "{heading}: {command}: {text}");
        }
    }
}

/// The service of the README is one that compiles.
#[test]
fn the_service_is_the_one_in_the_readme() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/orders");
    for (language, file) in [("yaml", "spec/monospec.yaml"), ("rust", "src/main.rs")] {
        let text = fs::read_to_string(folder.join(file)).expect("a file of the example");
        let block = format!("```{language}\n{text}```");
        assert!(README.contains(&block), "{file} is not in the README");
    }
}
