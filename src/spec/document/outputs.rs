//! Where artefacts go.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

/// Where artefacts go: a path, or `false` for not at all.
///
/// In a spec with `environments:` the paths of `prometheus`, `scrape`, `alerts`, `alert_tests`, `alertmanager`, `grafana`, `docs` and
/// `kubernetes` have `{environment}` in them, and the defaults are `generated/{environment}/…`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Outputs {
    /// Default: `generated/prometheus.yml`.
    pub prometheus: Option<Output>,
    /// The scrape jobs alone, for the `scrape_config_files` of a Prometheus that belongs to others (2.43 and newer). No default.
    pub scrape: Option<Output>,
    /// Default: `generated/alerts.yml`.
    pub alerts: Option<Output>,
    /// Default: `generated/alertmanager.yml`, if there is `notify:`. The texts of its messages stand beside it, in a file that
    /// ends in `.tmpl`.
    pub alertmanager: Option<Output>,
    /// What proves the alerts, for `promtool test rules`. Default: `generated/alerts_test.yml`.
    pub alert_tests: Option<Output>,
    /// A path with `{dashboard}` in it. Default: `generated/grafana/{dashboard}.json`.
    pub grafana: Option<Output>,
    /// A folder for objects of Kubernetes, with nothing else in it. Default: `generated/kubernetes`, if there is `kubernetes:`.
    pub kubernetes: Option<Output>,
    /// The modules by which a blackbox exporter asks the health endpoints. Default: `generated/blackbox.yml`, if there is
    /// `kubernetes.probe`.
    pub blackbox: Option<Output>,
    /// A folder with what is known of metrics, flags and health checks, and a runbook page for each alert, in Markdown. No default.
    pub docs: Option<Output>,
    /// Default: `generated/monospec.schema.json`.
    pub schema: Option<Output>,
    /// No default: code is committed only when asked for; a build script writes to `OUT_DIR`.
    pub rust: Option<Output>,
}

/// A path, or `false`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Not at all.
    Off,
    /// Here.
    Path(String),
}

impl<'de> Deserialize<'de> for Output {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PathOrFalse;

        impl Visitor<'_> for PathOrFalse {
            type Value = Output;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path (a string) or `false`")
            }

            fn visit_bool<E: de::Error>(self, on: bool) -> Result<Output, E> {
                match on {
                    false => Ok(Output::Off),
                    true => Err(E::invalid_type(de::Unexpected::Bool(true), &self)),
                }
            }

            fn visit_str<E>(self, path: &str) -> Result<Output, E> {
                Ok(Output::Path(path.to_owned()))
            }
        }

        deserializer.deserialize_any(PathOrFalse)
    }
}
