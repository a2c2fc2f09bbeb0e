//! What monitors and ScrapeConfigs have in common: relabelling, credentials, and further keys by the operator's names.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Serialize, Serializer};

use super::{Context, Files, Metadata};
use crate::model::catalogue::{Job, Scrape, Yaml};
use crate::model::kubernetes::{is_of_the_pod, secret_key, slug};
use crate::model::operator::{ScrapeKey, Shape, relabelling_key, scrape_key};
use crate::targets::scrape;
use crate::targets::yaml::Pairs;

/// What stands for a file: a key of a Secret.
#[derive(Serialize)]
pub(super) struct SecretKey {
    name: String,
    key: String,
}

impl SecretKey {
    pub(super) fn yaml(&self) -> Yaml {
        let text = |text: &str| Yaml::Text(text.to_owned());
        Yaml::Map(vec![
            ("name".to_owned(), text(&self.name)),
            ("key".to_owned(), text(&self.key)),
        ])
    }
}

/// Credentials.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Access<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    basic_auth: Option<BasicAuth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<Authorization>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_config: Option<TlsConfig<'a>>,
}

#[derive(Serialize)]
struct BasicAuth {
    username: SecretKey,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<SecretKey>,
}

#[derive(Serialize)]
struct Authorization {
    credentials: SecretKey,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TlsConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    ca: Option<InSecret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cert: Option<InSecret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_secret: Option<SecretKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_name: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    insecure_skip_verify: bool,
}

#[derive(Serialize)]
struct InSecret {
    secret: SecretKey,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Secret<'a> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata<'a>,
    /// Not `stringData`: a key that is no longer there
    /// [would stay](https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/) when the objects are
    /// applied at the server.
    data: Pairs<'a, String>,
}

/// Further keys, by the operator's names.
pub(super) struct Fields(Vec<(&'static str, Yaml)>);

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// The Secret with the names that are no secret: the operator takes those of Basic authentication from nowhere else.
const USERNAMES: &str = "usernames";

pub(super) fn render_usernames(context: Context<'_>, files: &mut Files) {
    let jobs = context.model.catalogue.jobs.iter();
    let usernames: Vec<(String, String)> = jobs
        .filter_map(|job| {
            let auth = job.scrape.as_ref()?.auth.as_ref()?;
            let username = auth.username.as_ref()?;
            Some((slug(&job.name), STANDARD.encode(username)))
        })
        .collect();
    if usernames.is_empty() {
        return;
    }
    let secret = Secret {
        api_version: "v1",
        kind: "Secret",
        metadata: context.metadata(context.name_of(USERNAMES)),
        data: Pairs(&usernames),
    };
    files.add(format!("secret-{USERNAMES}.yaml"), context, &secret);
}

/// The key of the Secret that holds what the file holds elsewhere.
pub(super) fn in_secret(context: Context<'_>, file: &str) -> Option<SecretKey> {
    if is_of_the_pod(file) {
        return None; // reported, and left out on purpose
    }
    Some(SecretKey {
        name: context.kubernetes.secret.clone()?,
        key: secret_key(file).to_owned(),
    })
}

pub(super) fn access<'a>(context: Context<'a>, job: &'a Job, scrape: &'a Scrape) -> Access<'a> {
    let secret = |file: &Option<String>| in_secret(context, file.as_deref()?);
    let auth = scrape.auth.as_ref();
    Access {
        basic_auth: auth.and_then(|auth| {
            auth.username.as_ref()?;
            Some(BasicAuth {
                username: SecretKey {
                    name: context.name_of(USERNAMES),
                    key: slug(&job.name),
                },
                password: secret(&auth.password_file),
            })
        }),
        authorization: auth.and_then(|auth| {
            Some(Authorization {
                credentials: secret(&auth.bearer_file)?,
            })
        }),
        tls_config: scrape.tls.as_ref().map(|tls| TlsConfig {
            ca: secret(&tls.ca_file).map(|secret| InSecret { secret }),
            cert: secret(&tls.cert_file).map(|secret| InSecret { secret }),
            key_secret: secret(&tls.key_file),
            server_name: tls.server_name.as_deref(),
            insecure_skip_verify: tls.insecure_skip_verify,
        }),
    }
}

/// The further keys of a job, where they have this name; relabelling has a place of its own.
pub(super) fn fields(scrape: &Scrape, name: impl Fn(&ScrapeKey) -> Option<&'static str>) -> Fields {
    let extra = scrape
        .extra
        .iter()
        .filter(|(key, _)| key != RELABEL_CONFIGS);
    Fields(
        extra
            .filter_map(|(key, value)| {
                let key = scrape_key(key)?;
                Some((name(key)?, converted(key.shape, value)?))
            })
            .collect(),
    )
}

const RELABEL_CONFIGS: &str = "relabel_configs";

/// The rules about what discovery tells.
pub(super) fn discovered(scrape: &Scrape) -> Vec<Yaml> {
    let rules = scrape.relabelling.iter().map(scrape::relabelling);
    list(&Yaml::List(rules.collect()))
}

/// The rules of relabelling of `extra`.
pub(super) fn relabellings(scrape: &Scrape) -> Vec<Yaml> {
    let mut extra = scrape.extra.iter();
    let rules = extra.find_map(|(key, value)| (key == RELABEL_CONFIGS).then_some(value));
    rules.map(list).unwrap_or_default()
}

fn list(rules: &Yaml) -> Vec<Yaml> {
    match converted(Shape::Relabelling, rules) {
        Some(Yaml::List(rules)) => rules,
        _ => Vec::new(),
    }
}

/// A rule that sets a label.
pub(super) fn set_label(name: &str, value: &str) -> Yaml {
    // In a replacement `$1` is a group of the regular expression.
    rule(&[
        ("targetLabel", name),
        ("replacement", &value.replace('$', "$$")),
    ])
}

/// A rule of relabelling.
pub(super) fn rule(keys: &[(&str, &str)]) -> Yaml {
    let keys = keys.iter();
    Yaml::Map(
        keys.map(|(key, value)| ((*key).to_owned(), Yaml::Text((*value).to_owned())))
            .collect(),
    )
}

/// A value as the operator takes it; none if it does not, which is reported.
pub(super) fn converted(shape: Shape, value: &Yaml) -> Option<Yaml> {
    if !shape.fits(value) {
        return None;
    }
    Some(match (shape, value) {
        (Shape::Text, value) => text(value),
        (Shape::Words, Yaml::List(items)) => Yaml::List(items.iter().map(text).collect()),
        (Shape::Params, Yaml::Map(entries)) => {
            let words = |value| converted(Shape::Words, value);
            let entries = entries.iter();
            Yaml::Map(
                entries
                    .filter_map(|(key, value)| Some((key.clone(), words(value)?)))
                    .collect(),
            )
        }
        // A list of entries, where Prometheus and Alertmanager have a mapping.
        (Shape::Pairs, Yaml::Map(entries)) => {
            let pair = |(key, value): &(String, Yaml)| {
                let key = ("key".to_owned(), Yaml::Text(key.clone()));
                Yaml::Map(vec![key, ("value".to_owned(), text(value))])
            };
            Yaml::List(entries.iter().map(pair).collect())
        }
        (Shape::Relabelling, Yaml::List(rules)) => Yaml::List(
            rules
                .iter()
                .map(|rule| renamed(rule, relabelling_key))
                .collect(),
        ),
        (Shape::Links, Yaml::List(links)) => {
            let name = |key: &str| Some(if key == "text" { "alt" } else { "href" });
            Yaml::List(links.iter().map(|link| renamed(link, name)).collect())
        }
        (_, value) => value.clone(),
    })
}

/// A mapping with other keys, and texts for what is one there.
fn renamed(value: &Yaml, name: impl Fn(&str) -> Option<&'static str>) -> Yaml {
    let Yaml::Map(keys) = value else {
        return value.clone();
    };
    let keys = keys.iter().filter_map(|(key, value)| {
        let value = match value {
            Yaml::List(items) => Yaml::List(items.iter().map(text).collect()),
            value if key == "modulus" => value.clone(),
            value => text(value),
        };
        Some((name(key)?.to_owned(), value))
    });
    Yaml::Map(keys.collect())
}

/// Prometheus reads a number as a text where it wants one, the operator does not.
fn text(value: &Yaml) -> Yaml {
    Yaml::Text(match value {
        Yaml::Bool(value) => value.to_string(),
        Yaml::Integer(value) => value.to_string(),
        Yaml::Float(value) => value.to_string(),
        other => return other.clone(),
    })
}
