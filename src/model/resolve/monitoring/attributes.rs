//! Labels and annotations: those that every alert has, those of `alert_defaults:`, and its own.

use super::templates;
use super::texts::{self, Facts};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Service;
use crate::model::names;
use crate::model::namespace::NAMESPACE;
use crate::spec::Place;
use crate::spec::document::{AlertDefaults, Dict, Severity};

/// Labels of alerts that the compiler sets.
const OWNED_LABELS: &[&str] = &["alertname", "service", "team", "severity"];

/// Annotations of alerts that the compiler sets.
const OWNED_ANNOTATIONS: &[&str] = &[
    "summary",
    "description",
    "runbook_url",
    "dashboard_url",
    "__dashboardUid__",
    "__panelId__",
];

/// Labels or annotations, in the order in which they are written.
type Pairs = Vec<(String, String)>;

/// What one alert says of itself.
pub(super) struct Own<'a> {
    pub(super) alert: &'a str,
    pub(super) severity: Severity,
    /// Where its series do not have it.
    pub(super) namespace: Option<&'a str>,
    /// Expanded.
    pub(super) summary: String,
    /// Expanded.
    pub(super) description: Option<String>,
    pub(super) runbook_url: Option<&'a String>,
    pub(super) link: Option<&'a Link>,
    pub(super) labels: &'a Dict<Option<String>>,
    pub(super) annotations: &'a Dict<Option<String>>,
    pub(super) at: &'a Place,
}

/// All labels, and all annotations.
pub(super) fn of(
    own: Own<'_>,
    service: &Service,
    environment: Option<&str>,
    defaults: &AlertDefaults,
    facts: &Facts<'_>,
    findings: &mut Findings,
) -> (Pairs, Pairs) {
    let mut labels = vec![("service".to_owned(), service.name.clone())];
    if let Some(team) = &service.owner {
        labels.push(("team".to_owned(), templates::literal(team)));
    }
    labels.push(("severity".to_owned(), own.severity.as_str().to_owned()));
    if let Some(namespace) = own.namespace {
        labels.push((NAMESPACE.to_owned(), namespace.to_owned()));
    }

    let mut annotations = vec![("summary".to_owned(), own.summary)];
    annotations.extend(own.description.map(|text| ("description".to_owned(), text)));
    let runbook = own
        .runbook_url
        .map(|url| (url, own.at.child("runbook_url")));
    let shared = service
        .runbook_url
        .as_ref()
        .map(|url| (url, Place::root().child("service").child("runbook_url")));
    if let Some((url, at)) = runbook.or(shared) {
        // A page is found by whose it is: thresholds change, and it stays.
        let facts = Facts {
            words: vec![
                ("alert", Some(own.alert.to_owned())),
                ("environment", environment.map(str::to_owned)),
            ],
            ..*facts
        };
        let url = texts::expand(url, &facts, &at, findings);
        annotations.push(("runbook_url".to_owned(), url));
    }
    if let Some(link) = own.link {
        annotations.extend(link.annotations(service.grafana_url.as_deref()));
    }
    let mut expand = |text: &str, at: Place| texts::expand(text, facts, &at, findings);
    let defaults_at = Place::root().child("alert_defaults");
    for (dict, at) in [
        (&defaults.annotations, defaults_at.child("annotations")),
        (own.annotations, own.at.child("annotations")),
    ] {
        for (key, text) in dict.present() {
            set(&mut annotations, key, expand(text, at.child(key)));
        }
    }
    for (dict, at) in [
        (&defaults.labels, defaults_at.child("labels")),
        (own.labels, own.at.child("labels")),
    ] {
        for (key, text) in dict.present() {
            set(&mut labels, key, expand(text, at.child(key)));
        }
    }
    (labels, annotations)
}

fn set(pairs: &mut Pairs, key: &str, value: String) {
    match pairs.iter_mut().find(|(known, _)| known == key) {
        Some((_, known)) => *known = value,
        None => pairs.push((key.to_owned(), value)),
    }
}

/// A panel of a dashboard.
pub(super) struct Link {
    pub(super) uid: String,
    pub(super) panel: u32,
}

impl Link {
    /// [Grafana reads the last two](https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rules/annotation-label/)
    /// together.
    fn annotations(&self, grafana_url: Option<&str>) -> Pairs {
        let mut annotations = Vec::new();
        if let Some(url) = grafana_url {
            let url = templates::literal(url);
            let url = format!("{url}/d/{}?viewPanel={}", self.uid, self.panel);
            annotations.push(("dashboard_url".to_owned(), url));
        }
        annotations.push(("__dashboardUid__".to_owned(), self.uid.clone()));
        annotations.push(("__panelId__".to_owned(), self.panel.to_string()));
        annotations
    }
}

/// Reports names that the compiler sets, and those that Prometheus does not take.
pub(super) fn check_owned(
    labels: &Dict<Option<String>>,
    annotations: &Dict<Option<String>>,
    at: &Place,
    findings: &mut Findings,
) {
    for (key, dict, owned_names, what) in [
        ("labels", labels, OWNED_LABELS, "label"),
        ("annotations", annotations, OWNED_ANNOTATIONS, "annotation"),
    ] {
        for (name, _) in dict.iter() {
            let at = at.child(key).child(name);
            if owned_names.contains(&name) {
                findings.push(owned(&at, what, name));
            } else if !names::is_label_name(name) {
                findings.push(Finding::error(
                    "bad-name",
                    at.key(),
                    format!("`{name}` cannot be the name of a {what}"),
                ));
            }
        }
    }
}

/// A name that the compiler sets.
pub(super) fn owned(at: &Place, what: &str, name: &str) -> Finding {
    Finding::error(
        "owned-key",
        at.key(),
        format!("monospec sets the {what} `{name}` itself"),
    )
}
