//! On which side of what an alert fires, and how much that disturbs.

use crate::diagnostics::{Finding, Findings};
use crate::model::condition::Direction;
use crate::spec::Place;
use crate::spec::document::{Alert, Level, Quantity, Severity, Time};

/// A severity, and what has to hold for it.
#[derive(Clone, Debug)]
pub(super) struct Step<'d> {
    pub(super) severity: Severity,
    pub(super) condition: Option<(Direction, &'d Quantity)>,
    pub(super) hold: Option<Time>,
    /// Where that is written, if it is.
    pub(super) hold_at: Option<Place>,
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
        let condition = one_of(
            &own,
            alert.signal.is_some(),
            alert.expr.is_some(),
            at,
            findings,
        );
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
            hold_at: alert.hold.map(|_| at.child("for")),
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
    let alert_at = at;
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
            condition: one_of(&of_level(level), true, false, &at, findings),
            hold: level.hold.or(alert.hold),
            hold_at: match (level.hold, alert.hold) {
                (Some(_), _) => Some(at.child("for")),
                (None, Some(_)) => Some(alert_at.child("for")),
                (None, None) => None,
            },
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
    signal: bool,
    expression: bool,
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
        (Some((direction, _)), None) if expression => {
            findings.push(
                exclude(at, direction.key(), "expr")
                    .help("write the comparison into the expression"),
            );
        }
        (None, None) if signal && !expression => {
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
