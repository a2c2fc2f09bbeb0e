//! The signals that sections bring, and `up` for every job.

use std::time::Duration;

use super::window_for;
use crate::model::Unit;
use crate::model::catalogue::{Catalogue, Named, Series, Source};
use crate::model::signal::{Selection, Shape, Signal};
use crate::promql::{AggregateOp, MatchOp, Matcher, Selector};
use crate::spec::Place;

/// How far back a change of a flag is seen.
const CHANGE_WINDOW: Duration = Duration::from_secs(10 * 60);

/// Makes them.
pub(super) fn signals(catalogue: &Catalogue) -> Vec<Signal> {
    let window = window_for(catalogue.own_job().interval);
    let own = |name: &str, help: &str, unit: Unit, shape: Shape, origin: Place| Signal {
        name: name.to_owned(),
        help: help.to_owned(),
        unit,
        window,
        by: Vec::new(),
        shape,
        job: 0,
        record: false,
        origin,
    };
    let select = |metric: usize, series: Series, matchers: Vec<Matcher>| Selection {
        named: Named { metric, series },
        matchers,
    };
    let mut signals = Vec::new();
    if let Some(http) = &catalogue.http {
        let at = http.origin.clone();
        signals.push(own(
            "request_rate",
            "HTTP requests answered per second.",
            Unit::NUMBER.rate(),
            Shape::Rate {
                of: select(http.requests, Series::Plain, Vec::new()),
            },
            at.clone(),
        ));
        signals.push(own(
            "error_ratio",
            "Share of HTTP requests that were answered with a 5xx status.",
            Unit::RATIO,
            Shape::Ratio {
                part: select(
                    http.requests,
                    Series::Plain,
                    vec![Matcher::new(&http.status, MatchOp::Regex, "5..")],
                ),
                whole: select(http.requests, Series::Plain, Vec::new()),
            },
            at.clone(),
        ));
        for (name, quantile, help) in [
            (
                "latency_p50",
                0.5,
                "Half of the HTTP requests are answered faster than this.",
            ),
            (
                "latency_p95",
                0.95,
                "95 % of the HTTP requests are answered faster than this.",
            ),
            (
                "latency_p99",
                0.99,
                "99 % of the HTTP requests are answered faster than this.",
            ),
        ] {
            if let Some(duration) = http.duration {
                let of = select(duration, Series::Family, Vec::new());
                let unit = catalogue.metrics[duration].unit.clone();
                signals.push(own(
                    name,
                    help,
                    unit,
                    Shape::Quantile { quantile, of },
                    at.clone(),
                ));
            }
        }
        if let Some(in_flight) = http.in_flight {
            signals.push(own(
                "in_flight",
                "HTTP requests being answered now.",
                Unit::NUMBER,
                Shape::Value {
                    of: select(in_flight, Series::Plain, Vec::new()),
                    aggregation: Some(AggregateOp::Sum),
                },
                at.clone(),
            ));
        }
    }
    let runtime = |name: &str| {
        catalogue
            .metrics
            .iter()
            .position(|m| m.source == Source::Runtime && m.name == name)
    };
    if let Some(status) = runtime("feature_flag_status") {
        let on = || {
            let matcher = Matcher::new("enabled", MatchOp::Equal, "true");
            select(status, Series::Plain, vec![matcher])
        };
        let at = Place::root().child("flags");
        signals.push(Signal {
            by: vec!["flag_name".to_owned()],
            ..own(
                "flag_status",
                "Which feature flags are on, in any instance.",
                Unit::NUMBER,
                Shape::Value {
                    of: on(),
                    aggregation: Some(AggregateOp::Max),
                },
                at.clone(),
            )
        });
        signals.push(Signal {
            by: vec!["flag_name".to_owned()],
            window: CHANGE_WINDOW.max(window),
            ..own(
                "flag_changes",
                "Share of the instances in which a feature flag changed.",
                Unit::RATIO,
                Shape::Change { of: on() },
                at,
            )
        });
    }
    if let Some(status) = runtime("health_check_status") {
        signals.push(Signal {
            by: vec!["check".to_owned()],
            ..own(
                "health_status",
                "Which health checks are healthy, in every instance.",
                Unit::NUMBER,
                Shape::Value {
                    of: select(status, Series::Plain, Vec::new()),
                    aggregation: Some(AggregateOp::Min),
                },
                Place::root().child("health"),
            )
        });
    }
    for (index, job) in catalogue.jobs.iter().enumerate() {
        let (name, help) = if index == 0 {
            (
                "up".to_owned(),
                "Whether Prometheus reached the service.".to_owned(),
            )
        } else {
            (
                format!("up({})", job.name),
                format!("Whether Prometheus reached {}.", job.name),
            )
        };
        let mut selector = Selector::new("up");
        if index > 0 {
            selector = selector.with("job", MatchOp::Equal, &job.name);
        }
        signals.push(Signal {
            job: index,
            ..own(
                &name,
                &help,
                Unit::NUMBER,
                Shape::Expression {
                    query: selector.into(),
                    raw: false,
                },
                job.origin.clone(),
            )
        });
    }
    signals
}
