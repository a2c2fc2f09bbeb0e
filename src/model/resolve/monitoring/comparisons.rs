//! A signal compared with a quantity: units that fit, shares of a capacity, thresholds that are possible.

use super::domain::{self, Domain, Kind};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Catalogue, Limit, MetricType, Named};
use crate::model::condition::{self, Direction};
use crate::model::resolve::limits::fits;
use crate::model::signal::{Asked, Audience, Selection, Shape, Signal};
use crate::model::unit::Base;
use crate::promql::Query;
use crate::spec::Place;
use crate::spec::document::{Alert, Dimension, Quantity, Time, WhenMissing};

/// What a step of an alert compiles into.
pub(super) struct Condition {
    /// The comparison, without what belongs to traffic or missing series.
    pub(super) query: Query,
    /// The number that is compared with, where it is one.
    pub(super) threshold: Option<f64>,
    /// What the rule compares with.
    pub(super) bound: Bound,
    /// As texts say it.
    pub(super) threshold_text: String,
    /// The capacity that the threshold is a share of.
    pub(super) share_of: Option<Limit>,
    /// The capacity, as texts say it.
    pub(super) limit_text: Option<String>,
}

/// What a rule compares with.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    /// A number.
    Number {
        /// The number in the rule.
        compared: f64,
        /// Whether it is half an event more or less than what is written.
        counted: bool,
    },
    /// A share of a capacity that is measured, too.
    Share {
        /// The capacity.
        capacity: Selection,
        /// Which share.
        share: f64,
    },
}

/// The comparison of a signal with a quantity.
pub(super) fn compare(
    signal: &Signal,
    asked: &Asked<'_>,
    (direction, quantity): (Direction, &Quantity),
    at: &Place,
    findings: &mut Findings,
) -> Option<Condition> {
    let at = at.child(direction.key());
    let catalogue = asked.catalogue;
    let metric = signal
        .selection()
        .map(|of| &catalogue.metrics[of.named.metric]);
    let keeps_series = signal.keeps_series() && asked.labels.is_empty();
    if direction == Direction::Equals && !keeps_series && !signal.is_up() {
        findings.push(
            Finding::error(
                "bad-value",
                at.key(),
                format!(
                    "`equals` compares each series of a gauge, and `{}` is computed",
                    signal.name
                ),
            )
            .help("use `above`, `below`, `at_least` or `at_most`"),
        );
        return None;
    }
    let left = signal.query(asked);
    let limit = metric.and_then(|metric| metric.limit.as_ref());
    if quantity.dimension == Dimension::Percent && !signal.is_ratio() && limit.is_some() {
        return of_limit(signal, asked, left, direction, quantity, &at, findings);
    }
    if !fits(quantity, &signal.unit) {
        let mut finding = Finding::error(
            "unit-mismatch",
            at,
            format!(
                "`{}` is {}, and `{}` is {}",
                signal.name,
                signal.unit.words(),
                quantity.text,
                quantity.words()
            ),
        );
        finding = finding.related(signal.origin.key(), "declared here");
        if let Some(metric) = metric
            && quantity.dimension == Dimension::Percent
            && metric.kind == MetricType::Gauge
        {
            finding = finding.help(format!(
                "a share of its capacity needs one: give `{}` a `limit`",
                metric.name
            ));
        }
        findings.push(finding);
        return None;
    }
    let value = in_unit(quantity, &signal.unit.base);
    let domain = domain::of(signal, asked.labels, catalogue);
    if let Some(always) = domain.holds(direction, value) {
        let compared = Compared {
            direction,
            quantity,
            value,
        };
        findings.push(impossible(signal, &domain, &compared, always, at));
        return None;
    }
    if domain.greatest.is_infinite() && is_unclear(signal, quantity) {
        findings.push(unclear(signal, quantity, at));
        return None;
    }
    // One event reads 1.017 after extrapolation, and none 0: between two counts lies the half.
    let counted = matches!(signal.shape, Shape::Increase { .. }) && value.fract() == 0.0;
    let compared = match direction {
        Direction::Above if counted => value + 0.5,
        Direction::AtLeast if counted => value - 0.5,
        Direction::Below if counted => value - 0.5,
        Direction::AtMost if counted => value + 0.5,
        _ => value,
    };
    Some(Condition {
        query: Query::binary(direction.operator(), left, number(quantity, compared)),
        threshold: Some(value),
        bound: Bound::Number { compared, counted },
        threshold_text: quantity.text.clone(),
        share_of: None,
        limit_text: limit.map(limit_text),
    })
}

/// What an alert asks of a signal; `levels` are as many as it has rules.
pub(super) fn of_alert(
    signal: &Signal,
    written: &Alert,
    levels: Vec<condition::Level>,
) -> condition::Condition {
    condition::Condition {
        signal: Signal {
            window: written.window.map_or(signal.window, |window| window.0),
            ..signal.clone()
        },
        by: written.by.clone(),
        min_traffic: written.min_traffic.as_ref().map(|least| least.text.clone()),
        when_missing: written.when_missing == Some(WhenMissing::Fire),
        levels,
    }
}

/// A share of a gauge's capacity, series by series.
fn of_limit(
    signal: &Signal,
    asked: &Asked<'_>,
    left: Query,
    direction: Direction,
    quantity: &Quantity,
    at: &Place,
    findings: &mut Findings,
) -> Option<Condition> {
    let catalogue = asked.catalogue;
    let of = signal.selection()?;
    let metric = &catalogue.metrics[of.named.metric];
    let limit = metric.limit.as_ref()?;
    if !signal.keeps_series() || !asked.labels.is_empty() {
        findings.push(
            Finding::error(
                "bad-value",
                at.clone(),
                format!(
                    "`{}` makes one value of several series, and each has a capacity of its own",
                    signal.name
                ),
            )
            .related(metric.origin.child("limit").key(), "the capacity")
            .help(format!("use the metric itself: `signal: {}`", metric.name)),
        );
        return None;
    }
    if quantity.per.is_some() {
        findings.push(Finding::error(
            "unit-mismatch",
            at.clone(),
            format!(
                "what is in use is a share of the capacity, and `{}` is {}",
                quantity.text,
                quantity.words()
            ),
        ));
        return None;
    }
    // A capacity may be exceeded, where it is what one means to stay below.
    if let Some(always) = Domain::COUNTED.holds(direction, quantity.value) {
        findings.push(Finding::error(
            "impossible-threshold",
            at.clone(),
            format!(
                "what is in use is never less than 0% of the capacity: this {} holds",
                if always { "always" } else { "never" }
            ),
        ));
        return None;
    }
    let (right, threshold, bound) = match limit {
        Limit::Number(limit, _) => {
            let value = share_of(quantity, *limit);
            let bound = Bound::Number {
                compared: value,
                counted: false,
            };
            (Query::number(value), Some(value), bound)
        }
        Limit::Gauge(_) => {
            let capacity = capacity(signal, catalogue)?;
            let share = Query::number(quantity.value).times(capacity.query(asked));
            let bound = Bound::Share {
                capacity: capacity.selection()?.clone(),
                share: quantity.value,
            };
            (share, None, bound)
        }
    };
    Some(Condition {
        query: Query::binary(direction.operator(), left, right),
        threshold,
        bound,
        threshold_text: quantity.text.clone(),
        share_of: Some(limit.clone()),
        limit_text: Some(limit_text(limit)),
    })
}

/// The gauge that tells how large another one can get, as a signal.
pub(super) fn capacity(signal: &Signal, catalogue: &Catalogue) -> Option<Signal> {
    let of = signal.selection()?;
    let metric = &catalogue.metrics[of.named.metric];
    let Some(Limit::Gauge(name)) = &metric.limit else {
        return None;
    };
    let same_job = |named: &&Named| catalogue.metrics[named.metric].job == metric.job;
    let named = *catalogue.named(name).iter().find(same_job)?;
    Some(Signal {
        name: name.clone(),
        help: catalogue.metrics[named.metric].help.clone(),
        shape: Shape::Value {
            of: Selection {
                named,
                matchers: of.matchers.clone(),
            },
            aggregation: None,
        },
        ..signal.clone()
    })
}

/// `90%` of 100 without the noise of binary fractions.
fn share_of(quantity: &Quantity, limit: f64) -> f64 {
    let percent: Option<f64> = quantity.text.trim_end_matches('%').trim().parse().ok();
    match percent {
        Some(percent) => percent * limit / 100.0,
        None => quantity.value * limit,
    }
}

/// A number of a rule: `1/m` is `1 / 60` and not 0.016666666666666666.
pub(super) fn number(quantity: &Quantity, value: f64) -> Query {
    match quantity.per {
        Some(per) if per > 1 && value.to_string().len() > MAX_DIGITS => {
            // What was written, without the noise of the last bits.
            let written = value * f64::from(per);
            let written = format!("{written:.14e}").parse().unwrap_or(written);
            Query::number(written).divide(Query::number(f64::from(per)))
        }
        _ => Query::number(value),
    }
}

/// Longer numbers are fractions that do not come out even.
const MAX_DIGITS: usize = 12;

fn limit_text(limit: &Limit) -> String {
    match limit {
        Limit::Number(_, text) => text.clone(),
        Limit::Gauge(name) => name.clone(),
    }
}

/// The number to compare with: `5%` of something that is counted in hundredths is 5.
fn in_unit(quantity: &Quantity, base: &Base) -> f64 {
    match (base, quantity.dimension) {
        (Base::Percent, Dimension::Percent) => share_of(quantity, 100.0),
        _ => quantity.value,
    }
}

/// What a signal is compared with, and how.
struct Compared<'a> {
    direction: Direction,
    quantity: &'a Quantity,
    /// In the unit of the signal.
    value: f64,
}

/// Says why a comparison always or never holds.
fn impossible(
    signal: &Signal,
    domain: &Domain<'_>,
    compared: &Compared<'_>,
    always: bool,
    at: Place,
) -> Finding {
    let Compared {
        direction,
        quantity,
        value,
    } = *compared;
    let name = &signal.name;
    let why = match domain.kind {
        Kind::Bit => format!("`{name}` is 0 or 1"),
        Kind::Share => format!("`{name}` is a share, from 0% to 100%"),
        Kind::Quantile(metric) if value > domain.least => format!(
            "a quantile of `{}` does not exceed its last bound, {}",
            metric.name, domain.greatest
        ),
        Kind::Quantile(_) | Kind::Counted | Kind::Any => format!("`{name}` is never negative"),
    };
    let holds = if always { "always" } else { "never" };
    let finding = Finding::error(
        "impossible-threshold",
        at,
        format!("{why}: this {holds} holds"),
    );
    let plain = signal.is_ratio() && quantity.dimension == Dimension::Number;
    match domain.kind {
        Kind::Quantile(metric) if value > domain.least => finding
            .related(metric.origin.child("buckets"), "the bounds")
            .help("add a larger bound"),
        Kind::Share if plain && value > 1.0 && domain.holds(direction, value / 100.0).is_none() => {
            finding.help(format!("{0} % is `{0}%`", quantity.text))
        }
        _ => finding,
    }
}

/// Whether `5` may mean `5%` or five times as much. The rate of seconds is how many are busy, which nobody counts in hundredths.
fn is_unclear(signal: &Signal, quantity: &Quantity) -> bool {
    signal.is_ratio()
        && !matches!(signal.shape, Shape::Rate { .. } | Shape::Increase { .. })
        && quantity.dimension == Dimension::Number
        && quantity.value.abs() > 1.0
}

fn unclear(signal: &Signal, quantity: &Quantity, at: Place) -> Finding {
    let (small, large) = (quantity.exact, quantity.exact.percent());
    Finding::error(
        "unit-mismatch",
        at,
        format!(
            "`{}` is a ratio, and `{}` is either {small}% or {large}%",
            signal.name, quantity.text
        ),
    )
    .related(signal.origin.key(), "declared here")
    .help(format!("write `{small}%` or `{large}%`"))
}

/// What an alert asks as a rule.
pub(super) fn asked<'a>(
    catalogue: &'a Catalogue,
    window: Option<Time>,
    labels: &'a [String],
) -> Asked<'a> {
    Asked {
        catalogue,
        by: Audience::Rule,
        window: window.map(|window| window.0),
        labels,
    }
}
