//! `health:`

use std::collections::HashMap;
use std::time::Duration;

use super::collision;
#[cfg(feature = "monitoring")]
use super::jobs::check_tls;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Check, Health};
use crate::model::names;
use crate::spec::Place;
use crate::spec::document::{Document, HealthDefaults, Time};

pub(super) fn resolve(document: &Document, findings: &mut Findings) -> Option<Health> {
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
    #[cfg(feature = "monitoring")]
    check_tls(written.tls.as_ref(), &at, findings);
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
        tls: written.tls.clone(),
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
