//! Of the levels of an alert the worst is told.

use std::collections::BTreeSet;

use super::labels::Source;
use crate::model::monitoring::Severity;
use crate::model::notify::Inhibition;
use crate::promql::Labels;

/// Alerts of several levels, by the labels that tell their series apart: a critical level silences the milder ones of the same
/// series, and of no other. Where the labels are not known, nothing is silenced.
pub(super) fn of(sources: &[Source<'_>]) -> Vec<Inhibition> {
    let mut inhibitions: Vec<Inhibition> = Vec::new();
    for source in sources {
        let rules = &source.alert.rules;
        let Some(equal) = common(&source.labels) else {
            continue;
        };
        for told in [Severity::Critical, Severity::Warning] {
            let severities = || rules.iter().map(|rule| rule.severity);
            // The mildest come first.
            let mut silent: Vec<Severity> = severities().filter(|one| *one < told).collect();
            silent.reverse();
            if silent.is_empty() || !severities().any(|one| one == told) {
                continue;
            }
            let same = inhibitions
                .iter_mut()
                .find(|one| one.told == told && one.silent == silent && one.equal == equal);
            let name = source.alert.name.clone();
            match same {
                Some(same) => same.alerts.push(name),
                None => inhibitions.push(Inhibition {
                    alerts: vec![name],
                    told,
                    silent,
                    equal: equal.clone(),
                }),
            }
        }
    }
    inhibitions
}

/// The labels that all levels have from their expression, after those that make them the same alert.
fn common(labels: &[Labels]) -> Option<Vec<String>> {
    let mut common: Option<BTreeSet<String>> = None;
    for labels in labels {
        let Labels::Known(labels) = labels else {
            return None;
        };
        common = Some(common.map_or_else(|| labels.clone(), |common| &common & labels));
    }
    let own = ["alertname", "service"].map(str::to_owned);
    let rest = common?.into_iter().filter(|label| !own.contains(label));
    Some(own.iter().cloned().chain(rest).collect())
}
