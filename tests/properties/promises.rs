//! What a generated spec promises, and whom it tells: objectives and notifications.

use std::fmt::{self, Write};

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::Index;

use super::generator::text;
use super::written::{Asked, Measure, quoted};

#[derive(Clone, Debug)]
struct Objective {
    /// Of the ratios and histograms.
    of: Index,
    /// How much may be bad, in hundredths of a percent.
    budget: u32,
    days: u32,
    help: Option<String>,
    label: Option<String>,
}

#[derive(Clone, Debug)]
struct Notify {
    /// The ways to somebody that each receiver has.
    receivers: Vec<Vec<usize>>,
    routes: usize,
    area: String,
    grouped: bool,
    wait: u64,
}

/// Both.
#[derive(Clone, Debug)]
pub(crate) struct Promises {
    objectives: Vec<Objective>,
    notify: Option<Notify>,
}

const WAYS: &[&str] = &[
    "slack: { channel: \"#a\", api_url_file: /a/slack_url }",
    "email: { to: [a@example.com, \"B <b@example.com>\"], extra: { send_resolved: false } }",
    "pagerduty: { routing_key_file: /a/key }",
    "opsgenie: { api_key_file: /a/key }",
    "webhook: { url: \"http://localhost:1/a\" }",
];

pub(crate) fn promises() -> impl Strategy<Value = Promises> {
    let numbers = (1..1000_u32, 28..=90_u32);
    let objective = (any::<Index>(), numbers, of(text()), of(text())).prop_map(
        |(of, (budget, days), help, label)| Objective {
            of,
            budget,
            days,
            help,
            label,
        },
    );
    let receivers = vec(vec(0..WAYS.len(), 0..3), 2..5);
    let notify = (receivers, 0..4_usize, text(), any::<bool>(), 1..600_u64).prop_map(
        |(receivers, routes, area, grouped, wait)| Notify {
            receivers,
            routes,
            area,
            grouped,
            wait,
        },
    );
    (vec(objective, 0..3), of(notify))
        .prop_map(|(objectives, notify)| Promises { objectives, notify })
}

impl Promises {
    /// How many objectives there may be.
    pub(crate) fn objectives(&self) -> usize {
        self.objectives.len()
    }

    /// Writes them, for these signals and histograms; the latter have bounds at 1. Whether there is `Alert0` is told, too.
    pub(crate) fn write(
        &self,
        asked: &[Asked],
        histograms: &[(String, Measure)],
        alerts: bool,
        out: &mut String,
    ) -> fmt::Result {
        let ratios = asked
            .iter()
            .filter(|asked| asked.counted)
            .map(|asked| format!("bad: {}", asked.name));
        let latencies = histograms.iter().map(|(name, measure)| {
            let bound = match measure {
                Measure::Ratio => "100%",
                Measure::Number | Measure::Seconds | Measure::Bytes | Measure::Bit => "1",
            };
            format!("slower_than: {bound}, of: {name}")
        });
        let bad: Vec<String> = ratios.chain(latencies).collect();
        if !bad.is_empty() && !self.objectives.is_empty() {
            writeln!(out, "slos:")?;
            for (index, objective) in self.objectives.iter().enumerate() {
                objective.write(index, &bad, out)?;
            }
        }
        match &self.notify {
            Some(notify) => notify.write(alerts, out),
            None => Ok(()),
        }
    }
}

impl Objective {
    fn write(&self, index: usize, bad: &[String], out: &mut String) -> fmt::Result {
        let bad = &bad[self.of.index(bad.len())];
        let good = 10_000 - self.budget;
        let (percent, rest) = (good / 100, good % 100);
        write!(
            out,
            "  slo{index}: {{ objective: {percent}.{rest:02}%, over: {}d, {bad}",
            self.days
        )?;
        if let Some(help) = &self.help {
            write!(out, ", help: {}", quoted(help))?;
        }
        if let Some(label) = &self.label {
            write!(out, ", labels: {{ area: {} }}", quoted(label))?;
        }
        writeln!(out, " }}")
    }
}

impl Notify {
    fn write(&self, alerts: bool, out: &mut String) -> fmt::Result {
        writeln!(
            out,
            "notify:\n  default: r0\n  smtp: {{ smarthost: \"localhost:25\", from: a@example.com }}\n  receivers:"
        )?;
        for (index, ways) in self.receivers.iter().enumerate() {
            let mut ways = ways.clone();
            ways.sort_unstable();
            ways.dedup();
            let ways: Vec<&str> = ways.into_iter().map(|way| WAYS[way]).collect();
            writeln!(out, "    r{index}: {{ {} }}", ways.join(", "))?;
        }
        if self.grouped {
            writeln!(
                out,
                "  group_by: [alertname, service]\n  group_wait: {}s",
                self.wait
            )?;
        }
        let last = format!("r{}", self.receivers.len() - 1);
        match self.routes {
            // A route that no alert takes is a mistake.
            0 => Ok(()),
            2 | 3 if !alerts => Ok(()),
            1 => writeln!(out, "  routes: {{ critical: [{last}, r0], info: {last} }}"),
            2 => writeln!(
                out,
                "  routes: [{{ match: {{ area: {0} }}, to: {last} }}]\nalert_defaults: {{ labels: {{ area: {0} }} }}",
                quoted(&format!("area {}", self.area))
            ),
            _ => writeln!(
                out,
                "  routes: [{{ to: {last}, continue: true }}, {{ match: {{ alertname: Alert0 }}, to: r0, mute_time_intervals: [night] }}]\n  \
                 time_intervals: {{ night: [{{ times: [{{ start_time: \"22:00\", end_time: \"24:00\" }}] }}] }}"
            ),
        }
    }
}
