//! The scrape jobs: a part of prometheus.yml, and a file of its own for a Prometheus that belongs to others, which reads it as one of
//! its [`scrape_config_files`](https://prometheus.io/docs/prometheus/latest/configuration/configuration/).

use serde::Serialize;

use super::Target;
use super::yaml::{self, Pairs};
use crate::artifacts::Artifacts;
use crate::model::Model;
use crate::model::catalogue::{
    Auth, Catalogue, Discovery, Dns, DnsRecord, Job, Kubernetes, Relabelling, Scrape, Tls, Yaml,
};
use crate::spec::document::Time;

/// Writes `outputs.scrape`.
pub const TARGET: Target = Target {
    name: "scrape",
    render,
};

#[derive(Serialize)]
struct File<'a> {
    scrape_configs: Vec<ScrapeConfig<'a>>,
}

fn render(model: &Model, artifacts: &mut Artifacts) {
    let Some(path) = &model.outputs.scrape else {
        return;
    };
    let file = File {
        scrape_configs: scrape_configs(&model.catalogue),
    };
    artifacts.insert(path, yaml::file(&model.mark, &file));
}

/// Every job that Prometheus scrapes; that of an exporter may be scraped elsewhere.
pub(super) fn scrape_configs(catalogue: &Catalogue) -> Vec<ScrapeConfig<'_>> {
    catalogue
        .jobs
        .iter()
        .filter_map(|job| Some((job, job.scrape.as_ref()?)))
        .filter(|(_, scrape)| !matches!(scrape.discovery, Discovery::Operator))
        .map(|(job, scrape)| scrape_config(job, scrape))
        .collect()
}

/// A list of targets.
#[derive(Serialize)]
pub(super) struct StaticConfig<'a> {
    targets: &'a [String],
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    labels: Pairs<'a, String>,
}

impl<'a> StaticConfig<'a> {
    /// Addresses without labels.
    pub(super) fn of(targets: &'a [String]) -> Self {
        Self {
            targets,
            labels: Pairs(&[]),
        }
    }
}

/// How one job is scraped.
#[derive(Serialize)]
pub(super) struct ScrapeConfig<'a> {
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

/// Certificates, as all of Prometheus has them.
#[derive(Serialize)]
pub(super) struct TlsConfig<'a> {
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
        relabel_configs: scrape.relabelling.iter().map(relabelling).collect(),
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
            config
                .relabel_configs
                .extend(scrape.labels.iter().map(set_label));
            match discovery {
                Discovery::Dns(dns) => config.dns_sd_configs = Some([dns_config(dns)]),
                Discovery::File(files) => config.file_sd_configs = Some([FileConfig { files }]),
                Discovery::Kubernetes(kubernetes) => {
                    config.kubernetes_sd_configs = Some([kubernetes_config(kubernetes)]);
                }
                Discovery::Static(_) | Discovery::Operator => {}
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

/// A rule as Prometheus has it.
pub(super) fn relabelling(rule: &Relabelling) -> Yaml {
    let text = |text: &str| Yaml::Text(text.to_owned());
    let (source, rest) = match rule {
        Relabelling::Keep(source, value) => {
            let keep = ("action".to_owned(), text("keep"));
            (source, vec![keep, ("regex".to_owned(), text(value))])
        }
        Relabelling::Copy(source, label) => {
            (source, vec![("target_label".to_owned(), text(label))])
        }
    };
    let source = ("source_labels".to_owned(), Yaml::List(vec![text(source)]));
    Yaml::Map(std::iter::once(source).chain(rest).collect())
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

pub(super) fn tls_config(tls: &Tls) -> TlsConfig<'_> {
    TlsConfig {
        ca_file: tls.ca_file.as_deref(),
        cert_file: tls.cert_file.as_deref(),
        key_file: tls.key_file.as_deref(),
        server_name: tls.server_name.as_deref(),
        insecure_skip_verify: tls.insecure_skip_verify,
    }
}
