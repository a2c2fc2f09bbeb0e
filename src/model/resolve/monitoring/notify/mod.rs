//! `notify:`.

mod inhibitions;
mod labels;
mod receivers;
mod routes;
mod times;

use self::labels::{Known, Source};
use super::alerts::Resolved;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Catalogue;
use crate::model::notify::{Notify, Smtp};
use crate::model::resolve::jobs::check_owned;
use crate::model::resolve::pairs;
use crate::model::resolve::server::version;
use crate::model::slo::Slo;
use crate::spec::Place;
use crate::spec::document::{self, Dict, Document, Yaml};

/// Top-level keys of alertmanager.yml that the language has words for. `inhibit_rules` may have more.
const OWNED_KEYS: &[(&str, &str)] = &[
    ("route", "notify.routes"),
    ("receivers", "notify.receivers"),
    ("time_intervals", "notify.time_intervals"),
    ("mute_time_intervals", "notify.time_intervals"),
];

/// Keys of `global` that the language has words for.
const OWNED_GLOBAL_KEYS: &[(&str, &str)] = &[
    ("smtp_smarthost", "notify.smtp.smarthost"),
    ("smtp_from", "notify.smtp.from"),
    ("smtp_auth_username", "notify.smtp.username"),
    ("smtp_auth_password_file", "notify.smtp.password_file"),
    ("smtp_require_tls", "notify.smtp.require_tls"),
];

/// The oldest Alertmanager that monospec writes for: before it, the keys of PagerDuty and the password of SMTP
/// [come from no file](https://github.com/prometheus/alertmanager/blob/main/CHANGELOG.md#0250--2022-12-22).
const OLDEST_VERSION: (u32, u32) = (0, 25);

pub(super) fn resolve(
    document: &Document,
    catalogue: &Catalogue,
    alerts: &[Resolved],
    slos: &[Slo],
    findings: &mut Findings,
) -> Option<Notify> {
    let written = document.notify.as_ref()?.sound()?;
    let at = Place::root().child("notify");
    let version = oldest(written.version.as_deref(), &at, findings);
    let receivers = receivers::resolve(&written.receivers, version, &at, findings);
    let smtp = written
        .smtp
        .as_ref()
        .and_then(|smtp| self::smtp(smtp, &at.child("smtp"), findings));
    receivers::check_mail(&receivers, written.smtp.is_some(), findings);
    let time_intervals = times::resolve(&written.time_intervals, &at, findings);
    let sources: Vec<Source<'_>> = alerts
        .iter()
        .map(Source::of_alert)
        .chain(slos.iter().map(|slo| Source::of_slo(slo, catalogue)))
        .collect();
    let known = Known::of(document, catalogue, &sources, findings);
    let routes = routes::resolve(written, catalogue, &known, &at, findings);
    check_extra(&written.extra, &at.child("extra"), findings);
    Some(Notify {
        version,
        default: written.default.clone(),
        grouping: routes.grouping,
        routes: routes.routes,
        inhibitions: inhibitions::of(&sources),
        receivers,
        smtp,
        time_intervals,
        extra: pairs(written.extra.iter()),
        origin: at,
    })
}

fn oldest(written: Option<&str>, at: &Place, findings: &mut Findings) -> (u32, u32) {
    let Some(text) = written else {
        return OLDEST_VERSION;
    };
    let at = at.child("version");
    match version(text) {
        Some(version) if version < OLDEST_VERSION => findings.push(Finding::error(
            "bad-value",
            at,
            format!("monospec writes for Alertmanager 0.25 and newer, not for {text}"),
        )),
        Some(version) => return version,
        None => findings.push(
            Finding::error("bad-value", at, format!("`{text}` is not a version"))
                .help("write it like \"0.25\" or \"0.28\""),
        ),
    }
    // So that nothing is reported as too new for it.
    (u32::MAX, 0)
}

fn smtp(written: &document::Smtp, at: &Place, findings: &mut Findings) -> Option<Smtp> {
    let smarthost = required(&written.smarthost, "smarthost", at, findings);
    if let Some(address) = smarthost {
        let port = address
            .rsplit_once(':')
            .map(|(_, port)| port.parse::<u16>());
        if !matches!(port, Some(Ok(_))) || address.starts_with(':') || address.contains('/') {
            findings.push(
                Finding::error(
                    "bad-value",
                    at.child("smarthost"),
                    format!("`{address}` is not an address with a port"),
                )
                .help("such as `mail.example.com:587`"),
            );
        }
    }
    let from = required(&written.from, "from", at, findings);
    if let Some(from) = from {
        receivers::check_mail_address(from, &at.child("from"), findings);
    }
    let login = match (&written.username, &written.password_file) {
        (Some(name), Some(file)) => {
            receivers::check_file(file, &at.child("password_file"), findings);
            Some((name.clone(), file.clone()))
        }
        (Some(_), None) => {
            required(&written.password_file, "password_file", at, findings);
            None
        }
        (None, Some(_)) => {
            required(&written.username, "username", at, findings);
            None
        }
        (None, None) => None,
    };
    Some(Smtp {
        smarthost: smarthost?.clone(),
        from: from?.clone(),
        login,
        require_tls: written.require_tls.unwrap_or(true),
    })
}

/// A value that has to be there once environments have said what they say.
fn required<'d, T>(
    value: &'d Option<T>,
    key: &str,
    at: &Place,
    findings: &mut Findings,
) -> Option<&'d T> {
    if value.is_none() {
        findings.push(Finding::error(
            "missing-key",
            at.key(),
            format!("`{key}` is missing"),
        ));
    }
    value.as_ref()
}

fn check_extra(extra: &Dict<Yaml>, at: &Place, findings: &mut Findings) {
    check_owned(extra.iter().map(|(key, _)| key), OWNED_KEYS, at, findings);
    for (key, value) in extra.iter() {
        let at = at.child(key);
        let wrong = match (key, value) {
            ("global", Yaml::Map(entries)) => {
                let keys = entries.iter().map(|(key, _)| key.as_str());
                check_owned(keys, OWNED_GLOBAL_KEYS, &at, findings);
                continue;
            }
            ("inhibit_rules" | "templates", Yaml::List(_)) => continue,
            ("global", _) => "a mapping",
            ("inhibit_rules" | "templates", _) => "a list",
            _ => continue,
        };
        findings.push(Finding::error(
            "wrong-type",
            at,
            format!("expected {wrong}"),
        ));
    }
}
