//! From the document to the model: references are resolved, rules applied, and everything that is wrong found in one run.
//!
//! Parts that failed to decode are left out; their names stay known, so that nothing is reported as a consequence.

#[cfg(feature = "monitoring")]
mod environments;
mod flags;
mod health;
mod http;
#[cfg(feature = "monitoring")]
mod jobs;
#[cfg(feature = "monitoring")]
mod kubernetes;
mod labels;
mod limits;
mod metric_labels;
mod metrics;
mod metrics_path;
#[cfg(feature = "monitoring")]
mod monitoring;
#[cfg(feature = "monitoring")]
mod namespaces;
#[cfg(feature = "monitoring")]
mod outputs;
#[cfg(feature = "monitoring")]
mod ports;
mod runtime_metrics;
mod rust_names;
#[cfg(feature = "monitoring")]
mod server;

#[cfg(feature = "monitoring")]
pub(crate) use self::environments::check as check_environments;
#[cfg(feature = "monitoring")]
pub(crate) use self::namespaces::check as check_namespaces;
use super::Model;
#[cfg(not(feature = "monitoring"))]
use super::catalogue::Server;
use super::catalogue::{Catalogue, Service};
use super::names;
use crate::artifacts::Mark;
use crate::diagnostics::{Finding, Findings};
#[cfg(feature = "monitoring")]
use crate::spec::Locator;
use crate::spec::document::{Dict, Document, Entry};
use crate::spec::{Place, Spec};

/// Resolves a spec. Nothing comes back if the file is no YAML mapping; otherwise the findings tell whether the model holds.
pub(crate) fn resolve(spec: &Spec, mark: Mark, findings: &mut Findings) -> Option<Model> {
    let document = spec.document()?;
    let mut found = Findings::default();
    let catalogue = catalogue(document, &mut found);
    #[cfg(feature = "monitoring")]
    let catalogue = {
        let mut catalogue = catalogue;
        namespaces::resolve(document, &mut catalogue);
        ports::resolve(document, &mut catalogue);
        catalogue
    };
    #[cfg(feature = "monitoring")]
    let environment = spec.environment().map(|e| e.name.as_str());
    #[cfg(feature = "monitoring")]
    let monitoring = monitoring::resolve(document, environment, &catalogue, &mut found);
    let model = Model {
        #[cfg(feature = "monitoring")]
        environment: environment.map(str::to_owned),
        #[cfg(feature = "monitoring")]
        outputs: outputs::resolve(document, spec.environment(), &mut found),
        #[cfg(feature = "monitoring")]
        kubernetes: kubernetes::resolve(document, &catalogue, &monitoring, &mut found),
        #[cfg(feature = "monitoring")]
        monitoring,
        catalogue,
        mark,
    };
    if document.has_gaps {
        found.retain(|finding| !REFERENCES.contains(&finding.code));
    }
    #[cfg(feature = "monitoring")]
    if let Some(environment) = spec.environment() {
        let mut locator = Locator::new(spec);
        found.change(|finding| {
            if finding.code == "conflicting-keys"
                && environment.wrote(&locator.locate(&finding.place))
            {
                environments::advise(finding);
            }
        });
    }
    findings.extend(found.into_iter());
    Some(model)
}

/// Findings of what is used and nowhere declared: where a part of the spec could not be read, it may be declared there.
const REFERENCES: &[&str] = &[
    "unknown-job",
    "unknown-metric",
    "unknown-signal",
    "unknown-label",
    "unknown-panel",
];

fn catalogue(document: &Document, findings: &mut Findings) -> Catalogue {
    let service = service(document, findings);
    #[cfg(feature = "monitoring")]
    let (server, jobs) = {
        let server = server::resolve(document, findings);
        let jobs = jobs::resolve(document, &service, findings);
        server::check_discovery(&server, &jobs, findings);
        (server, jobs)
    };
    #[cfg(not(feature = "monitoring"))]
    let (server, jobs) = (
        Server::default(),
        vec![metrics_path::job(document, &service, findings)],
    );
    let shared = labels::shared(document, findings);
    let mut metrics = metrics::resolve(document, &shared, &jobs, findings);
    let flags = flags::resolve(document, findings);
    let health = health::resolve(document, findings);
    let runtime = runtime_metrics::of(metrics.own(), &flags, health.as_ref());
    metrics.insert_runtime(runtime, findings);
    let (metrics, names) = metrics.finish(findings);
    let mut catalogue = Catalogue {
        service,
        jobs,
        metrics,
        http: None,
        flags,
        health,
        server,
        names,
    };
    limits::check(&catalogue, document, findings);
    catalogue.http = http::resolve(document, &catalogue, findings);
    catalogue
}

fn service(document: &Document, findings: &mut Findings) -> Service {
    let at = Place::root().child("service");
    let mut unheard = Findings::default();
    let nobody = crate::spec::document::Service::default();
    let (service, findings) = match &document.service {
        Entry::Sound(service) => (service, findings),
        // Reported already; what follows takes what is left.
        Entry::Doubtful { value, .. } => (value, &mut unheard),
        Entry::Lost => (&nobody, &mut unheard),
    };
    if !names::is_service_name(&service.name) {
        findings.push(
            Finding::error(
                "bad-name",
                at.child("name"),
                format!("`{}` cannot be the name of a service", service.name),
            )
            .help("it names a job, files and objects: letters, digits, `-`, `_` and `.`, a letter or digit first"),
        );
    }
    // What is named by it would have no name, which nobody wrote.
    let is_lost = service.name.is_empty() && !matches!(document.service, Entry::Sound(_));
    let name = if is_lost { "service" } else { &service.name };
    let identity = service
        .identity
        .clone()
        .unwrap_or_else(|| vec!["job".to_owned()]);
    for (i, label) in identity.iter().enumerate() {
        let at = at.child("identity").index(i);
        if !names::is_label_name(label) {
            findings.push(bad_label_name(at, label));
        } else if identity[..i].contains(label) {
            findings.push(Finding::error(
                "duplicate-value",
                at,
                format!("`{label}` is listed twice"),
            ));
        }
    }
    if !identity.iter().any(|label| label == "job") {
        findings.push(
            Finding::error(
                "bad-value",
                at.child("identity"),
                "the identity has to contain `job`",
            )
            .help("without it, series of other services would be added up with this one's"),
        );
    }
    Service {
        name: name.to_owned(),
        description: service.description.clone(),
        owner: service.owner.clone(),
        runbook_url: service.runbook_url.clone(),
        grafana_url: service
            .grafana_url
            .as_deref()
            .map(|url| url.trim_end_matches('/').to_owned()),
        #[cfg(feature = "monitoring")]
        namespace: document
            .kubernetes
            .as_ref()
            .and_then(|kubernetes| kubernetes.sound()?.namespace.clone()),
        #[cfg(not(feature = "monitoring"))]
        namespace: None,
        identity,
    }
}

/// The pairs of a dictionary.
#[cfg(feature = "monitoring")]
fn pairs<'d, T: Clone + 'd>(entries: impl Iterator<Item = (&'d str, &'d T)>) -> Vec<(String, T)> {
    entries
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect()
}

/// The names of a dictionary.
fn names_of<T>(dict: &Dict<T>) -> Vec<String> {
    dict.iter().map(|(name, _)| name.to_owned()).collect()
}

/// The one key that is written of several that exclude each other.
#[cfg(feature = "monitoring")]
fn exactly_one<'k>(
    keys: &[(&'k str, bool)],
    at: &Place,
    findings: &mut Findings,
) -> Option<&'k str> {
    let mut written = keys.iter().filter(|(_, there)| *there).map(|(key, _)| *key);
    match (written.next(), written.next()) {
        (Some(one), None) => Some(one),
        (Some(first), Some(second)) => {
            findings.push(
                Finding::error(
                    "conflicting-keys",
                    at.child(second).key(),
                    format!("`{second}` and `{first}` exclude each other"),
                )
                .related(at.child(first).key(), "the other one"),
            );
            None
        }
        _ => {
            let keys = keys.iter().map(|(key, _)| *key);
            findings.push(Finding::error(
                "missing-key",
                at.key(),
                format!("one of {} is missing", crate::suggest::list(keys)),
            ));
            None
        }
    }
}

fn bad_label_name(at: Place, name: &str) -> Finding {
    Finding::error(
        "bad-name",
        at,
        format!("`{name}` cannot be the name of a label"),
    )
    .help("letters, digits and `_`, no digit first")
}

/// Two things that were given the same name in the generated code or in the exposition.
fn collision(at: Place, first: &Place, what: &str, name: &str, help: &str) -> Finding {
    Finding::error(
        "name-collision",
        at,
        format!("two {what} are called `{name}`"),
    )
    .label("this one")
    .related(first.clone(), "and this one")
    .help(help)
}
