//! The Prometheus server.

use super::jobs::{check_addresses, check_owned};
use super::{bad_label_name, pairs};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Discovery, Job, OLDEST_VERSION, Server};
use crate::model::names;
use crate::spec::Place;
use crate::spec::document::{DnsRecord, Document};

/// Top-level keys of prometheus.yml that the language has words for.
const OWNED_SERVER_KEYS: &[(&str, &str)] = &[
    ("global", "prometheus"),
    ("rule_files", "outputs.alerts"),
    ("scrape_configs", "scrape and exporters"),
    ("alerting", "prometheus.alertmanagers"),
];

/// The Prometheus server.
pub(super) fn resolve(document: &Document, findings: &mut Findings) -> Server {
    let at = Place::root().child("prometheus");
    let mut server = Server::default();
    let Some(written) = document.prometheus.as_ref().and_then(|p| p.sound()) else {
        return server;
    };
    if let Some(text) = &written.version {
        match version(text) {
            Some(version) if version < OLDEST_VERSION => findings.push(Finding::error(
                "bad-value",
                at.child("version"),
                format!("monospec writes for Prometheus 2.42 and newer, not for {text}"),
            )),
            Some(version) => server.version = version,
            None => findings.push(
                Finding::error(
                    "bad-value",
                    at.child("version"),
                    format!("`{text}` is not a version"),
                )
                .help("write it like \"2.42\" or \"3.5\""),
            ),
        }
    }
    if let Some(url) = &written.external_url {
        if !is_address(url) {
            findings.push(
                Finding::error(
                    "bad-value",
                    at.child("external_url"),
                    format!("`{url}` is not the address of a server"),
                )
                .help("such as `https://prometheus.example.com`"),
            );
        }
        server.external_url = Some(url.trim_end_matches('/').to_owned());
    }
    if let Some(interval) = written.evaluation_interval {
        server.evaluation_interval = interval.0;
        if interval.0.is_zero() {
            findings.push(Finding::error(
                "bad-value",
                at.child("evaluation_interval"),
                "an evaluation interval cannot be zero",
            ));
        }
    }
    for (label, _) in written.external_labels.iter() {
        if !names::is_label_name(label) {
            let place = at.child("external_labels").child(label).key();
            findings.push(bad_label_name(place, label));
        }
    }
    check_addresses(
        &written.alertmanagers,
        "without scheme and path",
        &at.child("alertmanagers"),
        findings,
    );
    check_owned(
        written.extra.iter().map(|(key, _)| key),
        OWNED_SERVER_KEYS,
        &at.child("extra"),
        findings,
    );
    server.external_labels = pairs(written.external_labels.present());
    server.alertmanagers.clone_from(&written.alertmanagers);
    server.extra = pairs(written.extra.iter());
    server
}

/// Prometheus looks up [`NS` records](https://github.com/prometheus/prometheus/pull/13219) from this version on.
const NAME_SERVERS: (u32, u32) = (2, 49);

/// Targets are found in ways that the server knows.
pub(super) fn check_discovery(server: &Server, jobs: &[Job], findings: &mut Findings) {
    for job in jobs {
        if let Some(Discovery::Dns(dns)) = job.scrape.as_ref().map(|scrape| &scrape.discovery)
            && dns.record == Some(DnsRecord::NS)
            && server.version < NAME_SERVERS
        {
            let at = job.origin.child("dns").child("type");
            let (major, minor) = server.version;
            findings.push(
                Finding::error("bad-value", at, "`NS` records need Prometheus 2.49").help(format!(
                    "`prometheus.version` says that {major}.{minor} has to understand it"
                )),
            );
        }
    }
}

/// Whether links can begin with it.
fn is_address(url: &str) -> bool {
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let valid = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#');
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && host.chars().all(valid))
}

pub(super) fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix('v').unwrap_or(text).splitn(3, '.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next().unwrap_or("0").parse().ok()?;
    match parts.next() {
        Some(patch) => patch.parse::<u32>().ok().map(|_| (major, minor)),
        None => Some((major, minor)),
    }
}
