//! `no-counterpart`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::{Job, Yaml};
use crate::model::kubernetes::{Monitor, is_of_the_pod};
use crate::model::notify::Notify;
use crate::model::operator::{self, Shape};
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// What is not in the operator's object would be missing in the cluster, and nobody would know.
pub(super) const LINT: Lint = Lint {
    name: "no-counterpart",
    level: LintLevel::Deny,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let Some(kubernetes) = model.operated() else {
        return;
    };
    let monitor = match kubernetes.monitor {
        Monitor::Service => "ServiceMonitor",
        Monitor::Pod => "PodMonitor",
    };
    for (i, job) in model.catalogue.jobs.iter().enumerate() {
        let object = if i == 0 { monitor } else { "ScrapeConfig" };
        check_job(job, object, reporter);
    }
    if let Some(notify) = &model.monitoring.notify {
        check_notify(notify, reporter);
    }
}

fn check_job(job: &Job, object: &str, reporter: &mut Reporter<'_>) {
    let Some(scrape) = &job.scrape else {
        return; // somebody else scrapes it
    };
    for (key, value) in &scrape.extra {
        let at = job.origin.child("extra").child(key);
        let known = operator::scrape_key(key).filter(|known| match object {
            "ScrapeConfig" => known.scrape_config.is_some(),
            _ => known.endpoint.or(known.monitor).is_some(),
        });
        check_value(
            key,
            value,
            known.map(|known| known.shape),
            object,
            at,
            reporter,
        );
    }
    let tls = scrape.tls.iter().flat_map(|tls| {
        [
            ("ca_file", &tls.ca_file),
            ("cert_file", &tls.cert_file),
            ("key_file", &tls.key_file),
        ]
        .map(|file| ("tls", file))
    });
    let auth = scrape.auth.iter().flat_map(|auth| {
        [
            ("password_file", &auth.password_file),
            ("bearer_file", &auth.bearer_file),
        ]
        .map(|file| ("auth", file))
    });
    for (section, (key, file)) in tls.chain(auth) {
        if file.as_deref().is_some_and(is_of_the_pod) {
            reporter.report(
                job.origin.child(section).child(key),
                "this is of Prometheus' own pod, and in no Secret".to_owned(),
                "put what is needed into a Secret, and name a file that is called like its key",
            );
        }
    }
}

fn check_notify(notify: &Notify, reporter: &mut Reporter<'_>) {
    const OBJECT: &str = "AlertmanagerConfig";
    for (key, _) in &notify.extra {
        let at = notify.origin.child("extra").child(key);
        lost(key, OBJECT, at, reporter);
    }
    for receiver in &notify.receivers {
        for (key, _) in &receiver.extra {
            let at = receiver.origin.child("extra").child(key);
            lost(key, OBJECT, at, reporter);
        }
        for one in &receiver.integrations {
            for (key, value) in &one.extra {
                let at = one.origin.child("extra").child(key);
                let known = operator::integration_key(&one.channel, key);
                check_value(
                    key,
                    value,
                    known.map(|(_, shape)| shape),
                    OBJECT,
                    at,
                    reporter,
                );
            }
        }
    }
    for (name, intervals) in &notify.time_intervals {
        let at = notify.origin.child("time_intervals").child(name);
        for (i, interval) in intervals.iter().enumerate() {
            if interval
                .location
                .as_deref()
                .is_some_and(|zone| zone != "UTC")
            {
                let at = at.index(i).child("location");
                lost("location", OBJECT, at, reporter);
            }
        }
    }
}

fn check_value(
    key: &str,
    value: &Yaml,
    shape: Option<Shape>,
    object: &str,
    at: Place,
    reporter: &mut Reporter<'_>,
) {
    match shape {
        None => lost(key, object, at, reporter),
        Some(shape) if shape.fits(value) => {}
        Some(shape) => reporter.report(
            at,
            format!("the operator takes {} for this", shape.words()),
            HELP,
        ),
    }
}

const HELP: &str = "say it in the cluster, take it away, or leave it out there with `lints: { no-counterpart: allow }`";

fn lost(key: &str, object: &str, at: Place, reporter: &mut Reporter<'_>) {
    let article = if object.starts_with('A') { "an" } else { "a" };
    let message = match operator::is_known(key) {
        true => format!("monospec does not translate `{key}` for {article} {object}"),
        false => format!("`{key}` has no counterpart in {article} {object}"),
    };
    reporter.report(at.key(), message, HELP);
}
