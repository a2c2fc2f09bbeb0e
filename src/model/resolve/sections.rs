//! What has a section of its own beside metrics: HTTP, flags, health.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::time::Duration;

use super::collision;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{
    Catalogue, Check, Flag, Health, Http, Label, Labels, Metric, MetricType, Source, Value, Values,
};
use crate::model::{Unit, names};
use crate::spec::Place;
use crate::spec::document::{Document, HealthDefaults, Time};
use crate::suggest;

/// Methods of the generated `Flags` that are no flag's.
const OWN_METHODS: &[&str] = &["from_env", "with_defaults", "iter", "set_by_name"];

pub(super) fn flags(document: &Document, findings: &mut Findings) -> Vec<Flag> {
    let mut flags: Vec<Flag> = Vec::new();
    let mut methods: HashMap<String, Place> = HashMap::new();
    let setter = |method: &str| format!("set_{}", method.strip_prefix("r#").unwrap_or(method));
    for (name, flag) in document.flags.iter() {
        let at = Place::root().child("flags").child(name);
        let method = names::snake_identifier(name);
        if !names::is_label_name(name) || method.is_empty() {
            findings.push(
                Finding::error(
                    "bad-name",
                    at.key(),
                    format!("`{name}` cannot be the name of a flag"),
                )
                .help("it is an environment variable: letters, digits and `_`, no digit first"),
            );
        } else if let Some(method) = [method.clone(), setter(&method)]
            .iter()
            .find(|method| OWN_METHODS.contains(&method.as_str()))
        {
            findings.push(Finding::error(
                "name-collision",
                at.key(),
                format!("the generated code has a method `{method}` of its own"),
            ));
        } else {
            let taken = [method.clone(), setter(&method)]
                .into_iter()
                .find_map(|method| Some((methods.get(&method)?.clone(), method)));
            if let Some((first, method)) = taken {
                findings.push(collision(
                    at.key(),
                    &first,
                    "methods of the Rust code",
                    &method,
                    "rename one of the flags",
                ));
            } else {
                methods.insert(setter(&method), at.key());
                methods.insert(method.clone(), at.key());
            }
        }
        if let Some(day) = flag.expires.as_deref().filter(|day| !is_day(day)) {
            findings.push(
                Finding::error(
                    "bad-value",
                    at.child("expires"),
                    format!("`{day}` is not a day"),
                )
                .help("write it like `2027-03-31`"),
            );
        }
        flags.push(Flag {
            name: name.to_owned(),
            method,
            default: flag.default,
            help: flag.help.clone(),
            owner: flag.owner.clone(),
            expires: flag.expires.clone(),
            origin: at,
        });
    }
    flags
}

/// `YYYY-MM-DD` of the Gregorian calendar.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let shaped = [(year, 4), (month, 2), (day, 2)]
        .iter()
        .all(|(part, length)| part.len() == *length && part.bytes().all(|b| b.is_ascii_digit()));
    let (Ok(year), Ok(month), Ok(day)) = (
        year.parse::<u32>(),
        month.parse::<u32>(),
        day.parse::<u32>(),
    ) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    shaped && (1..=days).contains(&day)
}

pub(super) fn health(document: &Document, findings: &mut Findings) -> Option<Health> {
    let written = document.health.as_ref()?.sound()?;
    let at = Place::root().child("health");
    let path = |key: &str, written: Option<&String>, default: &str, findings: &mut Findings| {
        let path = written.map_or(default, String::as_str);
        if !path.starts_with('/') || path.contains(char::is_whitespace) {
            findings.push(Finding::error(
                "bad-value",
                at.child(key),
                format!("`{path}` is not a path"),
            ));
        }
        path.to_owned()
    };
    let live = path("live", written.live.as_ref(), "/health/live", findings);
    let ready = path("ready", written.ready.as_ref(), "/health/ready", findings);
    if live == ready {
        findings.push(
            Finding::error(
                "bad-value",
                at.child("ready"),
                "liveness and readiness are different questions: they need different paths",
            )
            .related(at.child("live"), "the same path"),
        );
    }
    let none = HealthDefaults::default();
    let defaults = written.defaults.as_ref().unwrap_or(&none);
    let mut checks: Vec<Check> = Vec::new();
    let mut methods: HashMap<String, Place> = HashMap::new();
    for (name, check) in written.checks.iter() {
        let at = at.child("checks").child(name);
        let method = names::snake_identifier(name);
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if !name.chars().all(valid) || method.is_empty() {
            findings.push(
                Finding::error(
                    "bad-name",
                    at.key(),
                    format!("`{name}` cannot be the name of a check"),
                )
                .help("letters, digits, `_` and `-`"),
            );
        } else if let Some(first) = methods.insert(method.clone(), at.key()) {
            findings.push(collision(
                at.key(),
                &first,
                "methods of the Rust code",
                &method,
                "rename one of the checks",
            ));
        }
        let time = |own: Option<Time>, shared: Option<Time>, default: u64| {
            own.or(shared)
                .map_or(Duration::from_secs(default), |time| time.0)
        };
        let check = Check {
            name: name.to_owned(),
            method,
            critical: check.critical,
            help: check.help.clone(),
            interval: time(check.interval, defaults.interval, 15),
            timeout: time(check.timeout, defaults.timeout, 5),
            failure_threshold: check
                .failure_threshold
                .or(defaults.failure_threshold)
                .unwrap_or(3),
            success_threshold: check
                .success_threshold
                .or(defaults.success_threshold)
                .unwrap_or(1),
            origin: at,
        };
        check_times(&check, findings);
        checks.push(check);
    }
    Some(Health {
        live,
        ready,
        checks,
    })
}

fn check_times(check: &Check, findings: &mut Findings) {
    let at = &check.origin;
    if check.interval.is_zero() || check.timeout.is_zero() {
        findings.push(Finding::error(
            "bad-value",
            at.key(),
            format!("the check `{}` has no time to run", check.name),
        ));
    } else if check.timeout >= check.interval {
        findings.push(
            Finding::error(
                "bad-value",
                at.child("timeout"),
                format!(
                    "the check `{}` may take {}, which is not less than its interval of {}",
                    check.name,
                    Time(check.timeout),
                    Time(check.interval)
                ),
            )
            .help("a check has to end before the next one begins"),
        );
    }
    for (key, threshold) in [
        ("failure_threshold", check.failure_threshold),
        ("success_threshold", check.success_threshold),
    ] {
        if threshold == 0 {
            findings.push(Finding::error(
                "bad-value",
                at.child(key),
                format!("`{key}` is at least 1"),
            ));
        }
    }
}

/// The metrics that the runtime exposes because of these sections.
pub(super) fn runtime_metrics(
    generated: &[Metric],
    flags: &[Flag],
    health: Option<&Health>,
) -> Vec<Metric> {
    let mut metrics = Vec::new();
    let open: BTreeSet<&str> = generated
        .iter()
        .flat_map(|metric| metric.labels.known())
        .filter(|label| matches!(label.values, Values::Open { .. }))
        .map(|label| label.name.as_str())
        .collect();
    if !open.is_empty() {
        let at = Place::root().child("labels");
        let label = closed("label", open.into_iter(), &at);
        metrics.push(Metric {
            kind: MetricType::Counter,
            ..runtime_metric(
                "monospec_label_overflow_total",
                "Values of an open label that were one too many, and are counted as `_other`.",
                vec![label],
                &at,
            )
        });
    }
    if !flags.is_empty() {
        let at = Place::root().child("flags");
        let flag_name = closed("flag_name", flags.iter().map(|f| f.name.as_str()), &at);
        let enabled = closed("enabled", ["true", "false"].into_iter(), &at);
        metrics.push(runtime_metric(
            "feature_flag_status",
            "Whether a feature flag is on: 1 for the series of its state, 0 for the other.",
            vec![Rc::clone(&flag_name), enabled],
            &at,
        ));
        metrics.push(runtime_metric(
            "feature_flag_invalid",
            "Whether the environment variable of a feature flag holds something that is no boolean.",
            vec![flag_name],
            &at,
        ));
    }
    if let Some(health) = health.filter(|h| !h.checks.is_empty()) {
        let at = Place::root().child("health");
        let check = closed("check", health.checks.iter().map(|c| c.name.as_str()), &at);
        for (name, help) in [
            (
                "health_check_status",
                "Whether a health check is healthy: 1 or 0.",
            ),
            (
                "health_check_duration_seconds",
                "How long the last run of a health check took.",
            ),
            (
                "health_check_last_success_timestamp_seconds",
                "When a health check last succeeded, in seconds since the Unix epoch.",
            ),
        ] {
            metrics.push(runtime_metric(name, help, vec![Rc::clone(&check)], &at));
        }
    }
    metrics
}

fn closed<'a>(name: &str, values: impl Iterator<Item = &'a str>, at: &Place) -> Rc<Label> {
    Rc::new(Label {
        name: name.to_owned(),
        help: None,
        values: Values::Closed {
            values: values
                .map(|text| Value {
                    text: text.to_owned(),
                    variant: names::upper_camel(text),
                })
                .collect(),
            other: false,
        },
        key: None,
        type_name: names::upper_camel(name),
        argument: names::snake_identifier(name),
        origin: at.clone(),
    })
}

fn runtime_metric(name: &str, help: &str, labels: Vec<Rc<Label>>, at: &Place) -> Metric {
    Metric {
        name: name.to_owned(),
        kind: MetricType::Gauge,
        help: help.to_owned(),
        unit: Unit::of_name(name),
        labels: Labels::Known(labels),
        buckets: Vec::new(),
        limit: None,
        max_series: None,
        renamed_from: None,
        source: Source::Runtime,
        job: 0,
        method: names::snake_identifier(name),
        allow: Vec::new(),
        origin: at.key(),
    }
}

/// `http:` binds metrics that exist; they have to be of the right type and have labels that the middleware can fill.
pub(super) fn http(
    document: &Document,
    catalogue: &Catalogue,
    findings: &mut Findings,
) -> Option<Http> {
    let written = document.http.as_ref()?.sound()?;
    let at = Place::root().child("http");
    let labels = written.labels.as_ref();
    let label =
        |name: Option<&String>, default: &str| name.map_or(default, String::as_str).to_owned();
    let method = label(labels.and_then(|l| l.method.as_ref()), "method");
    let route = label(labels.and_then(|l| l.route.as_ref()), "route");
    let status = label(labels.and_then(|l| l.status.as_ref()), "status");

    let mut bind = |key: &str,
                    name: &str,
                    kind: MetricType,
                    needed: &[&String],
                    allowed: &[&String]| {
        let at = at.child(key);
        let own = |m: &Metric| matches!(m.source, Source::Generated | Source::Doubtful);
        let found = catalogue
            .metrics
            .iter()
            .position(|m| own(m) && m.name == name);
        let Some(index) = found else {
            if !document.metrics.failed().any(|failed| failed == name) {
                let known = catalogue
                    .metrics
                    .iter()
                    .filter(|m| own(m) && m.kind == kind);
                findings.push(
                    Finding::error(
                        "unknown-metric",
                        at,
                        format!("no metric of the service is called `{name}`"),
                    )
                    .label("not under `metrics:`")
                    .suggest(suggest::nearest(name, known.map(|m| m.name.as_str()))),
                );
            }
            return None;
        };
        let metric = &catalogue.metrics[index];
        if metric.source == Source::Doubtful {
            return None;
        }
        if metric.kind != kind {
            findings.push(
                Finding::error(
                    "wrong-metric-type",
                    at,
                    format!(
                        "`{name}` is a {} and not a {}",
                        metric.kind.as_str(),
                        kind.as_str()
                    ),
                )
                .related(metric.origin.child("type"), "declared here"),
            );
            return None;
        }
        let has = |label: &String| metric.labels.known().iter().any(|l| l.name == *label);
        // Labels with a finding are not missing.
        let undecoded = matches!(metric.labels, Labels::Any);
        for label in needed.iter().filter(|label| !has(label) && !undecoded) {
            findings.push(
                Finding::error("label-mismatch", at.clone(), format!("`{name}` has no label `{label}`"))
                    .related(metric.origin.child("labels").key(), "its labels")
                    .help("`http.labels` says what the labels are called: `{ method: …, route: …, status: … }`"),
            );
        }
        for label in metric.labels.known() {
            if !allowed.contains(&&label.name) {
                findings.push(
                    Finding::error(
                        "label-mismatch",
                        at.clone(),
                        format!(
                            "the middleware has nothing for the label `{}` of `{name}`",
                            label.name
                        ),
                    )
                    .related(metric.origin.child("labels").key(), "its labels"),
                );
            } else if label.name == status && !matches!(label.values, Values::HttpStatus { .. }) {
                findings.push(
                    Finding::error(
                        "label-mismatch",
                        at.clone(),
                        format!("the label `{status}` has to be of `type: http_status`"),
                    )
                    .related(label.origin.key(), "defined here"),
                );
            } else if label.name == route && !matches!(label.values, Values::Open { .. }) {
                findings.push(
                    Finding::error(
                        "label-mismatch",
                        at.clone(),
                        format!("the label `{route}` has to be open: routes come from the code"),
                    )
                    .related(label.origin.key(), "defined here"),
                );
            } else if label.name == method
                && !matches!(
                    label.values,
                    Values::Closed { other: true, .. } | Values::Open { .. }
                )
            {
                findings.push(
                    Finding::error(
                        "label-mismatch",
                        at.clone(),
                        format!(
                            "the label `{method}` needs `other:`, for methods that nobody foresaw"
                        ),
                    )
                    .related(label.origin.key(), "defined here"),
                );
            }
        }
        Some(index)
    };

    let requests = bind(
        "requests",
        &written.requests,
        MetricType::Counter,
        &[&method, &route, &status],
        &[&method, &route, &status],
    );
    let duration = written.duration.as_ref().and_then(|name| {
        bind(
            "duration",
            name,
            MetricType::Histogram,
            &[],
            &[&method, &route, &status],
        )
    });
    let in_flight = written.in_flight.as_ref().and_then(|name| {
        bind(
            "in_flight",
            name,
            MetricType::Gauge,
            &[],
            &[&method, &route],
        )
    });
    Some(Http {
        requests: requests?,
        duration,
        in_flight,
        method,
        route,
        status,
        origin: at,
    })
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn days_exist() {
        for day in ["2027-03-31", "2028-02-29", "2000-02-29"] {
            assert!(is_day(day), "{day}");
        }
        for day in [
            "2027-02-29",
            "2100-02-29",
            "2027-13-01",
            "2027-00-10",
            "27-1-1",
            "2027-04-31",
            "x",
        ] {
            assert!(!is_day(day), "{day}");
        }
    }
}
