//! `dashboards:`: which panels there are, what each is called and shows.

use std::collections::HashMap;

use super::comparisons;
use super::default_dashboard;
use super::plans::{PanelPlan, Plan, Plans, RowPlan, Shown, description, panel_id, row_id, uid};
use super::signals::{self, Signals};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Catalogue, Labels, Source};
use crate::model::interpolation::references;
use crate::model::monitoring::{PanelType, Variable};
use crate::model::names;
use crate::model::signal::Signal;
use crate::spec::Place;
use crate::spec::document::{Dashboard, Document, Panel, Row};
use crate::suggest;

/// Columns of a dashboard.
const COLUMNS: u32 = 24;

/// Series that a panel shows where a label is open, unless the spec says otherwise.
const TOP: u32 = 10;

/// Labels that a dashboard lets one choose anyway.
const STANDARD_VARIABLES: &[&str] = &["job", "instance", "datasource"];

pub(super) fn plan(
    document: &Document,
    environment: Option<&str>,
    catalogue: &Catalogue,
    signals: &Signals<'_>,
    findings: &mut Findings,
) -> Plans {
    let uid = |key: &str| uid(&catalogue.service.name, environment, key);
    let planner = Planner { catalogue, signals };
    if document.dashboards.is_empty() {
        let plan = default_dashboard::plan(document, uid, catalogue, signals);
        return Plans::new(vec![plan], Vec::new());
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
        let plan = planner.dashboard(key, uid(key), written, &at, findings);
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
    Plans::new(dashboards, failed.map(str::to_owned).collect())
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

/// Grafana puts what is chosen in the place of a variable, and in a title nothing keeps it from that. Names of its own
/// [begin with two underscores](https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#global-variables).
/// The title of a dashboard is left as it is.
fn check_variables(title: &str, variables: &[String], at: &Place, findings: &mut Findings) {
    let at = at.child("title");
    for found in references(title) {
        let name = found.name;
        let known = STANDARD_VARIABLES.contains(&name) || variables.iter().any(|v| v == name);
        let is_global = name.starts_with("__") && name.contains(|c| c != '_');
        if known || is_global {
            findings.push(
                Finding::error(
                    "bad-value",
                    at.within(found.range.clone()),
                    format!(
                        "Grafana would not show `{}`, but what its variable `{name}` stands for",
                        &title[found.range]
                    ),
                )
                .help(format!(
                    "write `{name}`; in the description of a panel it stays as it is"
                )),
            );
        }
    }
}

pub(super) struct Planner<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) signals: &'a Signals<'a>,
}

impl Planner<'_> {
    fn dashboard(
        &self,
        key: &str,
        uid: String,
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
            check_variables(&row.title, &written.variables, &at, findings);
            let panels = self.row(key, row, &at, &mut taken, &mut ids, findings);
            for (p, panel) in row.panels.iter().enumerate() {
                if let Some(panel) = panel.sound() {
                    let at = at.child("panels").index(p);
                    check_variables(&panel.title, &written.variables, &at, findings);
                }
            }
            incomplete |= panels.len() < row.panels.len();
            rows.push(RowPlan {
                title: row.title.clone(),
                id: row_id(key, r, &row.title),
                collapsed: false,
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
            uid,
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
            shown => {
                let (beside, kind) = match shown {
                    Shown::Heatmap(_) => ("`type: heatmap`", None),
                    _ => ("`show`", panel.kind),
                };
                for (word, there) in [
                    ("by", !panel.by.is_empty()),
                    ("top", panel.top.is_some()),
                    ("type", kind.is_some()),
                ] {
                    if there {
                        findings.push(Finding::error(
                            "conflicting-keys",
                            at.child(word).key(),
                            format!("`{word}` has no meaning beside {beside}"),
                        ));
                    }
                }
                false
            }
        };
        let kind = panel.kind.unwrap_or(PanelType::Timeseries);
        let top = panel.top.or(open.then_some(TOP));
        let shown = match shown {
            Shown::Signals(mut signals)
                if kind == PanelType::Timeseries && top.is_none() && panel.by.is_empty() =>
            {
                self.add_limits(&mut signals);
                Shown::Signals(signals)
            }
            shown => shown,
        };
        Some(PanelPlan {
            key,
            id,
            title: panel.title.clone(),
            description: panel.description.clone(),
            shown,
            kind,
            stacked: false,
            by: panel.by.clone(),
            top,
            width: panel.width,
            height: panel.height,
            origin: at,
        })
    }

    /// Puts the gauges beside the signals that tell how large those can get: a line that moves, where a number is the end of the scale.
    fn add_limits(&self, signals: &mut Vec<Signal>) {
        for i in 0..signals.len() {
            let Some(limit) = comparisons::capacity(&signals[i], self.catalogue)
                .filter(|_| signals[i].keeps_series())
            else {
                continue;
            };
            if !signals
                .iter()
                .any(|other| other.selection() == limit.selection())
            {
                signals.push(limit);
            }
        }
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
