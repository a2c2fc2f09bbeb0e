//! alertmanager.yml, as [Alertmanager reads it](https://prometheus.io/docs/alerting/latest/configuration/).
//!
//! What its messages say stands beside it, in a file of templates that is the same for every spec: nothing of a spec is inserted
//! there, and what an alert brings is escaped for where it is shown.

pub(super) mod receivers;
pub(super) mod routes;

use serde::Serialize;

use self::receivers::Receiver;
use self::routes::Root;
use super::Target;
use super::yaml::{self, Pairs};
use crate::artifacts::{Artifacts, Mark};
use crate::model::Model;
use crate::model::notify::{Inhibition, Notify, Smtp, TimeInterval, TimeRange, Yaml};

/// Writes `outputs.alertmanager`.
pub const TARGET: Target = Target {
    name: "alertmanager",
    render,
};

pub(super) const TEMPLATES: &str = include_str!("../../../templates/alertmanager.tmpl");

#[derive(Serialize)]
struct File<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "pairs")]
    global: Vec<(String, Yaml)>,
    route: Root<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inhibit_rules: Vec<InhibitRule<'a>>,
    /// Relative to this file.
    templates: Vec<Yaml>,
    receivers: Vec<Receiver<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    time_intervals: Vec<NamedIntervals<'a>>,
    #[serde(flatten, serialize_with = "pairs")]
    extra: Vec<(String, Yaml)>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum InhibitRule<'a> {
    Levels {
        source_matchers: [String; 2],
        target_matchers: [String; 2],
        equal: &'a [String],
    },
    Extra(&'a Yaml),
}

#[derive(Serialize)]
struct NamedIntervals<'a> {
    name: &'a str,
    time_intervals: Vec<Interval<'a>>,
}

#[derive(Serialize)]
struct Interval<'a> {
    #[serde(skip_serializing_if = "is_empty")]
    times: &'a [TimeRange],
    #[serde(skip_serializing_if = "is_empty")]
    weekdays: &'a [String],
    #[serde(skip_serializing_if = "is_empty")]
    days_of_month: &'a [String],
    #[serde(skip_serializing_if = "is_empty")]
    months: &'a [String],
    #[serde(skip_serializing_if = "is_empty")]
    years: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
}

fn is_empty<T>(list: &&[T]) -> bool {
    list.is_empty()
}

fn pairs<S: serde::Serializer>(pairs: &[(String, Yaml)], serializer: S) -> Result<S::Ok, S::Error> {
    Pairs(pairs).serialize(serializer)
}

fn render(model: &Model, artifacts: &mut Artifacts) {
    let (Some(path), Some(notify)) = (&model.outputs.alertmanager, &model.monitoring.notify) else {
        return;
    };
    let templates = templates_path(path);
    let extra = |key: &str| {
        let mut extra = notify.extra.iter();
        extra.find_map(|(name, value)| (name == key).then_some(value))
    };
    let own_keys = ["global", "inhibit_rules", "templates"];
    let file = File {
        global: global(notify.smtp.as_ref(), extra("global")),
        route: routes::root(notify),
        inhibit_rules: inhibit_rules(&notify.inhibitions, extra("inhibit_rules")),
        templates: {
            let file = templates.rsplit('/').next().unwrap_or_default();
            let more = match extra("templates") {
                Some(Yaml::List(more)) => more.as_slice(),
                _ => &[],
            };
            let own = Yaml::Text(file.to_owned());
            std::iter::once(own).chain(more.iter().cloned()).collect()
        },
        receivers: notify.receivers.iter().map(receivers::receiver).collect(),
        time_intervals: time_intervals(notify),
        extra: {
            let others = notify.extra.iter();
            let others = others.filter(|(key, _)| !own_keys.contains(&key.as_str()));
            others.cloned().collect()
        },
    };
    artifacts.insert(path, yaml::file(&model.mark, &file));
    artifacts.insert(&templates, templates_file(&model.mark));
}

/// The file of templates that belongs to a configuration.
fn templates_path(path: &str) -> String {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    let stem = match path[name..].rfind('.') {
        Some(dot) if dot > 0 => &path[..name + dot],
        _ => path,
    };
    format!("{stem}.tmpl")
}

fn templates_file(mark: &Mark) -> String {
    // What would end the comment.
    let line = mark.line().replace("*/", "*\u{fffd}/");
    format!("{{{{/* {line} */ -}}}}\n{TEMPLATES}")
}

fn global(smtp: Option<&Smtp>, extra: Option<&Yaml>) -> Vec<(String, Yaml)> {
    let mut global = Vec::new();
    if let Some(smtp) = smtp {
        let text = |text: &str| Yaml::Text(text.to_owned());
        global.push(("smtp_smarthost".to_owned(), text(&smtp.smarthost)));
        global.push(("smtp_from".to_owned(), text(&smtp.from)));
        if let Some((name, file)) = &smtp.login {
            global.push(("smtp_auth_username".to_owned(), text(name)));
            global.push(("smtp_auth_password_file".to_owned(), text(file)));
        }
        global.push(("smtp_require_tls".to_owned(), Yaml::Bool(smtp.require_tls)));
    }
    if let Some(Yaml::Map(more)) = extra {
        global.extend(more.iter().cloned());
    }
    global
}

fn inhibit_rules<'a>(
    inhibitions: &'a [Inhibition],
    extra: Option<&'a Yaml>,
) -> Vec<InhibitRule<'a>> {
    let levels = inhibitions.iter().map(|inhibition| {
        let alerts = routes::matcher("alertname", &inhibition.alerts);
        let silent = inhibition.silent.iter().map(|one| one.as_str().to_owned());
        let told = inhibition.told.as_str().to_owned();
        InhibitRule::Levels {
            source_matchers: [alerts.clone(), routes::matcher("severity", &[told])],
            target_matchers: [
                alerts,
                routes::matcher("severity", &silent.collect::<Vec<String>>()),
            ],
            equal: &inhibition.equal,
        }
    });
    let extra = match extra {
        Some(Yaml::List(rules)) => rules.as_slice(),
        _ => &[],
    };
    levels.chain(extra.iter().map(InhibitRule::Extra)).collect()
}

fn time_intervals(notify: &Notify) -> Vec<NamedIntervals<'_>> {
    let named = notify.time_intervals.iter();
    named
        .map(|(name, intervals)| NamedIntervals {
            name,
            time_intervals: intervals.iter().map(Interval::of).collect(),
        })
        .collect()
}

impl<'a> Interval<'a> {
    fn of(interval: &'a TimeInterval) -> Self {
        Self {
            times: &interval.times,
            weekdays: &interval.weekdays,
            days_of_month: &interval.days_of_month,
            months: &interval.months,
            years: &interval.years,
            location: interval.location.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::templates_path;

    #[test]
    fn templates_stand_beside_the_configuration() {
        for (path, beside) in [
            ("generated/alertmanager.yml", "generated/alertmanager.tmpl"),
            ("a.b/alertmanager", "a.b/alertmanager.tmpl"),
            ("am.yaml", "am.tmpl"),
            ("x/.am", "x/.am.tmpl"),
        ] {
            assert_eq!(templates_path(path), beside);
        }
    }
}
