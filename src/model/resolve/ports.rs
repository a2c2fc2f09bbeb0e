//! The port of the service, among those that discovery finds: each port of each pod is a target.

use crate::model::catalogue::{Catalogue, Discovery, KubernetesRole, Relabelling};
use crate::spec::document::Document;

/// Has only the port that serves metrics scraped, if `kubernetes:` says which.
pub(super) fn resolve(document: &Document, catalogue: &mut Catalogue) {
    let kubernetes = document.kubernetes.as_ref().and_then(|it| it.sound());
    let Some(port) = kubernetes.and_then(|kubernetes| kubernetes.port.as_ref()) else {
        return;
    };
    let job = catalogue.jobs.first_mut();
    let Some(scrape) = job.and_then(|job| job.scrape.as_mut()) else {
        return;
    };
    if let Discovery::Kubernetes(kubernetes) = &scrape.discovery
        && let Some(meta) = meta(kubernetes.role, port)
    {
        scrape
            .relabelling
            .insert(0, Relabelling::Keep(meta, port.clone()));
    }
}

/// In which label discovery [tells the port](https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config).
fn meta(role: KubernetesRole, port: &str) -> Option<&'static str> {
    Some(match role {
        // No port of a container is called by a number alone.
        KubernetesRole::Pod if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            "__meta_kubernetes_pod_container_port_number"
        }
        KubernetesRole::Pod => "__meta_kubernetes_pod_container_port_name",
        KubernetesRole::Service => "__meta_kubernetes_service_port_name",
        KubernetesRole::EndpointSlice => "__meta_kubernetes_endpointslice_port_name",
        KubernetesRole::Ingress | KubernetesRole::Node => return None,
    })
}
