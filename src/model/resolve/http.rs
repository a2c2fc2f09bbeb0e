//! `http:` binds the middleware to metrics.

use std::collections::HashSet;

use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Catalogue, Http, Label, Labels, Metric, MetricType, Source, Values};
use crate::spec::Place;
use crate::spec::document::Document;
use crate::suggest;

/// `http:` binds metrics that exist; they have to be of the right type and have labels that the middleware can fill.
pub(super) fn resolve(
    document: &Document,
    catalogue: &Catalogue,
    findings: &mut Findings,
) -> Option<Http> {
    let written = document.http.as_ref()?.sound()?;
    let at = Place::root().child("http");
    let labels = written.labels.as_ref();
    let label =
        |name: Option<&String>, default: &str| name.map_or(default, String::as_str).to_owned();
    let method = label(labels.and_then(|l| l.method.as_ref()), "method");
    let route = label(labels.and_then(|l| l.route.as_ref()), "route");
    let status = label(labels.and_then(|l| l.status.as_ref()), "status");

    // A label that several of the metrics have is told once.
    let mut unfit_labels = HashSet::new();
    let mut bind = |key: &str,
                    name: &str,
                    kind: MetricType,
                    needed: &[&String],
                    allowed: &[&String]| {
        let at = at.child(key);
        let own = |m: &Metric| matches!(m.source, Source::Generated | Source::Doubtful);
        let found = catalogue
            .metrics
            .iter()
            .position(|m| own(m) && m.name == name);
        let Some(index) = found else {
            if !document.metrics.failed().any(|failed| failed == name) {
                let known = catalogue
                    .metrics
                    .iter()
                    .filter(|m| own(m) && m.kind == kind);
                findings.push(
                    Finding::error(
                        "unknown-metric",
                        at,
                        format!("no metric of the service is called `{name}`"),
                    )
                    .label("not under `metrics:`")
                    .suggest(suggest::nearest(name, known.map(|m| m.name.as_str()))),
                );
            }
            return None;
        };
        let metric = &catalogue.metrics[index];
        if metric.source == Source::Doubtful {
            return None;
        }
        if metric.kind != kind {
            findings.push(
                Finding::error(
                    "wrong-metric-type",
                    at,
                    format!(
                        "`{name}` is a {} and not a {}",
                        metric.kind.as_str(),
                        kind.as_str()
                    ),
                )
                .related(metric.origin.child("type"), "declared here"),
            );
            return None;
        }
        let has = |label: &String| metric.labels.known().iter().any(|l| l.name == *label);
        // Labels with a finding are not missing.
        let undecoded = matches!(metric.labels, Labels::Any);
        for label in needed.iter().filter(|label| !has(label) && !undecoded) {
            findings.push(
                Finding::error("label-mismatch", at.clone(), format!("`{name}` has no label `{label}`"))
                    .related(metric.origin.child("labels").key(), "its labels")
                    .help("`http.labels` says what the labels are called: `{ method: …, route: …, status: … }`"),
            );
        }
        for label in metric.labels.known() {
            if !allowed.contains(&&label.name) {
                findings.push(
                    Finding::error(
                        "label-mismatch",
                        at.clone(),
                        format!(
                            "the middleware has nothing for the label `{}` of `{name}`",
                            label.name
                        ),
                    )
                    .related(metric.origin.child("labels").key(), "its labels"),
                );
            } else if let Some((problem, help)) = unfit(label, [&method, &route, &status])
                && unfit_labels.insert(label.origin.clone())
            {
                findings.push(
                    Finding::error("label-mismatch", label.origin.key(), problem)
                        .related(at.clone(), "the middleware fills it")
                        .help(help),
                );
            }
        }
        Some(index)
    };

    let requests = bind(
        "requests",
        &written.requests,
        MetricType::Counter,
        &[&method, &route, &status],
        &[&method, &route, &status],
    );
    let duration = written.duration.as_ref().and_then(|name| {
        bind(
            "duration",
            name,
            MetricType::Histogram,
            &[],
            &[&method, &route, &status],
        )
    });
    let in_flight = written.in_flight.as_ref().and_then(|name| {
        bind(
            "in_flight",
            name,
            MetricType::Gauge,
            &[],
            &[&method, &route],
        )
    });
    Some(Http {
        requests: requests?,
        duration,
        in_flight,
        method,
        route,
        status,
        origin: at,
    })
}

/// Why the middleware cannot fill a label with what it knows, and how to mend it. `names` are those of the labels for the
/// method, the route and the status.
fn unfit(label: &Label, names: [&String; 3]) -> Option<(String, &'static str)> {
    let [method, route, status] = names;
    let name = &label.name;
    let fits = |fits: bool, problem: String, help| (!fits).then_some((problem, help));
    if name == status {
        fits(
            matches!(label.values, Values::HttpStatus { .. }),
            format!("the label `{name}` has to be of `type: http_status`"),
            "write `{ type: http_status }`",
        )
    } else if name == route {
        fits(
            matches!(label.values, Values::Open { .. }),
            format!("the label `{name}` has to be open: routes come from the code"),
            "write `{}`, or `{ max_values: 200 }`",
        )
    } else {
        debug_assert_eq!(name, method);
        fits(
            matches!(
                label.values,
                Values::Closed { other: true, .. } | Values::Open { .. }
            ),
            format!("the label `{name}` needs `other:`, for methods that nobody foresaw"),
            "write `{ values: [GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS], other: _OTHER }`",
        )
    }
}
