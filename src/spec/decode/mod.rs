//! From the tree to the document, with every mistake of shape in one run.
//!
//! serde stops at the first error. So the parts of a document that stand for themselves (sections, entries of
//! dictionaries) are [`Entry`]s: when one fails, what was wrong is reported and cut, and the entry is decoded again, until
//! nothing more is found. Such an entry is then missing from the document, its name is not.

mod deserializer;
mod entry;
mod error;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use self::deserializer::At;
pub use self::entry::{Dict, Entry};
pub(super) use self::error::Error;
use self::error::{Problem, Remedy};
use super::Location;
use super::document::Document;
use super::place::{self, Spot, push_segment};
use super::yaml::{Node, NodeId, Value};
use crate::diagnostics::{Finding, Findings};
use crate::suggest;

/// Decodes the whole document; `None` only if it is no mapping at all.
pub(super) fn document(root: &Node, findings: &mut Findings) -> Option<Document> {
    let run = Run::after(findings);
    let at = At::new(&run, root);
    let document = loop {
        match Document::deserialize(at.clone()) {
            Ok(mut document) => {
                document.has_gaps = run.has_gaps(root);
                break Some(document);
            }
            Err(error) => {
                if !run.record(error, None) {
                    break None;
                }
            }
        }
    };
    findings.extend(run.findings.into_inner());
    document
}

/// Sections whose entries others refer to.
const DECLARING: &[&str] = &[
    "include",
    "exporters",
    "labels",
    "metrics",
    "http",
    "flags",
    "health",
    "signals",
    "slos",
    "alerts",
    "dashboards",
    "environments",
];

/// Problems of one entry after which the rest of it is left alone: each costs another attempt to decode it.
const MAX_PROBLEMS: usize = 500;

/// What one run of decoding knows.
#[derive(Default)]
struct Run {
    findings: RefCell<Vec<Finding>>,
    /// Nodes that were reported.
    cut: RefCell<HashMap<NodeId, Cut>>,
    /// Of entries in which something was reported: the keys whose values are not to be trusted. An unknown key leaves the
    /// rest as good as it was.
    doubts: RefCell<HashMap<NodeId, Vec<String>>>,
    /// Keys that were reported missing, by the mapping that lacks them.
    missing: RefCell<HashMap<NodeId, Vec<&'static str>>>,
    /// Keys that an unknown one was meant to be, by the pointer of their mapping.
    misspelt: RefCell<HashSet<(String, &'static str)>>,
    /// How many problems each entry had.
    problems: RefCell<HashMap<Option<NodeId>, usize>>,
    /// Values that carry a tag, which was reported.
    tagged: Vec<Location>,
    /// Keys that were reported and dropped: what they would have brought is not missing.
    dropped: Vec<Location>,
}

/// How a reported node is treated when its entry is decoded again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// An unknown key: as if it were not there.
    Skip,
    /// A value that would not decode: a stand-in takes its place, so that what comes after it is looked at too.
    StandIn,
}

impl Run {
    /// A run that knows what was found when the YAML was read.
    fn after(findings: &Findings) -> Self {
        let of = |codes: &[&str]| -> Vec<Location> {
            findings
                .iter()
                .filter(|finding| codes.contains(&finding.code))
                .filter_map(|finding| match finding.place.spot() {
                    Spot::Source(location) => Some(location.clone()),
                    _ => None,
                })
                .collect()
        };
        Self {
            tagged: of(&["yaml-tag"]),
            dropped: of(&["merge-key", "complex-key"]),
            ..Self::default()
        }
    }

    /// Whether a problem only follows from what was found before.
    fn is_consequence(&self, problem: &Problem) -> bool {
        let about = &problem.location;
        let pointer = problem.finding.place.pointer();
        match problem.remedy {
            Remedy::Grant(_, missing) => {
                let dropped = self.dropped.iter().any(|key| {
                    let (start, end) = (about.range.start, about.range.end);
                    key.file == about.file && start <= key.range.start && key.range.end <= end
                });
                dropped
                    || self
                        .misspelt
                        .borrow()
                        .contains(&(pointer.to_owned(), missing))
            }
            Remedy::Cut(..) => self.tagged.contains(about),
        }
    }

    /// Reports an error and cuts what caused it. False if there is nothing left to cut: the entry cannot be saved.
    fn record(&self, error: Error, entry: Option<&At<'_>>) -> bool {
        let Some(problem) = error.into_problem() else {
            return false;
        };
        let known = self.is_consequence(&problem);
        if let (Remedy::Cut(_, Cut::Skip), Some(key)) = (&problem.remedy, problem.meant)
            && let Some((mapping, _)) = problem.finding.place.pointer().rsplit_once('/')
        {
            self.misspelt.borrow_mut().insert((mapping.to_owned(), key));
        }
        let fresh = match problem.remedy {
            Remedy::Cut(node, cut) => self.cut.borrow_mut().insert(node, cut).is_none(),
            Remedy::Grant(node, key) => {
                let mut missing = self.missing.borrow_mut();
                let missing = missing.entry(node).or_default();
                let fresh = !missing.contains(&key);
                missing.push(key);
                fresh
            }
        };
        if !fresh {
            return false;
        }
        let mut problems = self.problems.borrow_mut();
        let problems = problems.entry(entry.map(|at| at.node.id)).or_default();
        *problems += 1;
        if let Some(entry) = entry {
            let mut doubts = self.doubts.borrow_mut();
            let doubts = doubts.entry(entry.node.id).or_default();
            doubts.extend(doubtful_key(&problem, &entry.pointer()));
        }
        if !known {
            self.findings.borrow_mut().push(problem.finding);
        }
        *problems < MAX_PROBLEMS
    }

    /// Whether a whole section that declares something could not be decoded, or is misspelt.
    fn has_gaps(&self, root: &Node) -> bool {
        let Value::Map(sections) = &root.value else {
            return false;
        };
        sections.iter().any(|section| {
            let declaring = DECLARING.iter().copied();
            self.cut(&section.value).is_some()
                && suggest::nearest(&section.key.text, declaring).is_some()
        })
    }

    fn cut(&self, node: &Node) -> Option<Cut> {
        let cut = self.cut.borrow();
        if cut.is_empty() {
            return None;
        }
        cut.get(&node.id).copied()
    }

    fn granted(&self, node: &Node) -> Vec<&'static str> {
        let missing = self.missing.borrow();
        missing.get(&node.id).cloned().unwrap_or_default()
    }
}

/// The key of an entry that is not to be trusted after a problem below it; nothing after a key that is simply unknown.
fn doubtful_key(problem: &Problem, entry: &str) -> Option<String> {
    let pointer = problem.finding.place.pointer();
    let mut below = place::segments(pointer.strip_prefix(entry).unwrap_or_default());
    match (&problem.remedy, below.next(), below.next()) {
        // An unknown key of the entry itself, a key that it lacks, or one deeper down.
        (Remedy::Cut(_, Cut::Skip), _, None) | (Remedy::Grant(..), None, _) => {
            problem.meant.map(str::to_owned)
        }
        (_, first, _) => first,
    }
}

/// The way from the root to a node, kept on the stack and spelt out only for a finding.
#[derive(Clone, Copy)]
enum Path<'p> {
    Root,
    Key(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

impl Path<'_> {
    fn pointer(&self) -> String {
        match self {
            Path::Root => String::new(),
            Path::Key(parent, key) => {
                let mut pointer = parent.pointer();
                push_segment(&mut pointer, key);
                pointer
            }
            Path::Index(parent, index) => format!("{}/{index}", parent.pointer()),
        }
    }
}
