//! What Kubernetes takes as a [name](https://kubernetes.io/docs/concepts/overview/working-with-objects/names/) and as a
//! [label](https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set).

use crate::diagnostics::{Finding, Findings};
use crate::spec::Place;

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An object: a subdomain of RFC 1123.
    Object,
    /// A namespace, a container or the port of a Service: a label of RFC 1123.
    Label,
    /// The port of a container: the name of a service of RFC 6335.
    Port,
    /// A key of a Secret.
    SecretKey,
}

impl Kind {
    pub(super) fn takes(self, name: &str) -> bool {
        let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let begins_and_ends = name.starts_with(is_alphanumeric) && name.ends_with(is_alphanumeric);
        let is_label = |part: &str| {
            part.starts_with(is_alphanumeric)
                && part.ends_with(is_alphanumeric)
                && part.chars().all(|c| is_alphanumeric(c) || c == '-')
        };
        match self {
            Self::Object => name.len() <= 253 && name.split('.').all(is_label),
            Self::Label => name.len() <= 63 && is_label(name),
            Self::Port => {
                name.len() <= 15
                    && begins_and_ends
                    && is_label(name)
                    && !name.contains("--")
                    && name.contains(|c: char| c.is_ascii_lowercase())
            }
            Self::SecretKey => {
                let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
                !name.is_empty()
                    && name.len() <= 253
                    && name.chars().all(valid)
                    && name != "."
                    && !name.starts_with("..")
            }
        }
    }

    /// The rule, in words.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Object => {
                "lower-case letters, digits, `-` and `.`, a letter or digit at both ends, at most 253"
            }
            Self::Label => {
                "lower-case letters, digits and `-`, a letter or digit at both ends, at most 63"
            }
            Self::Port => {
                "the port of a container has at most 15 lower-case letters, digits and `-`, one letter at least"
            }
            Self::SecretKey => "letters, digits, `-`, `_` and `.`",
        }
    }
}

/// Reports what cannot be a name.
pub(super) fn check_name(kind: Kind, name: &str, at: Place, findings: &mut Findings) {
    if !kind.takes(name) {
        findings.push(
            Finding::error(
                "bad-name",
                at,
                format!("`{name}` is not a name that Kubernetes takes"),
            )
            .help(kind.rule()),
        );
    }
}

/// Reports what cannot be a label, by its key or its value.
pub(super) fn check_label(key: &str, value: &str, at: &Place, findings: &mut Findings) {
    let (prefix, name) = match key.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, key),
    };
    if !is_label_part(name) || prefix.is_some_and(|prefix| !Kind::Object.takes(prefix)) {
        findings.push(
            Finding::error(
                "bad-name",
                at.child(key).key(),
                format!("`{key}` cannot be a label of Kubernetes"),
            )
            .help("`name` or `domain/name`: letters, digits, `-`, `_` and `.`, at most 63"),
        );
    }
    if !value.is_empty() && !is_label_part(value) {
        findings.push(
            Finding::error(
                "bad-value",
                at.child(key),
                format!("`{value}` cannot be the value of a label of Kubernetes"),
            )
            .help("letters, digits, `-`, `_` and `.`, a letter or digit at both ends, at most 63"),
        );
    }
}

fn is_label_part(text: &str) -> bool {
    let is_alphanumeric = |c: char| c.is_ascii_alphanumeric();
    text.len() <= 63
        && text.starts_with(is_alphanumeric)
        && text.ends_with(is_alphanumeric)
        && text
            .chars()
            .all(|c| is_alphanumeric(c) || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_kubernetes() {
        let long = "a".repeat(64);
        for (kind, right, wrong) in [
            (
                Kind::Object,
                &["a", "a-b.c", &long][..],
                &["A", "a_b", "-a", "a..b", "a.", ""][..],
            ),
            (
                Kind::Label,
                &["a", "0-b"][..],
                &["a.b", "a-", "", &long][..],
            ),
            (
                Kind::Port,
                &["http", "h2-c"][..],
                &["80", "a--b", "metrics-of-shops", "-a"][..],
            ),
            (
                Kind::SecretKey,
                &["a_B.c", ".a"][..],
                &["", "a b", "..", "..a"][..],
            ),
        ] {
            for name in right {
                assert!(kind.takes(name), "{kind:?}: {name}");
            }
            for name in wrong {
                assert!(!kind.takes(name), "{kind:?}: {name}");
            }
        }
    }
}
