//! `kubernetes:`.

mod names;
mod secrets;

use std::collections::HashMap;

use self::names::{Kind, check_label, check_name};
use super::jobs::check_addresses;
use super::monitoring::alert_namespace;
use super::pairs;
use crate::diagnostics::{Finding, Findings};
use crate::model::Monitoring;
use crate::model::address::has_password;
use crate::model::catalogue::Catalogue;
use crate::model::kubernetes::{Deployment, Kubernetes, Probe, probe_job, slug};
use crate::model::monitoring::Rule;
use crate::model::namespace::NAMESPACE;
use crate::spec::Place;
use crate::spec::document::{self, Dict, Document, Monitor};

/// The label by which [Grafana's sidecar](https://github.com/grafana/helm-charts/tree/main/charts/grafana#sidecar-for-dashboards)
/// finds dashboards.
const DASHBOARD_LABEL: &str = "grafana_dashboard";

pub(super) fn resolve(
    document: &Document,
    catalogue: &Catalogue,
    monitoring: &Monitoring,
    findings: &mut Findings,
) -> Option<Kubernetes> {
    let written = document.kubernetes.as_ref()?.sound()?;
    let at = Place::root().child("kubernetes");
    check_service(catalogue, &at, findings);
    if let Some(namespace) = &written.namespace {
        check_name(Kind::Label, namespace, at.child("namespace"), findings);
    }
    check_labels(&written.labels, &at.child("labels"), findings);
    check_labels(&written.selector, &at.child("selector"), findings);
    let monitor = written.monitor.unwrap_or_default();
    check_required(written, monitor, &at, findings);
    let port = written.port.clone().unwrap_or_default();
    let is_healthy = document.health.is_some() || document.has_gaps;
    for (key, is_asked) in [
        ("deployment", written.deployment.is_some()),
        ("probe", written.probe.is_some()),
    ] {
        if is_asked && !is_healthy {
            findings.push(
                Finding::error(
                    "missing-key",
                    at.child(key).key(),
                    "there is no `health:` to look at",
                )
                .help("`health: {}` serves `/health/live` and `/health/ready`"),
            );
        }
    }
    let deployment = written.deployment.as_ref();
    let deployment = deployment.map(|it| deployment_of(it, &port, monitor, &at, findings));
    let probe = written.probe.as_ref();
    let probe = probe.map(|it| probe_of(it, catalogue, &at.child("probe"), findings));
    check_notify(written, catalogue, monitoring, &at, findings);
    check_objects(catalogue, monitoring, findings);
    secrets::check(
        written.secret.as_deref(),
        catalogue,
        monitoring,
        &at,
        findings,
    );
    Some(Kubernetes {
        namespace: written.namespace.clone(),
        labels: pairs(written.labels.present()),
        monitor,
        port,
        selector: pairs(written.selector.present()),
        deployment,
        probe,
        secret: written.secret.clone(),
    })
}

/// The service gives its name to objects.
fn check_service(catalogue: &Catalogue, at: &Place, findings: &mut Findings) {
    let name = &catalogue.service.name;
    if !crate::model::names::is_service_name(name) || Kind::Object.takes(name) {
        return; // the first is reported
    }
    let finding = Finding::error(
        "bad-name",
        Place::root().child("service").child("name"),
        format!("`{name}` cannot be the name of an object of Kubernetes"),
    )
    .related(at.key(), "which is asked for here");
    let near = slug(name);
    findings.push(if Kind::Object.takes(&near) {
        finding.help(format!("{}: `{near}`", Kind::Object.rule()))
    } else {
        finding.help(Kind::Object.rule())
    });
}

fn check_labels(labels: &Dict<Option<String>>, at: &Place, findings: &mut Findings) {
    for (key, value) in labels.present() {
        if key == DASHBOARD_LABEL {
            findings.push(
                Finding::error(
                    "owned-key",
                    at.child(key).key(),
                    format!("monospec sets the label `{key}` itself"),
                )
                .help("by it Grafana's sidecar knows dashboards from other objects"),
            );
        } else {
            check_label(key, value, at, findings);
        }
    }
}

/// What the operator cannot find the service without.
fn check_required(
    written: &document::KubernetesObjects,
    monitor: Monitor,
    at: &Place,
    findings: &mut Findings,
) {
    let (whose, what) = match monitor {
        Monitor::Service => ("of the Service", "the Service"),
        Monitor::Pod => ("of the pod", "the pods"),
    };
    match &written.port {
        Some(port) => {
            check_name(port_of(monitor), port, at.child("port"), findings);
        }
        None => findings.push(
            Finding::error("missing-key", at.key(), "`port` is missing").help(format!(
                "the name of the port {whose} that serves metrics, such as `port: http`"
            )),
        ),
    }
    if written.selector.present().next().is_none() {
        findings.push(
            Finding::error("missing-key", at.key(), "`selector` is missing").help(format!(
                "labels by which {what} can be told from others, such as `selector: {{ app.kubernetes.io/name: shop }}`"
            )),
        );
    }
}

/// What kind of name a port has where the operator looks for it.
fn port_of(monitor: Monitor) -> Kind {
    match monitor {
        Monitor::Service => Kind::Label,
        Monitor::Pod => Kind::Port,
    }
}

fn deployment_of(
    written: &document::Deployment,
    port: &str,
    monitor: Monitor,
    at: &Place,
    findings: &mut Findings,
) -> Deployment {
    let own = at.child("deployment");
    check_name(Kind::Object, &written.name, own.child("name"), findings);
    check_name(
        Kind::Label,
        &written.container,
        own.child("container"),
        findings,
    );
    let (of_container, place) = match &written.port {
        Some(port) => (port.as_str(), own.child("port")),
        None => (port, at.child("port")),
    };
    // What is missing, or cannot be a port at all, is reported.
    if written.port.is_some() || port_of(monitor).takes(of_container) {
        check_name(Kind::Port, of_container, place, findings);
    }
    Deployment {
        name: written.name.clone(),
        container: written.container.clone(),
        port: of_container.to_owned(),
        is_scraped: of_container == port,
    }
}

fn probe_of(
    written: &document::Probe,
    catalogue: &Catalogue,
    at: &Place,
    findings: &mut Findings,
) -> Probe {
    let job = probe_job(&catalogue.service.name);
    if let Some(other) = catalogue
        .jobs
        .iter()
        .skip(1)
        .find(|other| other.name == job)
        && other.scrape.is_some()
    {
        findings.push(
            Finding::error(
                "name-collision",
                at.key(),
                format!("the probe's job is called `{job}`, as is that of an exporter"),
            )
            .related(other.origin.key(), "this one")
            .help("without targets of its own, the exporter would name the probe's metrics"),
        );
    }
    check_addresses(
        std::slice::from_ref(&written.prober),
        "the blackbox exporter's `/probe` goes without saying",
        &at.child("prober"),
        findings,
    );
    if written.targets.is_empty() {
        findings.push(Finding::error(
            "bad-value",
            at.child("targets"),
            "the list of targets is empty",
        ));
    }
    for (i, target) in written.targets.iter().enumerate() {
        let at = at.child("targets").index(i);
        let host = ["http://", "https://"]
            .iter()
            .find_map(|scheme| target.strip_prefix(scheme));
        let is_base = host.is_some_and(|host| {
            !host.trim_end_matches('/').is_empty()
                && !host.contains(|c: char| c.is_whitespace() || c.is_control() || "?#".contains(c))
        });
        if has_password(target) {
            findings.push(Finding::error(
                "inline-secret",
                at,
                "the address holds a password, readable in the spec and in its artefacts",
            ));
        } else if !is_base {
            findings.push(
                Finding::error(
                    "bad-value",
                    at,
                    format!("`{target}` is not where a service is reached"),
                )
                .help("such as `https://shop.example.com`; the paths of `health:` are added"),
            );
        } else if written.targets[..i].contains(target) {
            findings.push(Finding::error(
                "duplicate-value",
                at,
                format!("`{target}` is listed twice"),
            ));
        }
    }
    let base = |target: &String| target.trim_end_matches('/').to_owned();
    Probe {
        job,
        prober: written.prober.clone(),
        targets: written.targets.iter().map(base).collect(),
    }
}

/// The operator hands an AlertmanagerConfig only alerts that have its namespace as a label.
fn check_notify(
    written: &document::KubernetesObjects,
    catalogue: &Catalogue,
    monitoring: &Monitoring,
    at: &Place,
    findings: &mut Findings,
) {
    let Some(notify) = monitoring
        .notify
        .as_ref()
        .filter(|_| written.namespace.is_none())
    else {
        return;
    };
    let of_objectives = monitoring.slos.iter().map(|slo| &slo.alert);
    let mut alerts = monitoring.alerts.iter().chain(of_objectives);
    let is_kept = |rule: &Rule| alert_namespace::is_kept(&rule.query, catalogue);
    let without = alerts.find(|alert| !alert.rules.iter().all(is_kept));
    if without.is_none() && catalogue.service.keeps(NAMESPACE) {
        return;
    }
    let mut finding = Finding::error("missing-key", at.key(), "`namespace` is missing")
        .related(notify.origin.key(), "this becomes an AlertmanagerConfig");
    if let Some(alert) = without.filter(|_| catalogue.service.keeps(NAMESPACE)) {
        finding = finding.related(
            alert.origin.key(),
            "this has it from no target of the service",
        );
    }
    findings.push(
        finding.help("the operator hands that only alerts whose label `namespace` is its own"),
    );
}

/// Objects of a kind need different names.
fn check_objects(catalogue: &Catalogue, monitoring: &Monitoring, findings: &mut Findings) {
    let scraped = catalogue
        .jobs
        .iter()
        .skip(1)
        .filter(|job| job.scrape.is_some());
    let exporters = scraped.map(|job| (job.name.as_str(), job.origin.key()));
    let dashboards = monitoring.dashboards.iter();
    let dashboards = dashboards.map(|it| (it.key.as_str(), it.origin.key()));
    distinct(exporters.collect(), catalogue, findings);
    distinct(dashboards.collect(), catalogue, findings);
}

fn distinct(names: Vec<(&str, Place)>, catalogue: &Catalogue, findings: &mut Findings) {
    let mut known: HashMap<String, Place> = HashMap::new();
    for (name, at) in names {
        let object = slug(name);
        let whole = format!("{}-{object}", slug(&catalogue.service.name));
        if object.is_empty() || !Kind::Object.takes(&whole) {
            findings.push(
                Finding::error(
                    "bad-name",
                    at,
                    format!("`{name}` gives no name to an object of Kubernetes"),
                )
                .help(Kind::Object.rule()),
            );
        } else if let Some(first) = known.insert(whole.clone(), at.clone()) {
            findings.push(
                Finding::error(
                    "name-collision",
                    at,
                    format!("two objects of Kubernetes are called `{whole}`"),
                )
                .label("this one")
                .related(first, "and this one")
                .help("rename one"),
            );
        }
    }
}
