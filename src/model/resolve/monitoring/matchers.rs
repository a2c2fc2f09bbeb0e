//! Matchers of PromQL, checked against the labels of the metric that they choose from.

use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{
    Catalogue, Label, Labels, Metric, MetricType, Named, Series, Values,
};
use crate::model::interpolation::references;
use crate::model::typing::target_labels;
use crate::promql::{MatchOp, Matcher, MatcherPlaces, Selector, SelectorPlaces};
use crate::spec::Place;
use crate::suggest;

/// Matchers ask for labels that the series have, and for values that these can have.
pub(super) fn check(
    catalogue: &Catalogue,
    selector: &Selector,
    places: &SelectorPlaces,
    named: Option<Named>,
    at: &Place,
    findings: &mut Findings,
) {
    for (matcher, places) in selector.matchers.iter().zip(&places.matchers) {
        check_variable(matcher, places, at, findings);
    }
    let Some(named) = named else { return };
    let metric = &catalogue.metrics[named.metric];
    let Labels::Known(labels) = &metric.labels else {
        return;
    };
    let target = target_labels(&catalogue.jobs[metric.job], catalogue);
    for (matcher, places) in selector.matchers.iter().zip(&places.matchers) {
        let target_label = target.may_have(&matcher.label) || matcher.label == "__name__";
        let special = special_labels(named.series, metric).any(|l| l == matcher.label);
        match labels.iter().find(|l| l.name == matcher.label) {
            Some(label) => check_value(label, matcher, places, at, findings),
            None if special || target_label => {}
            None => findings.push(
                unknown_label(
                    at.within(places.label.clone()),
                    format!("`{}` has no label `{}`", metric.name, matcher.label),
                    &matcher.label,
                    labels.iter().map(|l| l.name.as_str()),
                )
                .related(metric.origin.key(), "declared here"),
            ),
        }
    }
}

/// The labels that come with a kind of series.
pub(super) fn special_labels(
    series: Series,
    metric: &Metric,
) -> impl Iterator<Item = &'static str> + use<> {
    let bound = (series == Series::Bucket).then_some("le");
    let quantile =
        (series == Series::Plain && metric.kind == MetricType::Summary).then_some("quantile");
    bound.into_iter().chain(quantile)
}

/// What is chosen on a dashboard is known there only: anywhere else `$` is the end of the text, and nothing can follow it.
fn check_variable(matcher: &Matcher, places: &MatcherPlaces, at: &Place, findings: &mut Findings) {
    let is_pattern = matches!(matcher.operator, MatchOp::Regex | MatchOp::NotRegex);
    let whole = 0..matcher.value.len();
    let variable = matcher.value.starts_with('$')
        && references(&matcher.value)
            .iter()
            .any(|found| found.range == whole);
    if is_pattern && variable {
        findings.push(
            Finding::error(
                "promql-syntax",
                at.within(places.value.clone()),
                "only Grafana knows this variable",
            )
            .help("leave it out: panels are narrowed to what is chosen on their dashboard anyway"),
        );
    }
}

fn check_value(
    label: &Label,
    matcher: &Matcher,
    places: &MatcherPlaces,
    at: &Place,
    findings: &mut Findings,
) {
    if !matches!(matcher.operator, MatchOp::Equal | MatchOp::NotEqual) || matcher.value.is_empty() {
        return;
    }
    let finding = match &label.values {
        Values::Closed { values, .. } => {
            let mut known = values.iter().map(|v| v.text.as_str());
            if known.clone().any(|value| value == matcher.value) {
                return;
            }
            let near = suggest::nearest(&matcher.value, known.clone());
            let mut finding = Finding::error(
                "unknown-label-value",
                at.within(places.value.clone()),
                format!("`{}` is never `{}`", label.name, matcher.value),
            )
            .suggest(near);
            if near.is_none() {
                finding = finding.help(format!("it is {}", suggest::list(known.by_ref())));
            }
            finding
        }
        Values::HttpStatus { .. } => {
            let code = matcher.value.parse().unwrap_or(0_u16);
            if (100..=599).contains(&code) {
                return;
            }
            Finding::error(
                "unknown-label-value",
                at.within(places.value.clone()),
                format!("`{}` is not a status code of HTTP", matcher.value),
            )
            .help("several codes are a regular expression: `=~\"5..\"`")
        }
        Values::Open { .. } => return,
    };
    findings.push(finding.related(label.origin.clone(), "its values"));
}

/// A label that nobody has.
pub(super) fn unknown_label<'k>(
    at: Place,
    message: String,
    label: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Finding {
    let near = suggest::nearest(label, known.clone());
    let finding = Finding::error("unknown-label", at, message).suggest(near);
    match near {
        Some(_) => finding,
        None => finding.help(format!("there is {}", suggest::list(known))),
    }
}
