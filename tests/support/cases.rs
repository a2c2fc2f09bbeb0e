//! Golden cases: folders with a spec and what shall come of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use monospec::Compilation;
use monospec::diagnostics::human;
use similar::TextDiff;

/// What renews every case.
pub(crate) const RENEW: &str = "UPDATE_GOLDEN=1 cargo test --test golden";

/// The findings of a wrong case.
const FINDINGS: &str = "expected.txt";

/// What shall come of the specs of a folder of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Artefacts, or parts of the model, in `expected/`; no finding.
    Right,
    /// Findings, in `expected.txt`.
    Wrong,
}

/// A folder with a spec.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) kind: Kind,
}

/// The cases of the repository.
pub(crate) fn committed(kind: Kind) -> Vec<Case> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    match kind {
        Kind::Right => in_folder(&golden.join("right"), kind),
        Kind::Wrong => in_folder(&golden.join("wrong"), kind),
    }
}

/// Every folder below a folder, in the order of the names.
pub(crate) fn in_folder(folder: &Path, kind: Kind) -> Vec<Case> {
    let mut cases: Vec<Case> = fs::read_dir(folder)
        .expect("the folder of the cases")
        .map(|entry| entry.expect("an entry").path())
        .map(|folder| Case {
            name: folder
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned(),
            folder,
            kind,
        })
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

/// Lints about a service as it is run. A case is about a construct: only their own cases tell them.
const OF_A_SERVICE: &[&str] = &[
    "critical-without-for",
    "duplicate-alert",
    "missing-up-alert",
    "unused-metric",
    "unused-signal",
];

impl Case {
    pub(crate) fn spec(&self) -> PathBuf {
        self.folder.join("monospec.yaml")
    }

    pub(crate) fn compile(&self) -> Compilation {
        monospec::compile(&self.spec()).expect("the spec can be read")
    }

    /// What is wrong with the case; with `renew`, what was stale is written instead.
    pub(crate) fn check(&self, renew: bool) -> Vec<String> {
        if !self.spec().is_file() {
            return vec![format!("{}: there is no monospec.yaml", self.name)];
        }
        let compilation = self.compile();
        let findings = self.findings(&compilation);
        let produced = match self.kind {
            Kind::Wrong if findings.is_empty() => {
                return vec![format!("{}: nothing was found", self.name)];
            }
            Kind::Wrong => Ok(BTreeMap::from([(FINDINGS.to_owned(), findings)])),
            Kind::Right if findings.is_empty() => self.produced(&compilation),
            Kind::Right => Err(format!(
                "{}: findings in a right case:\n{findings}",
                self.name
            )),
        };
        match produced {
            Ok(produced) => self.compare(&produced, renew),
            Err(problem) => vec![problem],
        }
    }

    /// Everything that was found, for people, with paths relative to the case.
    fn findings(&self, compilation: &Compilation) -> String {
        let folder = format!("{}/", self.folder.display());
        let mut report = compilation.report.clone();
        report.findings.retain(|finding| {
            self.name.starts_with(finding.code) || !OF_A_SERVICE.contains(&finding.code)
        });
        human::render(&report, false)
            .replace(&folder, "")
            .replace("\n\n\n", "\n\n")
    }

    /// The artefacts, and the parts of the model that the case names.
    fn produced(&self, compilation: &Compilation) -> Result<BTreeMap<String, String>, String> {
        let model = compilation.models.first().expect("a model");
        let mut produced: BTreeMap<String, String> = compilation
            .artifacts()
            .iter()
            .map(|(path, bytes)| {
                let text = String::from_utf8(bytes.to_vec()).expect("artefacts are UTF-8");
                (format!("expected/{path}"), text)
            })
            .collect();
        let json = monospec::model_json(model);
        for path in self.expected() {
            let Some(part) = model_part(&path) else {
                continue;
            };
            let value = json
                .pointer(&part)
                .ok_or_else(|| format!("{}: the model has no `{part}`", self.name))?;
            let text = serde_json::to_string_pretty(value).expect("JSON") + "\n";
            produced.insert(path, text);
        }
        Ok(produced)
    }

    /// Every expected file that is there, relative to the case.
    fn expected(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        match self.kind {
            Kind::Right => collect(&self.folder, "expected", &mut found),
            Kind::Wrong if self.folder.join(FINDINGS).exists() => {
                found.insert(FINDINGS.to_owned());
            }
            Kind::Wrong => {}
        }
        found
    }

    fn compare(&self, produced: &BTreeMap<String, String>, renew: bool) -> Vec<String> {
        let mut problems = Vec::new();
        let expected = self.expected();
        if produced.is_empty() {
            problems.push(format!("{}: the case expects nothing", self.name));
        }
        for (path, new) in produced {
            let file = self.folder.join(path);
            let old = fs::read_to_string(&file).ok();
            if old.as_deref() == Some(new) {
                continue;
            }
            if renew {
                fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
                fs::write(&file, new).expect("the expected file is written");
                continue;
            }
            problems.push(match old {
                None => format!("{}: `{path}` is missing; {}", self.name, renewal()),
                Some(old) => format!(
                    "{}: `{path}` is stale; {}\n{}",
                    self.name,
                    renewal(),
                    TextDiff::from_lines(old.as_str(), new.as_str())
                        .unified_diff()
                        .header("expected", "now")
                ),
            });
        }
        for path in expected.iter().filter(|path| !produced.contains_key(*path)) {
            if renew {
                fs::remove_file(self.folder.join(path)).expect("the file goes");
            } else {
                problems.push(format!(
                    "{}: nothing writes `{path}`; {}",
                    self.name,
                    renewal()
                ));
            }
        }
        problems
    }
}

fn renewal() -> String {
    format!("look at the difference, then run `{RENEW}`")
}

/// `expected/model.catalogue.http.json` is the part of the model at `/catalogue/http`, `expected/model.json` all of it.
fn model_part(path: &str) -> Option<String> {
    let part = path
        .strip_prefix("expected/model")?
        .strip_suffix(".json")?
        .replace('.', "/");
    (part.is_empty() || part.starts_with('/')).then_some(part)
}

fn collect(root: &Path, below: &str, found: &mut BTreeSet<String>) {
    let Ok(entries) = fs::read_dir(root.join(below)) else {
        return;
    };
    for entry in entries {
        let entry = entry.expect("an entry");
        let path = format!("{below}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(root, &path, found);
        } else {
            found.insert(path);
        }
    }
}
