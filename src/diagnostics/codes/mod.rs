//! Every code of a finding, and what it means.
//!
//! The texts are Markdown, a file each: a line that says it all, why it matters, an example of wrong and right, and where the rule
//! comes from. The examples are compiled by the tests.

use std::fmt;

use crate::lints;
use crate::spec::document::LintLevel;

/// A code, and what is to be said about it.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// The word that a finding carries.
    pub name: &'static str,
    /// What it means, as Markdown; the first line says it in a sentence.
    pub text: &'static str,
}

macro_rules! codes {
    ($($name:literal)*) => {
        &[$(Code { name: $name, text: include_str!(concat!($name, ".md")) }),*]
    };
}

/// Every code, by name.
pub const CODES: &[Code] = codes! {
    "absent-of-aggregate"
    "absent-of-comparison"
    "alert-test"
    "always-true"
    "ambiguous-metric"
    "average-of-quantiles"
    "bad-include"
    "bad-name"
    "bad-path"
    "bad-template"
    "bad-time-interval"
    "bad-value"
    "base-unit"
    "bidi-control"
    "camel-case"
    "complex-key"
    "conflicting-keys"
    "counter-suffix"
    "critical-without-for"
    "critical-without-runbook"
    "dead-alternative"
    "delta-of-counter"
    "drift"
    "dropped-label"
    "duplicate-alert"
    "duplicate-key"
    "duplicate-value"
    "empty-range"
    "empty-row"
    "empty-selection"
    "empty-spec"
    "flag-expired"
    "float-equality"
    "identity-lost"
    "idle-route"
    "impossible-threshold"
    "include-not-found"
    "inline-secret"
    "kubelet-certificate"
    "label-in-name"
    "label-mismatch"
    "level-order"
    "lost-le"
    "many-series"
    "many-to-one"
    "merge-key"
    "missing-bucket"
    "missing-help"
    "missing-key"
    "missing-namespace"
    "missing-owner"
    "missing-up-alert"
    "mixed-units"
    "name-collision"
    "nan-comparison"
    "negative-bucket"
    "negative-offset"
    "nested-too-deeply"
    "never-true"
    "newer-alertmanager"
    "newer-promql"
    "no-alertmanager"
    "no-buckets"
    "no-comparison"
    "no-counterpart"
    "no-match"
    "not-a-part"
    "not-a-value"
    "not-utf8"
    "object-too-large"
    "open-series"
    "owned-key"
    "pointless-matcher"
    "pointless-sort"
    "promql-syntax"
    "quantile-range"
    "rate-of-aggregate"
    "rate-of-gauge"
    "raw-counter"
    "raw-without-job"
    "recursive-alias"
    "reserved-label"
    "reserved-suffix"
    "several-documents"
    "shadowed-external-label"
    "shared-runbook"
    "short-for"
    "short-range"
    "short-window"
    "subquery-gaps"
    "subquery-step"
    "too-large"
    "too-many-environments"
    "too-many-series"
    "total-series"
    "type-in-name"
    "unit-abbreviation"
    "unit-mismatch"
    "unknown-alert"
    "unknown-bucket"
    "unknown-exporter"
    "unknown-job"
    "unknown-key"
    "unknown-label"
    "unknown-label-value"
    "unknown-lint"
    "unknown-metric"
    "unknown-panel"
    "unknown-placeholder"
    "unknown-receiver"
    "unknown-signal"
    "unknown-slo"
    "unknown-time-interval"
    "unknown-word"
    "unqualified-host"
    "unreachable-burn-rate"
    "unscraped-service"
    "unset-timestamp"
    "unstable-alert"
    "untested-alert"
    "unused-allow"
    "unused-metric"
    "unused-receiver"
    "unused-signal"
    "unused-variable"
    "wrong-expression-type"
    "wrong-metric-type"
    "wrong-signal"
    "wrong-type"
    "yaml-syntax"
    "yaml-tag"
};

/// How much a code weighs unless the spec says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Nothing is written, whatever the spec says.
    Error,
    /// A lint: the spec can say otherwise.
    Lint(LintLevel),
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Lint(level) => level.as_str(),
        })
    }
}

impl Code {
    /// The code with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        CODES.iter().find(|code| code.name == name)
    }

    /// What it means, in a sentence.
    pub fn summary(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default()
    }

    /// Why it matters: what stands between the first line and the examples.
    pub fn description(&self) -> String {
        let paragraphs = self.text.split("\n\n").skip(1);
        let until = |paragraph: &&str| *paragraph != "Wrong:" && !paragraph.starts_with("Source:");
        let text: Vec<&str> = paragraphs.take_while(until).collect();
        if text.is_empty() {
            return self.summary().to_owned();
        }
        text.join("\n\n").trim_end().replace('\n', " ")
    }

    /// What it means, as text for people: examples are indented, addresses stand for themselves.
    pub fn plain(&self) -> String {
        let mut text = String::new();
        let mut example = false;
        for line in self.text.lines() {
            if line.starts_with("```") {
                example = !example;
                continue;
            }
            if example && !line.is_empty() {
                text.push_str("    ");
                text.push_str(line);
            } else {
                text.push_str(&without_links(line));
            }
            text.push('\n');
        }
        text
    }

    /// How much it weighs.
    pub fn weight(&self) -> Weight {
        let lint = lints::all().find(|lint| lint.name == self.name);
        lint.map_or(Weight::Error, |lint| Weight::Lint(lint.level))
    }
}

/// `[words](address)` as `words, address`.
fn without_links(line: &str) -> String {
    let link = || {
        let (before, rest) = line.split_once('[')?;
        let (words, rest) = rest.split_once("](")?;
        let (address, after) = rest.split_once(')')?;
        Some(format!("{before}{words}, {address}{after}"))
    };
    link().unwrap_or_else(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_lints_among_them() {
        assert!(CODES.is_sorted_by(|a, b| a.name < b.name));
        for lint in lints::all() {
            assert!(Code::find(lint.name).is_some(), "{}", lint.name);
        }
    }

    #[test]
    fn texts_read_as_text() {
        let plain = Code::find("counter-suffix").expect("a code").plain();
        assert!(plain.contains("\n    metrics:\n      orders:"), "{plain}");
        assert!(
            plain.ends_with("metrics, https://prometheus.io/docs/practices/naming/#metric-names\n"),
            "{plain}"
        );
        assert!(!plain.contains("```"));
    }
}
