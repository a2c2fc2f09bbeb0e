//! `dashboards:`: which panels there are, what each is called and shows.

use std::collections::HashMap;

use super::default_dashboard;
use super::signals::{self, Signals};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Catalogue, Labels, Service, Source};
use crate::model::monitoring::{PanelType, Variable};
use crate::model::signal::Signal;
use crate::model::{names, stable_hash};
use crate::spec::Place;
use crate::spec::document::{Dashboard, Document, Panel, Row, Show};
use crate::suggest;

/// The longest uid that [Grafana takes](https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/#identifier-id-vs-unique-identifier-uid).
const MAX_UID: usize = 40;

/// Columns of a dashboard.
const COLUMNS: u32 = 24;

/// Series that a panel shows where a label is open, unless the spec says otherwise.
const TOP: u32 = 10;

/// Labels that a dashboard lets one choose anyway.
const STANDARD_VARIABLES: &[&str] = &["job", "instance", "datasource"];

/// Every dashboard before its queries are written: alerts link to panels, and panels draw the thresholds of alerts.
#[derive(Debug, Default)]
pub(super) struct Plans {
    pub(super) dashboards: Vec<Plan>,
    /// Keys of those that could not be decoded.
    failed: Vec<String>,
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
    pub(super) by: Vec<String>,
    pub(super) top: Option<u32>,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    pub(super) origin: Place,
}

/// What a panel shows.
#[derive(Debug)]
pub(super) enum Shown {
    Signals(Vec<Signal>),
    Flags(Signal),
    Health(Signal),
    Alerts,
}

pub(super) fn plan(
    document: &Document,
    catalogue: &Catalogue,
    signals: &Signals<'_>,
    findings: &mut Findings,
) -> Plans {
    let planner = Planner { catalogue, signals };
    if document.dashboards.is_empty() {
        return Plans {
            dashboards: default_dashboard::plan(catalogue, signals),
            ..Plans::default()
        };
    }
    let mut uids: HashMap<String, Place> = HashMap::new();
    let mut dashboards = Vec::new();
    for (key, written) in document.dashboards.iter() {
        let at = Place::root().child("dashboards").child(key);
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if key.is_empty() || !key.chars().all(valid) {
            findings.push(
                Finding::error(
                    "bad-name",
                    at.key(),
                    format!("`{key}` cannot be the key of a dashboard"),
                )
                .help("it names a file: letters, digits, `-` and `_`"),
            );
        }
        let plan = planner.dashboard(key, written, &at, findings);
        // Files and uids that differ in case only are the same in many places.
        if let Some(first) = uids.insert(key.to_lowercase(), at.key()) {
            findings.push(
                Finding::error(
                    "name-collision",
                    at.key(),
                    format!("two dashboards are called `{}`", key.to_lowercase()),
                )
                .related(first, "the other one")
                .help("rename one"),
            );
        }
        dashboards.push(plan);
    }
    let failed = document.dashboards.failed();
    Plans {
        dashboards,
        failed: failed.map(str::to_owned).collect(),
    }
}

/// Of a dashboard that says nothing of itself.
pub(super) fn description(service: &Service) -> String {
    match &service.description {
        Some(description) if !description.is_empty() => description.clone(),
        _ => format!("The monitoring of {}.", service.name),
    }
}

/// Stable, unique in a Grafana that holds several services, and readable while it is short enough.
pub(super) fn uid(service: &str, key: &str) -> String {
    let uid: String = format!("{service}-{key}")
        .chars()
        .map(|c| if c == '.' { '_' } else { c })
        .collect();
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

/// Whatever is without a title cannot be told from the next.
fn check_title(title: &str, at: &Place, findings: &mut Findings) {
    if title.trim().is_empty() {
        findings.push(Finding::error(
            "bad-value",
            at.child("title"),
            "the title is empty",
        ));
    }
}

struct Planner<'a> {
    catalogue: &'a Catalogue,
    signals: &'a Signals<'a>,
}

impl Planner<'_> {
    fn dashboard(
        &self,
        key: &str,
        written: &Dashboard,
        at: &Place,
        findings: &mut Findings,
    ) -> Plan {
        let mut taken: HashMap<String, Place> = HashMap::new();
        let mut ids: HashMap<u32, Place> = HashMap::new();
        let mut rows = Vec::new();
        let mut incomplete = false;
        check_title(&written.title, at, findings);
        for (r, row) in written.rows.iter().enumerate() {
            let Some(row) = row.sound() else {
                incomplete = true;
                continue;
            };
            let at = at.child("rows").index(r);
            check_title(&row.title, &at, findings);
            let panels = self.row(key, row, &at, &mut taken, &mut ids, findings);
            incomplete |= panels.len() < row.panels.len();
            rows.push(RowPlan {
                title: row.title.clone(),
                id: row_id(key, r, &row.title),
                panels,
            });
        }
        if written.rows.is_empty() {
            findings.push(
                Finding::error(
                    "bad-value",
                    at.child("rows").key(),
                    "the dashboard is empty",
                )
                .help("leave `dashboards:` out, and one is made from the metrics"),
            );
        }
        Plan {
            key: key.to_owned(),
            uid: uid(&self.catalogue.service.name, key),
            title: written.title.clone(),
            description: match &written.description {
                Some(description) if !description.is_empty() => description.clone(),
                _ => description(&self.catalogue.service),
            },
            variables: self.variables(&written.variables, &at.child("variables"), findings),
            rows,
            incomplete,
            origin: at.clone(),
        }
    }

    fn row(
        &self,
        dashboard: &str,
        row: &Row,
        at: &Place,
        taken: &mut HashMap<String, Place>,
        ids: &mut HashMap<u32, Place>,
        findings: &mut Findings,
    ) -> Vec<PanelPlan> {
        let mut panels = Vec::new();
        for (p, panel) in row.panels.iter().enumerate() {
            let Some(panel) = panel.sound() else { continue };
            let at = at.child("panels").index(p);
            let (key, key_at) = match &panel.key {
                Some(key) => (key.clone(), at.child("key")),
                None => (names::slug(&panel.title), at.child("title")),
            };
            let id = panel_id(dashboard, &key);
            if key.is_empty() || key.contains('/') {
                findings.push(
                    Finding::error(
                        "bad-name",
                        key_at.clone(),
                        format!("`{key}` cannot be the key of a panel"),
                    )
                    .help("give it one: `key: requests`"),
                );
            } else if let Some(first) = taken.insert(key.clone(), key_at.clone()) {
                findings.push(
                    Finding::error(
                        "name-collision",
                        key_at,
                        format!("two panels of this dashboard are called `{key}`"),
                    )
                    .related(first, "the other one")
                    .help("give one of them another `key:`"),
                );
            } else if let Some(first) = ids.insert(id, key_at.clone()) {
                findings.push(
                    Finding::error(
                        "name-collision",
                        key_at,
                        "two panels of this dashboard would have the same id",
                    )
                    .related(first, "the other one")
                    .help("give one of them another `key:`"),
                );
            }
            if let Some(plan) = self.panel(key, id, panel, at, findings) {
                panels.push(plan);
            }
        }
        panels
    }

    fn panel(
        &self,
        key: String,
        id: u32,
        panel: &Panel,
        at: Place,
        findings: &mut Findings,
    ) -> Option<PanelPlan> {
        if panel
            .width
            .is_some_and(|width| !(1..=COLUMNS).contains(&width))
        {
            findings.push(Finding::error(
                "bad-value",
                at.child("width"),
                format!("a panel is 1 to {COLUMNS} columns wide"),
            ));
        }
        if panel
            .height
            .is_some_and(|height| !(1..=100).contains(&height))
        {
            findings.push(Finding::error(
                "bad-value",
                at.child("height"),
                "a panel is 1 to 100 rows high",
            ));
        }
        if panel.top == Some(0) {
            findings.push(Finding::error(
                "bad-value",
                at.child("top"),
                "the greatest 0 series are none",
            ));
        }
        check_title(&panel.title, &at, findings);
        let shown = self.shown(panel, &at, findings)?;
        let open = match &shown {
            Shown::Signals(signals) => {
                let kept = |s: &Signal| [s.by.as_slice(), panel.by.as_slice()].concat();
                signals
                    .iter()
                    .any(|s| signals::has_open_label(s, &kept(s), self.catalogue))
            }
            _ => {
                for (word, there) in [
                    ("by", !panel.by.is_empty()),
                    ("top", panel.top.is_some()),
                    ("type", panel.kind.is_some()),
                ] {
                    if there {
                        findings.push(Finding::error(
                            "conflicting-keys",
                            at.child(word).key(),
                            format!("`{word}` has no meaning beside `show`"),
                        ));
                    }
                }
                false
            }
        };
        Some(PanelPlan {
            key,
            id,
            title: panel.title.clone(),
            description: panel.description.clone(),
            shown,
            kind: panel.kind.unwrap_or(PanelType::Timeseries),
            by: panel.by.clone(),
            top: panel.top.or(open.then_some(TOP)),
            width: panel.width,
            height: panel.height,
            origin: at,
        })
    }

    fn shown(&self, panel: &Panel, at: &Place, findings: &mut Findings) -> Option<Shown> {
        let written = [
            ("signal", panel.signal.is_some()),
            ("signals", panel.signals.is_some()),
            ("show", panel.show.is_some()),
        ];
        let mut there = written
            .iter()
            .filter(|(_, there)| *there)
            .map(|(key, _)| *key);
        let Some(first) = there.next() else {
            findings.push(Finding::error(
                "missing-key",
                at.clone(),
                "one of `signal`, `signals` and `show` is missing",
            ));
            return None;
        };
        if let Some(second) = there.next() {
            findings.push(
                Finding::error(
                    "conflicting-keys",
                    at.child(second).key(),
                    format!("`{second}` and `{first}` exclude each other"),
                )
                .related(at.child(first).key(), "the other one"),
            );
            return None;
        }
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

    fn ready_made(&self, show: Show, at: &Place, findings: &mut Findings) -> Option<Shown> {
        let (signal, section) = match show {
            Show::Alerts => return Some(Shown::Alerts),
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

    /// Whether a metric of the service, or its labels, are missing because of a finding.
    fn labels_are_missing(&self) -> bool {
        let document = self.signals.reader.document;
        document.metrics.failed().next().is_some()
            || self
                .catalogue
                .generated()
                .any(|metric| matches!(metric.labels, Labels::Any))
    }

    fn variables(&self, labels: &[String], at: &Place, findings: &mut Findings) -> Vec<Variable> {
        let mut variables: Vec<Variable> = Vec::new();
        for (i, label) in labels.iter().enumerate() {
            let at = at.index(i);
            if STANDARD_VARIABLES.contains(&label.as_str()) {
                findings.push(Finding::error(
                    "duplicate-value",
                    at,
                    format!("`{label}` can be chosen anyway"),
                ));
                continue;
            }
            if variables.iter().any(|v| v.label == *label) {
                findings.push(Finding::error(
                    "duplicate-value",
                    at,
                    format!("`{label}` is listed twice"),
                ));
                continue;
            }
            let own = self
                .catalogue
                .metrics
                .iter()
                .filter(|m| m.source != Source::Exporter);
            let has = |m: &&crate::model::catalogue::Metric| {
                m.labels.known().iter().any(|l| l.name == *label)
            };
            match own.clone().find(has) {
                Some(metric) => variables.push(Variable {
                    label: label.clone(),
                    metric: metric.name.clone(),
                }),
                // Of what failed nobody knows the labels.
                None if self.labels_are_missing() => {}
                None => {
                    let known = own.flat_map(|m| m.labels.known()).map(|l| l.name.as_str());
                    findings.push(
                        Finding::error(
                            "unknown-label",
                            at,
                            format!("no metric of the service has a label `{label}`"),
                        )
                        .suggest(suggest::nearest(label, known)),
                    );
                }
            }
        }
        variables
    }
}

impl Plans {
    fn panels(&self) -> impl Iterator<Item = (&Plan, &PanelPlan)> {
        self.dashboards.iter().flat_map(|plan| {
            plan.rows
                .iter()
                .flat_map(move |row| row.panels.iter().map(move |panel| (plan, panel)))
        })
    }

    /// The first panel that shows a signal: its dashboard's uid and its id.
    pub(super) fn showing(&self, signal: &str) -> Option<(String, u32)> {
        self.panels()
            .find(|(_, panel)| match &panel.shown {
                Shown::Signals(signals) => signals.iter().any(|s| s.name == signal),
                Shown::Flags(_) => matches!(signal, "flag_status" | "flag_changes"),
                Shown::Health(_) => signal == "health_status",
                Shown::Alerts => false,
            })
            .map(|(plan, panel)| (plan.uid.clone(), panel.id))
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
