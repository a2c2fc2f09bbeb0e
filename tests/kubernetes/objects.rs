//! Objects, one by one.

use serde_json::{Value, json};

use super::schemas::refusals;
use super::{Object, objects};

/// What kustomize reads itself.
const OF_KUSTOMIZE: &[&str] = &["Kustomization", "Component"];

fn of_kind(kind: &str) -> Vec<Object> {
    let mut objects = objects();
    objects.retain(|object| object.kind() == kind);
    assert!(!objects.is_empty(), "no {kind}");
    objects
}

/// The patch is a part of a Deployment: the rest is the team's.
fn whole(object: &Value) -> Value {
    let mut whole = object.clone();
    if whole["kind"] == "Deployment" {
        whole["spec"]["selector"] = json!({});
        whole["spec"]["template"]["metadata"] = json!({});
    }
    whole
}

#[test]
fn every_object_is_what_its_kind_says() {
    let mut kinds: Vec<String> = Vec::new();
    for object in objects() {
        if OF_KUSTOMIZE.contains(&object.kind()) {
            continue;
        }
        let refused = refusals(&whole(&object.value));
        assert!(
            refused.is_empty(),
            "{} {}: {refused:#?}",
            object.case,
            object.path
        );
        kinds.push(object.kind().to_owned());
    }
    kinds.sort();
    kinds.dedup();
    assert_eq!(
        kinds,
        [
            "AlertmanagerConfig",
            "ConfigMap",
            "Deployment",
            "PodMonitor",
            "Probe",
            "PrometheusRule",
            "ScrapeConfig",
            "Secret",
            "ServiceMonitor"
        ]
    );
}

/// A schema that takes everything proves nothing.
#[test]
fn a_field_that_no_kind_has_is_refused() {
    for object in objects() {
        if OF_KUSTOMIZE.contains(&object.kind()) {
            continue;
        }
        let whole = whole(&object.value);
        for pointer in places(&whole) {
            let mut wrong = whole.clone();
            let place = wrong.pointer_mut(&pointer).expect("a place");
            place["mispelt"] = json!({});
            let refused = refusals(&wrong);
            assert!(
                !refused.is_empty(),
                "{} {}: {pointer}",
                object.case,
                object.path
            );
        }
    }
}

/// Every mapping with keys that the kind says, as pointers.
fn places(object: &Value) -> Vec<String> {
    // Keys of these are anybody's; what is wrong with their values is another test's.
    const FREE: &[&str] = &[
        "labels",
        "annotations",
        "data",
        "stringData",
        "matchLabels",
        "params",
    ];
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), object)];
    while let Some((pointer, value)) = waiting.pop() {
        match value {
            Value::Object(keys) => {
                let free = |key: &str| FREE.contains(&key);
                if !keys.is_empty() {
                    found.push(pointer.clone());
                }
                let keys = keys.iter().filter(|(key, _)| !free(key));
                waiting.extend(keys.map(|(key, value)| (format!("{pointer}/{key}"), value)));
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                waiting.extend(items.map(|(i, value)| (format!("{pointer}/{i}"), value)));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn objects_of_a_kind_have_names_of_their_own() {
    let mut known = std::collections::BTreeSet::new();
    for object in objects() {
        if OF_KUSTOMIZE.contains(&object.kind()) {
            continue;
        }
        let name = object.text("/metadata/name").expect("a name");
        let namespace = object.text("/metadata/namespace").unwrap_or_default();
        let folder = object
            .path
            .rsplit_once('/')
            .map(|(folder, _)| folder.to_owned());
        let key = (
            object.case.clone(),
            folder,
            object.kind().to_owned(),
            namespace.to_owned(),
            name.to_owned(),
        );
        assert!(known.insert(key), "{} {}", object.case, object.path);
    }
}

#[test]
fn the_sidecar_finds_dashboards_and_nothing_else() {
    for object in objects() {
        let label = object.text("/metadata/labels/grafana_dashboard");
        assert_eq!(
            label.is_some(),
            object.kind() == "ConfigMap",
            "{}",
            object.path
        );
        if label.is_some() {
            assert_eq!(label, Some("1"));
            let data = object.value["data"].as_object().expect("data");
            assert_eq!(data.len(), 1);
            for (file, text) in data {
                assert!(file.ends_with(".json"), "{file}");
                let dashboard: Value =
                    serde_json::from_str(text.as_str().expect("a text")).expect("JSON");
                assert_eq!(dashboard["schemaVersion"], 42);
            }
        }
    }
}

/// The operator calls a target's job after its Service, and queries look for the service's.
#[test]
fn targets_have_the_job_that_queries_look_for() {
    for kind in ["ServiceMonitor", "PodMonitor"] {
        let field = if kind == "PodMonitor" {
            "podMetricsEndpoints"
        } else {
            "endpoints"
        };
        for object in of_kind(kind) {
            let rules = &object.value["spec"][field][0]["relabelings"];
            let mut rules = rules.as_array().expect("rules").iter();
            let job = rules
                .find(|rule| rule["targetLabel"] == "job")
                .expect("a rule for the job");
            assert_eq!(*job, json!({ "targetLabel": "job", "replacement": "shop" }));
        }
    }
}

/// Neither a restart nor a slow start mends what the service depends on.
#[test]
fn only_readiness_asks_for_dependencies() {
    for object in of_kind("Deployment") {
        let container = &object.value["spec"]["template"]["spec"]["containers"][0];
        let path = |probe: &str| {
            container[probe]["httpGet"]["path"]
                .as_str()
                .expect("a path")
        };
        assert_eq!(path("livenessProbe"), path("startupProbe"));
        assert_ne!(path("livenessProbe"), path("readinessProbe"));
        assert!(path("livenessProbe").contains("live"), "{}", object.path);
        assert!(path("readinessProbe").contains("ready"), "{}", object.path);
    }
}

/// The operator hands an AlertmanagerConfig only alerts that have its namespace as a label.
#[test]
fn alerts_say_in_which_namespace_they_are() {
    for object in of_kind("PrometheusRule") {
        let Some(namespace) = object.text("/metadata/namespace") else {
            continue;
        };
        for group in object.value["spec"]["groups"].as_array().expect("groups") {
            for rule in group["rules"].as_array().expect("rules") {
                if rule.get("alert").is_some() {
                    assert_eq!(rule["labels"]["namespace"], namespace, "{}", object.path);
                }
            }
        }
    }
}
