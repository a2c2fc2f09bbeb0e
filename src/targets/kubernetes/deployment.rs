//! The probes of a Deployment, as a [component](https://kubectl.docs.kubernetes.io/guides/config_management/components/) of
//! kustomize that patches it.
//!
//! The kubelet restarts what is not alive and sends nothing to what is not ready. So only readiness asks what the service depends on:
//! a restart mends no database.

use serde::Serialize;

use super::{Context, Files};
use crate::model::catalogue::{Catalogue, Scheme};
use crate::model::kubernetes;

/// Seconds between two questions whether it is alive, or has started.
const PERIOD: u64 = 10;

/// Seconds that an answer may take: what is answered is known, but a busy machine is slow.
const TIMEOUT: u64 = 5;

/// Failures in a row: one answer may get lost.
const FAILURES: u64 = 3;

/// Seconds that a start may take.
const START: u64 = 300;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    api_version: &'static str,
    kind: &'static str,
    patches: [Patch<'a>; 1],
}

#[derive(Serialize)]
struct Patch<'a> {
    path: &'static str,
    target: Target<'a>,
}

/// Whatever namespace it is in: kustomize sets that before or after.
#[derive(Serialize)]
struct Target<'a> {
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deployment<'a> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Name<'a>,
    spec: Replicas<'a>,
}

#[derive(Serialize)]
struct Name<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Replicas<'a> {
    template: Template<'a>,
}

#[derive(Serialize)]
struct Template<'a> {
    spec: Pod<'a>,
}

#[derive(Serialize)]
struct Pod<'a> {
    containers: [Container<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Container<'a> {
    name: &'a str,
    startup_probe: Probe<'a>,
    liveness_probe: Probe<'a>,
    readiness_probe: Probe<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Probe<'a> {
    http_get: HttpGet<'a>,
    period_seconds: u64,
    timeout_seconds: u64,
    failure_threshold: u64,
}

#[derive(Serialize)]
struct HttpGet<'a> {
    path: &'a str,
    port: &'a str,
    scheme: &'static str,
}

pub(super) fn render(context: Context<'_>, files: &mut Files) {
    let catalogue = &context.model.catalogue;
    let (Some(of), Some(health)) = (&context.kubernetes.deployment, &catalogue.health) else {
        return;
    };
    const PATCH: &str = "deployment.yaml";
    let component = Component {
        api_version: "kustomize.config.k8s.io/v1alpha1",
        kind: "Component",
        patches: [Patch {
            path: PATCH,
            target: Target {
                group: "apps",
                version: "v1",
                kind: "Deployment",
                name: &of.name,
            },
        }],
    };
    let scheme = scheme(of, catalogue);
    let ask = |path, period_seconds, failure_threshold| Probe {
        http_get: HttpGet {
            path,
            port: &of.port,
            scheme,
        },
        period_seconds,
        timeout_seconds: TIMEOUT.min(period_seconds),
        failure_threshold,
    };
    let container = Container {
        name: &of.container,
        // Of what it depends on, a start knows nothing either: who is not up in time is restarted.
        startup_probe: ask(&health.live, PERIOD, START / PERIOD),
        liveness_probe: ask(&health.live, PERIOD, FAILURES),
        readiness_probe: ask(&health.ready, readiness_period(catalogue), FAILURES),
    };
    let deployment = Deployment {
        api_version: "apps/v1",
        kind: "Deployment",
        metadata: Name { name: &of.name },
        spec: Replicas {
            template: Template {
                spec: Pod {
                    containers: [container],
                },
            },
        },
    };
    files.add("probes/kustomization.yaml", context, &component);
    files.add(format!("probes/{PATCH}"), context, &deployment);
}

/// Whoever scrapes that port says what it speaks.
fn scheme(of: &kubernetes::Deployment, catalogue: &Catalogue) -> &'static str {
    let scrape = catalogue.own_job().scrape.as_ref();
    match scrape.map(|scrape| scrape.scheme) {
        Some(Scheme::Https) if of.is_scraped => "HTTPS",
        _ => "HTTP",
    }
}

/// What is answered changes when a check has run: there is no use in asking more often than the most frequent critical one does.
fn readiness_period(catalogue: &Catalogue) -> u64 {
    let checks = catalogue.health.iter().flat_map(|health| &health.checks);
    let critical = checks.filter(|check| check.critical);
    let least = critical.map(|check| check.interval.as_secs()).min();
    least.unwrap_or(PERIOD).clamp(1, PERIOD)
}
