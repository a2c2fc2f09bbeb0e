//! Receivers, by the names that Alertmanager has for what they need, and the texts of their messages.

use serde::{Serialize, Serializer};

use crate::model::notify::{self, Address, Channel, Integration, Yaml};

/// One of the texts of `templates/alertmanager.tmpl`.
macro_rules! template {
    ($name:literal) => {
        template!($name, ".")
    };
    ($name:literal, $of:literal) => {
        Value::Text(concat!("{{ template \"monospec.", $name, "\" ", $of, " }}"))
    };
}

/// A receiver with its integrations, by the keys of Alertmanager.
#[derive(Serialize)]
pub(super) struct Receiver<'a> {
    name: &'a str,
    #[serde(flatten)]
    integrations: Map<'a>,
}

/// A mapping in a given order.
pub(in crate::targets) struct Map<'a>(pub(in crate::targets) Vec<(&'a str, Value<'a>)>);

/// What Alertmanager is told of an integration.
pub(in crate::targets) enum Value<'a> {
    Text(&'a str),
    Switch(bool),
    Number(i64),
    Map(Map<'a>),
    List(Vec<Value<'a>>),
    /// A list that Alertmanager reads as a text.
    Addresses(&'a [String]),
    Extra(&'a Yaml),
}

impl Serialize for Map<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Switch(on) => serializer.serialize_bool(*on),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Map(map) => map.serialize(serializer),
            Self::List(items) => serializer.collect_seq(items),
            Self::Addresses(list) => serializer.serialize_str(&list.join(", ")),
            Self::Extra(value) => value.serialize(serializer),
        }
    }
}

impl Value<'_> {
    /// The value itself.
    pub(in crate::targets) fn yaml(&self) -> Yaml {
        let text = |text: &str| Yaml::Text(text.to_owned());
        match self {
            Self::Text(value) => text(value),
            Self::Switch(on) => Yaml::Bool(*on),
            Self::Number(number) => Yaml::Integer(*number),
            Self::Map(Map(entries)) => {
                let entries = entries.iter();
                Yaml::Map(
                    entries
                        .map(|(key, value)| ((*key).to_owned(), value.yaml()))
                        .collect(),
                )
            }
            Self::List(items) => Yaml::List(items.iter().map(Self::yaml).collect()),
            Self::Addresses(list) => Yaml::Text(list.join(", ")),
            Self::Extra(value) => (*value).clone(),
        }
    }
}

pub(super) fn receiver(receiver: &notify::Receiver) -> Receiver<'_> {
    let integrations = receiver.integrations.iter().map(|one| {
        let (key, keys) = integration(one);
        (key, Value::List(vec![Value::Map(Map(keys))]))
    });
    let extra = receiver.extra.iter();
    let extra = extra.map(|(key, value)| (key.as_str(), Value::Extra(value)));
    Receiver {
        name: &receiver.name,
        integrations: Map(integrations.chain(extra).collect()),
    }
}

/// The key of an integration, and all that stands below it.
pub(in crate::targets) fn integration(
    integration: &Integration,
) -> (&'static str, Vec<(&str, Value<'_>)>) {
    let (key, mut keys) = keys(&integration.channel);
    // Those who stop caring when all is well again would not know that it is.
    keys.push(("send_resolved", Value::Switch(true)));
    for (key, value) in &integration.extra {
        let value = Value::Extra(value);
        match keys.iter_mut().find(|(known, _)| known == key) {
            Some((_, known)) => *known = value,
            None => keys.push((key, value)),
        }
    }
    (key, keys)
}

/// The key of an integration, and what monospec says below it.
fn keys(channel: &Channel) -> (&'static str, Vec<(&str, Value<'_>)>) {
    use Value::{Addresses, List, Number, Text};
    match channel {
        Channel::Slack {
            api_url_file,
            channel,
        } => {
            let mut keys = vec![("api_url_file", Text(api_url_file))];
            keys.extend(channel.as_deref().map(|name| ("channel", Text(name))));
            keys.push(("color", template!("slack.color")));
            keys.push(("title", template!("slack.title")));
            keys.push(("text", template!("slack.text")));
            ("slack_configs", keys)
        }
        Channel::Email { to } => (
            "email_configs",
            vec![
                ("to", Addresses(to)),
                ("headers", map([("Subject", template!("title"))])),
                ("html", template!("email.html")),
                ("text", template!("alerts", ".Alerts")),
            ],
        ),
        Channel::PagerDuty { routing_key_file } => (
            "pagerduty_configs",
            vec![
                ("routing_key_file", Text(routing_key_file)),
                ("description", template!("pagerduty.description")),
                ("severity", template!("pagerduty.severity")),
                ("class", Text("{{ .CommonLabels.alertname }}")),
                ("component", Text("{{ .CommonLabels.service }}")),
                ("group", Text("{{ .CommonLabels.team }}")),
                (
                    "links",
                    List(vec![
                        map([("href", template!("runbook")), ("text", Text("Runbook"))]),
                        map([
                            ("href", template!("dashboard")),
                            ("text", Text("Dashboard")),
                        ]),
                    ]),
                ),
                (
                    "details",
                    map([
                        ("firing", template!("alerts", ".Alerts.Firing")),
                        ("resolved", template!("alerts", ".Alerts.Resolved")),
                    ]),
                ),
            ],
        ),
        Channel::Opsgenie { api_key_file } => (
            "opsgenie_configs",
            vec![
                ("api_key_file", Text(api_key_file)),
                ("message", template!("title")),
                ("description", template!("alerts", ".Alerts")),
                ("priority", template!("opsgenie.priority")),
                ("entity", Text("{{ .CommonLabels.service }}")),
                (
                    "details",
                    map([
                        ("runbook", template!("runbook")),
                        ("dashboard", template!("dashboard")),
                    ]),
                ),
            ],
        ),
        Channel::Webhook(address) => (
            "webhook_configs",
            vec![match address {
                Address::Url(url) => ("url", Text(url)),
                Address::File(file) => ("url_file", Text(file)),
            }],
        ),
        Channel::Telegram {
            bot_token_file,
            chat_id,
        } => (
            "telegram_configs",
            vec![
                ("bot_token_file", Text(bot_token_file)),
                ("chat_id", Number(*chat_id)),
                ("parse_mode", Text("HTML")),
                ("message", template!("telegram.message")),
            ],
        ),
        Channel::MsTeams { webhook_url_file } => (
            "msteamsv2_configs",
            vec![
                ("webhook_url_file", Text(webhook_url_file)),
                ("title", template!("msteams.title")),
                ("text", template!("msteams.text")),
            ],
        ),
    }
}

fn map<'a, const N: usize>(entries: [(&'a str, Value<'a>); N]) -> Value<'a> {
    Value::Map(Map(entries.into()))
}
