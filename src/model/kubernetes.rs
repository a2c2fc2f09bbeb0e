//! What Kubernetes gets: where objects go, and how the operator finds the service.

use serde::Serialize;

pub use crate::spec::document::Monitor;

/// What all objects of a service have in common, and what is in the cluster already.
#[derive(Clone, Debug, Serialize)]
pub struct Kubernetes {
    /// The namespace of every object.
    pub namespace: Option<String>,
    /// Labels of every object, by name.
    #[serde(serialize_with = "super::json::pairs")]
    pub labels: Vec<(String, String)>,
    /// By what pods are found.
    pub monitor: Monitor,
    /// The name of the port that serves metrics.
    pub port: String,
    /// The labels of the Service, or of the pods.
    #[serde(serialize_with = "super::json::pairs")]
    pub selector: Vec<(String, String)>,
    /// Who gets probes.
    pub deployment: Option<Deployment>,
    /// Who asks the health endpoints from outside.
    pub probe: Option<Probe>,
    /// The Secret with what is read from files elsewhere.
    pub secret: Option<String>,
}

/// The Deployment that runs the service.
#[derive(Clone, Debug, Serialize)]
pub struct Deployment {
    /// Its name.
    pub name: String,
    /// The name of the container.
    pub container: String,
    /// The name of the port that serves the health endpoints.
    pub port: String,
    /// Whether that is the port that metrics are scraped from, and so speaks what that does.
    pub is_scraped: bool,
}

/// Who asks the health endpoints from outside.
#[derive(Clone, Debug, Serialize)]
pub struct Probe {
    /// The label `job` of its series.
    pub job: String,
    /// The address of the blackbox exporter.
    pub prober: String,
    /// Where the service is reached, without a slash at the end.
    pub targets: Vec<String>,
}

/// What a name becomes in the name of an object: lower case, and `-` for what
/// [Kubernetes does not take](https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names).
pub(crate) fn slug(name: &str) -> String {
    let taken = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let slug: String = name
        .chars()
        .map(|c| {
            if taken(c) {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    slug.trim_matches(['-', '.']).to_owned()
}

/// The label `job` of what asks a service from outside.
pub(crate) fn probe_job(service: &str) -> String {
    format!("{service}-probe")
}

/// The key of a Secret that stands for a file: its name.
pub(crate) fn secret_key(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// What Kubernetes puts into every pod is in no Secret that could be named.
pub(crate) fn is_of_the_pod(file: &str) -> bool {
    file.starts_with("/var/run/secrets/kubernetes.io/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_those_of_objects() {
        for (name, object) in [
            ("node_exporter", "node-exporter"),
            ("MinIO", "minio"),
            ("_x.", "x"),
            ("é", ""),
        ] {
            assert_eq!(slug(name), object);
        }
    }
}
