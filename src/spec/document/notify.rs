//! Who hears of alerts.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Dict, Time, Yaml};

/// Who hears of alerts, through an Alertmanager.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Notify {
    /// The oldest Alertmanager that has to understand the artefact. Default: `0.25`.
    pub version: Option<String>,
    /// Who hears of what no route takes.
    pub default: String,
    /// Receivers, by name. One without anything in it, `{}`, hears of alerts in silence.
    #[serde(default)]
    pub receivers: Dict<Receiver>,
    /// Who hears of what, by severity (`critical: oncall`), or as a list of routes, of which the first that matches takes an
    /// alert.
    pub routes: Option<Routes>,
    /// How e-mail is sent.
    pub smtp: Option<Smtp>,
    /// Alerts that have these labels in common share a notification; `["..."]` stands for all. Default: `alertname`, `service`
    /// and the identity of the service.
    pub group_by: Option<Vec<String>>,
    /// How long the first notification of a group waits for more. Default: `30s`.
    pub group_wait: Option<Time>,
    /// How long a group waits until it tells of new alerts. Default: `5m`.
    pub group_interval: Option<Time>,
    /// How long until what is known is said again. Default: `4h`.
    pub repeat_interval: Option<Time>,
    /// Times, by name, in which routes are mute, or not: lists of intervals.
    #[serde(default)]
    pub time_intervals: Dict<Vec<TimeInterval>>,
    /// Further top-level keys of alertmanager.yml, verbatim; `inhibit_rules` come after those that levels of alerts bring,
    /// `templates` after monospec's.
    #[serde(default)]
    pub extra: Dict<Yaml>,
}

/// Somebody who hears of alerts, by one way or several.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Receiver {
    /// A channel of Slack.
    pub slack: Option<Slack>,
    /// E-mail.
    pub email: Option<Email>,
    /// A service of PagerDuty.
    pub pagerduty: Option<PagerDuty>,
    /// A team of Opsgenie.
    pub opsgenie: Option<Opsgenie>,
    /// A program.
    pub webhook: Option<Webhook>,
    /// A chat of Telegram. Alertmanager 0.26 and newer.
    pub telegram: Option<Telegram>,
    /// A channel of Microsoft Teams, through a workflow. Alertmanager 0.28 and newer.
    pub msteams: Option<MsTeams>,
    /// Further integrations, verbatim: `discord_configs`, `sns_configs`, …
    #[serde(default)]
    pub extra: Dict<Yaml>,
}

/// A channel of Slack: `api_url_file`, and perhaps a `channel`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Slack {
    /// The file with the address of the incoming webhook, where Alertmanager runs.
    pub api_url_file: Option<String>,
    /// The channel, where it differs from the webhook's own: `#alerts`.
    pub channel: Option<String>,
    /// Further keys of the `slack_config`, verbatim. They take the place of monospec's texts.
    #[serde(default)]
    pub extra: Dict<Yaml>,
}

/// E-mail: `to`, sent as `notify.smtp` says.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Email {
    /// An address, or a list of them.
    pub to: Option<OneOrMore>,
    /// Further keys of the `email_config`, verbatim. They take the place of monospec's texts.
    #[serde(default)]
    pub extra: Dict<Yaml>,
}

/// A service of PagerDuty: `routing_key_file`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PagerDuty {
    /// The file with the integration key (Events API v2), where Alertmanager runs.
    pub routing_key_file: Option<String>,
    /// Further keys of the `pagerduty_config`, verbatim. They take the place of monospec's texts.
    #[serde(default)]
    pub extra: Dict<Yaml>,
}

/// A team of Opsgenie: `api_key_file`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Opsgenie {
    /// The file with the key of the API, where Alertmanager runs; until Alertmanager 0.28.0 without a line break at its end.
    pub api_key_file: Option<String>,
    /// Further keys of the `opsgenie_config`, verbatim, such as `api_url` or `responders`. They take the place of monospec's
    /// texts.
    #[serde(default)]
    pub extra: Dict<Yaml>,
}

/// A program that is sent alerts as JSON: `url` or `url_file`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Its address, where that is no secret.
    pub url: Option<String>,
    /// The file with its address, where Alertmanager runs. Alertmanager 0.26 and newer.
    pub url_file: Option<String>,
    /// Further keys of the `webhook_config`, verbatim.
    #[serde(default)]
    pub extra: Dict<Yaml>,
}

/// A chat of Telegram: `bot_token_file` and `chat_id`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Telegram {
    /// The file with the token of the bot, where Alertmanager runs.
    pub bot_token_file: Option<String>,
    /// The chat's number; that of a group is negative.
    pub chat_id: Option<i64>,
    /// Further keys of the `telegram_config`, verbatim. They take the place of monospec's texts.
    #[serde(default)]
    pub extra: Dict<Yaml>,
}

/// A channel of Microsoft Teams: `webhook_url_file`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MsTeams {
    /// The file with the address of the workflow, where Alertmanager runs.
    pub webhook_url_file: Option<String>,
    /// Further keys of the `msteamsv2_config`, verbatim. They take the place of monospec's texts.
    #[serde(default)]
    pub extra: Dict<Yaml>,
}

/// How e-mail is sent: `smarthost` and `from`, and perhaps `username` with `password_file`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// The server and its port: `mail.example.com:587`.
    pub smarthost: Option<String>,
    /// The sender's address.
    pub from: Option<String>,
    /// Who logs in.
    pub username: Option<String>,
    /// The file with the password, where Alertmanager runs.
    pub password_file: Option<String>,
    /// Whether mail is sent only over TLS. Default: true.
    pub require_tls: Option<bool>,
}

/// Who hears of what.
#[derive(Debug)]
pub enum Routes {
    /// By severity.
    BySeverity(BySeverity),
    /// One after the other.
    List(Vec<Route>),
}

/// Receivers by severity: each a name or a list of names.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BySeverity {
    /// Who is woken.
    pub critical: Option<OneOrMore>,
    /// Who has a look today.
    pub warning: Option<OneOrMore>,
    /// Who wants to know.
    pub info: Option<OneOrMore>,
}

/// Takes the alerts that match, unless an earlier route has taken them.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Labels of alerts, each with its value or a list of values: `{ severity: [critical, warning], team: platform }`. Without
    /// any, all alerts.
    #[serde(rename = "match", default)]
    pub matchers: Dict<OneOrMore>,
    /// A receiver, or a list of them.
    pub to: OneOrMore,
    /// Whether later routes may take its alerts, too. Default: false.
    #[serde(rename = "continue", default)]
    pub goes_on: bool,
    /// Where it differs from `notify.group_by`.
    pub group_by: Option<Vec<String>>,
    /// Where it differs from `notify.group_wait`.
    pub group_wait: Option<Time>,
    /// Where it differs from `notify.group_interval`.
    pub group_interval: Option<Time>,
    /// Where it differs from `notify.repeat_interval`.
    pub repeat_interval: Option<Time>,
    /// Names of `notify.time_intervals` in which it says nothing.
    #[serde(default)]
    pub mute_time_intervals: Vec<String>,
    /// Names of `notify.time_intervals` outside of which it says nothing.
    #[serde(default)]
    pub active_time_intervals: Vec<String>,
}

/// Times in which all of what is written holds.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(deny_unknown_fields)]
pub struct TimeInterval {
    /// Times of the day.
    #[serde(default)]
    pub times: Vec<TimeRange>,
    /// Days of the week, single ones or from one to another: `["monday:friday", "sunday"]`.
    #[serde(default)]
    pub weekdays: Vec<String>,
    /// Days of the month, -1 for the last one: `["1:5", "-3:-1"]`.
    #[serde(default)]
    pub days_of_month: Vec<String>,
    /// Months: `["january:march", "12"]`.
    #[serde(default)]
    pub months: Vec<String>,
    /// Years: `["2027", "2030:2032"]`.
    #[serde(default)]
    pub years: Vec<String>,
    /// The time zone, such as `Europe/Belgrade`. Default: UTC.
    pub location: Option<String>,
}

/// From a time of the day to another one, which is no part of it.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema, serde::Serialize))]
#[serde(deny_unknown_fields)]
pub struct TimeRange {
    /// `"22:00"`
    pub start_time: String,
    /// `"24:00"` at the latest.
    pub end_time: String,
}

/// A text, or a list of texts.
#[derive(Clone, Debug)]
pub struct OneOrMore(pub Vec<String>);

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrList;

        impl<'de> Visitor<'de> for TextOrList {
            type Value = OneOrMore;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E>(self, text: &str) -> Result<OneOrMore, E> {
                Ok(OneOrMore(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, texts: A) -> Result<OneOrMore, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(texts)).map(OneOrMore)
            }
        }

        deserializer.deserialize_any(TextOrList)
    }
}

impl<'de> Deserialize<'de> for Routes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapOrList;

        impl<'de> Visitor<'de> for MapOrList {
            type Value = Routes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping of severities to receivers, or a list of routes")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, routes: A) -> Result<Routes, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(routes)).map(Routes::List)
            }

            fn visit_map<A: MapAccess<'de>>(self, receivers: A) -> Result<Routes, A::Error> {
                BySeverity::deserialize(MapAccessDeserializer::new(receivers))
                    .map(Routes::BySeverity)
            }
        }

        deserializer.deserialize_any(MapOrList)
    }
}
