//! What a panel of the spec shows: signals, a histogram, or something ready-made.

use super::dashboards::Planner;
use super::default_dashboard;
use super::plans::Shown;
use super::signals;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{MetricType, Series};
use crate::model::monitoring::PanelType;
use crate::model::resolve::exactly_one;
use crate::model::signal::Signal;
use crate::spec::Place;
use crate::spec::document::{Panel, Show};

impl Planner<'_> {
    pub(super) fn shown(
        &self,
        panel: &Panel,
        at: &Place,
        findings: &mut Findings,
    ) -> Option<Shown> {
        let written = [
            ("signal", panel.signal.is_some()),
            ("signals", panel.signals.is_some()),
            ("show", panel.show.is_some()),
        ];
        exactly_one(&written, at, findings)?;
        if let Some(show) = panel.show {
            return self.ready_made(show, &at.child("show"), findings);
        }
        let names: Vec<(&String, Place)> = match (&panel.signal, &panel.signals) {
            (Some(name), _) => vec![(name, at.child("signal"))],
            (None, Some(names)) => names
                .iter()
                .enumerate()
                .map(|(i, name)| (name, at.child("signals").index(i)))
                .collect(),
            (None, None) => Vec::new(),
        };
        if names.is_empty() {
            findings.push(Finding::error(
                "bad-value",
                at.child("signals").key(),
                "the panel shows nothing",
            ));
            return None;
        }
        if panel.kind == Some(PanelType::Heatmap) {
            return self.heatmap(&names, at, findings);
        }
        let mut shown: Vec<Signal> = Vec::new();
        for (name, place) in &names {
            let Some(signal) = self.signals.find(name, place, findings) else {
                continue;
            };
            if shown.iter().any(|s| s.name == signal.name) {
                findings.push(Finding::error(
                    "duplicate-value",
                    place.clone(),
                    format!("`{name}` is shown already"),
                ));
            }
            signals::check_by(
                &signal,
                &panel.by,
                self.catalogue,
                &at.child("by"),
                findings,
            );
            shown.push(signal);
        }
        (shown.len() == names.len()).then_some(Shown::Signals(shown))
    }

    /// The buckets of one histogram.
    fn heatmap(
        &self,
        names: &[(&String, Place)],
        at: &Place,
        findings: &mut Findings,
    ) -> Option<Shown> {
        let [(name, place)] = names else {
            findings.push(Finding::error(
                "bad-value",
                at.child("signals").key(),
                "a heatmap shows one histogram",
            ));
            return None;
        };
        let metrics = &self.catalogue.metrics;
        let named = self.catalogue.named(name).iter();
        let mut histograms = named.filter(|named| named.series == Series::Family);
        if let Some(first) = histograms.next()
            && (metrics[first.metric].job == 0 || histograms.next().is_none())
        {
            let signal = default_dashboard::distribution(first.metric, self.catalogue);
            return Some(Shown::Heatmap(signal));
        }
        // What means nothing, or several things, is told there.
        let signal = self.signals.find(name, place, findings)?;
        let finding = Finding::error(
            "wrong-metric-type",
            place.clone(),
            format!("`{name}` is no histogram, and a heatmap shows one"),
        );
        let of = signal.selection().map(|of| &metrics[of.named.metric]);
        findings.push(match of {
            Some(metric) if metric.kind == MetricType::Histogram => {
                finding.help(format!("did you mean `{}`?", metric.name))
            }
            _ => finding.related(signal.origin.key(), "declared here"),
        });
        None
    }

    fn of_objectives(&self, shown: Shown, at: &Place, findings: &mut Findings) -> Option<Shown> {
        let document = self.signals.reader.document;
        if document.slos.entries().next().is_some() {
            return Some(shown);
        }
        if !document.has_gaps {
            findings.push(Finding::error(
                "missing-key",
                at.clone(),
                "there is nothing to show: the spec has no `slos:`",
            ));
        }
        None
    }

    fn ready_made(&self, show: Show, at: &Place, findings: &mut Findings) -> Option<Shown> {
        let (signal, section) = match show {
            Show::Alerts => return Some(Shown::Alerts),
            Show::Slos => return self.of_objectives(Shown::Budgets, at, findings),
            Show::BurnRates => return self.of_objectives(Shown::BurnRates, at, findings),
            Show::Flags => ("flag_status", "flags"),
            Show::Health => ("health_status", "health"),
        };
        let Some(signal) = self.signals.iter().find(|s| s.name == signal) else {
            if !self.signals.section_failed(signal) && !self.signals.reader.document.has_gaps {
                findings.push(Finding::error(
                    "missing-key",
                    at.clone(),
                    format!("there is nothing to show: the spec has no `{section}:`"),
                ));
            }
            return None;
        };
        Some(match show {
            Show::Flags => Shown::Flags(signal.clone()),
            _ => Shown::Health(signal.clone()),
        })
    }
}
