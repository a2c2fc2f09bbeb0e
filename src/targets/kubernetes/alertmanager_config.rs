//! An AlertmanagerConfig: who hears of alerts, as far as it is the service's business. What is of the Alertmanager itself is in its
//! own object.
//!
//! `v1alpha1` is the version that the operator stores and always serves; `v1beta1` needs a webhook that converts.

use serde::{Serialize, Serializer};

use super::scraping::{converted, in_secret};
use super::{Context, Files, Object, templates};
use crate::model::notify::{Channel, Grouping, Integration, Notify, Route, TimeInterval, Yaml};
use crate::model::operator;
use crate::spec::document::Time;
use crate::targets::alertmanager::{receivers, routes};
use crate::targets::yaml::Text;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    route: Branch<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inhibit_rules: Vec<InhibitRule<'a>>,
    receivers: Vec<Receiver<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mute_time_intervals: Vec<NamedIntervals<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Branch<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    matchers: Vec<Matcher<'a>>,
    receiver: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_by: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_wait: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_interval: Option<String>,
    #[serde(skip_serializing_if = "is_empty")]
    mute_time_intervals: &'a [String],
    #[serde(skip_serializing_if = "is_empty")]
    active_time_intervals: &'a [String],
    #[serde(rename = "continue", skip_serializing_if = "std::ops::Not::not")]
    goes_on: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routes: Vec<Branch<'a>>,
}

fn is_empty<T>(list: &&[T]) -> bool {
    list.is_empty()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Matcher<'a> {
    name: &'a str,
    match_type: &'static str,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InhibitRule<'a> {
    source_match: [Matcher<'a>; 2],
    target_match: [Matcher<'a>; 2],
    equal: &'a [String],
}

#[derive(Serialize)]
struct Receiver<'a> {
    name: &'a str,
    #[serde(flatten)]
    integrations: Map<Vec<Map<Block>>>,
}

/// A mapping in a given order.
struct Map<T>(Vec<(String, T)>);

impl<T: Serialize> Serialize for Map<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// A value whose texts are written on several lines where they have them.
struct Block(Yaml);

impl Serialize for Block {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let block = |value: &Yaml| Self(value.clone());
        match &self.0 {
            Yaml::Text(text) => Text(text).serialize(serializer),
            Yaml::List(items) => serializer.collect_seq(items.iter().map(block)),
            Yaml::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, block(value))))
            }
            other => other.serialize(serializer),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NamedIntervals<'a> {
    name: &'a str,
    time_intervals: Vec<Interval<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Interval<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    times: Vec<Times<'a>>,
    #[serde(skip_serializing_if = "is_empty")]
    weekdays: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    days_of_month: Vec<Days>,
    #[serde(skip_serializing_if = "is_empty")]
    months: &'a [String],
    #[serde(skip_serializing_if = "is_empty")]
    years: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Times<'a> {
    start_time: &'a str,
    end_time: &'a str,
}

#[derive(Serialize)]
struct Days {
    start: i32,
    end: i32,
}

pub(super) fn render(context: Context<'_>, files: &mut Files) {
    let Some(notify) = &context.model.monitoring.notify else {
        return;
    };
    let object = Object {
        api_version: "monitoring.coreos.com/v1alpha1",
        kind: "AlertmanagerConfig",
        metadata: context.metadata(context.name()),
        spec: Spec {
            route: Branch {
                routes: notify.routes.iter().flat_map(branches).collect(),
                ..branch(&notify.default, &notify.grouping)
            },
            inhibit_rules: inhibit_rules(notify),
            receivers: notify
                .receivers
                .iter()
                .map(|receiver| Receiver {
                    name: &receiver.name,
                    integrations: Map(receiver
                        .integrations
                        .iter()
                        .map(|one| integration(context, notify, one))
                        .collect()),
                })
                .collect(),
            mute_time_intervals: notify
                .time_intervals
                .iter()
                .map(|(name, intervals)| NamedIntervals {
                    name,
                    time_intervals: intervals.iter().map(interval).collect(),
                })
                .collect(),
        },
    };
    files.add("alertmanagerconfig.yaml", context, &object);
}

fn branch<'a>(receiver: &'a str, grouping: &'a Grouping) -> Branch<'a> {
    let text = |time| Time(time).to_string();
    Branch {
        matchers: Vec::new(),
        receiver,
        group_by: grouping.group_by.as_deref(),
        group_wait: grouping.group_wait.map(text),
        group_interval: grouping.group_interval.map(text),
        repeat_interval: grouping.repeat_interval.map(text),
        mute_time_intervals: &[],
        active_time_intervals: &[],
        goes_on: false,
        routes: Vec::new(),
    }
}

/// A route has one receiver: all but the last one of several let the alert go on.
fn branches(route: &Route) -> impl Iterator<Item = Branch<'_>> {
    let last = route.receivers.len().saturating_sub(1);
    let receivers = route.receivers.iter().enumerate();
    receivers.map(move |(i, receiver)| Branch {
        matchers: route
            .matchers
            .iter()
            .map(|(label, values)| matcher(label, values))
            .collect(),
        mute_time_intervals: &route.mute_time_intervals,
        active_time_intervals: &route.active_time_intervals,
        goes_on: route.goes_on || i < last,
        ..branch(receiver, &route.grouping)
    })
}

fn matcher<'a>(name: &'a str, values: &[String]) -> Matcher<'a> {
    let (match_type, value) = routes::comparison(values);
    Matcher {
        name,
        match_type,
        value,
    }
}

fn inhibit_rules(notify: &Notify) -> Vec<InhibitRule<'_>> {
    let inhibitions = notify.inhibitions.iter();
    inhibitions
        .map(|inhibition| {
            let alerts = || matcher("alertname", &inhibition.alerts);
            let told = inhibition.told.as_str().to_owned();
            let silent = inhibition.silent.iter();
            let silent: Vec<String> = silent.map(|one| one.as_str().to_owned()).collect();
            InhibitRule {
                source_match: [alerts(), matcher("severity", &[told])],
                target_match: [alerts(), matcher("severity", &silent)],
                equal: &inhibition.equal,
            }
        })
        .collect()
}

/// The key of an integration, and what stands below it.
fn integration(
    context: Context<'_>,
    notify: &Notify,
    one: &Integration,
) -> (String, Vec<Map<Block>>) {
    let (key, keys) = receivers::integration(one);
    let mut fields: Vec<(String, Block)> = Vec::new();
    let secret = |field: &str, file: &str, fields: &mut Vec<(String, Block)>| {
        if let Some(secret) = in_secret(context, file) {
            fields.push((field.to_owned(), Block(secret.yaml())));
        }
    };
    let keys = keys.into_iter().map(|(key, value)| (key, value.yaml()));
    for (key, value) in without_links(one, keys.collect()) {
        if let (Some(field), Yaml::Text(file)) = (secret_of(key), &value) {
            secret(field, file, &mut fields);
        } else if let Some((field, shape)) = operator::integration_key(&one.channel, key) {
            let value = converted(shape, &value).map(with_definitions);
            fields.extend(value.map(|value| (field.to_owned(), Block(value))));
        }
    }
    if let (Channel::Email { .. }, Some(smtp)) = (&one.channel, &notify.smtp) {
        let text = |text: &str| Block(Yaml::Text(text.to_owned()));
        fields.push(("from".to_owned(), text(&smtp.from)));
        fields.push(("smarthost".to_owned(), text(&smtp.smarthost)));
        if let Some((name, file)) = &smtp.login {
            fields.push(("authUsername".to_owned(), text(name)));
            secret("authPassword", file, &mut fields);
        }
        if !fields.iter().any(|(field, _)| field == "requireTLS") {
            let required = Block(Yaml::Bool(smtp.require_tls));
            fields.push(("requireTLS".to_owned(), required));
        }
    }
    let key = match key.strip_suffix("_configs") {
        Some(name) => format!("{name}Configs"),
        None => key.to_owned(),
    };
    (key, vec![Map(fields)])
}

/// The links to runbook and dashboard, as details: operator 0.88.0 refuses a template where it expects an address.
fn without_links<'k>(one: &Integration, keys: Vec<(&'k str, Yaml)>) -> Vec<(&'k str, Yaml)> {
    let is_written = one.extra.iter().any(|(key, _)| key == LINKS);
    if is_written || !matches!(one.channel, Channel::PagerDuty { .. }) {
        return keys;
    }
    let (links, mut keys): (Vec<_>, Vec<_>) = keys.into_iter().partition(|(key, _)| *key == LINKS);
    let links = links.into_iter().filter_map(|(_, links)| match links {
        Yaml::List(links) => Some(links),
        _ => None,
    });
    let more: Vec<(String, Yaml)> = links.flatten().filter_map(named).collect();
    for (_, value) in keys.iter_mut().filter(|(key, _)| *key == "details") {
        if let Yaml::Map(details) = value {
            for (name, address) in &more {
                if details.iter().all(|(known, _)| known != name) {
                    details.push((name.clone(), address.clone()));
                }
            }
        }
    }
    keys
}

const LINKS: &str = "links";

/// Text and address of a link.
fn named(link: Yaml) -> Option<(String, Yaml)> {
    let Yaml::Map(keys) = link else {
        return None;
    };
    let value = |name: &str| {
        keys.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    };
    match (value("text")?, value("href")?) {
        (Yaml::Text(text), href) => Some((text.to_lowercase(), href.clone())),
        _ => None,
    }
}

/// The field that takes from a Secret what a key of Alertmanager takes from a file.
fn secret_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "api_url_file" => "apiURL",
        "routing_key_file" => "routingKey",
        "api_key_file" => "apiKey",
        "url_file" => "urlSecret",
        "bot_token_file" => "botToken",
        "webhook_url_file" => "webhookURL",
        _ => return None,
    })
}

/// The value, whose texts bring the templates that they use.
fn with_definitions(value: Yaml) -> Yaml {
    match value {
        Yaml::Text(text) => Yaml::Text(templates::with_definitions(&text)),
        Yaml::List(items) => Yaml::List(items.into_iter().map(with_definitions).collect()),
        Yaml::Map(entries) => Yaml::Map(
            entries
                .into_iter()
                .map(|(key, value)| (key, with_definitions(value)))
                .collect(),
        ),
        other => other,
    }
}

fn interval(interval: &TimeInterval) -> Interval<'_> {
    Interval {
        times: interval
            .times
            .iter()
            .map(|times| Times {
                start_time: &times.start_time,
                end_time: &times.end_time,
            })
            .collect(),
        weekdays: &interval.weekdays,
        days_of_month: interval
            .days_of_month
            .iter()
            .filter_map(|days| self::days(days))
            .collect(),
        months: &interval.months,
        years: &interval.years,
    }
}

/// `1:5`, or `-1` for the last one.
fn days(range: &str) -> Option<Days> {
    let (start, end) = range.split_once(':').unwrap_or((range, range));
    let day = |text: &str| text.trim().parse().ok();
    Some(Days {
        start: day(start)?,
        end: day(end)?,
    })
}
