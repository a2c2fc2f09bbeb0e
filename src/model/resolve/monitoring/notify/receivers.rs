//! `notify.receivers`.

use super::required;
use crate::diagnostics::{Finding, Findings};
use crate::model::address::has_password;
use crate::model::names;
use crate::model::notify::{Address, Channel, Integration, Receiver};
use crate::model::resolve::jobs::check_owned;
use crate::model::resolve::pairs;
use crate::spec::Place;
use crate::spec::document::{self, Dict, Yaml};

/// From which version on Alertmanager
/// [reads the address of a webhook](https://github.com/prometheus/alertmanager/blob/main/CHANGELOG.md#0260--2023-08-23) and
/// [the token of a bot of Telegram](https://github.com/prometheus/alertmanager/pull/3226) from files.
const SINCE_URL_FILE: (u32, u32) = (0, 26);
const SINCE_BOT_TOKEN_FILE: (u32, u32) = (0, 26);

/// From which version on it knows the [workflows](https://github.com/prometheus/alertmanager/pull/4024) of Microsoft Teams; the
/// connectors that it knew before
/// [are gone](https://devblogs.microsoft.com/microsoft365dev/retirement-of-office-365-connectors-within-microsoft-teams/).
const SINCE_MSTEAMSV2: (u32, u32) = (0, 28);

/// Keys of a receiver that the language has words for.
const OWNED_INTEGRATIONS: &[(&str, &str)] = &[
    ("name", "the key of the receiver"),
    ("slack_configs", "slack"),
    ("email_configs", "email"),
    ("pagerduty_configs", "pagerduty"),
    ("opsgenie_configs", "opsgenie"),
    ("webhook_configs", "webhook"),
    ("telegram_configs", "telegram"),
    ("msteamsv2_configs", "msteams"),
];

pub(super) fn resolve(
    written: &Dict<document::Receiver>,
    version: (u32, u32),
    at: &Place,
    findings: &mut Findings,
) -> Vec<Receiver> {
    let section = at.child("receivers");
    let mut receivers = Vec::new();
    for (name, receiver) in written.iter() {
        let at = section.child(name);
        check_name(name, "a receiver", &at, findings);
        let mut resolver = Resolver {
            version,
            at: at.clone(),
            integrations: Vec::new(),
            findings,
        };
        resolver.receiver(receiver);
        let keys = receiver.extra.iter().map(|(key, _)| key);
        check_owned(
            keys,
            OWNED_INTEGRATIONS,
            &at.child("extra"),
            resolver.findings,
        );
        receivers.push(Receiver {
            name: name.to_owned(),
            integrations: resolver.integrations,
            extra: pairs(receiver.extra.iter()),
            origin: at,
        });
    }
    receivers
}

/// Names stand in messages and in Alertmanager's own metrics.
pub(super) fn check_name(name: &str, what: &str, at: &Place, findings: &mut Findings) {
    if !names::is_service_name(name) {
        findings.push(
            Finding::error(
                "bad-name",
                at.key(),
                format!("`{name}` cannot be the name of {what}"),
            )
            .help("letters, digits, `-`, `_` and `.`, a letter or digit first"),
        );
    }
}

/// E-mail needs a server.
pub(super) fn check_mail(receivers: &[Receiver], there_is_smtp: bool, findings: &mut Findings) {
    let mut all = receivers.iter().flat_map(|receiver| &receiver.integrations);
    let first = all.find(|one| matches!(one.channel, Channel::Email { .. }));
    if let Some(first) = first.filter(|_| !there_is_smtp) {
        findings.push(
            Finding::error(
                "missing-key",
                first.origin.key(),
                "nothing says how e-mail is sent",
            )
            .help(
                "`notify.smtp: { smarthost: \"mail.example.com:587\", from: alerts@example.com }`",
            ),
        );
    }
}

/// A file is named as Alertmanager sees it. It looks for a relative one where it was started, and not beside its configuration.
pub(super) fn check_file(file: &str, at: &Place, findings: &mut Findings) {
    let bytes = file.as_bytes();
    let drive = matches!(bytes, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    if !file.starts_with('/') && !drive {
        findings.push(
            Finding::error(
                "bad-path",
                at.clone(),
                format!("`{file}` is not a path from the root"),
            )
            .help("Alertmanager would look for it in whatever folder it was started"),
        );
    }
}

/// One address; whether it exists, the mail server knows.
pub(super) fn check_mail_address(address: &str, at: &Place, findings: &mut Findings) {
    check_literal(address, at, findings);
    let parts = address.rsplit_once('@');
    let is_address = parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
        && !address.chars().any(|c| c == ',' || c.is_control());
    if !is_address {
        findings.push(
            Finding::error(
                "bad-value",
                at.clone(),
                format!("`{address}` is not an address"),
            )
            .help("such as `team@example.com`"),
        );
    }
}

/// Alertmanager takes most texts for templates; what is written in a spec is meant as it is.
fn check_literal(text: &str, at: &Place, findings: &mut Findings) {
    if let Some(start) = text.find("{{") {
        findings.push(
            Finding::error(
                "bad-template",
                at.within(start..start + 2),
                "Alertmanager would take this for a template",
            )
            .help("routes send alerts to different places: `match` their labels"),
        );
    }
}

struct Resolver<'a> {
    version: (u32, u32),
    at: Place,
    integrations: Vec<Integration>,
    findings: &'a mut Findings,
}

impl Resolver<'_> {
    fn receiver(&mut self, written: &document::Receiver) {
        if let Some(slack) = &written.slack {
            let at = self.at.child("slack");
            if let Some(channel) = &slack.channel {
                check_literal(channel, &at.child("channel"), self.findings);
            }
            let file = self.file(&slack.api_url_file, "api_url_file", &at);
            let channel = file.map(|api_url_file| Channel::Slack {
                api_url_file,
                channel: slack.channel.clone(),
            });
            self.add(channel, &slack.extra, at);
        }
        if let Some(email) = &written.email {
            let at = self.at.child("email");
            let to = required(&email.to, "to", &at, self.findings);
            for (i, address) in to.iter().flat_map(|to| &to.0).enumerate() {
                check_mail_address(address, &at.child("to").index(i), self.findings);
            }
            if to.is_some_and(|to| to.0.is_empty()) {
                let nobody = Finding::error("bad-value", at.child("to"), "nobody is listed");
                self.findings.push(nobody);
            }
            let channel = to.map(|to| Channel::Email { to: to.0.clone() });
            self.add(channel, &email.extra, at);
        }
        if let Some(pagerduty) = &written.pagerduty {
            let at = self.at.child("pagerduty");
            let file = self.file(&pagerduty.routing_key_file, "routing_key_file", &at);
            let channel = file.map(|routing_key_file| Channel::PagerDuty { routing_key_file });
            self.add(channel, &pagerduty.extra, at);
        }
        if let Some(opsgenie) = &written.opsgenie {
            let at = self.at.child("opsgenie");
            let file = self.file(&opsgenie.api_key_file, "api_key_file", &at);
            let channel = file.map(|api_key_file| Channel::Opsgenie { api_key_file });
            self.add(channel, &opsgenie.extra, at);
        }
        if let Some(webhook) = &written.webhook {
            let at = self.at.child("webhook");
            let channel = self.address(webhook, &at).map(Channel::Webhook);
            self.add(channel, &webhook.extra, at);
        }
        if let Some(telegram) = &written.telegram {
            let at = self.at.child("telegram");
            self.needs(SINCE_BOT_TOKEN_FILE, "telegram.bot_token_file", &at);
            let file = self.file(&telegram.bot_token_file, "bot_token_file", &at);
            let chat = required(&telegram.chat_id, "chat_id", &at, self.findings);
            if chat == Some(&0) {
                let place = at.child("chat_id");
                let message = "no chat has the number 0";
                self.findings
                    .push(Finding::error("bad-value", place, message));
            }
            let channel = file
                .zip(chat)
                .map(|(bot_token_file, chat)| Channel::Telegram {
                    bot_token_file,
                    chat_id: *chat,
                });
            self.add(channel, &telegram.extra, at);
        }
        if let Some(msteams) = &written.msteams {
            let at = self.at.child("msteams");
            self.needs(SINCE_MSTEAMSV2, "msteams", &at);
            let file = self.file(&msteams.webhook_url_file, "webhook_url_file", &at);
            let channel = file.map(|webhook_url_file| Channel::MsTeams { webhook_url_file });
            self.add(channel, &msteams.extra, at);
        }
    }

    fn file(&mut self, file: &Option<String>, key: &str, at: &Place) -> Option<String> {
        let file = required(file, key, at, self.findings)?;
        check_file(file, &at.child(key), self.findings);
        Some(file.clone())
    }

    fn address(&mut self, webhook: &document::Webhook, at: &Place) -> Option<Address> {
        let keys = [
            ("url", webhook.url.is_some()),
            ("url_file", webhook.url_file.is_some()),
        ];
        crate::model::resolve::exactly_one(&keys, at, self.findings)?;
        if let Some(url) = &webhook.url {
            let at = at.child("url");
            check_literal(url, &at, self.findings);
            if has_password(url) {
                self.findings.push(
                    Finding::error(
                        "inline-secret",
                        at,
                        "the address holds a password, readable in the spec and in its artefacts",
                    )
                    .help("`url_file` reads it from a file, where Alertmanager runs"),
                );
            } else if !["http://", "https://"].iter().any(|scheme| {
                url.strip_prefix(scheme)
                    .is_some_and(|rest| !rest.is_empty())
            }) {
                self.findings.push(
                    Finding::error("bad-value", at, format!("`{url}` is not an address"))
                        .help("it begins with `http://` or `https://`"),
                );
            }
            return Some(Address::Url(url.clone()));
        }
        let file_at = at.child("url_file");
        self.needs(SINCE_URL_FILE, "webhook.url_file", &file_at);
        self.file(&webhook.url_file, "url_file", at)
            .map(Address::File)
    }

    /// What an older Alertmanager would refuse to start with.
    fn needs(&mut self, since: (u32, u32), what: &str, at: &Place) {
        if self.version < since {
            let ((major, minor), (own_major, own_minor)) = (since, self.version);
            self.findings.push(
                Finding::error(
                    "newer-alertmanager",
                    at.key(),
                    format!("`{what}` needs Alertmanager {major}.{minor}, and this is for {own_major}.{own_minor}"),
                )
                .help(format!(
                    "`notify.version: \"{major}.{minor}\"` says that yours is as new"
                )),
            );
        }
    }

    fn add(&mut self, channel: Option<Channel>, extra: &Dict<Yaml>, at: Place) {
        let Some(channel) = channel else { return };
        let keys = extra.iter().map(|(key, _)| key);
        check_owned(keys, owned(&channel), &at.child("extra"), self.findings);
        self.integrations.push(Integration {
            channel,
            extra: pairs(extra.iter()),
            origin: at,
        });
    }
}

/// Keys of an integration that the language has words for, and those with which a secret would be written beside them.
fn owned(channel: &Channel) -> &'static [(&'static str, &'static str)] {
    match channel {
        Channel::Slack { .. } => &[
            ("channel", "channel"),
            ("api_url", "api_url_file"),
            ("api_url_file", "api_url_file"),
        ],
        Channel::Email { .. } => &[
            ("to", "to"),
            ("from", "notify.smtp.from"),
            ("smarthost", "notify.smtp.smarthost"),
            ("auth_username", "notify.smtp.username"),
            ("auth_password", "notify.smtp.password_file"),
            ("auth_password_file", "notify.smtp.password_file"),
        ],
        Channel::PagerDuty { .. } => &[
            ("routing_key", "routing_key_file"),
            ("routing_key_file", "routing_key_file"),
            ("service_key", "routing_key_file"),
            ("service_key_file", "routing_key_file"),
        ],
        Channel::Opsgenie { .. } => &[
            ("api_key", "api_key_file"),
            ("api_key_file", "api_key_file"),
        ],
        Channel::Webhook(_) => &[("url", "url"), ("url_file", "url_file")],
        Channel::Telegram { .. } => &[
            ("bot_token", "bot_token_file"),
            ("bot_token_file", "bot_token_file"),
            ("chat_id", "chat_id"),
        ],
        Channel::MsTeams { .. } => &[
            ("webhook_url", "webhook_url_file"),
            ("webhook_url_file", "webhook_url_file"),
        ],
    }
}
