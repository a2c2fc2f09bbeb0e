//! Summaries, descriptions and annotations: what expands when compiling, and what Prometheus expands later.

use super::templates::{self, Action, Checker, Problem};
use crate::diagnostics::{Finding, Findings};
use crate::model::unit::{Base, Unit};
use crate::promql::Labels;
use crate::spec::Place;
use crate::suggest;

/// What a text may refer to.
pub(super) struct Facts<'a> {
    /// `{name}` and what it stands for.
    pub(super) words: Vec<(&'static str, Option<String>)>,
    /// The labels that the expression still has.
    pub(super) labels: &'a Labels,
    /// What `$value` measures.
    pub(super) unit: &'a Unit,
    /// Whether `$value` counts events, and is whole but for extrapolation.
    pub(super) counted: bool,
}

/// Expands a text. `{threshold}` and the like become what they stand for; a bare `{{ $value }}` is made readable by its unit.
pub(super) fn expand(text: &str, facts: &Facts<'_>, at: &Place, all: &mut Findings) -> String {
    let mut found = Findings::default();
    let findings = &mut found;
    let mut out = String::with_capacity(text.len() + 16);
    let mut checker = Checker::default();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let offset = text.len() - rest.len() + open;
        rest = &rest[open..];
        if rest.starts_with("{{") {
            let Some(action) = templates::action(text, offset) else {
                findings.push(
                    Finding::error(
                        "bad-template",
                        at.within(offset..offset + 2),
                        "`{{` is never closed",
                    )
                    .help("`}}` is missing"),
                );
                break;
            };
            let said = checker.check(&action);
            report(said.problems, at, findings);
            for (range, label) in said.labels {
                check_label(&label, at.within(range), facts, findings);
            }
            for (range, function) in said.formatted {
                check_unit(function, at.within(range), facts.unit, findings);
            }
            match action.inside.trim() {
                "$value" => {
                    check_unit_behind(text, &action, facts.unit, at, findings);
                    out.push_str(&readable(facts));
                }
                _ => out.push_str(&text[action.range.clone()]),
            }
            rest = &text[action.range.end..];
            continue;
        }
        match placeholder(rest) {
            Some(word) => {
                let length = word.len() + 2;
                match facts.words.iter().find(|(name, _)| *name == word) {
                    Some((_, Some(value))) => out.push_str(value),
                    Some((_, None)) => findings.push(Finding::error(
                        "unknown-placeholder",
                        at.within(offset..offset + length),
                        format!("there is no {word} here"),
                    )),
                    None => findings.push(unknown(word, at.within(offset..offset + length), facts)),
                }
                rest = &rest[length..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    report(checker.finish(), at, findings);
    all.extend(found.into_iter().take(MOST));
    out
}

/// Findings in one text: whoever mends these sees the rest then.
const MOST: usize = 20;

fn report(problems: Vec<Problem>, at: &Place, findings: &mut Findings) {
    for problem in problems {
        let word = problem.message.split('`').nth(1).unwrap_or_default();
        let near = suggest::nearest(word, problem.known.iter().copied());
        let place = at.within(problem.range);
        let mut finding = Finding::error("bad-template", place, &problem.message).suggest(near);
        finding.help = finding.help.or(problem.help);
        findings.push(finding);
    }
}

/// The word in `{word}` at the start of a text; `{3}` is part of a regular expression.
fn placeholder(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?;
    let (word, _) = inner.split_once('}')?;
    let valid = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().all(valid)).then_some(word)
}

fn unknown(word: &str, at: Place, facts: &Facts<'_>) -> Finding {
    let known = facts.words.iter().map(|(name, _)| *name);
    let finding = Finding::error(
        "unknown-placeholder",
        at,
        format!("`{{{word}}}` stands for nothing"),
    )
    .suggest(suggest::nearest(word, known));
    let there = facts.words.iter().filter(|(_, value)| value.is_some());
    match &finding.help {
        Some(_) => finding,
        None => finding.help(format!(
            "there is {}; labels are written `{{{{ $labels.{word} }}}}`",
            suggest::list(there.map(|(name, _)| *name))
        )),
    }
}

/// `$labels.x` has to be a label of the result: anything else would be empty, without a word of warning.
fn check_label(name: &str, at: Place, facts: &Facts<'_>, findings: &mut Findings) {
    // What keeps its name has that, too.
    if facts.labels.may_have(name) || name == "__name__" {
        return;
    }
    let message = format!("the result has no label `{name}`");
    let mut finding = Finding::error("unknown-label", at, message);
    if let Labels::Known(labels) = facts.labels {
        let known = labels.iter().map(String::as_str);
        let near = suggest::nearest(name, known.clone());
        finding = finding.suggest(near);
        if near.is_none() {
            finding = finding.help(format!(
                "what is left of the expression has {}; `by` keeps more",
                suggest::list(known)
            ));
        }
    }
    findings.push(finding);
}

/// A bare `{{ $value }}` is shown with its unit: another one behind it would be there twice.
fn check_unit_behind(
    text: &str,
    action: &Action<'_>,
    unit: &Unit,
    at: &Place,
    findings: &mut Findings,
) {
    let signs: &[&str] = match unit.base {
        Base::Ratio | Base::Percent => &["%"],
        Base::Seconds => &["seconds", "sec", "s"],
        Base::Bytes => &["bytes", "B"],
        Base::Number | Base::Other(_) => return,
    };
    let end = action.range.end;
    let behind = text[end..].trim_start_matches(' ');
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '/');
    let twice = signs.iter().find(|sign| {
        let rest = behind.strip_prefix(**sign);
        rest.is_some_and(|rest| **sign == "%" || !rest.starts_with(is_word))
    });
    if let Some(sign) = twice {
        let start = text.len() - behind.len();
        findings.push(
            Finding::error(
                "unit-mismatch",
                at.within(start..start + sign.len()),
                format!("`{{{{ $value }}}}` is shown with its unit: `{sign}` would be there twice"),
            )
            .help(format!("leave `{sign}` out, or give it a format of its own: `{{{{ $value | printf \"%.1f\" }}}}`")),
        );
    }
}

/// A function for another unit than the value's makes a text that is wrong.
fn check_unit(function: &str, at: Place, unit: &Unit, findings: &mut Findings) {
    let meant = match (function, &unit.base) {
        ("humanizePercentage", Base::Percent | Base::Seconds | Base::Bytes | Base::Other(_)) => {
            "a ratio"
        }
        ("humanizeDuration", Base::Percent | Base::Ratio | Base::Bytes | Base::Other(_)) => {
            "seconds"
        }
        _ => return,
    };
    let message = format!("`{function}` is for {meant}; the value is in {unit}");
    findings.push(
        Finding::error("unit-mismatch", at, message)
            .help("`{{ $value }}` alone is shown in its unit"),
    );
}

/// `$value` in the words of its unit, by the
/// [functions of Prometheus' templates](https://prometheus.io/docs/prometheus/latest/configuration/template_reference/#numbers).
fn readable(facts: &Facts<'_>) -> String {
    let unit = facts.unit;
    let value = match &unit.base {
        Base::Ratio => "{{ $value | humanizePercentage }}".to_owned(),
        Base::Percent => "{{ $value | humanize }}%".to_owned(),
        Base::Seconds => "{{ $value | humanizeDuration }}".to_owned(),
        Base::Bytes => "{{ $value | humanize1024 }}B".to_owned(),
        Base::Number if facts.counted => "{{ $value | printf \"%.0f\" }}".to_owned(),
        Base::Number => "{{ $value | humanize }}".to_owned(),
        Base::Other(word) => {
            format!("{{{{ $value | humanize }}}} {}", templates::literal(word))
        }
    };
    if unit.per_second {
        format!("{value}/s")
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> (String, Vec<(&'static str, String)>) {
        let labels = Labels::known(["job", "endpoint"]);
        let facts = Facts {
            words: vec![("threshold", Some("5%".to_owned())), ("limit", None)],
            labels: &labels,
            unit: &Unit::RATIO,
            counted: false,
        };
        let mut findings = Findings::default();
        let text = expand(text, &facts, &Place::root(), &mut findings);
        let findings = findings
            .iter()
            .map(|f| (f.code, f.message.clone()))
            .collect();
        (text, findings)
    }

    #[test]
    fn words_and_values_expand() {
        let (text, findings) =
            expanded("{{ $value }} of {{$labels.endpoint}} > {threshold} {x: {1}}");
        assert_eq!(
            text,
            "{{ $value | humanizePercentage }} of {{$labels.endpoint}} > 5% {x: {1}}"
        );
        assert_eq!(findings, []);
    }

    #[test]
    fn what_stands_for_nothing_is_reported() {
        for (text, message) in [
            ("{treshold}", "`{treshold}` stands for nothing"),
            ("{limit}", "there is no limit here"),
            (
                "{{ $labels.instance }}",
                "the result has no label `instance`",
            ),
            ("{{ $value", "`{{` is never closed"),
        ] {
            let (_, findings) = expanded(text);
            assert_eq!(findings.len(), 1, "{text}");
            assert_eq!(findings[0].1, message);
        }
    }
}
