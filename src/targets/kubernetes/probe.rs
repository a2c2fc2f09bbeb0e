//! Probes: a blackbox exporter asks the health endpoints from outside.

use serde::Serialize;

use super::{Context, Files, Object};
use crate::spec::document::Time;
use crate::targets::blackbox;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    job_name: &'a str,
    interval: String,
    module: String,
    prober: Prober<'a>,
    targets: Targets,
}

#[derive(Serialize)]
struct Prober<'a> {
    url: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Targets {
    static_config: Static,
}

/// The operator [gives them](https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/prometheus/promcfg.go) the label
/// `namespace` of the Probe.
#[derive(Serialize)]
struct Static {
    #[serde(rename = "static")]
    targets: Vec<String>,
}

pub(super) fn render(context: Context<'_>, files: &mut Files) {
    let catalogue = &context.model.catalogue;
    let (Some(probe), Some(health)) = (&context.kubernetes.probe, &catalogue.health) else {
        return;
    };
    for endpoint in blackbox::endpoints(&catalogue.service.name, health) {
        let targets = probe.targets.iter();
        let targets = targets.map(|target| format!("{target}{}", endpoint.path));
        let object = Object {
            api_version: "monitoring.coreos.com/v1",
            kind: "Probe",
            metadata: context.metadata(context.name_of(endpoint.name)),
            spec: Spec {
                job_name: &probe.job,
                interval: Time(catalogue.own_job().interval).to_string(),
                module: endpoint.module,
                prober: Prober { url: &probe.prober },
                targets: Targets {
                    static_config: Static {
                        targets: targets.collect(),
                    },
                },
            },
        };
        files.add(format!("probe-{}.yaml", endpoint.name), context, &object);
    }
}
