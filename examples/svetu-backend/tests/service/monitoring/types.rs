//! What Prometheus learns of the metrics.

use serde_json::{Map, Value};

use super::prometheus::Prometheus;
use crate::support::service::FAMILIES;
use crate::support::{generated, read};

/// Types and help agree with the spec.
pub(crate) fn agree(prometheus: &Prometheus) {
    let metadata = prometheus.get("metadata", &[]).expect("metadata");
    let mut learned = Map::new();
    let mut exposed = Map::new();
    for (name, kind) in FAMILIES {
        let kind = match kind {
            "untyped" => "unknown",
            kind => kind,
        };
        exposed.insert(name.to_owned(), kind.into());
        learned.insert(name.to_owned(), of(&metadata, name)["type"].clone());
    }
    assert_eq!(learned, exposed);

    let spec = read(&generated("../spec/monospec.yaml"));
    let spec: Value = serde_saphyr::from_str(&spec).expect("YAML");
    let metrics = spec["metrics"].as_object().expect("metrics");
    assert!(!metrics.is_empty());
    for (name, metric) in metrics {
        let learned = of(&metadata, name);
        assert_eq!(learned["help"], metric["help"], "{name}");
        // Only what is called a counter may be exposed as one.
        if metric["type"] != "counter" || name.ends_with("_total") {
            assert_eq!(learned["type"], metric["type"], "{name}");
        }
    }
}

/// What Prometheus learned of a family, which OpenMetrics calls without the suffix of its samples.
fn of<'m>(metadata: &'m Value, name: &str) -> &'m Value {
    let stem = name.strip_suffix("_total").unwrap_or(name);
    let family = metadata.get(stem).or_else(|| metadata.get(name));
    family.map_or(&Value::Null, |family| &family[0])
}
