//! What the [objects of the Prometheus operator](https://prometheus-operator.dev/docs/api-reference/api/) call what Prometheus and
//! Alertmanager have keys for. What is not here has no counterpart there, or none that monospec writes.

use crate::model::catalogue::Yaml;
use crate::model::namespace::NAMESPACE;
use crate::model::notify::Channel;

/// [Labels that the operator gives to targets](https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/prometheus/promcfg.go),
/// but for `service`, which no metric may have.
pub(crate) const TARGET_LABELS: &[&str] = &["container", "endpoint", NAMESPACE, "node", "pod"];

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Switch,
    Whole,
    Text,
    /// A list of texts.
    Words,
    /// A mapping of texts.
    Pairs,
    /// A mapping of lists of texts.
    Params,
    /// A list of rules, as `relabel_configs` has them.
    Relabelling,
    /// A list of links, as PagerDuty has them.
    Links,
}

/// A key of a `scrape_config`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScrapeKey {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// In the endpoint of a ServiceMonitor or PodMonitor.
    pub(crate) endpoint: Option<&'static str>,
    /// In the `spec` of a ServiceMonitor or PodMonitor.
    pub(crate) monitor: Option<&'static str>,
    /// In the `spec` of a ScrapeConfig.
    pub(crate) scrape_config: Option<&'static str>,
}

const fn of_endpoint(name: &'static str, field: &'static str, shape: Shape) -> ScrapeKey {
    ScrapeKey {
        name,
        shape,
        endpoint: Some(field),
        monitor: None,
        scrape_config: Some(field),
    }
}

const fn of_object(name: &'static str, field: &'static str, shape: Shape) -> ScrapeKey {
    ScrapeKey {
        name,
        shape,
        endpoint: None,
        monitor: Some(field),
        scrape_config: Some(field),
    }
}

const SCRAPE_KEYS: &[ScrapeKey] = &[
    of_endpoint("honor_labels", "honorLabels", Shape::Switch),
    of_endpoint("honor_timestamps", "honorTimestamps", Shape::Switch),
    of_endpoint(
        "track_timestamps_staleness",
        "trackTimestampsStaleness",
        Shape::Switch,
    ),
    of_endpoint("params", "params", Shape::Params),
    of_endpoint("proxy_url", "proxyUrl", Shape::Text),
    of_endpoint("no_proxy", "noProxy", Shape::Text),
    of_endpoint(
        "proxy_from_environment",
        "proxyFromEnvironment",
        Shape::Switch,
    ),
    of_endpoint("relabel_configs", "relabelings", Shape::Relabelling),
    of_endpoint(
        "metric_relabel_configs",
        "metricRelabelings",
        Shape::Relabelling,
    ),
    ScrapeKey {
        scrape_config: None,
        ..of_endpoint("follow_redirects", "followRedirects", Shape::Switch)
    },
    ScrapeKey {
        scrape_config: Some("enableHTTP2"),
        ..of_endpoint("enable_http2", "enableHttp2", Shape::Switch)
    },
    ScrapeKey {
        monitor: None,
        ..of_object("enable_compression", "enableCompression", Shape::Switch)
    },
    ScrapeKey {
        scrape_config: None,
        ..of_object("body_size_limit", "bodySizeLimit", Shape::Text)
    },
    of_object("sample_limit", "sampleLimit", Shape::Whole),
    of_object("target_limit", "targetLimit", Shape::Whole),
    of_object("label_limit", "labelLimit", Shape::Whole),
    of_object(
        "label_name_length_limit",
        "labelNameLengthLimit",
        Shape::Whole,
    ),
    of_object(
        "label_value_length_limit",
        "labelValueLengthLimit",
        Shape::Whole,
    ),
    of_object("keep_dropped_targets", "keepDroppedTargets", Shape::Whole),
    of_object("scrape_protocols", "scrapeProtocols", Shape::Words),
    of_object(
        "fallback_scrape_protocol",
        "fallbackScrapeProtocol",
        Shape::Text,
    ),
    of_object(
        "scrape_classic_histograms",
        "scrapeClassicHistograms",
        Shape::Switch,
    ),
    of_object(
        "always_scrape_classic_histograms",
        "scrapeClassicHistograms",
        Shape::Switch,
    ),
    of_object(
        "native_histogram_bucket_limit",
        "nativeHistogramBucketLimit",
        Shape::Whole,
    ),
    of_object(
        "convert_classic_histograms_to_nhcb",
        "convertClassicHistogramsToNHCB",
        Shape::Switch,
    ),
];

/// The key of a `scrape_config` that has this name.
pub(crate) fn scrape_key(name: &str) -> Option<&'static ScrapeKey> {
    SCRAPE_KEYS.iter().find(|key| key.name == name)
}

/// The keys of a rule of relabelling.
const RELABELLING_KEYS: &[(&str, &str)] = &[
    ("source_labels", "sourceLabels"),
    ("separator", "separator"),
    ("regex", "regex"),
    ("modulus", "modulus"),
    ("target_label", "targetLabel"),
    ("replacement", "replacement"),
    ("action", "action"),
];

/// What a key of a rule of relabelling is called.
pub(crate) fn relabelling_key(name: &str) -> Option<&'static str> {
    let mut keys = RELABELLING_KEYS.iter();
    keys.find_map(|(key, field)| (*key == name).then_some(*field))
}

/// A key of an integration: what it is called, and what it holds.
type IntegrationKey = (&'static str, &'static str, Shape);

const SLACK: &[IntegrationKey] = &[
    ("channel", "channel", Shape::Text),
    ("color", "color", Shape::Text),
    ("title", "title", Shape::Text),
    ("title_link", "titleLink", Shape::Text),
    ("text", "text", Shape::Text),
    ("pretext", "pretext", Shape::Text),
    ("fallback", "fallback", Shape::Text),
    ("footer", "footer", Shape::Text),
    ("username", "username", Shape::Text),
    ("callback_id", "callbackId", Shape::Text),
    ("icon_emoji", "iconEmoji", Shape::Text),
    ("icon_url", "iconURL", Shape::Text),
    ("image_url", "imageURL", Shape::Text),
    ("thumb_url", "thumbURL", Shape::Text),
    ("link_names", "linkNames", Shape::Switch),
    ("short_fields", "shortFields", Shape::Switch),
    ("mrkdwn_in", "mrkdwnIn", Shape::Words),
];

const EMAIL: &[IntegrationKey] = &[
    ("to", "to", Shape::Text),
    ("headers", "headers", Shape::Pairs),
    ("html", "html", Shape::Text),
    ("text", "text", Shape::Text),
    ("hello", "hello", Shape::Text),
    ("auth_identity", "authIdentity", Shape::Text),
    ("require_tls", "requireTLS", Shape::Switch),
];

const PAGERDUTY: &[IntegrationKey] = &[
    ("url", "url", Shape::Text),
    ("description", "description", Shape::Text),
    ("severity", "severity", Shape::Text),
    ("class", "class", Shape::Text),
    ("component", "component", Shape::Text),
    ("group", "group", Shape::Text),
    ("client", "client", Shape::Text),
    ("client_url", "clientURL", Shape::Text),
    ("source", "source", Shape::Text),
    ("links", "pagerDutyLinkConfigs", Shape::Links),
    ("details", "details", Shape::Pairs),
];

const OPSGENIE: &[IntegrationKey] = &[
    ("api_url", "apiURL", Shape::Text),
    ("message", "message", Shape::Text),
    ("description", "description", Shape::Text),
    ("priority", "priority", Shape::Text),
    ("entity", "entity", Shape::Text),
    ("source", "source", Shape::Text),
    ("tags", "tags", Shape::Text),
    ("note", "note", Shape::Text),
    ("actions", "actions", Shape::Text),
    ("update_alerts", "updateAlerts", Shape::Switch),
    ("details", "details", Shape::Pairs),
];

const WEBHOOK: &[IntegrationKey] = &[
    ("url", "url", Shape::Text),
    ("max_alerts", "maxAlerts", Shape::Whole),
    ("timeout", "timeout", Shape::Text),
];

const TELEGRAM: &[IntegrationKey] = &[
    ("api_url", "apiURL", Shape::Text),
    ("chat_id", "chatID", Shape::Whole),
    ("message_thread_id", "messageThreadID", Shape::Whole),
    ("message", "message", Shape::Text),
    ("parse_mode", "parseMode", Shape::Text),
    (
        "disable_notifications",
        "disableNotifications",
        Shape::Switch,
    ),
];

const MSTEAMS: &[IntegrationKey] = &[
    ("title", "title", Shape::Text),
    ("text", "text", Shape::Text),
];

/// What a key of an integration is called in an AlertmanagerConfig, and what it holds.
pub(crate) fn integration_key(channel: &Channel, name: &str) -> Option<(&'static str, Shape)> {
    if name == "send_resolved" {
        return Some(("sendResolved", Shape::Switch));
    }
    let keys = match channel {
        Channel::Slack { .. } => SLACK,
        Channel::Email { .. } => EMAIL,
        Channel::PagerDuty { .. } => PAGERDUTY,
        Channel::Opsgenie { .. } => OPSGENIE,
        Channel::Webhook(_) => WEBHOOK,
        Channel::Telegram { .. } => TELEGRAM,
        Channel::MsTeams { .. } => MSTEAMS,
    };
    let mut keys = keys.iter();
    keys.find_map(|(key, field, shape)| (*key == name).then_some((*field, *shape)))
}

/// Keys of jobs, integrations and receivers that newer objects have a field for, and that are not handed over.
const NOT_TRANSLATED: &[&str] = &[
    "actions",
    "body_size_limit",
    "discord_configs",
    "fields",
    "http_config",
    "images",
    "message_text",
    "msteamsv2_configs",
    "native_histogram_min_bucket_factor",
    "oauth2",
    "payload",
    "proxy_connect_header",
    "pushover_configs",
    "responders",
    "rocketchat_configs",
    "scrape_native_histograms",
    "sns_configs",
    "summary",
    "threading",
    "tls_config",
    "update_message",
    "victorops_configs",
    "webex_configs",
    "wechat_configs",
];

/// Whether the operator knows what a key without translation says.
pub(crate) fn is_known(name: &str) -> bool {
    NOT_TRANSLATED.contains(&name)
}

impl Shape {
    /// Whether a value can be handed over.
    pub(crate) fn fits(self, value: &Yaml) -> bool {
        let is_text = |value: &Yaml| !matches!(value, Yaml::Null | Yaml::List(_) | Yaml::Map(_));
        let entries = |value: &Yaml, fits: &dyn Fn(&Yaml) -> bool| match value {
            Yaml::Map(entries) => entries.iter().all(|(_, value)| fits(value)),
            _ => false,
        };
        let items = |value: &Yaml, fits: &dyn Fn(&Yaml) -> bool| match value {
            Yaml::List(items) => items.iter().all(fits),
            _ => false,
        };
        match self {
            Self::Switch => matches!(value, Yaml::Bool(_)),
            Self::Whole => matches!(value, Yaml::Integer(_)),
            Self::Text => is_text(value),
            Self::Words => items(value, &is_text),
            Self::Pairs => entries(value, &is_text),
            Self::Params => entries(value, &|value| items(value, &is_text)),
            Self::Relabelling => items(value, &|rule| match rule {
                Yaml::Map(keys) => keys.iter().all(|(key, value)| {
                    relabelling_key(key).is_some()
                        && match key.as_str() {
                            "source_labels" => Self::Words.fits(value),
                            "modulus" => Self::Whole.fits(value),
                            _ => is_text(value),
                        }
                }),
                _ => false,
            }),
            Self::Links => items(value, &|link| match link {
                Yaml::Map(keys) => keys
                    .iter()
                    .all(|(key, value)| matches!(key.as_str(), "href" | "text") && is_text(value)),
                _ => false,
            }),
        }
    }

    /// What it is, in words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Switch => "`true` or `false`",
            Self::Whole => "a whole number",
            Self::Text => "a text",
            Self::Words => "a list of texts",
            Self::Pairs => "a mapping of texts",
            Self::Params => "a mapping of lists of texts",
            Self::Relabelling => "a list of rules as Prometheus has them",
            Self::Links => "a list of `href` and `text`",
        }
    }
}
