//! `unset-timestamp`

use super::declared;
use crate::lints::{Check, Lint, Reporter};
use crate::model::catalogue::Labels;
use crate::model::catalogue::{Metric, MetricType, Source, Values};
use crate::model::typing::{Node, Typed};
use crate::promql::{AggregateOp, BinaryOp, Query};
use crate::spec::document::LintLevel;

/// [Prometheus advises](https://prometheus.io/docs/practices/instrumentation/#timestamps-not-time-since) to expose when something
/// happened; a gauge of that is 0 [from the start](https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics).
pub(super) const LINT: Lint = Lint {
    name: "unset-timestamp",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

/// What `time()` gives nowadays: any threshold is far from it.
const NOW: f64 = 1.7e9;

/// What tells since when a process runs.
const START: &str = "process_start_time_seconds";

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    let is_now =
        |node: &Node<'_>| matches!(node.query, Query::Call { function, .. } if function == "time");
    if !typed.nodes.iter().any(is_now) {
        return;
    }
    let mut judged: Vec<&Node<'_>> = Vec::new();
    for node in &typed.nodes {
        let is_inside = |outer: &Node<'_>| judged.iter().any(|it| std::ptr::eq(*it, outer));
        if typed.around(node).any(is_inside) {
            continue;
        }
        let compared = comparison(typed, node);
        let sum = compared.map(|it| it.difference);
        let Some(sum) = sum.or_else(|| linear(typed, node)) else {
            continue;
        };
        let Some((factor, gauge)) = sum.gauge else {
            continue;
        };
        // Added to the time, it is no point in time itself.
        if sum.time * factor >= 0.0 {
            continue;
        }
        judged.push(node);
        let answers = compared.is_none_or(|it| it.holds);
        if let Some(series) = gauge.series
            && answers
            && !is_guarded(typed, node)
        {
            let name = &series.metric.name;
            let mut help = format!("`({name} > 0)` in its place says nothing until then");
            // Of several series the one that is set would hide the others.
            let is_alone = matches!(&series.metric.labels, Labels::Known(own) if own.is_empty());
            if sum.time > 0.0 && is_alone {
                let include = match typed.catalogue.named(START) {
                    [] => ", with `include: [std:process]`,",
                    _ => "",
                };
                help += &format!(
                    "; `({name} > 0 or on (job, instance) {START})`{include} counts from the start of the process"
                );
            }
            reporter.about_with(
                typed.written,
                typed.subject(gauge),
                format!("`{name}` is 0 until it is set, as if that had been in 1970"),
                &help,
                declared(gauge),
            );
        }
    }
}

/// `time · time() + factor · gauge + constant`
#[derive(Clone, Copy, Default)]
struct Linear<'t, 'm> {
    time: f64,
    gauge: Option<(f64, &'t Node<'m>)>,
    constant: f64,
}

impl Linear<'_, '_> {
    /// As long as the gauge is 0.
    fn unset(self) -> f64 {
        self.time * NOW + self.constant
    }

    fn times(self, by: f64) -> Self {
        Self {
            time: self.time * by,
            gauge: self.gauge.map(|(factor, node)| (factor * by, node)),
            constant: self.constant * by,
        }
    }

    fn plus(self, other: Self) -> Option<Self> {
        if self.gauge.is_some() && other.gauge.is_some() {
            return None;
        }
        Some(Self {
            time: self.time + other.time,
            gauge: self.gauge.or(other.gauge),
            constant: self.constant + other.constant,
        })
    }

    fn is_constant(self) -> bool {
        self.time == 0.0 && self.gauge.is_none()
    }
}

/// What a part computes, if that is a sum of this kind.
fn linear<'t, 'm>(typed: &'t Typed<'m>, node: &'t Node<'m>) -> Option<Linear<'t, 'm>> {
    let child = |position| linear(typed, typed.child(node, position)?);
    match node.query {
        Query::Number(constant) => Some(Linear {
            constant: *constant,
            ..Linear::default()
        }),
        Query::Selector(_) | Query::Range { .. } => {
            is_unset(node.series?.metric).then_some(Linear {
                gauge: Some((1.0, node)),
                ..Linear::default()
            })
        }
        Query::Call { function, .. } => match function.as_str() {
            "time" => Some(Linear {
                time: 1.0,
                ..Linear::default()
            }),
            "vector" | "scalar" | "avg_over_time" | "last_over_time" | "max_over_time"
            | "min_over_time" => child(0),
            _ => None,
        },
        Query::Aggregate {
            operator: AggregateOp::Avg | AggregateOp::Max | AggregateOp::Min,
            ..
        } => child(0),
        Query::Negate(_) => Some(child(0)?.times(-1.0)),
        Query::Binary {
            operator,
            return_bool,
            ..
        } => match operator {
            BinaryOp::Add => child(0)?.plus(child(1)?),
            BinaryOp::Sub => child(0)?.plus(child(1)?.times(-1.0)),
            BinaryOp::Mul => {
                let (left, right) = (child(0)?, child(1)?);
                match (left.is_constant(), right.is_constant()) {
                    (_, true) => Some(left.times(right.constant)),
                    (true, _) => Some(right.times(left.constant)),
                    _ => None,
                }
            }
            BinaryOp::Div => {
                let by = child(1).filter(|by| by.is_constant() && by.constant != 0.0)?;
                Some(child(0)?.times(1.0 / by.constant))
            }
            // What it lets through.
            _ => {
                let compared = comparison(typed, node)?;
                (compared.holds && !return_bool).then_some(compared.left)
            }
        },
        _ => None,
    }
}

/// A comparison of two such sums.
#[derive(Clone, Copy)]
struct Comparison<'t, 'm> {
    left: Linear<'t, 'm>,
    /// Of the sides, which is compared with 0.
    difference: Linear<'t, 'm>,
    /// Whether it holds as long as the gauge is 0.
    holds: bool,
}

fn comparison<'t, 'm>(typed: &'t Typed<'m>, node: &'t Node<'m>) -> Option<Comparison<'t, 'm>> {
    let Query::Binary { operator, .. } = node.query else {
        return None;
    };
    if !operator.is_comparison() {
        return None;
    }
    let side = |position| linear(typed, typed.child(node, position)?);
    let left = side(0)?;
    let difference = left.plus(side(1)?.times(-1.0))?;
    let unset = difference.unset();
    let holds = match operator {
        BinaryOp::Equal => unset == 0.0,
        BinaryOp::NotEqual => unset != 0.0,
        BinaryOp::Less => unset < 0.0,
        BinaryOp::LessEqual => unset <= 0.0,
        BinaryOp::Greater => unset > 0.0,
        _ => unset >= 0.0,
    };
    Some(Comparison {
        left,
        difference,
        holds,
    })
}

/// Whether this is a point in time that the service has to set first. A series with an open label begins when it is set.
fn is_unset(metric: &Metric) -> bool {
    let mut labels = metric.labels.known().iter();
    metric.source == Source::Generated
        && metric.kind == MetricType::Gauge
        && metric.name.split('_').any(|word| word == "timestamp")
        && labels.all(|label| matches!(label.values, Values::Closed { .. }))
}

/// Whether something around it asks, too, whether the gauge is set, or how long the process runs.
fn is_guarded<'t, 'm>(typed: &'t Typed<'m>, node: &'t Node<'m>) -> bool {
    let mut inner = node;
    for outer in typed.around(node) {
        let wanted = match outer.query {
            Query::Binary { operator, .. } => match operator {
                BinaryOp::And | BinaryOp::Mul => Some(false),
                BinaryOp::Unless => Some(true),
                _ => None,
            },
            _ => None,
        };
        if let Some(wanted) = wanted {
            let sides = [typed.child(outer, 0), typed.child(outer, 1)];
            let mut others = sides
                .into_iter()
                .flatten()
                .filter(|side| !std::ptr::eq(*side, inner));
            if others.any(|other| guards(typed, other, wanted)) {
                return true;
            }
        }
        inner = outer;
    }
    false
}

fn guards<'t, 'm>(typed: &'t Typed<'m>, node: &'t Node<'m>, wanted: bool) -> bool {
    let asks = comparison(typed, node)
        .is_some_and(|it| it.difference.gauge.is_some() && it.holds == wanted);
    let mut knows_start = false;
    node.query.visit_selectors(&mut |selector| {
        knows_start |= selector.metric.as_deref() == Some(START);
    });
    asks || knows_start
}
