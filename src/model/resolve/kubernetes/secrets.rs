//! What is read from files elsewhere is a key of a Secret in Kubernetes.

use std::collections::HashMap;

use super::names::{Kind, check_name};
use crate::diagnostics::{Finding, Findings};
use crate::model::Monitoring;
use crate::model::catalogue::Catalogue;
use crate::model::kubernetes::{is_of_the_pod, secret_key};
use crate::model::notify::{Address, Channel, Notify};
use crate::spec::Place;

/// A file, and where it is named.
type File<'m> = (&'m str, Place);

/// Every file needs a Secret and a key of its own.
pub(super) fn check(
    secret: Option<&str>,
    catalogue: &Catalogue,
    monitoring: &Monitoring,
    at: &Place,
    findings: &mut Findings,
) {
    if let Some(secret) = secret {
        check_name(Kind::Object, secret, at.child("secret"), findings);
    }
    let notified = monitoring.notify.iter().flat_map(of_notify);
    let files: Vec<File<'_>> = of_jobs(catalogue).chain(notified).collect();
    if secret.is_none()
        && let Some((file, place)) = files.first()
    {
        findings.push(
            Finding::error("missing-key", at.key(), "`secret` is missing")
                .related(place.clone(), "in Kubernetes, this is the key of a Secret")
                .help(format!(
                    "`secret: {}` names the one that has `{}`",
                    crate::model::kubernetes::slug(&catalogue.service.name),
                    secret_key(file)
                )),
        );
    }
    let mut keys: HashMap<&str, &File<'_>> = HashMap::new();
    for known in &files {
        let (file, place) = known;
        let key = secret_key(file);
        check_name(Kind::SecretKey, key, place.clone(), findings);
        let first = keys.entry(key).or_insert(known);
        if first.0 != *file {
            findings.push(
                Finding::error(
                    "name-collision",
                    place.clone(),
                    format!("two files would be the key `{key}` of the Secret"),
                )
                .label("this one")
                .related(first.1.clone(), "and this one")
                .help("files need different names, in whatever folder they are"),
            );
        }
    }
}

/// Files that Prometheus reads for the jobs that become objects.
fn of_jobs(catalogue: &Catalogue) -> impl Iterator<Item = File<'_>> {
    catalogue.jobs.iter().flat_map(|job| {
        let scrape = job.scrape.iter();
        scrape.flat_map(|scrape| {
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
            tls.chain(auth).filter_map(|(section, (key, file))| {
                let file = file.as_deref().filter(|file| !is_of_the_pod(file))?;
                Some((file, job.origin.child(section).child(key)))
            })
        })
    })
}

/// Files that Alertmanager reads.
fn of_notify(notify: &Notify) -> impl Iterator<Item = File<'_>> {
    let integrations = notify.receivers.iter().flat_map(|it| &it.integrations);
    let named = integrations.filter_map(|one| {
        let (key, file) = match &one.channel {
            Channel::Slack { api_url_file, .. } => ("api_url_file", api_url_file),
            Channel::PagerDuty { routing_key_file } => ("routing_key_file", routing_key_file),
            Channel::Opsgenie { api_key_file } => ("api_key_file", api_key_file),
            Channel::Webhook(Address::File(file)) => ("url_file", file),
            Channel::Telegram { bot_token_file, .. } => ("bot_token_file", bot_token_file),
            Channel::MsTeams { webhook_url_file } => ("webhook_url_file", webhook_url_file),
            Channel::Email { .. } | Channel::Webhook(Address::Url(_)) => return None,
        };
        Some((file.as_str(), one.origin.child(key)))
    });
    let login = notify.smtp.iter().filter_map(|smtp| smtp.login.as_ref());
    let password = login.map(|(_, file)| {
        let at = notify.origin.child("smtp").child("password_file");
        (file.as_str(), at)
    });
    named.chain(password)
}
