//! `unqualified-host`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::Discovery;
use crate::model::kubernetes::Kubernetes;
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// The name of a Service alone is looked up
/// [in the namespace of the pod that asks](https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services),
/// and that is Prometheus'.
pub(super) const LINT: Lint = Lint {
    name: "unqualified-host",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let Some(kubernetes) = &model.kubernetes else {
        return;
    };
    for job in model.catalogue.jobs.iter().skip(1) {
        let discovery = job.scrape.as_ref().map(|scrape| &scrape.discovery);
        if let Some(Discovery::Static(targets)) = discovery {
            let at = job.origin.child("targets");
            for (i, target) in targets.iter().enumerate() {
                check_address(target, at.index(i), kubernetes, reporter);
            }
        }
    }
    if let Some(probe) = &kubernetes.probe {
        let at = Place::root().child("kubernetes").child("probe");
        check_address(&probe.prober, at.child("prober"), kubernetes, reporter);
    }
}

fn check_address(address: &str, at: Place, kubernetes: &Kubernetes, reporter: &mut Reporter<'_>) {
    let (host, port) = address.split_once(':').unwrap_or((address, ""));
    let is_address = !address.contains(|c: char| c == '/' || c.is_whitespace());
    if host.is_empty() || host.contains('.') || host.starts_with('[') || !is_address {
        return; // what is no address is reported
    }
    let namespace = kubernetes.namespace.as_deref().unwrap_or("its-namespace");
    let port = match port {
        "" => String::new(),
        port => format!(":{port}"),
    };
    let help = match host {
        "localhost" => {
            "an exporter beside the service is found by `kubernetes: { role: pod }`".to_owned()
        }
        host => format!("of a Service the whole name is `{host}.{namespace}.svc{port}`"),
    };
    reporter.report(
        at,
        format!("`{host}` is looked for where Prometheus runs"),
        &help,
    );
}
