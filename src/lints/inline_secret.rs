//! `inline-secret`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::address::has_password;
use crate::spec::Place;
use crate::spec::document::{LintLevel, Yaml};

/// A spec and its artefacts are committed, and Prometheus tells who asks for its configuration what
/// [`<secret>`](https://prometheus.io/docs/prometheus/latest/configuration/configuration/) does not hide.
pub(super) const LINT: Lint = Lint {
    name: "inline-secret",
    level: LintLevel::Deny,
    check: Check::Model(check),
};

/// Who reads what stands in `extra`.
struct Reader {
    name: &'static str,
    /// Keys that hold a secret, and whether `KEY_file` reads it from a file.
    secrets: &'static [&'static [(&'static str, bool)]],
}

/// What Prometheus and Alertmanager say to a server.
const OF_HTTP: &[(&str, bool)] = &[
    ("password", true),
    ("credentials", true),
    ("bearer_token", true),
    ("client_secret", true),
    ("secret_key", false),
];

/// Keys of [Alertmanager](https://prometheus.io/docs/alerting/latest/configuration/) that the language has no words for.
#[cfg(feature = "monitoring")]
const OF_ALERTMANAGER: &[(&str, bool)] = &[
    ("api_key", true),
    ("api_secret", true),
    ("app_token", true),
    ("auth_secret", true),
    ("token", true),
    ("user_key", true),
    ("webhook_url", true),
    ("opsgenie_api_key", true),
    ("slack_api_url", true),
    ("slack_app_token", true),
    ("smtp_auth_password", true),
    ("smtp_auth_secret", true),
    ("telegram_bot_token", true),
    ("victorops_api_key", true),
    ("wechat_api_secret", true),
];

const PROMETHEUS: Reader = Reader {
    name: "Prometheus",
    secrets: &[OF_HTTP],
};

#[cfg(feature = "monitoring")]
const ALERTMANAGER: Reader = Reader {
    name: "Alertmanager",
    secrets: &[OF_HTTP, OF_ALERTMANAGER],
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let catalogue = &model.catalogue;
    let server = Place::root().child("prometheus").child("extra");
    PROMETHEUS.look(&catalogue.server.extra, &server, reporter);
    for job in &catalogue.jobs {
        if let Some(scrape) = &job.scrape {
            PROMETHEUS.look(&scrape.extra, &job.origin.child("extra"), reporter);
        }
    }
    #[cfg(feature = "monitoring")]
    if let Some(notify) = &model.monitoring.notify {
        ALERTMANAGER.look(&notify.extra, &notify.origin.child("extra"), reporter);
        for receiver in &notify.receivers {
            ALERTMANAGER.look(&receiver.extra, &receiver.origin.child("extra"), reporter);
            for integration in &receiver.integrations {
                let at = integration.origin.child("extra");
                ALERTMANAGER.look(&integration.extra, &at, reporter);
            }
        }
    }
}

impl Reader {
    fn look(&self, entries: &[(String, Yaml)], at: &Place, reporter: &mut Reporter<'_>) {
        for (key, value) in entries {
            let at = at.child(key);
            let mut secrets = self.secrets.iter().copied().flatten();
            let secret = secrets.find(|(name, _)| name == key);
            if let (Some((_, in_file)), Yaml::Text(_)) = (secret, value) {
                let reader = self.name;
                let help = if *in_file {
                    format!("`{key}_file` reads it from a file, where {reader} runs")
                } else {
                    format!("{reader} finds it in its own surroundings where the key is left out")
                };
                let message = format!("`{key}` would be readable in the spec and in its artefacts");
                reporter.report(at.key(), message, &help);
            }
            self.look_into(value, &at, reporter);
        }
    }

    fn look_into(&self, value: &Yaml, at: &Place, reporter: &mut Reporter<'_>) {
        match value {
            Yaml::Map(entries) => self.look(entries, at, reporter),
            Yaml::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.look_into(item, &at.index(i), reporter);
                }
            }
            Yaml::Text(text) if has_password(text) => {
                let message =
                    "the address holds a password, readable in the spec and in its artefacts";
                let help = "`basic_auth: { username: …, password_file: … }` reads it from a file";
                reporter.report(at.clone(), message.to_owned(), help);
            }
            _ => {}
        }
    }
}
