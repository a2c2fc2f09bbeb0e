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
    const FREE: &[&str] = &["labels", "annotations", "data", "matchLabels", "params"];
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

/// Each rule of an object, with its namespace.
fn rules(object: &Object) -> Vec<(&str, &Value)> {
    let namespace = object.text("/metadata/namespace");
    let groups = object.value["spec"]["groups"].as_array().expect("groups");
    let rules = groups
        .iter()
        .flat_map(|group| group["rules"].as_array().expect("rules"));
    rules.filter_map(|rule| Some((namespace?, rule))).collect()
}

/// The operator hands an AlertmanagerConfig only alerts that have its namespace as a label: where they have it from their series, the
/// identity of the service says so.
#[test]
fn alerts_say_in_which_namespace_they_are() {
    for object in of_kind("PrometheusRule") {
        for (namespace, rule) in rules(&object) {
            let keeps = [
                "kubernetes-namespaces-identity",
                "kubernetes-discovery-identity",
            ];
            let is_kept = keeps.contains(&object.case.as_str())
                && rule["alert"] != "Waiting"
                && rule["labels"].get("namespace").is_none();
            if rule.get("alert").is_some() && !is_kept {
                assert_eq!(rule["labels"]["namespace"], namespace, "{}", object.path);
            }
        }
    }
}

/// The jobs of two environments in one cluster are called the same: only the namespace tells what is whose.
#[test]
fn environments_of_one_cluster_read_and_record_their_own() {
    let mut namespaces = std::collections::BTreeSet::new();
    for object in of_kind("PrometheusRule") {
        if object.case != "kubernetes-namespaces" {
            continue;
        }
        for (namespace, rule) in rules(&object) {
            namespaces.insert(namespace.to_owned());
            let expression = rule["expr"].as_str().expect("an expression");
            for job in ["shop", "cache", "shop-probe"] {
                let named = format!(r#"job="{job}""#);
                let pinned = format!(r#"{named},namespace="{namespace}""#);
                let count = |text: &str| expression.matches(text).count();
                assert_eq!(count(&named), count(&pinned), "{expression}");
            }
            let record = rule.get("record").and_then(Value::as_str);
            // Nobody knows the namespace of what somebody else scrapes.
            if record.is_some_and(|record| !record.contains("waiting")) {
                assert_eq!(rule["labels"]["namespace"], namespace, "{rule}");
            }
        }
    }
    assert_eq!(namespaces.len(), 2, "{namespaces:?}");
}
