//! The service, and what it has beside metrics: HTTP, flags, health; how targets are found and talked to.

use serde::{Deserialize, Serialize};

use super::{Dict, Time};

/// Who is monitored.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The job in Prometheus, the label `service` of alerts, the title of the default dashboard.
    pub name: String,
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// The team that owns it: the label `team` of alerts.
    pub owner: Option<String>,
    /// Where an alert's runbook is; `{alert}` stands for the alert's name, `{environment}` for the environment's.
    pub runbook_url: Option<String>,
    /// Grafana's address, for the links from alerts to panels.
    pub grafana_url: Option<String>,
    /// The target labels that tell one deployment from another: every aggregation keeps them. Default: `[job]`.
    pub identity: Option<Vec<String>>,
}

/// Targets found by DNS.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Dns {
    /// The names to look up.
    pub names: Vec<String>,
    /// The kind of record. Default: `SRV`.
    #[serde(rename = "type")]
    pub record: Option<DnsRecord>,
    /// The port, unless the record is `SRV`.
    pub port: Option<u16>,
}

/// A kind of DNS record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
pub enum DnsRecord {
    /// IPv4 address.
    A,
    /// IPv6 address.
    AAAA,
    /// Mail exchange.
    MX,
    /// Name server.
    NS,
    /// Service, with a port.
    SRV,
}

impl DnsRecord {
    /// As Prometheus writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::AAAA => "AAAA",
            Self::MX => "MX",
            Self::NS => "NS",
            Self::SRV => "SRV",
        }
    }
}

/// Targets found through the Kubernetes API.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Kubernetes {
    /// What is a target.
    pub role: KubernetesRole,
    /// Default: all.
    #[serde(default)]
    pub namespaces: Vec<String>,
    /// A label selector.
    pub selector: Option<String>,
}

/// What Kubernetes calls a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum KubernetesRole {
    /// Each port of each pod.
    Pod,
    /// Each port of each service.
    Service,
    /// Each address of each endpoint slice.
    EndpointSlice,
    /// Each path of each ingress.
    Ingress,
    /// Each node.
    Node,
}

impl KubernetesRole {
    /// As Prometheus writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pod => "pod",
            Self::Service => "service",
            Self::EndpointSlice => "endpointslice",
            Self::Ingress => "ingress",
            Self::Node => "node",
        }
    }
}

/// `http` or `https`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Plain.
    Http,
    /// With TLS.
    Https,
}

impl Scheme {
    /// As it is written in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// Certificates for a scrape.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Whom to trust.
    pub ca_file: Option<String>,
    /// The client's certificate.
    pub cert_file: Option<String>,
    /// The client's key.
    pub key_file: Option<String>,
    /// The name in the server's certificate.
    pub server_name: Option<String>,
    /// Trust anybody. Default: false.
    #[serde(default)]
    pub insecure_skip_verify: bool,
}

/// Credentials for a scrape: `username` with `password_file`, or `bearer_file`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// Basic authentication: the name.
    pub username: Option<String>,
    /// Basic authentication: the file with the password.
    pub password_file: Option<String>,
    /// Bearer authentication: the file with the token.
    pub bearer_file: Option<String>,
}

/// The metrics that the HTTP middleware feeds. It fills three labels: the method (open, or closed with `other:`), the route
/// (open) and the status (`type: http_status`).
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// A counter of answered requests, with all three labels.
    pub requests: String,
    /// A histogram of the time to answer, with any of them.
    pub duration: Option<String>,
    /// A gauge of the requests being answered, perhaps with method and route.
    pub in_flight: Option<String>,
    /// What the labels of these metrics are called.
    pub labels: Option<HttpLabels>,
}

/// What the labels of the HTTP metrics are called; by default `method`, `route` and `status`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HttpLabels {
    /// The request's method.
    pub method: Option<String>,
    /// The matched route.
    pub route: Option<String>,
    /// The status code of the answer.
    pub status: Option<String>,
}

/// A feature flag.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// Its value unless the environment says otherwise.
    pub default: bool,
    /// What it switches.
    pub help: String,
    /// Who may remove it.
    pub owner: Option<String>,
    /// The day from which it should be gone: `2027-03-31`.
    pub expires: Option<String>,
    /// Lints that do not apply to it, each with the reason.
    #[serde(default)]
    pub allow: Dict<String>,
}

/// Health endpoints and the checks behind them.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// The path of the liveness probe. Default: `/health/live`.
    pub live: Option<String>,
    /// The path of the readiness probe. Default: `/health/ready`.
    pub ready: Option<String>,
    /// Certificates for the blackbox exporter that asks them from outside; the files are its own.
    pub tls: Option<Tls>,
    /// What every check has unless it says otherwise.
    pub defaults: Option<HealthDefaults>,
    /// Checks, by name.
    #[serde(default)]
    pub checks: Dict<HealthCheck>,
}

/// What every check has unless it says otherwise.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HealthDefaults {
    /// How often it runs. Default: `15s`.
    pub interval: Option<Time>,
    /// How long it may take; less than the interval. Default: `5s`.
    pub timeout: Option<Time>,
    /// Failures in a row until it counts as unhealthy. Default: 3.
    pub failure_threshold: Option<u32>,
    /// Successes in a row until it counts as healthy again. Default: 1.
    pub success_threshold: Option<u32>,
}

/// Something the service depends on.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct HealthCheck {
    /// Whether the service is not ready without it.
    pub critical: bool,
    /// What is checked.
    pub help: Option<String>,
    /// How often it runs.
    pub interval: Option<Time>,
    /// How long it may take; less than the interval.
    pub timeout: Option<Time>,
    /// Failures in a row until it counts as unhealthy.
    pub failure_threshold: Option<u32>,
    /// Successes in a row until it counts as healthy again.
    pub success_threshold: Option<u32>,
}
