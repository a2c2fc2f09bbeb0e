//! Dashboards before their queries are written: alerts link to panels, and panels draw the thresholds of alerts.

use std::collections::HashMap;

use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Service;
use crate::model::monitoring::{PanelType, Variable};
use crate::model::signal::Signal;
use crate::model::stable_hash;
use crate::spec::Place;
use crate::suggest;

/// The longest uid that [Grafana takes](https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/#identifier-id-vs-unique-identifier-uid).
const MAX_UID: usize = 40;

/// Every dashboard before its queries are written: alerts link to panels, and panels draw the thresholds of alerts.
#[derive(Debug)]
pub(super) struct Plans {
    pub(super) dashboards: Vec<Plan>,
    /// Keys of those that could not be decoded.
    failed: Vec<String>,
    /// The first panel that shows a signal: its dashboard's uid and its id.
    showing: HashMap<String, (String, u32)>,
}

#[derive(Debug)]
pub(super) struct Plan {
    pub(super) key: String,
    pub(super) uid: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) variables: Vec<Variable>,
    pub(super) rows: Vec<RowPlan>,
    /// Whether a row or a panel is missing because of a finding.
    pub(super) incomplete: bool,
    pub(super) origin: Place,
}

#[derive(Debug)]
pub(super) struct RowPlan {
    pub(super) title: String,
    pub(super) id: u32,
    /// Whether one has to open it to see its panels.
    pub(super) collapsed: bool,
    pub(super) panels: Vec<PanelPlan>,
}

#[derive(Debug)]
pub(super) struct PanelPlan {
    pub(super) key: String,
    pub(super) id: u32,
    pub(super) title: String,
    pub(super) description: Option<String>,
    pub(super) shown: Shown,
    pub(super) kind: PanelType,
    /// Whether series stand one upon the other.
    pub(super) stacked: bool,
    pub(super) by: Vec<String>,
    pub(super) top: Option<u32>,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    pub(super) origin: Place,
}

/// Under what the panels of objectives are found: no signal can be called so.
pub(super) const OBJECTIVES: &str = "slo:";

/// What a panel shows.
#[derive(Debug)]
pub(super) enum Shown {
    Signals(Vec<Signal>),
    /// The buckets of a histogram.
    Heatmap(Signal),
    /// Which targets Prometheus reaches.
    Up(Signal),
    Flags(Signal),
    Health(Signal),
    Alerts,
    /// What is left of every error budget.
    Budgets,
    /// How fast every error budget is spent.
    BurnRates,
}

/// Of a dashboard that says nothing of itself.
pub(super) fn description(service: &Service) -> String {
    match &service.description {
        Some(description) if !description.is_empty() => description.clone(),
        _ => format!("The monitoring of {}.", service.name),
    }
}

/// Stable, begun with the service and the environment so that several can share a Grafana, and readable while it is short enough.
pub(super) fn uid(service: &str, environment: Option<&str>, key: &str) -> String {
    let parts = [Some(service), environment, Some(key)];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    let uid = parts.join("-").replace('.', "_");
    if (8..=MAX_UID).contains(&uid.len()) {
        uid
    } else {
        format!("monospec-{:016x}", stable_hash(&uid))
    }
}

/// 31 bits of a hash: the id survives whatever happens to the panels around it.
pub(super) fn panel_id(dashboard: &str, key: &str) -> u32 {
    let hash = stable_hash(&format!("{dashboard}/{key}"));
    // Grafana takes 0 for "none".
    u32::try_from((hash ^ (hash >> 32)) & 0x7fff_ffff)
        .unwrap_or(1)
        .max(1)
}

/// The id of a row, of a key that no panel can have.
pub(super) fn row_id(dashboard: &str, index: usize, title: &str) -> u32 {
    panel_id(dashboard, &format!("/row/{index}/{title}"))
}

impl Shown {
    /// The names of the signals that one looks at here.
    fn signals(&self) -> Vec<&str> {
        match self {
            Self::Signals(signals) => signals.iter().map(|s| s.name.as_str()).collect(),
            Self::Heatmap(signal) | Self::Up(signal) => vec![signal.name.as_str()],
            Self::Flags(_) => vec!["flag_status", "flag_changes"],
            Self::Health(_) => vec!["health_status"],
            Self::Budgets | Self::BurnRates => vec![OBJECTIVES],
            Self::Alerts => Vec::new(),
        }
    }
}

impl Plans {
    pub(super) fn new(dashboards: Vec<Plan>, failed: Vec<String>) -> Self {
        let mut plans = Self {
            dashboards,
            failed,
            showing: HashMap::new(),
        };
        let mut showing = HashMap::new();
        for (plan, panel) in plans.panels() {
            for signal in panel.shown.signals() {
                showing
                    .entry(signal.to_owned())
                    .or_insert_with(|| (plan.uid.clone(), panel.id));
            }
        }
        plans.showing = showing;
        plans
    }

    fn panels(&self) -> impl Iterator<Item = (&Plan, &PanelPlan)> {
        self.dashboards.iter().flat_map(|plan| {
            plan.rows
                .iter()
                .flat_map(move |row| row.panels.iter().map(move |panel| (plan, panel)))
        })
    }

    /// The first panel that shows a signal: its dashboard's uid and its id.
    pub(super) fn showing(&self, signal: &str) -> Option<(String, u32)> {
        self.showing.get(signal).cloned()
    }

    /// The panel at `dashboard/panel`.
    pub(super) fn panel(
        &self,
        path: &str,
        at: &Place,
        findings: &mut Findings,
    ) -> Option<(String, u32)> {
        let named = |(plan, panel): (&Plan, &PanelPlan)| format!("{}/{}", plan.key, panel.key);
        if let Some((plan, panel)) = self.panels().find(|found| named(*found) == path) {
            return Some((plan.uid.clone(), panel.id));
        }
        let dashboard = path.split('/').next().unwrap_or_default();
        let of = |plan: &&Plan| plan.key == dashboard;
        if self.failed.iter().any(|key| key == dashboard)
            || self
                .dashboards
                .iter()
                .find(of)
                .is_some_and(|p| p.incomplete)
        {
            return None; // a consequence of what was reported
        }
        let known: Vec<String> = self.panels().map(named).collect();
        let known = known.iter().map(String::as_str);
        let near = suggest::nearest(path, known.clone());
        let finding = Finding::error(
            "unknown-panel",
            at.clone(),
            format!("there is no panel `{path}`"),
        )
        .suggest(near);
        findings.push(match near {
            Some(_) => finding,
            None => finding.help(format!("there is {}", suggest::list(known))),
        });
        None
    }
}
