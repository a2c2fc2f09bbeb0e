//! A ScrapeConfig an exporter: it finds targets in all the ways that the spec has, and gives them no labels of its own, so that what
//! an exporter exposes is called as it is elsewhere.

use serde::Serialize;

use super::scraping::{self, Access, Fields};
use super::{Context, Files, Object};
use crate::model::catalogue::{Discovery, DnsRecord, Job, KubernetesRole, Scheme, Scrape, Yaml};
use crate::model::kubernetes::slug;
use crate::spec::document::Time;
use crate::targets::yaml::Pairs;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    job_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    static_configs: Option<[Static<'a>; 1]>,
    #[serde(rename = "dnsSDConfigs", skip_serializing_if = "Option::is_none")]
    dns: Option<[Dns<'a>; 1]>,
    #[serde(rename = "fileSDConfigs", skip_serializing_if = "Option::is_none")]
    file: Option<[File<'a>; 1]>,
    #[serde(
        rename = "kubernetesSDConfigs",
        skip_serializing_if = "Option::is_none"
    )]
    kubernetes: Option<[Kubernetes<'a>; 1]>,
    metrics_path: &'a str,
    scheme: &'static str,
    scrape_interval: String,
    scrape_timeout: String,
    #[serde(flatten)]
    access: Access<'a>,
    #[serde(flatten)]
    fields: Fields,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    relabelings: Vec<Yaml>,
}

#[derive(Serialize)]
struct Static<'a> {
    targets: &'a [String],
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    labels: Pairs<'a, String>,
}

#[derive(Serialize)]
struct Dns<'a> {
    names: &'a [String],
    #[serde(rename = "type")]
    record: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
}

#[derive(Serialize)]
struct File<'a> {
    files: &'a [String],
}

#[derive(Serialize)]
struct Kubernetes<'a> {
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

pub(super) fn render(context: Context<'_>, files: &mut Files) {
    for job in context.model.catalogue.jobs.iter().skip(1) {
        let Some(scrape) = &job.scrape else {
            continue; // somebody else scrapes it
        };
        let object = Object {
            api_version: "monitoring.coreos.com/v1alpha1",
            kind: "ScrapeConfig",
            metadata: context.metadata(context.name_of(&job.name)),
            spec: spec(context, job, scrape),
        };
        let file = format!("scrapeconfig-{}.yaml", slug(&job.name));
        files.add(file, context, &object);
    }
}

fn spec<'a>(context: Context<'a>, job: &'a Job, scrape: &'a Scrape) -> Spec<'a> {
    let mut spec = Spec {
        job_name: &job.name,
        static_configs: None,
        dns: None,
        file: None,
        kubernetes: None,
        metrics_path: &scrape.path,
        scheme: match scrape.scheme {
            Scheme::Http => "HTTP",
            Scheme::Https => "HTTPS",
        },
        scrape_interval: Time(job.interval).to_string(),
        scrape_timeout: Time(scrape.timeout).to_string(),
        access: scraping::access(context, job, scrape),
        fields: scraping::fields(scrape, |key| key.scrape_config),
        relabelings: scraping::discovered(scrape),
    };
    if let Discovery::Static(targets) = &scrape.discovery {
        spec.static_configs = Some([Static {
            targets,
            labels: Pairs(&scrape.labels),
        }]);
    } else {
        // Only a static configuration has a place for labels.
        let labels = scrape.labels.iter();
        let labels = labels.map(|(name, value)| scraping::set_label(name, value));
        spec.relabelings.extend(labels);
    }
    match &scrape.discovery {
        Discovery::Dns(dns) => {
            spec.dns = Some([Dns {
                names: &dns.names,
                record: dns.record.unwrap_or(DnsRecord::SRV).as_str(),
                port: dns.port,
            }]);
        }
        Discovery::File(files) => spec.file = Some([File { files }]),
        Discovery::Kubernetes(kubernetes) => {
            let role = role(kubernetes.role);
            let names = &kubernetes.namespaces;
            spec.kubernetes = Some([Kubernetes {
                role,
                namespaces: (!names.is_empty()).then_some(Namespaces { names }),
                selectors: kubernetes
                    .selector
                    .as_deref()
                    .map(|label| [Selector { role, label }]),
            }]);
        }
        Discovery::Static(_) | Discovery::Operator => {}
    }
    spec.relabelings.extend(scraping::relabellings(scrape));
    spec
}

fn role(role: KubernetesRole) -> &'static str {
    match role {
        KubernetesRole::Pod => "Pod",
        KubernetesRole::Service => "Service",
        KubernetesRole::EndpointSlice => "EndpointSlice",
        KubernetesRole::Ingress => "Ingress",
        KubernetesRole::Node => "Node",
    }
}
