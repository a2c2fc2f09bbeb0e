//! prometheus.yml, as [Prometheus reads it](https://prometheus.io/docs/prometheus/latest/configuration/configuration/).

use serde::Serialize;

use super::Target;
use super::scrape::{ScrapeConfig, StaticConfig, scrape_configs};
use super::yaml::{self, Pairs};
use crate::artifacts::Artifacts;
use crate::model::Model;
use crate::model::catalogue::Yaml;
use crate::spec::document::Time;

/// Writes `outputs.prometheus`.
pub const TARGET: Target = Target {
    name: "prometheus",
    render,
};

#[derive(Serialize)]
struct File<'a> {
    global: Global<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rule_files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alerting: Option<Alerting<'a>>,
    scrape_configs: Vec<ScrapeConfig<'a>>,
    #[serde(flatten)]
    extra: Pairs<'a, Yaml>,
}

#[derive(Serialize)]
struct Global<'a> {
    scrape_interval: String,
    evaluation_interval: String,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    external_labels: Pairs<'a, String>,
}

#[derive(Serialize)]
struct Alerting<'a> {
    alertmanagers: [StaticConfigs<'a>; 1],
}

#[derive(Serialize)]
struct StaticConfigs<'a> {
    static_configs: [StaticConfig<'a>; 1],
}

fn render(model: &Model, artifacts: &mut Artifacts) {
    let Some(path) = &model.outputs.prometheus else {
        return;
    };
    let catalogue = &model.catalogue;
    let server = &catalogue.server;
    let file = File {
        global: Global {
            scrape_interval: Time(catalogue.own_job().interval).to_string(),
            evaluation_interval: Time(server.evaluation_interval).to_string(),
            external_labels: Pairs(&server.external_labels),
        },
        rule_files: model
            .outputs
            .alerts
            .iter()
            .map(|alerts| relative(path, alerts))
            .collect(),
        alerting: (!server.alertmanagers.is_empty()).then(|| Alerting {
            alertmanagers: [StaticConfigs {
                static_configs: [StaticConfig::of(&server.alertmanagers)],
            }],
        }),
        scrape_configs: scrape_configs(catalogue),
        extra: Pairs(&server.extra),
    };
    artifacts.insert(path, yaml::file(&model.mark, &file));
}

/// The way from one file to another: Prometheus looks for rule files from the folder of its configuration.
fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len() - 1;
    let shared = from[..folders]
        .iter()
        .zip(&to[..to.len() - 1])
        .take_while(|(a, b)| a == b)
        .count();
    let mut path = vec![".."; folders - shared];
    path.extend(&to[shared..]);
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn rule_files_are_relative_to_the_configuration() {
        assert_eq!(
            relative("generated/prometheus.yml", "generated/alerts.yml"),
            "alerts.yml"
        );
        assert_eq!(relative("a/b/p.yml", "a/rules/x.yml"), "../rules/x.yml");
        assert_eq!(relative("p.yml", "deep/x.yml"), "deep/x.yml");
    }
}
