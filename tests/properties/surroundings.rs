//! What is around the metrics of a generated spec: jobs, environments, HTTP, flags, health checks.

use std::fmt::{self, Write};

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::generator::text;
use super::written::{Asked, Measure, quoted};

/// How something is scraped.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Which way to find targets.
    discovery: usize,
    /// Which way to be let in.
    security: usize,
    zone: Option<String>,
    replacement: Option<String>,
}

#[derive(Clone, Debug)]
struct Exporter {
    job: Option<Job>,
    interval: u64,
    include: &'static str,
    /// The type of each metric, and which labels it has.
    metrics: Vec<(&'static str, usize)>,
}

#[derive(Clone, Debug)]
struct Environment {
    /// A share of the interval: windows have to hold four of them.
    faster: bool,
    zone: Option<Option<String>>,
    cluster: Option<String>,
    note: Option<String>,
    hold: Option<u64>,
    link: bool,
}

/// All of it.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    job: Job,
    exporters: Vec<Exporter>,
    environments: Vec<Environment>,
    includes: Vec<&'static str>,
    flags: Vec<(bool, String)>,
    checks: Vec<(bool, String)>,
    /// What the three labels are called.
    http: Option<[&'static str; 3]>,
    /// Of the three metrics, whether the last two are there.
    timed: bool,
    description: Option<String>,
}

fn job() -> impl Strategy<Value = Job> {
    (0..5_usize, 0..4_usize, of(text()), of(text())).prop_map(
        |(discovery, security, zone, replacement)| Job {
            discovery,
            security,
            zone,
            replacement,
        },
    )
}

fn exporter() -> impl Strategy<Value = Exporter> {
    let kinds = select(&["counter", "gauge", "histogram", "summary", "unknown"][..]);
    let includes = &[
        "",
        "",
        "",
        "std:redis_exporter",
        "std:blackbox",
        "std:minio",
        "std:process",
    ];
    let metrics = vec((kinds, 0..3_usize), 0..3);
    (of(job()), 1..120_u64, select(&includes[..]), metrics).prop_map(
        |(job, interval, include, metrics)| Exporter {
            job,
            interval,
            include,
            metrics,
        },
    )
}

fn environment() -> impl Strategy<Value = Environment> {
    let flags = (any::<bool>(), any::<bool>());
    let texts = (of(of(text())), of(text()), of(text()));
    (flags, texts, of(0..600_u64)).prop_map(|((faster, link), (zone, cluster, note), hold)| {
        Environment {
            faster,
            zone,
            cluster,
            note,
            hold,
            link,
        }
    })
}

pub(crate) fn surroundings() -> impl Strategy<Value = Surroundings> {
    let names = select(&[["method", "route", "status"], ["verb", "path", "code"]][..]);
    let jobs = (job(), vec(exporter(), 0..3), vec(environment(), 0..3));
    let includes = vec(select(&["std:process", "std:tokio"][..]), 0..2);
    let named = || vec((any::<bool>(), text()), 0..3);
    let texts = (named(), named(), of(text()));
    (jobs, includes, texts, of(names), any::<bool>()).prop_map(
        |((job, exporters, environments), includes, (flags, checks, description), http, timed)| {
            Surroundings {
                job,
                exporters,
                environments,
                includes,
                flags,
                checks,
                http,
                timed,
                description,
            }
        },
    )
}

impl Job {
    fn write(&self, indent: &str, out: &mut String) -> fmt::Result {
        let discovery = [
            "targets: [\"localhost:1\", \"[::1]:2\"]",
            "dns: { names: [_a._tcp.internal] }",
            "dns: { names: [a.internal, b.internal], type: AAAA, port: 1 }",
            "file: [targets/*.json]",
            "kubernetes: { role: pod, namespaces: [a], selector: \"a in (b, c)\" }",
        ][self.discovery];
        let security = [
            "path: /",
            "scheme: https",
            "tls: { insecure_skip_verify: true, server_name: a }",
            "auth: { username: a }",
        ][self.security];
        writeln!(out, "{indent}{discovery}\n{indent}{security}")?;
        if let Some(zone) = &self.zone {
            writeln!(out, "{indent}labels: {{ zone: {} }}", quoted(zone))?;
        }
        if let Some(replacement) = &self.replacement {
            let replacement = quoted(replacement);
            writeln!(
                out,
                "{indent}extra: {{ sample_limit: 10, relabel_configs: [{{ target_label: rack, replacement: {replacement} }}] }}"
            )?;
        }
        Ok(())
    }
}

impl Surroundings {
    /// Whether there is something to show.
    pub(crate) fn has(&self, section: &str) -> bool {
        match section {
            "flags" => !self.flags.is_empty(),
            _ => !self.checks.is_empty(),
        }
    }

    /// What the service says of itself beside its name.
    pub(crate) fn service(&self) -> String {
        let description = self.description.as_ref();
        let description = description.map(|text| format!("description: {}", quoted(text)));
        description.map_or_else(String::new, |text| format!(", {text}"))
    }

    /// The sections before `metrics:`.
    pub(crate) fn before(&self, interval: u64, out: &mut String) -> fmt::Result {
        writeln!(out, "scrape:\n  interval: {interval}s")?;
        self.job.write("  ", out)?;
        if !self.includes.is_empty() {
            writeln!(out, "include: [{}]", self.includes.join(", "))?;
        }
        if !self.exporters.is_empty() {
            writeln!(out, "exporters:")?;
        }
        for (index, exporter) in self.exporters.iter().enumerate() {
            writeln!(out, "  job{index}:\n    interval: {}s", exporter.interval)?;
            if let Some(job) = &exporter.job {
                job.write("    ", out)?;
            }
            if !exporter.include.is_empty() {
                writeln!(out, "    include: [{}]", exporter.include)?;
            }
            writeln!(out, "    metrics:")?;
            for (metric, (kind, labels)) in exporter.metrics.iter().enumerate() {
                let labels = ["{}", "any", "{ kind: [x, y], tier: {} }"][*labels];
                writeln!(
                    out,
                    "      job{index}_metric{metric}: {{ type: {kind}, help: A., labels: {labels}, allow: {{ counter-suffix: b }} }}"
                )?;
            }
        }
        Ok(())
    }

    /// The metrics that `http:` binds.
    pub(crate) fn metrics(&self, out: &mut String) -> fmt::Result {
        let Some([method, route, status]) = self.http else {
            return Ok(());
        };
        let all = format!("{method}: {{ values: [GET], other: rest }}, {route}: {{}}");
        writeln!(
            out,
            "  requests_total: {{ type: counter, help: A., labels: {{ {all}, {status}: {{ type: http_status }} }} }}"
        )?;
        if self.timed {
            writeln!(
                out,
                "  request_seconds: {{ type: histogram, help: A., labels: {{ {route}: {{}} }}, buckets: [0.1, 1, 100] }}\n  \
                 requests_now: {{ type: gauge, help: A. }}"
            )?;
        }
        Ok(())
    }

    /// The sections after `metrics:`.
    pub(crate) fn after(&self, out: &mut String) -> fmt::Result {
        if let Some([method, route, status]) = self.http {
            writeln!(
                out,
                "http:\n  requests: requests_total\n  labels: {{ method: {method}, route: {route}, status: {status} }}"
            )?;
            if self.timed {
                writeln!(
                    out,
                    "  duration: request_seconds\n  in_flight: requests_now"
                )?;
            }
        }
        if !self.flags.is_empty() {
            writeln!(out, "flags:")?;
        }
        for (index, (default, help)) in self.flags.iter().enumerate() {
            let help = quoted(help);
            writeln!(
                out,
                "  FLAG_{index}: {{ default: {default}, help: {help} }}"
            )?;
        }
        if !self.checks.is_empty() {
            writeln!(out, "health:\n  checks:")?;
        }
        for (index, (critical, help)) in self.checks.iter().enumerate() {
            let help = quoted(help);
            writeln!(
                out,
                "    check{index}: {{ critical: {critical}, help: {help} }}"
            )?;
        }
        Ok(())
    }

    /// What Kubernetes gets.
    pub(crate) fn kubernetes(&self, out: &mut String) -> fmt::Result {
        // As often as there is a description, and as much of it as there are flags.
        if self.description.is_none() {
            return Ok(());
        }
        let kubernetes = self.flags.len();
        writeln!(
            out,
            "kubernetes:\n  namespace: a\n  secret: a\n  port: http\n  selector: {{ app: a }}"
        )?;
        if kubernetes > 0 {
            writeln!(out, "  labels: {{ release: b }}")?;
        }
        if kubernetes > 1 {
            writeln!(out, "  monitor: pod")?;
            if self.has("health") {
                writeln!(
                    out,
                    "  deployment: {{ name: a, container: a }}\n  probe: {{ prober: \"a:1\", targets: [\"http://a\"] }}"
                )?;
            }
        }
        Ok(())
    }

    /// What the sections bring for alerts and panels.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let series = |name: &str| Asked {
            series: true,
            ..Asked::new(name.to_owned(), Measure::Number)
        };
        let plain = |name: &str| Asked::new(name.to_owned(), Measure::Number);
        let ratio = |name: &str| Asked::new(name.to_owned(), Measure::Ratio);
        let bit = |name: &str| Asked::new(name.to_owned(), Measure::Bit);
        let up = |name: &str| Asked {
            series: true,
            ..bit(name)
        };
        let mut asked = vec![up("up")];
        for (index, exporter) in self.exporters.iter().enumerate() {
            asked.push(up(&format!("up(job{index})")));
            for (metric, (kind, _)) in exporter.metrics.iter().enumerate() {
                let name = format!("job{index}_metric{metric}");
                match *kind {
                    "counter" => asked.push(Asked {
                        per_second: true,
                        ..plain(&name)
                    }),
                    "gauge" => asked.push(series(&name)),
                    _ => {}
                }
            }
        }
        if self.http.is_some() {
            asked.push(Asked {
                per_second: true,
                ..plain("request_rate")
            });
            asked.push(Asked {
                traffic: true,
                counted: true,
                ..ratio("error_ratio")
            });
            if self.timed {
                asked.push(Asked {
                    traffic: true,
                    ..Asked::new("latency_p99".to_owned(), Measure::Seconds)
                });
                asked.push(plain("in_flight"));
            }
        }
        if self.has("flags") {
            asked.extend([bit("flag_status"), ratio("flag_changes")]);
        }
        if self.has("health") {
            asked.push(bit("health_status"));
        }
        asked
    }

    /// Where the pages go: each environment has its own.
    pub(crate) fn docs(&self) -> &'static str {
        match self.environments.is_empty() {
            true => "docs",
            false => "docs/{environment}",
        }
    }

    /// The environments; of the alerts, those of these names have a severity of their own.
    pub(crate) fn environments(
        &self,
        interval: u64,
        alerts: &[String],
        out: &mut String,
    ) -> fmt::Result {
        if !self.environments.is_empty() {
            writeln!(out, "environments:")?;
        }
        for (index, environment) in self.environments.iter().enumerate() {
            let interval = if environment.faster {
                interval.div_ceil(2)
            } else {
                interval
            };
            writeln!(
                out,
                "  env{index}:\n    scrape:\n      interval: {interval}s"
            )?;
            if environment.faster && self.job.discovery == 0 {
                writeln!(out, "      targets: null\n      file: [a.yml]")?;
            }
            if let Some(zone) = &environment.zone {
                let zone = zone.as_deref().map_or("null".to_owned(), quoted);
                writeln!(out, "      labels: {{ zone: {zone} }}")?;
            }
            if let Some(cluster) = &environment.cluster {
                let cluster = quoted(cluster);
                writeln!(
                    out,
                    "    prometheus: {{ external_labels: {{ cluster: {cluster} }}, alertmanagers: [\"a:1\"] }}"
                )?;
            }
            if environment.link {
                writeln!(
                    out,
                    "    service: {{ grafana_url: \"https://example.com/{index}/\" }}"
                )?;
            }
            if let Some(hold) = environment.hold {
                writeln!(
                    out,
                    "    alert_defaults: {{ for: {hold}s, keep_firing_for: 1m }}"
                )?;
            }
            if let (Some(note), false) = (&environment.note, alerts.is_empty()) {
                writeln!(out, "    alerts:")?;
                let note = quoted(note);
                for alert in alerts {
                    writeln!(
                        out,
                        "      {alert}: {{ severity: warning, labels: {{ note: {note} }}, annotations: {{ note: {note} }} }}"
                    )?;
                }
            }
        }
        Ok(())
    }
}
