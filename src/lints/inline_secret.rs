//! `inline-secret`

use super::{Lint, Reporter};
use crate::model::Model;
use crate::spec::Place;
use crate::spec::document::{LintLevel, Yaml};

/// A spec and its artefacts are committed, and Prometheus tells who asks for its configuration what
/// [`<secret>`](https://prometheus.io/docs/prometheus/latest/configuration/configuration/) does not hide.
pub(super) const LINT: Lint = Lint {
    name: "inline-secret",
    level: LintLevel::Deny,
    check,
};

/// Keys of a configuration of Prometheus that hold a secret, and whether `KEY_file` reads it from a file.
const SECRETS: &[(&str, bool)] = &[
    ("password", true),
    ("credentials", true),
    ("bearer_token", true),
    ("client_secret", true),
    ("secret_key", false),
];

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let catalogue = &model.catalogue;
    let server = Place::root().child("prometheus").child("extra");
    look(&catalogue.server.extra, &server, reporter);
    for job in &catalogue.jobs {
        if let Some(scrape) = &job.scrape {
            look(&scrape.extra, &job.origin.child("extra"), reporter);
        }
    }
}

fn look(entries: &[(String, Yaml)], at: &Place, reporter: &mut Reporter<'_>) {
    for (key, value) in entries {
        let at = at.child(key);
        let secret = SECRETS.iter().find(|(name, _)| name == key);
        if let (Some((_, in_file)), Yaml::Text(_)) = (secret, value) {
            let help = if *in_file {
                format!("`{key}_file` reads it from a file, where Prometheus runs")
            } else {
                "Prometheus finds it in its own surroundings where the key is left out".to_owned()
            };
            let message = format!("`{key}` would be readable in the spec and in its artefacts");
            reporter.report(at.key(), message, &help);
        }
        look_into(value, &at, reporter);
    }
}

fn look_into(value: &Yaml, at: &Place, reporter: &mut Reporter<'_>) {
    match value {
        Yaml::Map(entries) => look(entries, at, reporter),
        Yaml::List(items) => {
            for (i, item) in items.iter().enumerate() {
                look_into(item, &at.index(i), reporter);
            }
        }
        Yaml::Text(text) if has_password(text) => {
            let message = "the address holds a password, readable in the spec and in its artefacts";
            let help = "`basic_auth: { username: …, password_file: … }` reads it from a file";
            reporter.report(at.clone(), message.to_owned(), help);
        }
        _ => {}
    }
}

/// Whether this is an address with a password: `https://user:password@host/path`.
fn has_password(text: &str) -> bool {
    let authority = text
        .split_once("://")
        .and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
    authority
        .and_then(|authority| authority.rsplit_once('@'))
        .is_some_and(|(user, _)| user.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::has_password;

    #[test]
    fn addresses_with_a_password_are_known() {
        assert!(has_password("https://user:word@host/write"));
        for text in [
            "https://user@host/write",
            "https://host:9090/a@b:c",
            "user:word@host",
            "https://[::1]:9090/",
        ] {
            assert!(!has_password(text), "{text}");
        }
    }
}
