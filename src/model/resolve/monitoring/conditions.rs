//! When an alert fires: directions, thresholds, levels.

use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Catalogue, Limit, MetricType, Named, Series, Source};
use crate::model::resolve::limits::fits;
use crate::model::signal::{Asked, Audience, Selection, Shape, Signal};
use crate::model::unit::Base;
use crate::promql::{BinaryOp, Query};
use crate::spec::Place;
use crate::spec::document::{Alert, Dimension, Level, Quantity, Severity, Time};

/// On which side of a threshold an alert fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Above,
    Below,
    AtLeast,
    AtMost,
    Equals,
}

impl Direction {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Equals => "equals",
        }
    }

    /// In a sentence, before the threshold.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::Equals => "equal to",
        }
    }

    fn operator(self) -> BinaryOp {
        match self {
            Self::Above => BinaryOp::Greater,
            Self::Below => BinaryOp::Less,
            Self::AtLeast => BinaryOp::GreaterEqual,
            Self::AtMost => BinaryOp::LessEqual,
            Self::Equals => BinaryOp::Equal,
        }
    }

    /// Whether the bad side is below.
    pub(super) fn is_below(self) -> bool {
        matches!(self, Self::Below | Self::AtMost)
    }
}

/// A severity, and what has to hold for it.
#[derive(Clone, Debug)]
pub(super) struct Step<'d> {
    pub(super) severity: Severity,
    pub(super) condition: Option<(Direction, &'d Quantity)>,
    pub(super) hold: Option<Time>,
    pub(super) keep_firing_for: Option<Time>,
    pub(super) at: Place,
}

/// The severities of an alert, the mildest first.
pub(super) fn steps<'d>(alert: &'d Alert, at: &Place, findings: &mut Findings) -> Vec<Step<'d>> {
    let own = [
        (Direction::Above, &alert.above),
        (Direction::Below, &alert.below),
        (Direction::AtLeast, &alert.at_least),
        (Direction::AtMost, &alert.at_most),
        (Direction::Equals, &alert.equals),
    ];
    let Some(levels) = &alert.levels else {
        let condition = one_of(&own, alert.signal.is_some(), at, findings);
        let severity = alert.severity.unwrap_or_else(|| {
            findings.push(
                Finding::error("missing-key", at.key(), "`severity` is missing")
                    .help("`severity: critical`, `warning` or `info`; or `levels:` for several"),
            );
            Severity::Warning // so that the rest is looked at, too
        });
        return vec![Step {
            severity,
            condition,
            hold: alert.hold,
            keep_firing_for: alert.keep_firing_for,
            at: at.clone(),
        }];
    };
    if alert.severity.is_some() {
        findings.push(exclude(at, "severity", "levels"));
    }
    if alert.expr.is_some() {
        findings.push(exclude(at, "levels", "expr"));
        return Vec::new();
    }
    for (direction, _) in own.iter().filter(|(_, quantity)| quantity.is_some()) {
        findings.push(exclude(at, direction.key(), "levels"));
    }
    let at = at.child("levels");
    let steps: Vec<Step<'d>> = [
        (Severity::Info, &levels.info),
        (Severity::Warning, &levels.warning),
        (Severity::Critical, &levels.critical),
    ]
    .into_iter()
    .filter_map(|(severity, level)| {
        let level = level.as_ref()?;
        let at = at.child(severity.as_str());
        Some(Step {
            severity,
            condition: one_of(&of_level(level), true, &at, findings),
            hold: level.hold.or(alert.hold),
            keep_firing_for: level.keep_firing_for.or(alert.keep_firing_for),
            at,
        })
    })
    .collect();
    if steps.is_empty() {
        findings.push(Finding::error(
            "missing-key",
            at.key(),
            "`levels` names no severity",
        ));
    }
    check_order(&steps, findings);
    steps
}

fn of_level(level: &Level) -> [(Direction, &Option<Quantity>); 4] {
    [
        (Direction::Above, &level.above),
        (Direction::Below, &level.below),
        (Direction::AtLeast, &level.at_least),
        (Direction::AtMost, &level.at_most),
    ]
}

fn exclude(at: &Place, key: &str, other: &str) -> Finding {
    Finding::error(
        "conflicting-keys",
        at.child(key).key(),
        format!("`{key}` and `{other}` exclude each other"),
    )
    .related(at.child(other).key(), "the other one")
}

fn one_of<'d>(
    conditions: &[(Direction, &'d Option<Quantity>)],
    needed: bool,
    at: &Place,
    findings: &mut Findings,
) -> Option<(Direction, &'d Quantity)> {
    let mut written = conditions
        .iter()
        .filter_map(|(direction, quantity)| Some((*direction, quantity.as_ref()?)));
    let first = written.next();
    match (first, written.next()) {
        (Some((first, _)), Some((second, _))) => {
            findings.push(exclude(at, second.key(), first.key()));
        }
        (Some((direction, _)), None) if !needed => {
            findings.push(
                exclude(at, direction.key(), "expr")
                    .help("write the comparison into the expression"),
            );
        }
        (None, None) if needed => {
            let keys: Vec<&str> = conditions.iter().map(|(d, _)| d.key()).collect();
            findings.push(Finding::error(
                "missing-key",
                at.key(),
                format!("one of {} is missing", crate::suggest::list(keys)),
            ));
        }
        _ => {}
    }
    first
}

/// Levels go one way, each stricter than the one before: otherwise the milder one would never be seen alone.
fn check_order(steps: &[Step<'_>], findings: &mut Findings) {
    for pair in steps.windows(2) {
        let [mild, strict] = pair else { continue };
        let (Some((d1, q1)), Some((d2, q2))) = (mild.condition, strict.condition) else {
            continue;
        };
        let at = strict.at.child(d2.key());
        if q1.dimension != q2.dimension {
            continue; // at least one of them does not fit, which is reported
        }
        if d1.is_below() != d2.is_below() {
            findings.push(
                Finding::error(
                    "level-order",
                    at,
                    "the levels of an alert go in one direction",
                )
                .related(mild.at.child(d1.key()), "the other way"),
            );
        } else if (d1.is_below() && q2.value >= q1.value)
            || (!d1.is_below() && q2.value <= q1.value)
        {
            findings.push(
                Finding::error(
                    "level-order",
                    at,
                    format!(
                        "{} is not stricter than {}",
                        strict.severity.as_str(),
                        mild.severity.as_str()
                    ),
                )
                .related(mild.at.child(d1.key()), "the milder level"),
            );
        }
    }
}

/// What a step of an alert compiles into.
pub(super) struct Condition {
    /// The comparison, without what belongs to traffic or missing series.
    pub(super) query: Query,
    /// The number that is compared with, where it is one.
    pub(super) threshold: Option<f64>,
    /// As texts say it.
    pub(super) threshold_text: String,
    /// The capacity, as texts say it.
    pub(super) limit_text: Option<String>,
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
    let is_up = matches!(signal.shape, Shape::Expression { .. })
        && (signal.name == "up" || signal.name.starts_with("up("));
    if direction == Direction::Equals && !keeps_series && !is_up {
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
    if !super::signals::possible(&signal.unit, value) {
        let mut finding = Finding::error(
            "impossible-threshold",
            at,
            format!(
                "`{}` is a share and never reaches {}",
                signal.name, quantity.text
            ),
        );
        if quantity.dimension == Dimension::Number {
            finding = finding.help(format!("{0} % is `{0}%`", quantity.text));
        }
        findings.push(finding);
        return None;
    }
    check_buckets(signal, catalogue, direction, value, &at, findings);
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
        threshold_text: quantity.text.clone(),
        limit_text: limit.map(limit_text),
    })
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
    if quantity.per.is_some() || !(0.0..=1.0).contains(&quantity.value) {
        findings.push(Finding::error(
            "impossible-threshold",
            at.clone(),
            "what is in use is between 0% and 100% of the capacity",
        ));
        return None;
    }
    let (right, threshold) = match limit {
        Limit::Number(limit) => {
            let value = share_of(quantity, *limit);
            (Query::number(value), Some(value))
        }
        Limit::Gauge(name) => {
            let same_job = |named: &&Named| catalogue.metrics[named.metric].job == metric.job;
            let capacity = Signal {
                shape: Shape::Value {
                    of: Selection {
                        named: *catalogue.named(name).iter().find(same_job)?,
                        matchers: of.matchers.clone(),
                    },
                    aggregation: None,
                },
                ..signal.clone()
            };
            let share = Query::number(quantity.value).times(capacity.query(asked));
            (share, None)
        }
    };
    Some(Condition {
        query: Query::binary(direction.operator(), left, right),
        threshold,
        threshold_text: quantity.text.clone(),
        limit_text: Some(limit_text(limit)),
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
fn number(quantity: &Quantity, value: f64) -> Query {
    match quantity.per {
        Some(per) if per > 1 && value.to_string().len() > MAX_DIGITS => {
            // What was written, but for the last bits.
            let written = (value * f64::from(per) * 1e9).round() / 1e9;
            Query::number(written).divide(Query::number(f64::from(per)))
        }
        _ => Query::number(value),
    }
}

/// Longer numbers are fractions that do not come out even.
const MAX_DIGITS: usize = 12;

fn limit_text(limit: &Limit) -> String {
    match limit {
        Limit::Number(number) => number.to_string(),
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

/// A quantile is never above the last finite bound: what is slower is counted there.
fn check_buckets(
    signal: &Signal,
    catalogue: &Catalogue,
    direction: Direction,
    value: f64,
    at: &Place,
    findings: &mut Findings,
) {
    let Shape::Quantile { of, .. } = &signal.shape else {
        return;
    };
    let metric = &catalogue.metrics[of.named.metric];
    if metric.source == Source::Exporter || of.named.series != Series::Family {
        return;
    }
    if let Some(last) = metric.buckets.last().filter(|last| value >= **last) {
        let holds = if direction.is_below() {
            "always"
        } else {
            "never"
        };
        findings.push(
            Finding::error(
                "impossible-threshold",
                at.clone(),
                format!(
                    "a quantile of `{}` does not exceed its last bound, {last}: this {holds} holds",
                    metric.name
                ),
            )
            .related(metric.origin.child("buckets"), "the bounds")
            .help("add a larger bound"),
        );
    }
}

/// `and` traffic of at least so much.
pub(super) fn with_traffic(
    query: Query,
    signal: &Signal,
    asked: &Asked<'_>,
    least: &Quantity,
    at: &Place,
    findings: &mut Findings,
) -> Query {
    let (Some(traffic), Some(unit)) = (signal.traffic(asked), signal.traffic_unit(asked.catalogue))
    else {
        findings.push(
            Finding::error(
                "conflicting-keys",
                at.key(),
                format!("`{}` has no traffic that could be too little", signal.name),
            )
            .help("`min_traffic` belongs to ratios of counters, quantiles and averages"),
        );
        return query;
    };
    if !fits(least, &unit) {
        findings.push(
            Finding::error(
                "unit-mismatch",
                at.clone(),
                format!(
                    "the traffic is {}, and `{}` is {}",
                    unit.words(),
                    least.text,
                    least.words()
                ),
            )
            .help("for example `1/s` or `10/m`"),
        );
        return query;
    }
    query.and(traffic.greater_equal(number(least, least.value)))
}

/// `or` a series that is 0, as long as there is none: then `$value` tells the truth.
pub(super) fn with_missing(
    query: Query,
    signal: &Signal,
    condition: Option<(Direction, &Quantity)>,
    at: &Place,
    findings: &mut Findings,
) -> Query {
    let zero = matches!(condition, Some((Direction::Equals, quantity)) if quantity.value == 0.0);
    let absent = match &query {
        Query::Binary { left, .. } if zero => absent(left),
        _ => None,
    };
    let Some(absent) = absent else {
        findings.push(
            Finding::error(
                "conflicting-keys",
                at.key(),
                "`when_missing: fire` belongs to `equals: 0` of something that is not aggregated",
            )
            .help(format!(
                "what is missing has no value; for `{}` write an `expr` with `absent()`",
                signal.name
            )),
        );
        return query;
    };
    query.or(Query::number(0.0).times(absent))
}

/// 1 where there is no series of a selector; of a renamed metric, none of either name.
fn absent(query: &Query) -> Option<Query> {
    match query {
        Query::Selector(_) => Some(Query::call("absent", [query.clone()])),
        Query::Binary {
            operator: BinaryOp::Or,
            left,
            right,
            ..
        } => Some(absent(left)?.and(absent(right)?)),
        _ => None,
    }
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
