//! `unknown-bucket`

use super::matchers::{selectors, value_range};
use crate::lints::{Check, Lint, Reporter};
use crate::model::catalogue::Series;
use crate::model::typing::Typed;
use crate::promql::MatchOp;
use crate::spec::document::LintLevel;

/// Prometheus 3 keeps a bound as [`1.0`](https://prometheus.io/docs/prometheus/latest/migration/#le-and-quantile-label-values),
/// earlier ones as it is exposed: `1`.
pub(super) const LINT: Lint = Lint {
    name: "unknown-bucket",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for (node, selector, places) in selectors(typed) {
        let Some(series) = node.series else { continue };
        let bounds = &series.metric.buckets;
        if series.kind != Series::Bucket || bounds.is_empty() {
            continue;
        }
        for (matcher, place) in selector.matchers.iter().zip(places) {
            let exact = matches!(matcher.operator, MatchOp::Equal | MatchOp::NotEqual);
            if matcher.label != "le" || !exact || is_bound(&matcher.value, bounds) {
                continue;
            }
            let near = matcher.value.parse::<f64>().ok().and_then(|value| {
                let distance = |bound: &f64| (bound - value).abs();
                bounds
                    .iter()
                    .min_by(|a, b| distance(a).total_cmp(&distance(b)))
            });
            let help = match near {
                Some(near) => format!("the nearest is `{near}`"),
                None => "the last one is `+Inf`".to_owned(),
            };
            reporter.about_with(
                typed.written,
                typed.at(value_range(place)),
                format!(
                    "`{}` has no bucket up to `{}`",
                    series.metric.name, matcher.value
                ),
                &help,
                Some((series.metric.origin.child("buckets"), "the bounds")),
            );
        }
    }
}

/// Whether this is how a bound is written: `0.5`, `1` or `1.0`, and not `0.50`.
fn is_bound(text: &str, bounds: &[f64]) -> bool {
    if text == "+Inf" {
        return true;
    }
    let trailing_zero = text.contains('.') && text.ends_with('0') && !text.ends_with(".0");
    let digits = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let value = text.parse::<f64>().ok();
    digits && !trailing_zero && value.is_some_and(|value| bounds.contains(&value))
}
