//! Scrape jobs.

use super::{metrics_path, pairs};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Discovery, INTERVAL, Job, SCRAPE_TIMEOUT, Scrape, Service};
use crate::model::names;
use crate::spec::Place;
use crate::spec::document::{
    Auth, Dict, Dns, Document, Exporter, Kubernetes, Scheme, Scrape as ScrapeDocument, Time, Tls,
    Yaml,
};

/// Keys of a `scrape_config` that the language has words for.
const OWNED_JOB_KEYS: &[(&str, &str)] = &[
    ("job_name", "service.name, or the exporter's key"),
    ("static_configs", "targets"),
    ("dns_sd_configs", "dns"),
    ("file_sd_configs", "file"),
    ("kubernetes_sd_configs", "kubernetes"),
    ("metrics_path", "path"),
    ("scheme", "scheme"),
    ("scrape_interval", "interval"),
    ("scrape_timeout", "timeout"),
    ("tls_config", "tls"),
    ("basic_auth", "auth"),
    ("authorization", "auth"),
    ("bearer_token", "auth"),
    ("bearer_token_file", "auth"),
];

/// What `scrape:` and an exporter have in common.
struct Described<'d> {
    targets: Option<&'d Vec<String>>,
    dns: Option<&'d Dns>,
    file: Option<&'d Vec<String>>,
    kubernetes: Option<&'d Kubernetes>,
    interval: Option<Time>,
    timeout: Option<Time>,
    path: Option<&'d String>,
    scheme: Option<Scheme>,
    labels: &'d Dict<Option<String>>,
    tls: Option<&'d Tls>,
    auth: Option<&'d Auth>,
    extra: &'d Dict<Yaml>,
}

macro_rules! described {
    ($type:ty) => {
        impl<'d> From<&'d $type> for Described<'d> {
            fn from(job: &'d $type) -> Self {
                Self {
                    targets: job.targets.as_ref(),
                    dns: job.dns.as_ref(),
                    file: job.file.as_ref(),
                    kubernetes: job.kubernetes.as_ref(),
                    interval: job.interval,
                    timeout: job.timeout,
                    path: job.path.as_ref(),
                    scheme: job.scheme,
                    labels: &job.labels,
                    tls: job.tls.as_ref(),
                    auth: job.auth.as_ref(),
                    extra: &job.extra,
                }
            }
        }
    };
}

described!(ScrapeDocument);
described!(Exporter);

/// What it means that a job names no targets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Targets {
    /// They are missing.
    Needed,
    /// The objects of `kubernetes:` find them.
    ByOperator,
    /// Somebody else scrapes them.
    Elsewhere,
}

/// The service's own job, then the exporters'.
pub(super) fn resolve(document: &Document, service: &Service, findings: &mut Findings) -> Vec<Job> {
    let root = Place::root();
    let mut jobs = vec![match document.scrape.as_ref().and_then(|s| s.sound()) {
        Some(scrape) => job(
            service.name.clone(),
            scrape.into(),
            root.child("scrape"),
            match document.kubernetes {
                None => Targets::Needed,
                Some(_) => Targets::ByOperator,
            },
            findings,
        ),
        None => Job {
            name: service.name.clone(),
            interval: INTERVAL,
            scrape: document.kubernetes.as_ref().map(|_| Scrape::by_operator()),
            namespace: None,
            origin: root.child("service"),
        },
    }];
    for (name, exporter) in document.exporters.iter() {
        let at = root.child("exporters").child(name);
        if name == service.name {
            findings.push(
                Finding::error(
                    "name-collision",
                    at.key(),
                    format!("`{name}` is the job of the service itself"),
                )
                .related(root.child("service").child("name"), "named here"),
            );
        }
        jobs.push(job(
            name.to_owned(),
            exporter.into(),
            at,
            Targets::Elsewhere,
            findings,
        ));
    }
    jobs
}

fn job(
    name: String,
    job: Described<'_>,
    at: Place,
    otherwise: Targets,
    findings: &mut Findings,
) -> Job {
    let interval = job.interval.map_or(INTERVAL, |time| time.0);
    if interval.is_zero() {
        findings.push(Finding::error(
            "bad-value",
            at.child("interval"),
            "a scrape interval cannot be zero",
        ));
    }
    let timeout = job
        .timeout
        .map_or(SCRAPE_TIMEOUT.min(interval), |time| time.0);
    if timeout > interval {
        findings.push(
            Finding::error(
                "bad-value",
                at.child("timeout"),
                format!(
                    "a scrape may take longer ({}) than the time between two ({})",
                    Time(timeout),
                    Time(interval)
                ),
            )
            .help("Prometheus refuses this; shorten the timeout"),
        );
    }
    let path = metrics_path::resolve(job.path, &at, findings);
    for (label, _) in job.labels.iter() {
        let place = at.child("labels").child(label).key();
        if !names::is_label_name(label) {
            findings.push(super::bad_label_name(place, label));
        } else if label == "job" {
            findings.push(
                Finding::error("owned-key", place, "monospec sets the label `job` itself")
                    .help("it is `service.name`, or the exporter's key; queries rely on it"),
            );
        } else if label == "instance" || label.starts_with("__") {
            findings.push(
                Finding::error(
                    "owned-key",
                    place,
                    format!("Prometheus sets the label `{label}` for each target"),
                )
                .help("`extra: { relabel_configs: … }` can change it"),
            );
        }
    }
    check_tls(job.tls, &at, findings);
    if let Some(auth) = job.auth {
        check_auth(auth, &at.child("auth"), findings);
        if job.extra.iter().any(|(key, _)| key == "oauth2") {
            findings.push(
                Finding::error(
                    "conflicting-keys",
                    at.child("auth").key(),
                    "`auth` and `oauth2` exclude each other",
                )
                .related(at.child("extra").child("oauth2").key(), "the other one"),
            );
        }
    }
    let extra = job.extra.iter().map(|(key, _)| key);
    check_owned(extra, OWNED_JOB_KEYS, &at.child("extra"), findings);
    for (key, value) in job
        .extra
        .iter()
        .filter(|(key, _)| *key == "relabel_configs")
    {
        if !matches!(value, Yaml::List(_)) {
            findings.push(Finding::error(
                "wrong-type",
                at.child("extra").child(key),
                "expected a list of relabelling rules",
            ));
        }
    }
    let scrape = discovery(&job, &at, otherwise, findings).map(|discovery| Scrape {
        discovery,
        timeout,
        path,
        scheme: job.scheme.unwrap_or(Scheme::Http),
        relabelling: Vec::new(), // told with the namespace
        labels: pairs(job.labels.present()),
        tls: job.tls.cloned(),
        auth: job.auth.cloned(),
        extra: pairs(job.extra.iter()),
    });
    Job {
        name,
        interval,
        scrape,
        namespace: None, // told when metrics are known
        origin: at,
    }
}

fn discovery(
    job: &Described<'_>,
    at: &Place,
    otherwise: Targets,
    findings: &mut Findings,
) -> Option<Discovery> {
    let mut ways: Vec<(&str, Discovery)> = Vec::new();
    if let Some(targets) = job.targets {
        check_targets(targets, &at.child("targets"), findings);
        ways.push(("targets", Discovery::Static(targets.clone())));
    }
    if let Some(dns) = job.dns {
        if dns.names.is_empty() {
            findings.push(Finding::error(
                "bad-value",
                at.child("dns").child("names"),
                "there is no name to look up",
            ));
        }
        if dns.port.is_none() && dns.record.is_some_and(|r| r.as_str() != "SRV") {
            findings.push(Finding::error(
                "missing-key",
                at.child("dns"),
                "only `SRV` records tell a port: `port` is missing",
            ));
        }
        ways.push(("dns", Discovery::Dns(dns.clone())));
    }
    if let Some(files) = job.file {
        check_files(files, &at.child("file"), findings);
        ways.push(("file", Discovery::File(files.clone())));
    }
    if let Some(kubernetes) = job.kubernetes {
        ways.push(("kubernetes", Discovery::Kubernetes(kubernetes.clone())));
    }
    if let [(first, _), (second, _), ..] = ways.as_slice() {
        findings.push(
            Finding::error(
                "conflicting-keys",
                at.child(second).key(),
                format!("`{second}` and `{first}` exclude each other"),
            )
            .related(at.child(first).key(), "the other one")
            .help("a job finds its targets in one way; make a second one an exporter"),
        );
    }
    if ways.is_empty() && otherwise == Targets::Needed {
        findings.push(
            Finding::error(
                "missing-key",
                at.key(),
                "one of `targets`, `dns`, `file` and `kubernetes` is missing",
            )
            .help("for example `targets: [\"localhost:3000\"]`"),
        );
    }
    let by_operator = (otherwise == Targets::ByOperator).then_some(Discovery::Operator);
    let first = ways.into_iter().next();
    first.map(|(_, discovery)| discovery).or(by_operator)
}

fn check_targets(targets: &[String], at: &Place, findings: &mut Findings) {
    let elsewhere = "the scheme goes to `scheme:`, the path to `path:`";
    check_addresses(targets, elsewhere, at, findings);
    if targets.is_empty() {
        findings.push(Finding::error(
            "bad-value",
            at.key(),
            "the list of targets is empty",
        ));
    }
}

/// Checks a list of `host:port`; what else belongs to an address goes elsewhere.
pub(super) fn check_addresses(
    targets: &[String],
    elsewhere: &str,
    at: &Place,
    findings: &mut Findings,
) {
    for (i, target) in targets.iter().enumerate() {
        let at = at.index(i);
        if target.contains("://") || target.contains('/') {
            findings.push(
                Finding::error(
                    "bad-value",
                    at,
                    format!("`{target}` is more than an address"),
                )
                .label("expected `host:port`")
                .help(elsewhere),
            );
        } else if target.is_empty() || target.contains(char::is_whitespace) {
            findings.push(Finding::error(
                "bad-value",
                at,
                format!("`{target}` is not an address"),
            ));
        } else if targets[..i].contains(target) {
            findings.push(Finding::error(
                "duplicate-value",
                at,
                format!("`{target}` is listed twice"),
            ));
        }
    }
}

/// [What Prometheus takes](https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config) as a file
/// with targets.
fn check_files(files: &[String], at: &Place, findings: &mut Findings) {
    if files.is_empty() {
        findings.push(Finding::error(
            "bad-value",
            at.clone(),
            "the list of files is empty",
        ));
    }
    for (i, file) in files.iter().enumerate() {
        let name = file.rsplit('/').next().unwrap_or_default();
        let endings = [".json", ".yml", ".yaml", ".JSON", ".YML", ".YAML"];
        let folder = &file[..file.len() - name.len()];
        if !endings.iter().any(|ending| name.ends_with(ending)) || folder.contains('*') {
            findings.push(
                Finding::error(
                    "bad-value",
                    at.index(i),
                    format!("Prometheus reads no targets from `{file}`"),
                )
                .help("a file ends in `.json`, `.yml` or `.yaml`; only its name may have a `*`"),
            );
        }
    }
}

/// Checks the certificates below `at`.
pub(super) fn check_tls(tls: Option<&Tls>, at: &Place, findings: &mut Findings) {
    if let Some(tls) = tls
        && tls.cert_file.is_some() != tls.key_file.is_some()
    {
        let missing = match tls.cert_file {
            Some(_) => "key_file",
            None => "cert_file",
        };
        findings.push(Finding::error(
            "missing-key",
            at.child("tls"),
            format!("a certificate goes with its key: `{missing}` is missing"),
        ));
    }
}

fn check_auth(auth: &Auth, at: &Place, findings: &mut Findings) {
    let basic = auth.username.is_some() || auth.password_file.is_some();
    if basic && auth.bearer_file.is_some() {
        findings.push(Finding::error(
            "conflicting-keys",
            at.child("bearer_file").key(),
            "`bearer_file` and `username` exclude each other",
        ));
    } else if basic && auth.username.is_none() {
        findings.push(Finding::error(
            "missing-key",
            at.clone(),
            "`username` is missing",
        ));
    } else if !basic && auth.bearer_file.is_none() {
        findings.push(Finding::error(
            "missing-key",
            at.key(),
            "either `username` with `password_file`, or `bearer_file` is missing",
        ));
    }
}

/// Reports keys of `extra` that the language has words for.
pub(super) fn check_owned<'k>(
    extra: impl Iterator<Item = &'k str>,
    owned: &[(&str, &str)],
    at: &Place,
    findings: &mut Findings,
) {
    for key in extra {
        if let Some((_, word)) = owned.iter().find(|(name, _)| *name == key) {
            findings.push(
                Finding::error(
                    "owned-key",
                    at.child(key).key(),
                    format!("`{key}` is written by monospec itself"),
                )
                .help(format!("say it with `{word}`")),
            );
        }
    }
}
