//! prometheus.yml, as [Prometheus reads it](https://prometheus.io/docs/prometheus/latest/configuration/configuration/).

use serde::Serialize;

use super::Target;
use super::yaml::{self, Pairs};
use crate::artifacts::Artifacts;
use crate::model::Model;
use crate::model::catalogue::{
    Auth, Discovery, Dns, DnsRecord, Job, Kubernetes, Scrape, Tls, Yaml,
};
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

#[derive(Serialize)]
struct StaticConfig<'a> {
    targets: &'a [String],
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    labels: Pairs<'a, String>,
}

#[derive(Serialize)]
struct ScrapeConfig<'a> {
    job_name: &'a str,
    scrape_interval: String,
    scrape_timeout: String,
    metrics_path: &'a str,
    scheme: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    static_configs: Option<[StaticConfig<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dns_sd_configs: Option<[DnsConfig<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_sd_configs: Option<[FileConfig<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kubernetes_sd_configs: Option<[KubernetesConfig<'a>; 1]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    relabel_configs: Vec<Yaml>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basic_auth: Option<BasicAuth<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<Authorization<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_config: Option<TlsConfig<'a>>,
    #[serde(flatten)]
    extra: ExtraKeys<'a>,
}

#[derive(Serialize)]
struct DnsConfig<'a> {
    names: &'a [String],
    #[serde(rename = "type")]
    record: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
}

#[derive(Serialize)]
struct FileConfig<'a> {
    files: &'a [String],
}

#[derive(Serialize)]
struct KubernetesConfig<'a> {
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespaces: Option<Namespaces<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    selectors: Option<[Selector<'a>; 1]>,
}

#[derive(Serialize)]
struct Namespaces<'a> {
    names: &'a [String],
}

#[derive(Serialize)]
struct Selector<'a> {
    role: &'static str,
    label: &'a str,
}

#[derive(Serialize)]
struct BasicAuth<'a> {
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_file: Option<&'a str>,
}

#[derive(Serialize)]
struct Authorization<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    credentials_file: &'a str,
}

#[derive(Serialize)]
struct TlsConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cert_file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_name: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    insecure_skip_verify: bool,
}

/// The keys of `extra` that are handed on as they are.
#[derive(Clone)]
struct ExtraKeys<'a>(Vec<&'a (String, Yaml)>);

impl Serialize for ExtraKeys<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
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
                static_configs: [StaticConfig {
                    targets: &server.alertmanagers,
                    labels: Pairs(&[]),
                }],
            }],
        }),
        scrape_configs: catalogue
            .jobs
            .iter()
            .filter_map(|job| Some(scrape_config(job, job.scrape.as_ref()?)))
            .collect(),
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

fn scrape_config<'a>(job: &'a Job, scrape: &'a Scrape) -> ScrapeConfig<'a> {
    let mut config = ScrapeConfig {
        job_name: &job.name,
        scrape_interval: Time(job.interval).to_string(),
        scrape_timeout: Time(scrape.timeout).to_string(),
        metrics_path: &scrape.path,
        scheme: scrape.scheme.as_str(),
        static_configs: None,
        dns_sd_configs: None,
        file_sd_configs: None,
        kubernetes_sd_configs: None,
        relabel_configs: Vec::new(),
        basic_auth: scrape.auth.as_ref().and_then(basic_auth),
        authorization: scrape.auth.as_ref().and_then(authorization),
        tls_config: scrape.tls.as_ref().map(tls_config),
        extra: ExtraKeys(Vec::new()),
    };
    match &scrape.discovery {
        Discovery::Static(targets) => {
            config.static_configs = Some([StaticConfig {
                targets,
                labels: Pairs(&scrape.labels),
            }]);
        }
        discovery => {
            // Only a static configuration has a place for labels.
            config.relabel_configs = scrape.labels.iter().map(set_label).collect();
            match discovery {
                Discovery::Dns(dns) => config.dns_sd_configs = Some([dns_config(dns)]),
                Discovery::File(files) => config.file_sd_configs = Some([FileConfig { files }]),
                Discovery::Kubernetes(kubernetes) => {
                    config.kubernetes_sd_configs = Some([kubernetes_config(kubernetes)]);
                }
                Discovery::Static(_) => {}
            }
        }
    }
    for extra in &scrape.extra {
        match extra {
            (key, Yaml::List(rules)) if key == "relabel_configs" => {
                config.relabel_configs.extend(rules.iter().cloned());
            }
            extra => config.extra.0.push(extra),
        }
    }
    config
}

fn set_label((name, value): &(String, String)) -> Yaml {
    let text = |text: &str| Yaml::Text(text.to_owned());
    // In a replacement `$1` is a group of the regular expression.
    Yaml::Map(vec![
        ("target_label".to_owned(), text(name)),
        ("replacement".to_owned(), text(&value.replace('$', "$$"))),
    ])
}

fn dns_config(dns: &Dns) -> DnsConfig<'_> {
    DnsConfig {
        names: &dns.names,
        record: dns.record.unwrap_or(DnsRecord::SRV).as_str(),
        port: dns.port,
    }
}

fn kubernetes_config(kubernetes: &Kubernetes) -> KubernetesConfig<'_> {
    let role = kubernetes.role.as_str();
    KubernetesConfig {
        role,
        namespaces: (!kubernetes.namespaces.is_empty()).then(|| Namespaces {
            names: &kubernetes.namespaces,
        }),
        selectors: kubernetes
            .selector
            .as_deref()
            .map(|label| [Selector { role, label }]),
    }
}

fn basic_auth(auth: &Auth) -> Option<BasicAuth<'_>> {
    Some(BasicAuth {
        username: auth.username.as_deref()?,
        password_file: auth.password_file.as_deref(),
    })
}

fn authorization(auth: &Auth) -> Option<Authorization<'_>> {
    Some(Authorization {
        kind: "Bearer",
        credentials_file: auth.bearer_file.as_deref()?,
    })
}

fn tls_config(tls: &Tls) -> TlsConfig<'_> {
    TlsConfig {
        ca_file: tls.ca_file.as_deref(),
        cert_file: tls.cert_file.as_deref(),
        key_file: tls.key_file.as_deref(),
        server_name: tls.server_name.as_deref(),
        insecure_skip_verify: tls.insecure_skip_verify,
    }
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
