//! `unqualified-host`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::Discovery;
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

/// Who looks for a host.
#[derive(Clone, Copy)]
struct Asker {
    name: &'static str,
    /// What to do where that would be its own pod.
    instead: &'static str,
}

const PROMETHEUS: Asker = Asker {
    name: "Prometheus",
    instead: "an exporter beside the service is found by `kubernetes: { role: pod }`",
};
const OF_PROBES: Asker = Asker {
    instead: "that is Prometheus' own pod: name the Service of the blackbox exporter",
    ..PROMETHEUS
};
const BLACKBOX_EXPORTER: Asker = Asker {
    name: "the blackbox exporter",
    instead: "that is its own pod: name the Service",
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let Some(kubernetes) = model.operated() else {
        return;
    };
    let mut asked: Vec<(&str, Place, Asker)> = Vec::new();
    for job in model.catalogue.jobs.iter().skip(1) {
        let (addresses, at) = match job.scrape.as_ref().map(|scrape| &scrape.discovery) {
            Some(Discovery::Static(targets)) => (targets, job.origin.child("targets")),
            Some(Discovery::Dns(dns)) => (&dns.names, job.origin.child("dns").child("names")),
            _ => continue,
        };
        let addresses = addresses.iter().enumerate();
        asked.extend(addresses.map(|(i, it)| (it.as_str(), at.index(i), PROMETHEUS)));
    }
    if let Some(probe) = &kubernetes.probe {
        let at = Place::root().child("kubernetes").child("probe");
        if !probe.prober.contains("://") {
            asked.push((&probe.prober, at.child("prober"), OF_PROBES));
        }
        let at = at.child("targets");
        let targets = probe.targets.iter().enumerate();
        let urls = targets.filter(|(_, target)| target.contains("://"));
        asked.extend(urls.map(|(i, it)| (it.as_str(), at.index(i), BLACKBOX_EXPORTER)));
    }
    let namespace = kubernetes.namespace.as_deref().unwrap_or("<namespace>");
    for (address, at, asker) in asked {
        let Some(host) = unqualified(address) else {
            continue;
        };
        let help = match host {
            "localhost" => asker.instead.to_owned(),
            host => {
                let (before, after) = address.split_once(host).unwrap_or_default();
                format!("of a Service the whole name is `{before}{host}.{namespace}.svc{after}`")
            }
        };
        let message = format!("`{host}` is looked for where {} runs", asker.name);
        reporter.report(at, message, &help);
    }
}

/// The host of an address or URL, if it has no domain. What is neither is reported.
fn unqualified(address: &str) -> Option<&str> {
    let address = match address.split_once("://") {
        Some((_, rest)) => rest.split('/').next()?,
        None => address,
    };
    let host = address.split(':').next()?;
    let is_name = |text: &str| {
        text.chars()
            .all(|c| c.is_alphanumeric() || "-_:".contains(c))
    };
    (!host.is_empty() && is_name(address)).then_some(host)
}
