//! Files by which Grafana loads the dashboards when it starts.
//!
//! They stand as Grafana wants to find them, so that the folder can be mounted as its provisioning folder; they are named after
//! the service and the environment, so that several can share one.

use serde::Serialize;

use super::panels::duration;
use crate::model::{Model, stable_hash};
use crate::targets::yaml;

/// Grafana's limit for the uid of a datasource.
const MAX_UID: usize = 40;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Providers {
    api_version: u8,
    providers: [Provider; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    name: String,
    folder: String,
    #[serde(rename = "type")]
    kind: &'static str,
    disable_deletion: bool,
    allow_ui_updates: bool,
    update_interval_seconds: u32,
    options: ProviderOptions,
}

#[derive(Serialize)]
struct ProviderOptions {
    path: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Datasources {
    api_version: u8,
    datasources: [Datasource; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Datasource {
    name: String,
    uid: String,
    #[serde(rename = "type")]
    kind: &'static str,
    access: &'static str,
    url: &'static str,
    is_default: bool,
    editable: bool,
    json_data: JsonData,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonData {
    http_method: &'static str,
    time_interval: String,
}

/// What the files are called: `shop`, or `shop-staging`.
pub(in crate::targets) fn file_name(model: &Model) -> String {
    parts(model).join("-")
}

/// The service, and the environment if there are several.
fn parts(model: &Model) -> Vec<&str> {
    let service = model.catalogue.service.name.as_str();
    [service]
        .into_iter()
        .chain(model.environment.as_deref())
        .collect()
}

/// The provider of the dashboards: a folder on the machine of Grafana.
pub(super) fn dashboards(model: &Model) -> String {
    let parts = parts(model);
    // Dashboards of one title have to be in different folders of Grafana.
    let name = parts.join(" ");
    yaml::file(
        &model.mark,
        &Providers {
            api_version: 1,
            providers: [Provider {
                name: name.clone(),
                folder: name,
                kind: "file",
                disable_deletion: false,
                allow_ui_updates: false,
                update_interval_seconds: 30,
                options: ProviderOptions {
                    path: format!("/var/lib/grafana/dashboards/{}", parts.join("/")),
                },
            }],
        },
    )
}

/// A Prometheus whose interval is that of the service's scrapes: `$__rate_interval` is made from it.
pub(super) fn datasources(model: &Model) -> String {
    yaml::file(
        &model.mark,
        &Datasources {
            api_version: 1,
            datasources: [Datasource {
                name: format!("Prometheus ({})", parts(model).join(", ")),
                uid: uid(&file_name(model)),
                kind: "prometheus",
                access: "proxy",
                url: "http://localhost:9090",
                is_default: false,
                editable: false,
                json_data: JsonData {
                    http_method: "POST",
                    time_interval: duration(model.catalogue.own_job().interval),
                },
            }],
        },
    )
}

/// A uid that stays the same and that Grafana accepts.
fn uid(name: &str) -> String {
    let uid = format!("prometheus-{name}");
    let accepted = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if uid.len() <= MAX_UID && uid.chars().all(accepted) {
        return uid;
    }
    format!("prometheus-{:016x}", stable_hash(name))
}
