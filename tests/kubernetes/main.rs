//! What Kubernetes, the Prometheus operator, kustomize and a blackbox exporter make of `kubernetes:`.
#![cfg(all(feature = "cli", unix))]

#[path = "../support/alertmanager.rs"]
#[allow(dead_code, reason = "only its versions are of use here")]
mod alertmanager;
mod blackbox;
#[path = "../support/cases.rs"]
#[allow(dead_code, reason = "what is expected of them is another test's")]
mod cases;
#[path = "../support/folder.rs"]
mod folder;
mod kustomize;
mod objects;
#[path = "../support/kubernetes.rs"]
mod schemas;
mod texts;

use cases::{Kind, committed};
use serde_json::Value;

/// An object of a golden case.
struct Object {
    case: String,
    path: String,
    value: Value,
}

impl Object {
    fn text<'a>(&'a self, pointer: &str) -> Option<&'a str> {
        self.value.pointer(pointer).and_then(Value::as_str)
    }

    fn kind(&self) -> &str {
        self.text("/kind").expect("an object has a kind")
    }
}

/// Every object of every golden case, as another reader of YAML has it.
fn objects() -> Vec<Object> {
    let mut objects = Vec::new();
    for case in committed(Kind::Right) {
        let compilation = case.compile();
        let folders = compilation.models.iter();
        let folders = folders.filter_map(|model| model.outputs.kubernetes.as_ref());
        let folders: Vec<String> = folders.map(|folder| format!("{folder}/")).collect();
        for (path, bytes) in compilation.artifacts().iter() {
            if folders
                .iter()
                .any(|folder| path.starts_with(folder.as_str()))
            {
                let text = std::str::from_utf8(bytes).expect("artefacts are UTF-8");
                let options = serde_saphyr::options! { strict_booleans: true };
                let value = serde_saphyr::from_str_with_options(text, options);
                objects.push(Object {
                    case: case.name.clone(),
                    path: path.to_owned(),
                    value: value.unwrap_or_else(|error| panic!("{path}: {error}")),
                });
            }
        }
    }
    assert!(objects.len() > 30, "only {} objects", objects.len());
    objects
}
