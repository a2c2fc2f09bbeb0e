//! What panels ask, and how it is drawn.

use std::collections::HashMap;

use super::alerts::Resolved;
use super::plans::{PanelPlan, Plan, Plans, Shown};
use super::slos;
use crate::model::catalogue::{Catalogue, Limit};
use crate::model::monitoring::{Content, Dashboard, Panel, PanelQuery, PanelType, Row, Threshold};
use crate::model::signal::{Asked, Audience, Shape, Signal};
use crate::model::slo::Slo;
use crate::model::unit::{Base, Unit};
use crate::promql::{AggregateOp, Query};

/// Writes the queries of every panel.
pub(super) fn render(
    catalogue: &Catalogue,
    plans: &Plans,
    alerts: &[Resolved],
    slos: &[Slo],
) -> Vec<Dashboard> {
    let mut by_signal: HashMap<&str, Vec<&Resolved>> = HashMap::new();
    for alert in alerts.iter().filter(|alert| !alert.thresholds.is_empty()) {
        if let Some((signal, _)) = &alert.signal {
            by_signal.entry(signal).or_default().push(alert);
        }
    }
    plans
        .dashboards
        .iter()
        .map(|plan| {
            let painter = Painter {
                catalogue,
                alerts: &by_signal,
                slos,
                variables: plan.variables.iter().map(|v| v.label.clone()).collect(),
            };
            painter.dashboard(plan)
        })
        .collect()
}

struct Painter<'a> {
    catalogue: &'a Catalogue,
    /// The alerts that have thresholds, by signal.
    alerts: &'a HashMap<&'a str, Vec<&'a Resolved>>,
    slos: &'a [Slo],
    variables: Vec<String>,
}

impl Painter<'_> {
    fn dashboard(&self, plan: &Plan) -> Dashboard {
        Dashboard {
            key: plan.key.clone(),
            uid: plan.uid.clone(),
            title: plan.title.clone(),
            description: plan.description.clone(),
            variables: plan.variables.clone(),
            rows: plan
                .rows
                .iter()
                .map(|row| Row {
                    title: row.title.clone(),
                    id: row.id,
                    collapsed: row.collapsed,
                    panels: row.panels.iter().map(|panel| self.panel(panel)).collect(),
                })
                .collect(),
            origin: plan.origin.clone(),
        }
    }

    fn panel(&self, plan: &PanelPlan) -> Panel {
        let (content, about) = match &plan.shown {
            Shown::Signals(signals) => {
                let several = signals.len() > 1;
                let queries = signals
                    .iter()
                    .map(|signal| self.query(signal, plan, several))
                    .collect();
                let about: Vec<&str> = signals
                    .iter()
                    .map(|signal| signal.help.as_str())
                    .filter(|help| !help.is_empty())
                    .collect();
                let content = Content::Series {
                    kind: plan.kind,
                    stacked: plan.stacked,
                    queries,
                };
                (content, about.join(" "))
            }
            Shown::Heatmap(signal) => (
                Content::Heatmap {
                    query: Box::new(PanelQuery {
                        legend: "{{le}}".to_owned(),
                        ..self.query(signal, plan, false)
                    }),
                },
                signal.help.clone(),
            ),
            Shown::Up(signal) => (
                Content::States {
                    query: Box::new(PanelQuery {
                        legend: "{{instance}}".to_owned(),
                        ..self.query(signal, plan, false)
                    }),
                    on: "Up".to_owned(),
                    off: "Down".to_owned(),
                    off_is_bad: true,
                },
                signal.help.clone(),
            ),
            Shown::Flags(signal) => (
                Content::States {
                    query: Box::new(self.query(signal, plan, false)),
                    on: "On".to_owned(),
                    off: "Off".to_owned(),
                    off_is_bad: false,
                },
                signal.help.clone(),
            ),
            Shown::Health(signal) => (
                Content::States {
                    query: Box::new(self.query(signal, plan, false)),
                    on: "Healthy".to_owned(),
                    off: "Unhealthy".to_owned(),
                    off_is_bad: true,
                },
                signal.help.clone(),
            ),
            Shown::Budgets => (
                self.of_objectives(PanelType::Stat, slos::budget),
                "What is left of each error budget; below 0 the objective is missed.".to_owned(),
            ),
            Shown::BurnRates => (
                self.of_objectives(PanelType::Timeseries, slos::burn_rate),
                "How fast each error budget is spent: at 1 it lasts just as long as it has to."
                    .to_owned(),
            ),
            Shown::Alerts => (
                Content::Alerts,
                format!(
                    "The alerts of {} that fire now.",
                    self.catalogue.service.name
                ),
            ),
        };
        let description = match &plan.description {
            Some(description) => description.clone(),
            None if about.is_empty() => format!("{}.", plan.title),
            None => about,
        };
        Panel {
            key: plan.key.clone(),
            id: plan.id,
            title: plan.title.clone(),
            description,
            content,
            width: plan.width,
            height: plan.height,
            origin: plan.origin.clone(),
        }
    }

    /// A query for each objective.
    fn of_objectives(&self, kind: PanelType, query: fn(&Slo, &Catalogue) -> PanelQuery) -> Content {
        Content::Series {
            kind,
            stacked: false,
            queries: self
                .slos
                .iter()
                .map(|slo| query(slo, self.catalogue))
                .collect(),
        }
    }

    fn query(&self, signal: &Signal, plan: &PanelPlan, several: bool) -> PanelQuery {
        let asked = Asked {
            catalogue: self.catalogue,
            by: Audience::Dashboard {
                variables: &self.variables,
            },
            window: None,
            labels: &plan.by,
        };
        let mut query = signal.query(&asked);
        if let Some(top) = plan.top {
            query = Query::aggregate_with::<&str>(
                AggregateOp::TopK,
                Query::number(f64::from(top)),
                [],
                query,
            );
        }
        let mut kept = signal.by.clone();
        kept.extend(plan.by.iter().cloned());
        let (thresholds, bad_below) = self.thresholds(signal, &kept);
        let (min, max) = self.range(signal);
        // An alert beyond them knows better: on an axis that ends before its line, neither it nor what exceeds it would show.
        let min = min.filter(|min| thresholds.iter().all(|line| line.value >= *min));
        let max = max.filter(|max| thresholds.iter().all(|line| line.value <= *max));
        PanelQuery {
            signal: signal.name.clone(),
            query,
            legend: self.legend(signal, &kept, several),
            unit: signal.unit.clone(),
            interval: self.catalogue.jobs[signal.job].interval,
            min,
            max,
            thresholds,
            bad_below,
        }
    }

    /// The labels tell the series apart; the signal's name comes first where a panel shows several, or nothing else does.
    fn legend(&self, signal: &Signal, kept: &[String], several: bool) -> String {
        let mut labels: Vec<String> = kept.to_vec();
        if signal.keeps_series() && kept.is_empty() {
            labels.push("instance".to_owned());
            if let Some(of) = signal.selection() {
                let metric = &self.catalogue.metrics[of.named.metric];
                labels.extend(metric.labels.known().iter().map(|l| l.name.clone()));
            }
        }
        let labels: Vec<String> = labels
            .iter()
            .map(|label| format!("{{{{{label}}}}}"))
            .collect();
        let name = signal.name.replace('_', " ");
        match (labels.is_empty(), several) {
            (true, _) => name,
            (false, true) => format!("{name} {}", labels.join(" ")),
            (false, false) => labels.join(" "),
        }
    }

    /// A line is drawn where the panel groups as the alert does: anywhere else the same number would mean something else.
    fn thresholds(&self, signal: &Signal, kept: &[String]) -> (Vec<Threshold>, bool) {
        let same = |by: &[String]| by.len() == kept.len() && by.iter().all(|l| kept.contains(l));
        let alerts = self.alerts.get(signal.name.as_str());
        let mut alerts = alerts.into_iter().flatten().filter(|alert| {
            let by = alert.signal.as_ref().map(|(_, by)| by.as_slice());
            by.is_some_and(same)
        });
        match alerts.next() {
            Some(alert) => (alert.thresholds.clone(), alert.bad_below),
            None => (Vec::new(), false),
        }
    }

    /// What the numbers usually are between.
    fn range(&self, signal: &Signal) -> (Option<f64>, Option<f64>) {
        let shape_min = match &signal.shape {
            Shape::Rate { .. } | Shape::Increase { .. } | Shape::Change { .. } => Some(0.0),
            _ => None,
        };
        let limit = signal.selection().and_then(|of| {
            match &self.catalogue.metrics[of.named.metric].limit {
                Some(Limit::Number(limit, _)) if signal.keeps_series() => Some(*limit),
                _ => None,
            }
        });
        match (&signal.unit, limit) {
            (_, Some(limit)) => (Some(0.0), Some(limit)),
            (
                Unit {
                    base: Base::Ratio,
                    per_second: false,
                },
                _,
            ) => (Some(0.0), Some(1.0)),
            (
                Unit {
                    base: Base::Percent,
                    per_second: false,
                },
                _,
            ) => (Some(0.0), Some(100.0)),
            (
                Unit {
                    base: Base::Seconds | Base::Bytes,
                    ..
                },
                _,
            ) => (Some(0.0), None),
            _ => (shape_min, None),
        }
    }
}
