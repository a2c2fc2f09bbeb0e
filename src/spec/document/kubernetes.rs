//! What Kubernetes gets.

use serde::{Deserialize, Serialize};

use super::Dict;

/// What Kubernetes gets: objects for the [Prometheus operator](https://prometheus-operator.dev), dashboards, and the probes of
/// `health:`. Needs `port` and `selector`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KubernetesObjects {
    /// The namespace of every object, and a label of every alert: by it the operator knows whose alerts they are. Default:
    /// whoever applies the objects says it.
    pub namespace: Option<String>,
    /// Labels of every object: what the operator's selectors ask for, such as `release: kube-prometheus-stack`.
    #[serde(default)]
    pub labels: Dict<Option<String>>,
    /// By what the service's pods are found: a `service` (ServiceMonitor) or themselves (PodMonitor). Default: `service`.
    pub monitor: Option<Monitor>,
    /// The name of the port that serves metrics, in the Service, or in the pod. Of the ports that `scrape.kubernetes` finds, no other
    /// is scraped.
    pub port: Option<String>,
    /// The labels by which the Service is found, or the pods.
    #[serde(default)]
    pub selector: Dict<Option<String>>,
    /// The Deployment that gets liveness, readiness and startup probes.
    pub deployment: Option<Deployment>,
    /// Has a blackbox exporter ask the health endpoints from outside.
    pub probe: Option<Probe>,
    /// The Secret with what is read from files elsewhere: of `/etc/alertmanager/slack_url`, its key `slack_url`.
    pub secret: Option<String>,
}

/// By what the Prometheus operator finds pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Monitor {
    /// Through a Service: a ServiceMonitor.
    #[default]
    Service,
    /// Themselves: a PodMonitor.
    Pod,
}

/// The Deployment that runs the service.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Its name.
    pub name: String,
    /// The name of the container.
    pub container: String,
    /// The name of the container's port that serves the health endpoints. Default: `kubernetes.port`.
    pub port: Option<String>,
}

/// Who asks the health endpoints from outside, and where.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// The address of the blackbox exporter: `blackbox-exporter.monitoring:9115`.
    pub prober: String,
    /// Where the service is reached, without the paths of `health:`: `["https://shop.example.com"]`.
    pub targets: Vec<String>,
}
