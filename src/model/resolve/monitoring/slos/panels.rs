//! What dashboards show of objectives.

use crate::model::catalogue::Catalogue;
use crate::model::monitoring::{PanelQuery, Severity, Threshold};
use crate::model::slo::Slo;
use crate::model::unit::Unit;
use crate::promql::{MatchOp, Query, Selector};

/// What is left of the budget: below 0 the objective is missed.
pub(in super::super) fn budget(slo: &Slo, catalogue: &Catalogue) -> PanelQuery {
    PanelQuery {
        unit: Unit::RATIO,
        max: Some(1.0),
        thresholds: vec![Threshold {
            value: 0.0,
            severity: Severity::Critical,
        }],
        bad_below: true,
        ..query(slo, "slo:period_error_budget_remaining:ratio", catalogue)
    }
}

/// How fast the budget is spent now, with the rates from which on somebody is told.
pub(in super::super) fn burn_rate(slo: &Slo, catalogue: &Catalogue) -> PanelQuery {
    let mut thresholds: Vec<Threshold> = Vec::new();
    // The fastest of each severity is the one that a short look back is compared with.
    for rate in slo.burn_rates.iter().filter(|rate| rate.possible) {
        if !thresholds.iter().any(|t| t.severity == rate.severity) {
            thresholds.insert(
                0,
                Threshold {
                    value: rate.value(),
                    severity: rate.severity,
                },
            );
        }
    }
    PanelQuery {
        min: Some(0.0),
        thresholds,
        ..query(slo, "slo:current_burn_rate:ratio", catalogue)
    }
}

fn query(slo: &Slo, record: &str, catalogue: &Catalogue) -> PanelQuery {
    let job = &catalogue.jobs[slo.job];
    let selector = match slo.job {
        0 => Selector::new(record).with("job", MatchOp::Regex, "$job"),
        _ => Selector::new(record).with("job", MatchOp::Equal, &job.name),
    };
    let selector = job.pin(selector);
    // Each deployment has a budget of its own.
    let identity = catalogue.service.identity.iter();
    let labels: String = identity
        .filter(|label| *label != "job")
        .chain(&slo.by)
        .map(|label| format!(" {{{{{label}}}}}"))
        .collect();
    PanelQuery {
        signal: slo.name.clone(),
        query: Query::from(selector.with("sloth_id", MatchOp::Equal, &slo.id)),
        legend: format!(
            "{}{labels} ({}% over {}d)",
            slo.name,
            slo.objective.percent(),
            slo.period.as_secs() / 86_400
        ),
        unit: Unit::NUMBER,
        interval: job.interval,
        min: None,
        max: None,
        thresholds: Vec::new(),
        bad_below: false,
    }
}
