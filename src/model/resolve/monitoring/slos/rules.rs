//! The records and the alert of an objective.

use std::time::Duration;

use super::{OWNED_LABELS, Promise, burn_rates};
use crate::diagnostics::Findings;
use crate::model::catalogue::{Catalogue, Job};
use crate::model::monitoring::{Alert, Record, Rule};
use crate::model::resolve::monitoring::alert_namespace;
use crate::model::resolve::monitoring::attributes::{self, Link, Own};
use crate::model::resolve::monitoring::plans::{OBJECTIVES, Plans};
use crate::model::resolve::monitoring::runbooks;
use crate::model::resolve::monitoring::templates;
use crate::model::resolve::monitoring::texts::Facts;
use crate::model::resolve::names_of;
use crate::model::slo::{BurnRate, Indicator, Slo};
use crate::model::unit::Unit;
use crate::promql::{AggregateOp, Grouping, Labels, MatchOp, Query, Selector, Window};
use crate::spec::document::{AlertDefaults, Document, Severity, Time};

/// What [sloth](https://github.com/slok/sloth/blob/main/pkg/common/conventions/slo.go) calls the records, behind `slo:`.
const METADATA: [&str; 6] = [
    "objective:ratio",
    "error_budget:ratio",
    "time_period:days",
    "current_burn_rate:ratio",
    "period_burn_rate:ratio",
    "period_error_budget_remaining:ratio",
];

/// The labels that tell objectives apart, as sloth names them.
const ID: &str = "sloth_id";
const WINDOW: &str = "sloth_window";

/// Every objective, with its records and its alert.
pub(in super::super) fn resolve(
    promises: Vec<Promise<'_>>,
    document: &Document,
    environment: Option<&str>,
    catalogue: &Catalogue,
    plans: &Plans,
    findings: &mut Findings,
) -> Vec<Slo> {
    let none = AlertDefaults::default();
    let defaults = document.alert_defaults.as_ref().and_then(|d| d.sound());
    let link = plans
        .showing(OBJECTIVES)
        .map(|(uid, panel)| Link { uid, panel });
    promises
        .into_iter()
        .map(|promise| {
            let writer = Writer {
                burn_rates: burn_rates::of(promise.days, promise.budget),
                id: format!("{}-{}", catalogue.service.name, promise.name),
                promise,
                environment,
                catalogue,
                defaults: defaults.unwrap_or(&none),
                link: link.as_ref(),
            };
            writer.slo(findings)
        })
        .collect()
}

/// The names of all records, for expressions that read them.
pub(in super::super) fn record_names(document: &Document) -> Vec<String> {
    if document.slos.entries().next().is_none() {
        return Vec::new();
    }
    let days = document.slos.iter().map(|(_, slo)| slo.over.0);
    let windows = burn_rates::windows().into_iter().chain(days);
    windows
        .map(indicator_name)
        .chain(METADATA.iter().map(|name| format!("slo:{name}")))
        .chain(["sloth_slo_info".to_owned()])
        .collect()
}

fn indicator_name(window: Duration) -> String {
    format!("slo:sli_error:ratio_rate{}", Time(window))
}

/// The labels that an alert has from its expression.
pub(in super::super) fn labels(identity: &[String], by: &[String]) -> Labels {
    let known = identity.iter().chain(by).map(String::as_str);
    Labels::known(known.chain([ID, "sloth_service", "sloth_slo"]))
}

struct Writer<'a, 'd> {
    promise: Promise<'d>,
    id: String,
    burn_rates: Vec<BurnRate>,
    environment: Option<&'a str>,
    catalogue: &'a Catalogue,
    defaults: &'a AlertDefaults,
    link: Option<&'a Link>,
}

impl Writer<'_, '_> {
    fn slo(self, findings: &mut Findings) -> Slo {
        let (indicators, metadata) = (self.indicators(), self.metadata());
        let alert = self.alert(findings);
        Slo {
            help: self.promise.help(),
            objective: self.promise.objective,
            budget: self.promise.budget,
            period: self.promise.period(),
            job: self.promise.counted.job,
            by: self.promise.counted.by.clone(),
            measured: self.promise.measured(),
            indicators,
            metadata,
            burn_rates: self.burn_rates,
            alert,
            origin: self.promise.at,
            name: self.promise.name,
            id: self.id,
        }
    }

    /// A record of this objective.
    fn record(&self, name: String, query: Query, further: &[(&str, &str)]) -> Record {
        let mut labels = vec![
            (ID, self.id.as_str()),
            ("sloth_service", &self.catalogue.service.name),
            ("sloth_slo", &self.promise.name),
        ];
        labels.extend(self.job().namespace_label());
        labels.extend(further);
        Record {
            name,
            query,
            labels: labels
                .into_iter()
                .map(|(label, value)| (label.to_owned(), value.to_owned()))
                .collect(),
            origin: self.promise.at.clone(),
        }
    }

    /// What a record of this objective says, one series for each deployment.
    fn read(&self, record: impl Into<String>) -> Selector {
        let job = self.job();
        job.pin(Selector::new(record).with("job", MatchOp::Equal, &job.name))
            .with(ID, MatchOp::Equal, &self.id)
    }

    fn job(&self) -> &Job {
        &self.catalogue.jobs[self.promise.counted.job]
    }

    /// The bad share in each window. That of the period is the mean of all that the shortest one said: to read weeks of every
    /// series at each evaluation would be too much.
    fn indicators(&self) -> Vec<Indicator> {
        let indicator = |window: Duration, query: Query| Indicator {
            window,
            record: self.record(
                indicator_name(window),
                query,
                &[(WINDOW, &Time(window).to_string())],
            ),
        };
        let mut indicators: Vec<Indicator> = burn_rates::windows()
            .into_iter()
            .filter_map(|window| {
                let share = self.promise.counted.share(self.catalogue, window)?;
                Some(indicator(window, share))
            })
            .collect();
        let period = self.promise.period();
        let all = self
            .read(indicator_name(burn_rates::SHORTEST))
            .range(Window::Duration(period));
        indicators.push(indicator(period, Query::call("avg_over_time", [all])));
        indicators
    }

    fn metadata(&self) -> Vec<Record> {
        let constant = |value: f64| Query::call("vector", [Query::number(value)]);
        let job = ("job", self.job().name.as_str());
        let budget = self.promise.budget.to_f64();
        let spent = |window: Duration| {
            let share = Query::from(self.read(indicator_name(window)));
            share.divide(Query::number(budget))
        };
        let [
            objective,
            error_budget,
            days,
            current,
            whole_period,
            remaining,
        ] = METADATA.map(|name| format!("slo:{name}"));
        let left = Query::number(1.0).minus(self.read(&whole_period));
        let percent = self.promise.objective.percent().to_string();
        let info = [
            job,
            ("sloth_mode", "monospec"),
            ("sloth_objective", &percent),
            ("sloth_spec", "monospec/1"),
        ];
        vec![
            self.record(objective, constant(self.promise.objective.to_f64()), &[job]),
            self.record(error_budget, constant(budget), &[job]),
            self.record(days, constant(f64::from(self.promise.days)), &[job]),
            self.record(current, spent(burn_rates::SHORTEST), &[]),
            self.record(whole_period, spent(self.promise.period()), &[]),
            self.record(remaining, left, &[]),
            self.record("sloth_slo_info".to_owned(), constant(1.0), &info),
        ]
    }

    /// One rule for each severity, the mildest first; none for a severity that cannot be reached.
    fn alert(&self, findings: &mut Findings) -> Alert {
        let written = self.promise.written;
        let rules = [Severity::Warning, Severity::Critical]
            .into_iter()
            .filter_map(|severity| self.rule(severity, findings))
            .collect();
        Alert {
            name: self.promise.alert.clone(),
            signal: written.bad.clone(),
            condition: None,
            impact: runbooks::text(
                written.impact.as_deref(),
                &self.promise.at.child("impact"),
                findings,
            ),
            runbook: runbooks::text(
                written.runbook.as_deref(),
                &self.promise.at.child("runbook"),
                findings,
            ),
            rules,
            allow: names_of(&written.allow),
            origin: self.promise.at.clone(),
        }
    }

    fn rule(&self, severity: Severity, findings: &mut Findings) -> Option<Rule> {
        let rates: Vec<&BurnRate> = self
            .burn_rates
            .iter()
            .filter(|rate| rate.severity == severity && rate.possible)
            .collect();
        let conditions = rates.iter().map(|rate| self.faster_than(rate));
        let query = conditions.reduce(|one, other| one.or(other))?;
        let (summary, description) = self.words(&rates);
        let promise = &self.promise;
        let labels = labels(&self.catalogue.service.identity, &promise.counted.by);
        let facts = Facts {
            words: vec![
                ("objective", Some(promise.objective_text())),
                ("over", Some(format!("{}d", promise.days))),
                ("alert", Some(promise.alert.clone())),
            ],
            labels: &labels,
            unit: &Unit::RATIO,
            counted: false,
        };
        let own = Own {
            alert: &promise.alert,
            severity,
            namespace: alert_namespace::of_rule(&query, self.catalogue),
            summary,
            description: Some(description),
            runbook_url: promise.written.runbook_url.as_ref(),
            link: self.link,
            labels: &promise.written.labels,
            annotations: &promise.written.annotations,
            at: &promise.at,
        };
        let service = &self.catalogue.service;
        let (mut labels, annotations) = attributes::of(
            own,
            service,
            self.environment,
            self.defaults,
            &facts,
            findings,
        );
        let page = severity == Severity::Critical;
        let urgency = if page { "page" } else { "ticket" };
        // Those of `alert_defaults:` do not know of objectives.
        labels.retain(|(name, _)| !OWNED_LABELS.contains(&name.as_str()));
        labels.push(("sloth_severity".to_owned(), urgency.to_owned()));
        Some(Rule {
            severity,
            query,
            // The long windows are what has to hold.
            hold: Duration::ZERO,
            hold_origin: promise.at.clone(),
            keep_firing_for: self
                .defaults
                .keep_firing_for
                .map(|time| time.0)
                .filter(|time| !time.is_zero()),
            labels,
            annotations,
        })
    }

    /// The budget is spent faster than at a rate, now and long enough. Which window said so is no part of the alert.
    fn faster_than(&self, rate: &BurnRate) -> Query {
        let exceeded = |window: Duration| Query::Aggregate {
            operator: AggregateOp::Max,
            grouping: Grouping::Without(vec![WINDOW.to_owned()]),
            parameter: None,
            argument: Box::new(
                Query::from(self.read(indicator_name(window))).greater(self.threshold(rate)),
            ),
        };
        exceeded(rate.short).and(exceeded(rate.long))
    }

    /// `14.4 * 0.001`; a factor that does not come out even stays a fraction.
    fn threshold(&self, rate: &BurnRate) -> Query {
        let (numerator, denominator) = rate.factor;
        let even = 1_000_u32.is_multiple_of(denominator);
        let factor = if even {
            Query::number(rate.value())
        } else {
            Query::number(numerator.into()).divide(Query::number(denominator.into()))
        };
        factor.times(Query::number(self.promise.budget.to_f64()))
    }

    /// Summary and description.
    fn words(&self, rates: &[&BurnRate]) -> (String, String) {
        let promise = &self.promise;
        let name = templates::literal(&promise.name);
        let of_labels: String = promise
            .counted
            .by
            .iter()
            .map(|label| format!(" of {{{{ $labels.{label} }}}}"))
            .collect();
        let budget = promise.budget.percent();
        let summary = format!(
            "{name}{of_labels} spends its error budget too fast: {{{{ $value | humanizePercentage }}}} is bad, {budget}% may be"
        );
        let ways: Vec<String> = rates
            .iter()
            .enumerate()
            .map(|(i, rate)| {
                let what = if i == 0 {
                    " of the error budget went"
                } else {
                    ""
                };
                format!("{}%{what} within {}", rate.percent, Time(rate.long))
            })
            .collect();
        let (days, objective) = (promise.days, promise.objective_text());
        let said = |text: &str| templates::literal(text.trim_end_matches('.'));
        let promised = match &promise.written.help {
            Some(help) => format!("{}: objective {objective} over {days}d", said(help)),
            None => match said(&promise.counted.help) {
                help if help.is_empty() => format!("{name}: objective {objective} over {days}d"),
                bad => format!("{bad}: at most {budget}% over {days}d"),
            },
        };
        let description = format!("{promised}. At least {}.", ways.join(", or "));
        (summary, description)
    }
}

impl Promise<'_> {
    /// `99.9%`
    fn objective_text(&self) -> String {
        format!("{}%", self.objective.percent())
    }
}
