//! What a selection is, and what goes together.

use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Catalogue, MetricType, Series};
use crate::model::resolve::monitoring::expressions::Reader;
use crate::model::signal::Selection;
use crate::spec::Place;
use crate::spec::document::Dict;

/// What a selection is, for the functions that take it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Counter => "a counter",
            Self::Gauge => "a gauge",
            Self::Histogram => "a histogram",
        }
    }
}

/// A selector of a histogram as a whole.
pub(in super::super) fn histogram(
    reader: &Reader<'_>,
    text: &str,
    at: &Place,
    allow: &Dict<String>,
    findings: &mut Findings,
) -> Option<Selection> {
    let of = reader.selection(text, at, allow, findings)?;
    check_kind(&of, &[Kind::Histogram], reader.catalogue, at, findings).then_some(of)
}

/// Reports a selection of another kind; false then.
pub(super) fn check_kind(
    of: &Selection,
    expected: &[Kind],
    catalogue: &Catalogue,
    at: &Place,
    findings: &mut Findings,
) -> bool {
    let metric = &catalogue.metrics[of.named.metric];
    let kind = match (of.named.series, metric.kind) {
        (Series::Family, _) => Some(Kind::Histogram),
        (Series::Bucket | Series::Sum | Series::Count, _) => Some(Kind::Counter),
        (Series::Plain, MetricType::Counter) => Some(Kind::Counter),
        (Series::Plain, MetricType::Gauge | MetricType::Info) => Some(Kind::Gauge),
        // Whoever calls it untyped may mean either.
        (Series::Plain, MetricType::Unknown) => expected.first().copied(),
        (Series::Plain, _) => None,
    };
    if kind.is_some_and(|kind| expected.contains(&kind)) {
        return true;
    }
    let wanted: Vec<&str> = expected.iter().map(|kind| kind.name()).collect();
    let found = kind.map_or("a summary", Kind::name);
    let mut finding = Finding::error(
        "wrong-metric-type",
        at.clone(),
        format!("expected {}, found {found}", wanted.join(" or ")),
    )
    .related(metric.origin.key(), "declared here");
    if kind == Some(Kind::Histogram) {
        finding = finding.help(format!(
            "its counters are `{0}_count`, `{0}_sum` and `{0}_bucket`",
            metric.name
        ));
    }
    findings.push(finding);
    false
}

/// Part and whole have to be of one kind and one unit; of one family, the part's matchers include the whole's.
pub(super) fn check_ratio(
    part: &Selection,
    whole: &Selection,
    by: &[String],
    catalogue: &Catalogue,
    at: &Place,
    findings: &mut Findings,
) -> Option<()> {
    let metric = |selection: &Selection| &catalogue.metrics[selection.named.metric];
    let (p, w) = (metric(part), metric(whole));
    let gauge = |m: MetricType| m == MetricType::Gauge;
    if gauge(p.kind) != gauge(w.kind) {
        findings.push(
            Finding::error(
                "wrong-metric-type",
                at.child("part"),
                format!("a {} is no part of a {}", p.kind.as_str(), w.kind.as_str()),
            )
            .related(p.origin.key(), "the part")
            .related(w.origin.key(), "the whole"),
        );
        return None;
    }
    if p.unit != w.unit {
        findings.push(
            Finding::error(
                "unit-mismatch",
                at.child("part"),
                format!(
                    "the part is {}, and the whole is {}",
                    p.unit.words(),
                    w.unit.words()
                ),
            )
            .related(p.origin.key(), "the part")
            .related(w.origin.key(), "the whole"),
        );
        return None;
    }
    if p.job != w.job {
        findings.push(
            Finding::error(
                "label-mismatch",
                at.child("part"),
                "part and whole come from different jobs, so that no series of the one has a partner in the other",
            )
            .help("an `expr` with `on (…)` can join them"),
        );
        return None;
    }
    if part.named != whole.named {
        return Some(());
    }
    if let Some(missing) = whole.matchers.iter().find(|m| !part.matchers.contains(m)) {
        findings.push(
            Finding::error(
                "not-a-part",
                at.child("part"),
                format!("the whole is restricted to `{missing}`, the part is not"),
            )
            .related(at.child("whole"), "the whole")
            .help("more would be counted than there is; give the part every matcher of the whole"),
        );
        return None;
    }
    let only_part = part.matchers.iter().filter(|m| !whole.matchers.contains(m));
    for matcher in only_part {
        if by.contains(&matcher.label) {
            findings.push(
                Finding::error(
                    "not-a-part",
                    at.child("part"),
                    format!(
                        "`by` keeps `{}`, which only the part restricts: every share would be 0 or 1",
                        matcher.label
                    ),
                )
                .help("leave the label out of `by`"),
            );
            return None;
        }
    }
    Some(())
}
