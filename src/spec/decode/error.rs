//! What serde says, kept in its parts until the place is known.

use std::fmt;

use serde::de;

use super::{Cut, Path};
use crate::diagnostics::{Finding, Fix};
use crate::spec::Location;
use crate::spec::place::{Place, Spot};
use crate::spec::slips::missing_space;
use crate::spec::yaml::{Node, NodeId, Plain, Value};
use crate::suggest;

/// An error of decoding; boxed, because it travels through every `Result`.
#[derive(Debug)]
pub(crate) struct Error(Box<Inner>);

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it is boxed as a whole")]
enum Inner {
    /// Raised by serde or a visitor; the deserializer adds where.
    Raised(Raised),
    Placed(Problem),
    /// Nothing can be said that was not said already.
    GiveUp,
}

#[derive(Debug)]
pub(super) enum Raised {
    WrongType {
        found: String,
        expected: String,
    },
    UnknownKey {
        key: String,
        known: &'static [&'static str],
    },
    UnknownWord {
        word: String,
        known: &'static [&'static str],
    },
    Missing(&'static str),
    /// Words of a visitor: the message, then perhaps a line of help.
    Other(String),
}

/// A finding, and what to do so that decoding can go on.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) finding: Finding,
    pub(super) remedy: Remedy,
    /// The node that it is about.
    pub(super) location: Location,
    /// The key that is in doubt now: one that is missing, or that an unknown one was meant to be.
    pub(super) meant: Option<&'static str>,
}

#[derive(Debug)]
pub(super) enum Remedy {
    Cut(NodeId, Cut),
    Grant(NodeId, &'static str),
}

impl std::fmt::Debug for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cut::Skip => "Skip",
            Cut::StandIn => "StandIn",
        })
    }
}

impl Error {
    pub(super) fn give_up() -> Self {
        Self(Box::new(Inner::GiveUp))
    }

    pub(super) fn raised(raised: Raised) -> Self {
        Self(Box::new(Inner::Raised(raised)))
    }

    pub(super) fn into_problem(self) -> Option<Problem> {
        match *self.0 {
            Inner::Placed(problem) => Some(problem),
            _ => None,
        }
    }

    /// Says that it happened at this node, unless a deeper node was already named.
    pub(super) fn at(self, node: &Node, path: &Path<'_>) -> Self {
        match *self.0 {
            Inner::Raised(raised) => {
                let raised = as_written(raised, node);
                let place = Place::of(path.pointer(), Spot::Value);
                let problem = match raised {
                    Raised::Missing(key) => Problem {
                        finding: Finding::error(
                            "missing-key",
                            place,
                            format!("`{key}` is missing"),
                        )
                        .label("in this entry"),
                        remedy: Remedy::Grant(node.id, key),
                        location: node.location.clone(),
                        meant: Some(key),
                    },
                    raised => Problem {
                        finding: describe(raised, place),
                        remedy: Remedy::Cut(node.id, Cut::StandIn),
                        location: node.location.clone(),
                        meant: None,
                    },
                };
                Self(Box::new(Inner::Placed(problem)))
            }
            inner => Self(Box::new(inner)),
        }
    }

    /// Says that the key of an entry of a mapping caused it.
    pub(super) fn at_key(self, value: &Node, mapping: &Node, path: &Path<'_>) -> Self {
        match *self.0 {
            Inner::Raised(raised) => {
                let meant = match &raised {
                    Raised::UnknownKey { key, known } => {
                        suggest::nearest(key, known.iter().copied()).map(|near| near.name)
                    }
                    _ => None,
                };
                let mut finding = describe(raised, Place::of(path.pointer(), Spot::Key));
                if meant.is_some_and(|key| mapping.entry(key).is_some()) {
                    finding.fix = None; // it would be there twice
                }
                Self(Box::new(Inner::Placed(Problem {
                    finding,
                    remedy: Remedy::Cut(value.id, Cut::Skip),
                    location: value.location.clone(),
                    meant,
                })))
            }
            inner => Self(Box::new(inner)),
        }
    }
}

/// The same about what stands there: serde knows of a number what a machine's number makes of it.
fn as_written(raised: Raised, node: &Node) -> Raised {
    let Value::Scalar(scalar) = &node.value else {
        return raised;
    };
    let read = match scalar.resolve() {
        Plain::Integer(value) => value.to_string(),
        Plain::Float(value) => value.to_string(),
        _ => return raised,
    };
    let written = |text: String| {
        let written = format!("`{}`", shortened(&scalar.text));
        text.replacen(&format!("`{read}`"), &written, 1)
    };
    match raised {
        Raised::WrongType { found, expected } => Raised::WrongType {
            found: written(found),
            expected,
        },
        Raised::Other(text) => Raised::Other(written(text)),
        raised => raised,
    }
}

fn describe(raised: Raised, place: Place) -> Finding {
    match raised {
        Raised::WrongType { found, expected } => {
            let advice = quote_advice(&found, &expected)
                .or_else(|| boolean_advice(&found, &expected))
                .or_else(|| list_advice(&found, &expected))
                .or_else(|| mapping_advice(&found, &expected));
            let mut finding = Finding::error(
                "wrong-type",
                place,
                format!("expected {expected}, found {found}"),
            );
            if let Some((help, fix)) = advice {
                finding.help = Some(help);
                finding.fix = fix;
            }
            finding
        }
        Raised::UnknownKey { key, known } => {
            let near = suggest::nearest(&key, known.iter().copied());
            let mut finding = Finding::error(
                "unknown-key",
                place,
                format!("`{}` is not a key here", shortened(&key)),
            )
            .suggest(near);
            let is_known = |before: &str| known.contains(&before);
            let spaced =
                missing_space(&key).filter(|_| key.split(':').next().is_some_and(is_known));
            if spaced.is_some() {
                finding.fix = None;
                finding.help = spaced;
            } else if near.is_none() {
                finding.help = Some(match known {
                    [] => "nothing can be written here".to_owned(),
                    known => format!("there is {}", suggest::list(known.iter().copied())),
                });
            }
            finding
        }
        Raised::UnknownWord { word, known } => {
            let near = suggest::nearest(&word, known.iter().copied());
            let mut finding = Finding::error(
                "unknown-word",
                place,
                format!("`{}` is not one of the words for this", shortened(&word)),
            )
            .label(format!("expected {}", suggest::list(known.iter().copied())));
            finding = finding.suggest(near);
            finding
        }
        Raised::Missing(key) => Finding::error("missing-key", place, format!("`{key}` is missing")),
        Raised::Other(text) => {
            let (message, help) = match text.split_once('\n') {
                Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
                None => (text, None),
            };
            let mut finding = Finding::error("bad-value", place, message);
            finding.help = help;
            finding
        }
    }
}

/// What to do, and what does it.
type Advice = (String, Option<Fix>);

/// A number or a boolean where a string belongs.
fn quote_advice(found: &str, expected: &str) -> Option<Advice> {
    let value = found
        .strip_prefix("the number ")
        .or_else(|| found.strip_prefix("the boolean "))?
        .trim_matches('`');
    expected
        .starts_with("a string")
        .then(|| (format!("quote it: \"{value}\""), Some(Fix::Quote)))
}

/// Words that other readers of YAML take for a boolean.
fn boolean_advice(found: &str, expected: &str) -> Option<Advice> {
    let word = found.strip_prefix("the string ")?.trim_matches('`');
    let value = match word.to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "y" => "true",
        "false" | "off" | "no" | "n" => "false",
        _ => return None,
    };
    let help = format!("write it `{value}`, without quotes");
    (expected == "a boolean").then_some((help, Some(Fix::Replace(value))))
}

/// A single thing where a list belongs.
fn list_advice(found: &str, expected: &str) -> Option<Advice> {
    let item = found.strip_prefix("the string ")?.trim_matches('`');
    match expected {
        "a list" => Some((format!("write a list: [{item:?}]"), Some(Fix::List))),
        "a list of values or a mapping" => {
            let help = format!(
                "a shared label is used by listing its key, `labels: [{item}]`; all labels of a metric are keys, or all are defined in place"
            );
            Some((help, None))
        }
        _ => None,
    }
}

/// A list, or a text, where a mapping belongs.
fn mapping_advice(found: &str, expected: &str) -> Option<Advice> {
    if expected != "a mapping" {
        return None;
    }
    let help = match found {
        "a list" => "each entry stands below its name or key: `NAME: …`, without `- `".to_owned(),
        found => missing_space(found.strip_prefix("the string ")?.trim_matches('`'))?,
    };
    Some((help, None))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Inner::Raised(raised) => write!(f, "{raised:?}"),
            Inner::Placed(problem) => f.write_str(&problem.finding.message),
            Inner::GiveUp => f.write_str("see the findings before"),
        }
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::raised(Raised::Other(message.to_string()))
    }

    fn invalid_type(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::raised(Raised::WrongType {
            found: found(&unexpected),
            expected: plain_words(&expected.to_string()),
        })
    }

    fn invalid_value(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let expected = expected.to_string();
        Self::raised(Raised::WrongType {
            found: found(&unexpected),
            expected: range_of(&expected).unwrap_or_else(|| plain_words(&expected)),
        })
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::raised(Raised::UnknownKey {
            key: field.to_owned(),
            known: expected,
        })
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::raised(Raised::UnknownWord {
            word: variant.to_owned(),
            known: expected,
        })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::raised(Raised::Missing(field))
    }
}

/// serde's words for types, as one says them of YAML.
fn plain_words(expected: &str) -> String {
    match expected {
        "a sequence" => "a list",
        "a map" => "a mapping",
        "f64" => "a number",
        "u16" | "u32" | "u64" | "usize" | "i64" => "a whole number",
        word if word.starts_with("struct ") => "a mapping",
        word => word,
    }
    .to_owned()
}

/// What fits into serde's types of numbers.
fn range_of(expected: &str) -> Option<String> {
    let most = match expected {
        "u16" => u64::from(u16::MAX),
        "u32" => u64::from(u32::MAX),
        "u64" | "usize" => return Some("a whole number that is not negative".to_owned()),
        _ => return None,
    };
    Some(format!("a whole number from 0 to {most}"))
}

/// What was written, cut where it would fill the screen.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn found(unexpected: &de::Unexpected<'_>) -> String {
    match unexpected {
        de::Unexpected::Bool(value) => format!("the boolean `{value}`"),
        de::Unexpected::Unsigned(value) => format!("the number `{value}`"),
        de::Unexpected::Signed(value) => format!("the number `{value}`"),
        de::Unexpected::Float(value) => format!("the number `{value}`"),
        de::Unexpected::Str(value) => format!("the string `{}`", shortened(value)),
        de::Unexpected::Unit | de::Unexpected::Option => "nothing".to_owned(),
        de::Unexpected::Seq => "a list".to_owned(),
        de::Unexpected::Map => "a mapping".to_owned(),
        other => other.to_string(),
    }
}
