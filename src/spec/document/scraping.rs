//! How the service is scraped, and by what server; what others expose.

use serde::Deserialize;

use super::{Auth, Dict, Dns, Kubernetes, Metric, Scheme, Time, Tls, Yaml};

/// Declares a struct with what every scrape job can say, and more.
macro_rules! scrape_job {
    ($(#[$meta:meta])* $name:ident { $($(#[$more_meta:meta])* $more:ident: $more_type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Addresses: `["localhost:3000"]`.
            pub targets: Option<Vec<String>>,
            /// Targets found by DNS.
            pub dns: Option<Dns>,
            /// Files that list targets, as `file_sd_configs` reads them.
            pub file: Option<Vec<String>>,
            /// Targets found through the Kubernetes API.
            pub kubernetes: Option<Kubernetes>,
            /// How often. Default: `15s`.
            pub interval: Option<Time>,
            /// How long a scrape may take. Default: `10s`, and never more than the interval.
            pub timeout: Option<Time>,
            /// Default: `http`.
            pub scheme: Option<Scheme>,
            /// Static labels of the targets.
            #[serde(default)]
            pub labels: Dict<Option<String>>,
            /// Certificates.
            pub tls: Option<Tls>,
            /// Credentials, by reference to files.
            pub auth: Option<Auth>,
            /// Further keys of the `scrape_config`, verbatim.
            #[serde(default)]
            pub extra: Dict<Yaml>,
            $($(#[$more_meta])* pub $more: $more_type,)*
        }
    };
}

scrape_job! {
    /// How Prometheus reaches the service: exactly one of `targets`, `dns`, `file` and `kubernetes`.
    Scrape {
        /// Where the service answers. Default: `/metrics`.
        path: Option<String>,
    }
}

scrape_job! {
    /// What of `scrape:` differs between environments: all but the path, which is in the code.
    ScrapeValues {}
}

scrape_job! {
    /// A job of somebody else, and the metrics of it that may be used. Without targets it is scraped elsewhere, and only its
    /// names are known here.
    Exporter {
        /// Default: `/metrics`.
        path: Option<String>,
        /// Catalogues of its metrics: `std:node_exporter`, `std:postgres_exporter`, `std:redis_exporter`, `std:blackbox` or
        /// `std:minio`, with `std:go` and `std:process` for what each of them tells of itself; or files with `metrics:`.
        #[serde(default)]
        include: Vec<String>,
        /// The metrics of it that may be used, by name.
        #[serde(default)]
        metrics: Dict<Metric>,
    }
}

/// The Prometheus server.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Prometheus {
    /// The oldest version that has to understand the artefacts. Default: `2.42`.
    pub version: Option<String>,
    /// Where people reach it, what its `--web.external-url` says: for the links from runbooks to graphs.
    pub external_url: Option<String>,
    /// How often rules are evaluated. Default: `15s`.
    pub evaluation_interval: Option<Time>,
    /// Labels that this server adds to what it sends elsewhere.
    #[serde(default)]
    pub external_labels: Dict<Option<String>>,
    /// Addresses of Alertmanagers: `["localhost:9093"]`.
    #[serde(default)]
    pub alertmanagers: Vec<String>,
    /// Further top-level keys of prometheus.yml, verbatim.
    #[serde(default)]
    pub extra: Dict<Yaml>,
}
