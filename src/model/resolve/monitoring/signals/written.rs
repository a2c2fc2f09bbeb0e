//! The signals of `signals:`.

use super::checks::{check_by, check_window, job_of};
use super::kinds::{Kind, check_kind, check_ratio};
use super::window_for;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Series;
use crate::model::monitoring::Purpose;
use crate::model::resolve::exactly_one;
use crate::model::resolve::monitoring::expressions::{Reader, Use};
use crate::model::signal::{Selection, Shape, Signal};
use crate::model::{Unit, names};
use crate::promql::{AggregateOp, ValueKind};
use crate::spec::Place;
use crate::spec::document::{Aggregation, Signal as SignalDocument};

/// Resolves one; nothing if what it reads is not known.
pub(super) fn signal(
    name: &str,
    written: &SignalDocument,
    reader: &Reader<'_>,
    findings: &mut Findings,
) -> Option<Signal> {
    let at = Place::root().child("signals").child(name);
    let catalogue = reader.catalogue;
    if !names::is_label_name(name) {
        findings.push(
            Finding::error(
                "bad-name",
                at.key(),
                format!("`{name}` cannot be the name of a signal"),
            )
            .help("letters, digits and `_`, no digit first"),
        );
    }
    if let [named, ..] = catalogue.named(name) {
        findings.push(
            Finding::error(
                "name-collision",
                at.key(),
                format!("a metric is called `{name}` too"),
            )
            .related(
                catalogue.metrics[named.metric].origin.key(),
                "declared here",
            )
            .help("where a signal is expected, one could not tell which is meant"),
        );
    }
    let key = the_one_shape(written, &at, findings)?;
    let window_at = at.child("window");
    let (shape, unit) = shape(key, written, reader, &at, findings)?;
    let job = match &shape {
        Shape::Expression { query, .. } => job_of(query, catalogue),
        Shape::Ratio { whole, .. } => catalogue.metrics[whole.named.metric].job,
        Shape::Value { of, .. }
        | Shape::Rate { of }
        | Shape::Increase { of }
        | Shape::Quantile { of, .. }
        | Shape::Average { of }
        | Shape::Buckets { of }
        | Shape::Change { of } => catalogue.metrics[of.named.metric].job,
    };
    check_unused_keys(key, written, &at, findings);
    let interval = catalogue.jobs[job].interval;
    let window = written.window.map_or(window_for(interval), |time| time.0);
    check_window(window, interval, &window_at, findings);
    let signal = Signal {
        name: name.to_owned(),
        help: written.help.clone().unwrap_or_default(),
        unit,
        window,
        by: written.by.clone(),
        shape,
        job,
        record: written.record,
        origin: at.clone(),
    };
    if !matches!(signal.shape, Shape::Expression { .. }) {
        check_by(&signal, &written.by, catalogue, &at.child("by"), findings);
    }
    Some(signal)
}

/// The keys that say how a signal is computed; exactly one has to be there.
fn the_one_shape(
    written: &SignalDocument,
    at: &Place,
    findings: &mut Findings,
) -> Option<&'static str> {
    let shapes = [
        ("value", written.value.is_some()),
        ("rate", written.rate.is_some()),
        ("increase", written.increase.is_some()),
        ("ratio", written.ratio.is_some()),
        ("quantile", written.quantile.is_some()),
        ("average", written.average.is_some()),
        ("expr", written.expr.is_some()),
    ];
    exactly_one(&shapes, at, findings)
}

fn check_unused_keys(key: &str, written: &SignalDocument, at: &Place, findings: &mut Findings) {
    let pointless = [
        ("of", written.of.is_some(), key == "quantile"),
        ("unit", written.unit.is_some(), key == "expr"),
        ("raw", written.raw, key == "expr"),
        ("agg", written.agg.is_some(), key == "value"),
        ("by", !written.by.is_empty(), key != "expr"),
    ];
    for (word, there, fits) in pointless {
        if there && !fits {
            findings.push(Finding::error(
                "conflicting-keys",
                at.child(word).key(),
                format!("`{word}` has no meaning beside `{key}`"),
            ));
        }
    }
}

fn shape(
    key: &str,
    written: &SignalDocument,
    reader: &Reader<'_>,
    at: &Place,
    findings: &mut Findings,
) -> Option<(Shape, Unit)> {
    let catalogue = reader.catalogue;
    let at_key = at.child(key);
    let mut select = |text: &Option<String>, at: &Place, kinds: &[Kind]| {
        let selection = reader.selection(text.as_deref()?, at, &written.allow, findings)?;
        check_kind(&selection, kinds, catalogue, at, findings).then_some(selection)
    };
    let unit = |of: &Selection| match of.named.series {
        Series::Bucket | Series::Count => Unit::NUMBER,
        _ => catalogue.metrics[of.named.metric].unit.clone(),
    };
    Some(match key {
        "value" => {
            let of = select(&written.value, &at_key, &[Kind::Gauge])?;
            let aggregation = written.agg.map(|aggregation| match aggregation {
                Aggregation::Sum => AggregateOp::Sum,
                Aggregation::Avg => AggregateOp::Avg,
                Aggregation::Min => AggregateOp::Min,
                Aggregation::Max => AggregateOp::Max,
            });
            let unit = unit(&of);
            (Shape::Value { of, aggregation }, unit)
        }
        "rate" => {
            let of = select(&written.rate, &at_key, &[Kind::Counter])?;
            let unit = unit(&of).rate();
            (Shape::Rate { of }, unit)
        }
        "increase" => {
            let of = select(&written.increase, &at_key, &[Kind::Counter])?;
            let unit = unit(&of);
            (Shape::Increase { of }, unit)
        }
        "quantile" => {
            let quantile = written.quantile?;
            if !(0.0..=1.0).contains(&quantile) {
                findings.push(
                    Finding::error("bad-value", at_key, "a quantile lies between 0 and 1")
                        .help("the 95th percentile is `quantile: 0.95`"),
                );
                return None;
            }
            if written.of.is_none() {
                findings.push(
                    Finding::error(
                        "missing-key",
                        at.clone(),
                        "`of` is missing: of which histogram?",
                    )
                    .label("in this entry"),
                );
                return None;
            }
            let of = select(&written.of, &at.child("of"), &[Kind::Histogram])?;
            let unit = unit(&of);
            (Shape::Quantile { quantile, of }, unit)
        }
        "average" => {
            let of = select(&written.average, &at_key, &[Kind::Histogram])?;
            let unit = unit(&of);
            (Shape::Average { of }, unit)
        }
        "ratio" => {
            let ratio = written.ratio.as_ref()?;
            let kinds = &[Kind::Counter, Kind::Gauge];
            let part = select(&Some(ratio.part.clone()), &at_key.child("part"), kinds);
            let whole = select(&Some(ratio.whole.clone()), &at_key.child("whole"), kinds);
            let (part, whole) = (part?, whole?);
            check_ratio(&part, &whole, &written.by, catalogue, &at_key, findings)?;
            (Shape::Ratio { part, whole }, Unit::RATIO)
        }
        _ => {
            let used = Use {
                purpose: Purpose::Signal {
                    recorded: written.record,
                },
                raw: written.raw,
                allow: &written.allow,
            };
            let query = reader.expression(written.expr.as_deref()?, &at_key, &used, findings)?;
            if query.kind() != ValueKind::Vector {
                findings.push(Finding::error(
                    "wrong-expression-type",
                    at_key,
                    "a signal is an instant vector: a value for each series",
                ));
                return None;
            }
            let raw = written.raw;
            let unit = written.unit.as_deref().map_or(Unit::NUMBER, Unit::named);
            (Shape::Expression { query, raw }, unit)
        }
    })
}
