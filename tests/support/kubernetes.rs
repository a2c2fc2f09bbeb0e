//! What an API server knows of kinds of objects: the operator's CustomResourceDefinitions, and the API of Kubernetes itself.
//!
//! An API server takes a field that it does not know and forgets it. Here it is refused: whoever writes it means something by it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// A file that `scripts/kubernetes-tools` puts there.
pub(crate) fn tool(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target/kubernetes")
        .join(name);
    assert!(
        path.exists(),
        "{} is missing: scripts/kubernetes-tools puts it there",
        path.display()
    );
    path
}

/// The files with definitions of resources.
const DEFINITIONS: &[&str] = &[
    "alertmanagerconfigs-crd.json",
    "podmonitors-crd.json",
    "probes-crd.json",
    "prometheusrules-crd.json",
    "scrapeconfigs-crd.json",
    "servicemonitors-crd.json",
];

/// Kinds of Kubernetes itself, by what the API calls them.
const OWN: &[(&str, &str, &str)] = &[
    (
        "v1 ConfigMap",
        "core-v1.json",
        "io.k8s.api.core.v1.ConfigMap",
    ),
    ("v1 Secret", "core-v1.json", "io.k8s.api.core.v1.Secret"),
    (
        "apps/v1 Deployment",
        "apps-v1.json",
        "io.k8s.api.apps.v1.Deployment",
    ),
];

/// What every object's `metadata` is.
const METADATA: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

static SCHEMAS: LazyLock<HashMap<String, Validator>> = LazyLock::new(|| {
    let mut schemas = HashMap::new();
    for file in DEFINITIONS {
        let definition = read(file);
        let kind = &definition["spec"]["names"]["kind"];
        let group = &definition["spec"]["group"];
        for version in definition["spec"]["versions"].as_array().expect("versions") {
            let mut schema = version["schema"]["openAPIV3Schema"].clone();
            if *kind == "AlertmanagerConfig" {
                with_routes(&mut schema);
            }
            let name = [group, &version["name"], kind].map(|name| name.as_str().expect("a name"));
            let [group, version, kind] = name;
            schemas.insert(format!("{group}/{version} {kind}"), strict(schema));
        }
    }
    for (kind, file, name) in OWN {
        schemas.insert((*kind).to_owned(), of_kubernetes(file, name));
    }
    schemas.insert(METADATA.to_owned(), of_kubernetes("core-v1.json", METADATA));
    schemas
});

/// What the schema of its kind refuses of an object.
pub(crate) fn refusals(object: &Value) -> Vec<String> {
    let text = |key: &str| object[key].as_str().unwrap_or_default();
    let kind = format!("{} {}", text("apiVersion"), text("kind"));
    let Some(schema) = SCHEMAS.get(&kind) else {
        return vec![format!("nobody knows `{kind}`")];
    };
    let of_object = schema.iter_errors(object);
    // The definitions of resources leave it to the API server.
    let of_metadata = SCHEMAS[METADATA].iter_errors(&object["metadata"]);
    of_object
        .chain(of_metadata)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn read(file: &str) -> Value {
    let text = fs::read_to_string(tool(file)).expect("a file");
    serde_json::from_str(&text).expect("JSON")
}

/// The schema says of the routes below the first one only that there are some: the operator reads them as it reads that one.
fn with_routes(schema: &mut Value) {
    let route = schema
        .pointer_mut("/properties/spec/properties/route")
        .expect("a route");
    route["properties"]["routes"]["items"] = json!({ "$ref": "#/$defs/route" });
    let route = route.clone();
    schema["$defs"] = json!({ "route": route });
}

/// A kind, with all that it refers to.
fn of_kubernetes(file: &str, name: &str) -> Validator {
    let mut schema = read(file);
    schema["$ref"] = format!("#/components/schemas/{name}").into();
    strict(schema)
}

fn strict(mut schema: Value) -> Validator {
    close(&mut schema);
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
    options.build(&schema).expect("a schema")
}

/// Has nothing taken that is not declared.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            let is_open = keys.contains_key("additionalProperties")
                || keys.contains_key("x-kubernetes-preserve-unknown-fields");
            // `properties` is also what a property can be called.
            if keys.get("properties").is_some_and(Value::is_object)
                && keys.get("type").is_some_and(|kind| kind == "object")
                && !is_open
            {
                keys.insert("additionalProperties".to_owned(), false.into());
            }
            keys.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
