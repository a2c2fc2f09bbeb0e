//! Who hears of alerts: receivers, and the way of an alert to them.

use std::time::Duration;

use serde::Serialize;

use crate::spec::Place;
pub use crate::spec::document::{Severity, TimeInterval, TimeRange, Yaml};

/// What an Alertmanager is told.
#[derive(Clone, Debug, Serialize)]
pub struct Notify {
    /// The oldest version that has to understand the artefact: major and minor.
    pub version: (u32, u32),
    /// Who hears of what no route takes.
    pub default: String,
    /// How alerts are grouped unless a route says otherwise: all of it is there.
    pub grouping: Grouping,
    /// Routes, in the order in which they are asked.
    pub routes: Vec<Route>,
    /// Which alerts silence which.
    pub inhibitions: Vec<Inhibition>,
    /// Receivers in written order.
    pub receivers: Vec<Receiver>,
    /// How e-mail is sent.
    pub smtp: Option<Smtp>,
    /// Times by name.
    #[serde(serialize_with = "super::json::pairs")]
    pub time_intervals: Vec<(String, Vec<TimeInterval>)>,
    /// Further keys of alertmanager.yml.
    #[serde(serialize_with = "super::json::pairs")]
    pub extra: Vec<(String, Yaml)>,
    /// Where it is declared.
    #[serde(skip)]
    pub origin: Place,
}

/// Which alerts share a notification, and when it is sent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Grouping {
    /// What alerts of a group have in common; `...` stands for all labels.
    pub group_by: Option<Vec<String>>,
    /// How long the first notification waits.
    #[serde(serialize_with = "super::json::optional_time")]
    pub group_wait: Option<Duration>,
    /// How long until new alerts of a group are told.
    #[serde(serialize_with = "super::json::optional_time")]
    pub group_interval: Option<Duration>,
    /// How long until what is known is said again.
    #[serde(serialize_with = "super::json::optional_time")]
    pub repeat_interval: Option<Duration>,
}

/// A way of alerts to receivers.
#[derive(Clone, Debug, Serialize)]
pub struct Route {
    /// What an alert has to have, by label: one of these values.
    #[serde(serialize_with = "super::json::pairs")]
    pub matchers: Vec<(String, Vec<String>)>,
    /// Who hears of it.
    pub receivers: Vec<String>,
    /// Whether later routes are asked, too.
    pub goes_on: bool,
    /// Where it differs from that of all.
    pub grouping: Grouping,
    /// Times in which it says nothing.
    pub mute_time_intervals: Vec<String>,
    /// Times outside of which it says nothing.
    pub active_time_intervals: Vec<String>,
    /// Why no alert takes it, if so.
    pub idle: Option<Idle>,
    /// Where it is declared.
    #[serde(skip)]
    pub origin: Place,
}

/// Why no alert takes a route.
#[derive(Clone, Debug, Serialize)]
pub enum Idle {
    /// None matches.
    NoAlert,
    /// Those that match are taken by earlier ones, such as this.
    TakenBefore(#[serde(skip)] Place),
}

/// While one alert fires another one is not told.
#[derive(Clone, Debug, Serialize)]
pub struct Inhibition {
    /// Names of alerts with several levels.
    pub alerts: Vec<String>,
    /// The level that is told.
    pub told: Severity,
    /// The levels that are not.
    pub silent: Vec<Severity>,
    /// What both have in common.
    pub equal: Vec<String>,
}

/// Somebody who hears of alerts.
#[derive(Clone, Debug, Serialize)]
pub struct Receiver {
    /// The name.
    pub name: String,
    /// The ways; without any, nobody hears.
    pub integrations: Vec<Integration>,
    /// Further integrations.
    #[serde(serialize_with = "super::json::pairs")]
    pub extra: Vec<(String, Yaml)>,
    /// Where it is declared.
    #[serde(skip)]
    pub origin: Place,
}

/// A way to somebody.
#[derive(Clone, Debug, Serialize)]
pub struct Integration {
    /// By what.
    pub channel: Channel,
    /// Further keys of the configuration.
    #[serde(serialize_with = "super::json::pairs")]
    pub extra: Vec<(String, Yaml)>,
    /// Where it is declared.
    #[serde(skip)]
    pub origin: Place,
}

/// By what somebody is reached; secrets are in files where Alertmanager runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Channel {
    /// An incoming webhook of Slack.
    Slack {
        /// The file with its address.
        api_url_file: String,
        /// The channel, where it is not the webhook's own.
        channel: Option<String>,
    },
    /// E-mail.
    Email {
        /// Addresses.
        to: Vec<String>,
    },
    /// PagerDuty's Events API v2.
    PagerDuty {
        /// The file with the integration key.
        routing_key_file: String,
    },
    /// Opsgenie's alert API.
    Opsgenie {
        /// The file with its key.
        api_key_file: String,
    },
    /// A program that takes JSON.
    Webhook(Address),
    /// A bot of Telegram.
    Telegram {
        /// The file with its token.
        bot_token_file: String,
        /// Where it talks.
        chat_id: i64,
    },
    /// A workflow of Microsoft Teams.
    MsTeams {
        /// The file with its address.
        webhook_url_file: String,
    },
}

/// Where a program listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Address {
    /// Here.
    Url(String),
    /// Where this file says.
    File(String),
}

/// How e-mail is sent.
#[derive(Clone, Debug, Serialize)]
pub struct Smtp {
    /// The server and its port.
    pub smarthost: String,
    /// The sender.
    pub from: String,
    /// Who logs in, and the file with the password.
    pub login: Option<(String, String)>,
    /// Whether mail is sent only over TLS.
    pub require_tls: bool,
}
