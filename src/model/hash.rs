//! A short name for what a program exposes and does because of its spec.

use std::fmt::{Display, Write};
use std::rc::Rc;

use super::catalogue::{
    Catalogue, Check, Flag, Health, Http, Label, Metric, Service, Source, Value, Values,
};
use super::stable_hash;

impl Catalogue {
    /// A hash of what a program exposes and does because of its spec, in hexadecimal. The program exposes it as
    /// `monospec_spec_info`, so that it can be told whether it was built from a certain spec.
    ///
    /// It is the same on every machine and in every version of monospec, for every way to write the same: in another format
    /// or order, with other comments, split into files. What the program does not know does not change it: documentation,
    /// owners, scraping, exporters, alerts, dashboards.
    pub fn hash(&self) -> String {
        let Self {
            service,
            jobs: _,
            metrics,
            http,
            flags,
            health,
            server: _,
            names: _,
        } = self;
        let mut text = Text::default();
        let Service {
            name,
            description: _,
            owner: _,
            runbook_url: _,
            grafana_url: _,
            namespace: _,
            identity: _,
        } = service;
        text.word(name);
        text.plain(true); // a path is there
        text.word(self.metrics_path());
        let generated = metrics.iter().filter(|m| m.source == Source::Generated);
        text.sorted(generated, |text, metric| text.metric(metric));
        text.option(http, |text, http| text.http(http, metrics));
        text.sorted(flags, |text, flag| text.flag(flag));
        text.option(health, |text, health| text.health(health));
        format!("{:016x}", stable_hash(&text.0))
    }
}

/// What is hashed: a text that can be read in one way only. Every field of the catalogue is named here, so that a new one
/// is not forgotten; one that may be absent is written after the others, and only if it is there, so that older hashes stay.
#[derive(Default)]
struct Text(String);

impl Text {
    /// A word, its length before it.
    fn word(&mut self, word: &str) {
        // Writing to a string does not fail.
        let _ = write!(self.0, "{}:", word.len());
        self.0.push_str(word);
        self.0.push(' ');
    }

    /// What cannot be mistaken: numbers, `true` and `false`.
    fn plain(&mut self, value: impl Display) {
        // Writing to a string does not fail.
        let _ = write!(self.0, "{value} ");
    }

    fn option<T>(&mut self, value: &Option<T>, write: impl FnOnce(&mut Self, &T)) {
        self.plain(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.plain(items.len());
        for item in items {
            write(self, item);
        }
    }

    /// Items whose order means nothing.
    fn sorted<'i, T: 'i>(
        &mut self,
        items: impl IntoIterator<Item = &'i T>,
        mut write: impl FnMut(&mut Self, &T),
    ) {
        let mut texts: Vec<String> = items
            .into_iter()
            .map(|item| {
                let mut text = Self::default();
                write(&mut text, item);
                text.0
            })
            .collect();
        texts.sort_unstable();
        self.list(&texts, |text, item| text.word(item));
    }

    fn metric(&mut self, metric: &Metric) {
        let Metric {
            name,
            kind,
            help,
            unit,
            labels,
            buckets,
            limit: _,
            max_series,
            renamed_from,
            source: _,
            job: _,
            method: _,
            allow: _,
            origin: _,
        } = metric;
        self.word(name);
        self.word(kind.as_str());
        self.word(help);
        self.word(&unit.to_string());
        self.list(labels.known(), |text, label| text.label(label));
        // A number has one spelling in bits.
        self.list(buckets, |text, bound| text.plain(bound.to_bits()));
        self.option(max_series, |text, series| text.plain(series));
        self.option(renamed_from, |text, name| text.word(name));
    }

    fn label(&mut self, label: &Rc<Label>) {
        let Label {
            name,
            help: _,
            values,
            key,
            type_name: _,
            argument: _,
            origin: _,
        } = &**label;
        self.word(name);
        match values {
            Values::Closed { values, other } => {
                self.word("closed");
                self.list(values, |text, value| {
                    let Value {
                        text: exposed,
                        variant: _,
                    } = value;
                    text.word(exposed);
                });
                self.plain(other);
            }
            Values::Open { max_values } => {
                self.word("open");
                self.plain(max_values);
                // Metrics that share a definition share its bound.
                self.option(key, |text, key| text.word(key));
            }
            Values::HttpStatus { start } => {
                self.word("http_status");
                self.list(start, |text, code| text.plain(code));
            }
        }
    }

    fn http(&mut self, http: &Http, metrics: &[Metric]) {
        let Http {
            requests,
            duration,
            in_flight,
            method,
            route,
            status,
            origin: _,
        } = http;
        for metric in [Some(*requests), *duration, *in_flight] {
            let metric = metric.and_then(|index| metrics.get(index));
            self.option(&metric, |text, metric| text.word(&metric.name));
        }
        for label in [method, route, status] {
            self.word(label);
        }
    }

    fn flag(&mut self, flag: &Flag) {
        let Flag {
            name,
            method: _,
            default,
            help: _,
            owner: _,
            expires: _,
            allow: _,
            origin: _,
        } = flag;
        self.word(name);
        self.plain(default);
    }

    fn health(&mut self, health: &Health) {
        let Health {
            live,
            ready,
            tls: _,
            checks,
        } = health;
        self.word(live);
        self.word(ready);
        self.sorted(checks, |text, check| text.check(check));
    }

    fn check(&mut self, check: &Check) {
        let Check {
            name,
            method: _,
            critical,
            help: _,
            interval,
            timeout,
            failure_threshold,
            success_threshold,
            origin: _,
        } = check;
        self.word(name);
        self.plain(critical);
        for time in [interval, timeout] {
            self.plain(time.as_nanos());
        }
        for threshold in [failure_threshold, success_threshold] {
            self.plain(threshold);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs, process};

    const SPEC: &str = "\
monospec: 1
service: { name: shop, owner: checkout }
scrape: { targets: ['localhost:3000'], interval: 10s }
labels:
  route: { max_values: 50 }
metrics:
  orders_total: { type: counter, help: Orders., labels: { result: [paid, refused] } }
  requests_total: { type: counter, help: Requests., labels: [route] }
  payment_seconds: { type: histogram, help: Time., buckets: [0.1, 1, 5] }
  workers: { type: gauge, help: Workers., limit: 8 }
flags:
  NEW_SEARCH: { default: true, help: Search anew., owner: search }
  DRY_RUN: { default: false, help: Only pretend. }
health:
  checks:
    database: { critical: true, interval: 15s, timeout: 2s }
";

    fn hash(name: &str, spec: &str) -> String {
        let folder = env::temp_dir().join(format!("monospec-hash-{}-{name}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("monospec.yaml");
        fs::write(&path, spec).expect("a spec");
        let compilation = crate::compile(&path);
        fs::remove_dir_all(&folder).expect("removed");
        let compilation = compilation.expect("a spec");
        let findings = crate::diagnostics::human::render(&compilation.report, false);
        let model = compilation.models.into_iter().next();
        model
            .unwrap_or_else(|| panic!("{findings}"))
            .catalogue
            .hash()
    }

    #[test]
    fn a_hash_lasts() {
        // Programs in the field have it: it stays as it is, whatever becomes of the catalogue.
        assert_eq!(hash("lasts", SPEC), "72dd01ce52319e47");
    }

    #[test]
    fn the_same_in_other_words_has_the_same_hash() {
        let same = "\
# Flags first, and nothing on one line.
flags:
  DRY_RUN:
    help: \"Only pretend, as of today.\"
    default: false
  NEW_SEARCH:
    help: >-
      Search
      anew.
    default: true
metrics:
  workers: { type: gauge, help: \"Workers.\", limit: 16 }
  payment_seconds:
    buckets: [1.0e-1, 1.0, 5.00]
    help: 'Time.' # in seconds
    type: histogram
  orders_total:
    help: Orders.
    type: counter
    labels:
      result:
      - paid
      - refused
  requests_total:
    type: counter
    labels: [route]
    help: Requests.
labels: { route: { max_values: 50 } }
service:
  name: shop
  description: Sells.
health: { checks: { database: { timeout: 2000ms, interval: 15000ms, critical: true } } }
scrape: { targets: ['shop:80'] }
monospec: 1
";
        assert_eq!(hash("same", same), hash("spec", SPEC));
    }

    #[test]
    fn what_a_program_does_changes_its_hash() {
        let first = hash("first", SPEC);
        for (written, changed) in [
            ("name: shop", "name: shops"),
            ("interval: 10s", "path: /internal"),
            ("max_values: 50", "max_values: 51"),
            ("orders_total", "order_total"),
            ("type: counter", "type: gauge"),
            ("Orders.", "Orders"),
            ("[paid, refused]", "[paid, declined]"),
            ("[paid, refused]", "[refused, paid]"),
            ("result:", "outcome:"),
            ("[0.1, 1, 5]", "[0.1, 1, 6]"),
            ("[0.1, 1, 5]", "[0.1, 1]"),
            ("help: Workers.", "unit: bytes, help: Workers."),
            ("help: Workers.", "renamed_from: work, help: Workers."),
            ("help: Workers.", "max_series: 5, help: Workers."),
            ("default: true", "default: false"),
            ("DRY_RUN", "DRY"),
            ("database:", "postgres:"),
            ("critical: true", "critical: false"),
            ("timeout: 2s", "timeout: 3s"),
            ("checks:", "live: /alive\n  checks:"),
        ] {
            let spec = SPEC.replacen(written, changed, 1);
            assert_ne!(spec, SPEC, "{written}");
            assert_ne!(hash("changed", &spec), first, "{changed}");
        }
    }
}
