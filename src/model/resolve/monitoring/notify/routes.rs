//! Who hears of what: `notify.default` and `notify.routes`.

use std::time::Duration;

use super::labels::{Fit, Known};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Catalogue;
use crate::model::names;
use crate::model::notify::{Grouping, Idle, Route, Severity};
use crate::model::resolve::bad_label_name;
use crate::spec::Place;
use crate::spec::document::{self, Dict, Notify, OneOrMore, Time};
use crate::suggest;

/// What [Alertmanager does](https://prometheus.io/docs/alerting/latest/configuration/#route) if nobody says otherwise.
const GROUP_WAIT: Duration = Duration::from_secs(30);
const GROUP_INTERVAL: Duration = Duration::from_secs(5 * 60);
const REPEAT_INTERVAL: Duration = Duration::from_secs(4 * 60 * 60);

/// What stands for all labels in `group_by`.
const ALL_LABELS: &str = "...";

const SEVERITIES: [Severity; 3] = [Severity::Critical, Severity::Warning, Severity::Info];

/// What an alert meets.
pub(super) struct Tree {
    pub(super) grouping: Grouping,
    pub(super) routes: Vec<Route>,
}

pub(super) fn resolve(
    written: &Notify,
    catalogue: &Catalogue,
    known: &Known<'_>,
    at: &Place,
    findings: &mut Findings,
) -> Tree {
    let mut resolver = Resolver {
        written,
        known,
        doubtful: Vec::new(),
        findings,
    };
    resolver.check_receiver(&written.default, &at.child("default"));
    let own = written.group_by.as_deref();
    let time = |time: Option<Time>, default| time.map_or(default, |time| time.0);
    let grouping = Grouping {
        group_by: Some(own.map_or_else(|| group_by(catalogue), <[String]>::to_vec)),
        group_wait: Some(time(written.group_wait, GROUP_WAIT)),
        group_interval: Some(time(written.group_interval, GROUP_INTERVAL)),
        repeat_interval: Some(time(written.repeat_interval, REPEAT_INTERVAL)),
    };
    resolver.check_group_by(own.unwrap_or_default(), &at.child("group_by"));
    let said = (
        written.group_interval.is_some(),
        written.repeat_interval.is_some(),
    );
    resolver.check_times(&grouping, &grouping, said, at);
    let mut routes = match &written.routes {
        None => Vec::new(),
        Some(document::Routes::BySeverity(by)) => [&by.critical, &by.warning, &by.info]
            .into_iter()
            .zip(SEVERITIES)
            .filter_map(|(receivers, severity)| {
                let at = at.child("routes").child(severity.as_str());
                Some(resolver.of_severity(severity, receivers.as_ref()?, at))
            })
            .collect(),
        Some(document::Routes::List(routes)) => routes
            .iter()
            .enumerate()
            .map(|(i, route)| resolver.route(route, &grouping, at.child("routes").index(i)))
            .collect(),
    };
    if known.complete && !known.alerts.is_empty() {
        find_idle(&mut routes, known);
        for route in &mut routes {
            if resolver.doubtful.contains(&route.origin) {
                route.idle = None;
            }
        }
    }
    Tree { grouping, routes }
}

/// What makes alerts one thing to look at: several targets or endpoints with the same trouble, in one deployment.
fn group_by(catalogue: &Catalogue) -> Vec<String> {
    let own = ["alertname", "service"].map(str::to_owned);
    let identity = &catalogue.service.identity;
    let more = identity.iter().filter(|label| !own.contains(label));
    own.iter().chain(more).cloned().collect()
}

struct Resolver<'a> {
    written: &'a Notify,
    known: &'a Known<'a>,
    /// Routes that match something else than what is meant.
    doubtful: Vec<Place>,
    findings: &'a mut Findings,
}

impl Resolver<'_> {
    fn of_severity(&mut self, severity: Severity, to: &OneOrMore, origin: Place) -> Route {
        self.check_receivers(to, &origin);
        Route {
            matchers: vec![("severity".to_owned(), vec![severity.as_str().to_owned()])],
            receivers: to.0.clone(),
            goes_on: false,
            grouping: Grouping::default(),
            mute_time_intervals: Vec::new(),
            active_time_intervals: Vec::new(),
            idle: None,
            origin,
        }
    }

    fn route(&mut self, written: &document::Route, all: &Grouping, origin: Place) -> Route {
        self.check_receivers(&written.to, &origin.child("to"));
        let before = self.findings.iter().count();
        let matchers = self.matchers(&written.matchers, &origin.child("match"));
        if self.findings.iter().count() > before {
            self.doubtful.push(origin.clone());
        }
        let grouping = Grouping {
            group_by: written.group_by.clone(),
            group_wait: written.group_wait.map(|time| time.0),
            group_interval: written.group_interval.map(|time| time.0),
            repeat_interval: written.repeat_interval.map(|time| time.0),
        };
        let own = written.group_by.as_deref().unwrap_or_default();
        self.check_group_by(own, &origin.child("group_by"));
        let said = (
            written.group_interval.is_some(),
            written.repeat_interval.is_some(),
        );
        self.check_times(&grouping, all, said, &origin);
        for (key, names) in [
            ("mute_time_intervals", &written.mute_time_intervals),
            ("active_time_intervals", &written.active_time_intervals),
        ] {
            self.check_intervals(names, &origin.child(key));
        }
        Route {
            matchers,
            receivers: written.to.0.clone(),
            goes_on: written.goes_on,
            grouping,
            mute_time_intervals: written.mute_time_intervals.clone(),
            active_time_intervals: written.active_time_intervals.clone(),
            idle: None,
            origin,
        }
    }

    fn check_receivers(&mut self, to: &OneOrMore, at: &Place) {
        if to.0.is_empty() {
            let nobody = Finding::error("bad-value", at.clone(), "nobody is listed");
            self.findings.push(nobody.help(
                "a receiver without anything in it, `nobody: {}`, hears of alerts in silence",
            ));
        }
        for (i, name) in to.0.iter().enumerate() {
            self.check_receiver(name, &at.index(i));
            self.check_once(name, &to.0[..i], &at.index(i));
        }
    }

    fn check_receiver(&mut self, name: &str, at: &Place) {
        let known = || self.written.receivers.entries().map(|(name, _)| name);
        if !known().any(|known| known == name) {
            let message = format!("no receiver is called `{name}`");
            let finding = Finding::error("unknown-receiver", at.clone(), message);
            let near = suggest::nearest(name, known());
            self.findings.push(match near {
                Some(_) => finding.suggest(near),
                None => finding.help(format!("there is {}", suggest::list(known()))),
            });
        }
    }

    fn check_intervals(&mut self, names: &[String], at: &Place) {
        for (i, name) in names.iter().enumerate() {
            self.check_once(name, &names[..i], &at.index(i));
            let known = || self.written.time_intervals.entries().map(|(name, _)| name);
            if !known().any(|known| known == name) {
                let message = format!("no time interval is called `{name}`");
                let finding = Finding::error("unknown-time-interval", at.index(i), message);
                let near = suggest::nearest(name, known());
                self.findings.push(match near {
                    Some(_) => finding.suggest(near),
                    None => finding.help(format!("there is {}", suggest::list(known()))),
                });
            }
        }
    }

    fn check_once(&mut self, name: &str, before: &[String], at: &Place) {
        if before.iter().any(|other| other == name) {
            self.findings.push(Finding::error(
                "duplicate-value",
                at.clone(),
                format!("`{name}` is listed twice"),
            ));
        }
    }

    fn matchers(&mut self, written: &Dict<OneOrMore>, at: &Place) -> Vec<(String, Vec<String>)> {
        let mut matchers = Vec::new();
        for (label, values) in written.iter() {
            let at = at.child(label);
            if values.0.is_empty() {
                let message = "no value is listed: it would match nothing";
                self.findings
                    .push(Finding::error("bad-value", at.clone(), message));
            }
            if self.check_label(label, &at.key()) {
                for (i, value) in values.0.iter().enumerate() {
                    self.check_value(label, value, &at.index(i));
                    self.check_once(value, &values.0[..i], &at.index(i));
                }
            }
            matchers.push((label.to_owned(), values.0.clone()));
        }
        matchers
    }

    /// A label that no alert has would match nothing, and nobody would notice.
    fn check_label(&mut self, label: &str, at: &Place) -> bool {
        if !names::is_label_name(label) {
            self.findings.push(bad_label_name(at.clone(), label));
            return false;
        }
        let known = self.known;
        if !known.complete || known.alerts.is_empty() || known.may_have(label) {
            return true;
        }
        let names = known.names();
        let near = suggest::nearest(label, names.iter().copied());
        let message = format!("no alert has a label `{label}`");
        let finding = Finding::error("unknown-label", at.clone(), message);
        self.findings.push(match near {
            Some(_) => finding.suggest(near),
            None => finding.help(format!("alerts have {}", suggest::list(names))),
        });
        false
    }

    fn check_value(&mut self, label: &str, value: &str, at: &Place) {
        let severities = || SEVERITIES.map(Severity::as_str).into_iter();
        let known: Vec<&str> = if label == "severity" {
            severities().collect()
        } else {
            match self.known.values(label) {
                Some(values) if self.known.complete && !values.is_empty() => {
                    values.into_iter().collect()
                }
                _ => return,
            }
        };
        if known.contains(&value) {
            return;
        }
        let near = suggest::nearest(value, known.iter().copied());
        let message = format!("of no alert `{label}` is `{value}`");
        let finding = Finding::error("unknown-label-value", at.clone(), message);
        self.findings.push(match near {
            Some(_) => finding.suggest(near),
            None => finding.help(format!("it is {}", suggest::list(known))),
        });
    }

    fn check_group_by(&mut self, labels: &[String], at: &Place) {
        for (i, label) in labels.iter().enumerate() {
            let place = at.index(i);
            self.check_once(label, &labels[..i], &place);
            if label != ALL_LABELS {
                self.check_label(label, &place);
            } else if labels.len() > 1 {
                self.findings.push(Finding::error(
                    "bad-value",
                    place,
                    "`...` stands for all labels, and stands alone",
                ));
            }
        }
    }

    /// What Alertmanager refuses, and what would not be as it is written: a group is looked at once in a `group_interval`.
    fn check_times(&mut self, own: &Grouping, all: &Grouping, said: (bool, bool), at: &Place) {
        for (key, time) in [
            ("group_interval", own.group_interval),
            ("repeat_interval", own.repeat_interval),
        ] {
            if time.is_some_and(|time| time.is_zero()) {
                let message = format!("`{key}` cannot be zero");
                self.findings
                    .push(Finding::error("bad-value", at.child(key), message));
                return;
            }
        }
        let group = own
            .group_interval
            .or(all.group_interval)
            .unwrap_or_default();
        let repeat = own
            .repeat_interval
            .or(all.repeat_interval)
            .unwrap_or_default();
        let place = match said {
            (_, true) => at.child("repeat_interval"),
            (true, false) => at.child("group_interval"),
            (false, false) => return,
        };
        if repeat < group {
            self.findings.push(
                Finding::error(
                    "bad-value",
                    place,
                    format!(
                        "nothing is repeated after {}: a group is looked at every {}",
                        Time(repeat),
                        Time(group)
                    ),
                )
                .help("`repeat_interval` is at least `group_interval`"),
            );
        }
    }
}

/// Finds the routes that no alert takes.
fn find_idle(routes: &mut [Route], known: &Known<'_>) {
    for i in 0..routes.len() {
        let (before, rest) = routes.split_at_mut(i);
        let Some(route) = rest.first_mut() else {
            continue;
        };
        let mut fitting = known
            .alerts
            .iter()
            .filter(|alert| known.fits(alert, &route.matchers) > Fit::Never)
            .peekable();
        if fitting.peek().is_none() {
            route.idle = Some(Idle::NoAlert);
            continue;
        }
        // Of each alert, the route that takes it for sure before this one is asked.
        let mut takers = fitting.map(|alert| {
            before.iter().find(|earlier| {
                !earlier.goes_on && known.fits(alert, &earlier.matchers) == Fit::Always
            })
        });
        let first = takers.next().flatten().map(|taker| taker.origin.clone());
        if takers.all(|taker| taker.is_some()) {
            route.idle = first.map(Idle::TakenBefore);
        }
    }
}
