//! Secrets that were written where only the file that holds them can be named.

use super::place;
use crate::diagnostics::{Finding, Findings};

/// Keys of Alertmanager that hold a secret: the part of `notify:` that one would write them in, the key, and what names the file.
const SECRETS: &[(&str, &str, &str)] = &[
    ("slack", "api_url", "api_url_file"),
    ("pagerduty", "routing_key", "routing_key_file"),
    ("pagerduty", "service_key", "routing_key_file"),
    ("opsgenie", "api_key", "api_key_file"),
    ("telegram", "bot_token", "bot_token_file"),
    ("msteams", "webhook_url", "webhook_url_file"),
    ("email", "auth_password", "notify.smtp.password_file"),
    ("smtp", "password", "password_file"),
];

/// Says of such keys, which the language does not know, why that is so.
pub(super) fn explain(findings: &mut Findings) {
    findings.change(|finding| {
        if finding.code == "unknown-key"
            && let Some(found) = inline_secret(finding)
        {
            *finding = found;
        }
    });
}

fn inline_secret(finding: &Finding) -> Option<Finding> {
    let path: Vec<String> = place::segments(finding.place.pointer()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let below = match path.as_slice() {
        ["environments", _, "notify", below @ ..] | ["notify", below @ ..] => below,
        _ => return None,
    };
    let (part, key) = match below {
        [part, key] | ["receivers", _, part, key] => (part, key),
        _ => return None,
    };
    let mut known = SECRETS.iter().filter(|(p, k, _)| p == part && k == key);
    let (_, _, file) = known.next()?;
    Some(
        Finding::error(
            "inline-secret",
            finding.place.clone(),
            format!("`{key}` would be readable in the spec and in its artefacts"),
        )
        .help(format!(
            "`{file}` reads it from a file, where Alertmanager runs"
        )),
    )
}
