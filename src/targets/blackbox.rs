//! The modules by which a [blackbox exporter](https://github.com/prometheus/blackbox_exporter/blob/master/CONFIGURATION.md) asks the
//! health endpoints.
//!
//! A status of 200 is not enough: whatever stands before a service may answer so. The body has to be what this service answers, with
//! the checks that it cannot do without.

use serde::Serialize;

use super::Target;
use super::scrape::{TlsConfig, tls_config};
use super::yaml::{self, Pairs};
use crate::artifacts::Artifacts;
use crate::model::Model;
use crate::model::catalogue::Health;

/// Writes `outputs.blackbox`.
pub const TARGET: Target = Target {
    name: "blackbox",
    render,
};

#[derive(Serialize)]
struct File<'a> {
    modules: Pairs<'a, Module<'a>>,
}

#[derive(Serialize)]
struct Module<'a> {
    prober: &'static str,
    timeout: &'static str,
    http: Http<'a>,
}

#[derive(Serialize)]
struct Http<'a> {
    valid_status_codes: [u16; 1],
    /// A redirection would be answered by somebody else.
    follow_redirects: bool,
    fail_if_body_not_matches_regexp: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_config: Option<TlsConfig<'a>>,
}

fn render(model: &Model, artifacts: &mut Artifacts) {
    let (Some(path), Some(health)) = (&model.outputs.blackbox, &model.catalogue.health) else {
        return;
    };
    let service = &model.catalogue.service.name;
    let modules =
        endpoints(service, health).map(|endpoint| (endpoint.module, module(endpoint.body, health)));
    let modules = Pairs(&modules);
    artifacts.insert(path, yaml::file(&model.mark, &File { modules }));
}

/// A health endpoint as it is asked from outside.
pub(super) struct Endpoint<'a> {
    /// `live` or `ready`.
    pub(super) name: &'static str,
    pub(super) path: &'a str,
    /// The name of the module that asks it.
    pub(super) module: String,
    /// Regular expressions that the body has to match.
    body: Vec<String>,
}

/// The endpoints of a service.
pub(super) fn endpoints<'a>(service: &str, health: &'a Health) -> [Endpoint<'a>; 2] {
    let critical = health.checks.iter().filter(|check| check.critical);
    let critical = critical.map(|check| entry(&check.name, "healthy"));
    let ready = std::iter::once(entry("status", "(ok|degraded)")).chain(critical);
    [
        Endpoint {
            name: "live",
            path: &health.live,
            module: format!("{service}-live"),
            body: vec![entry("status", "ok")],
        },
        Endpoint {
            name: "ready",
            path: &health.ready,
            module: format!("{service}-ready"),
            body: ready.collect(),
        },
    ]
}

/// An entry of a JSON object. Names of checks have nothing in them that regular expressions read otherwise.
fn entry(key: &str, value: &str) -> String {
    format!("\"{key}\":\\s*\"{value}\"")
}

fn module(body: Vec<String>, health: &Health) -> Module<'_> {
    Module {
        prober: "http",
        timeout: "5s",
        http: Http {
            valid_status_codes: [200],
            follow_redirects: false,
            fail_if_body_not_matches_regexp: body,
            tls_config: health.tls.as_ref().map(tls_config),
        },
    }
}
