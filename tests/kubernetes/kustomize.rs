//! kustomize reads the folder, and patches a Deployment.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::cases::{Kind, committed};
use super::folder::Folder;
use super::schemas::tool;

/// The objects that kustomize makes of a folder.
fn build(folder: &Path) -> Vec<Value> {
    let output = Command::new(tool("kustomize"))
        .arg("build")
        .arg(folder)
        .output();
    let output = output.expect("kustomize starts");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {words}", folder.display());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let documents = text.split("\n---\n");
    documents
        .map(|document| serde_saphyr::from_str(document).expect("YAML"))
        .collect()
}

#[test]
fn kustomize_builds_every_folder() {
    let folder = Folder::new();
    let mut built = 0;
    for case in committed(Kind::Right) {
        let compilation = case.compile();
        for (path, bytes) in compilation.artifacts().iter() {
            folder.write(&format!("{}/{path}", case.name), bytes);
        }
        for model in &compilation.models {
            let Some(objects) = &model.outputs.kubernetes else {
                continue;
            };
            let objects = folder.path().join(&case.name).join(objects);
            let files = std::fs::read_dir(&objects).expect("a folder");
            let files = files.filter(|file| {
                let file = file.as_ref().expect("an entry").path();
                file.is_file()
                    && file
                        .file_name()
                        .is_some_and(|name| name != "kustomization.yaml")
            });
            assert_eq!(build(&objects).len(), files.count(), "{}", case.name);
            built += 1;
        }
    }
    assert!(built >= 6, "only {built} folders");
}

/// Whether the team writes the namespace or has kustomize set it.
#[test]
fn the_probes_get_into_the_container() {
    for namespace in ["", ", namespace: shop"] {
        let folder = Folder::new();
        let case = committed(Kind::Right)
            .into_iter()
            .find(|case| case.name == "kubernetes-objects");
        for (path, bytes) in case.expect("a case").compile().artifacts().iter() {
            folder.write(path, bytes);
        }
        folder.write(
            "kustomization.yaml",
            "resources: [deployment.yaml, objects]\ncomponents: [objects/probes]\nnamespace: shop\n",
        );
        let deployment = format!(
            "apiVersion: apps/v1
kind: Deployment
metadata: {{ name: shop{namespace} }}
spec:
  selector: {{ matchLabels: {{ app: shop }} }}
  template:
    metadata: {{ labels: {{ app: shop }} }}
    spec:
      containers:
        - {{ name: proxy, image: proxy }}
        - {{ name: app, image: shop, ports: [{{ name: http, containerPort: 3000 }}] }}
"
        );
        folder.write("deployment.yaml", deployment);
        let objects = build(folder.path());
        let deployment = objects.iter().find(|object| object["kind"] == "Deployment");
        let containers =
            &deployment.expect("a Deployment")["spec"]["template"]["spec"]["containers"];
        let containers = containers.as_array().expect("containers");
        assert_eq!(containers.len(), 2);
        for container in containers {
            for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
                let is_app = container["name"] == "app";
                assert_eq!(container.get(probe).is_some(), is_app, "{container}");
            }
        }
        assert!(super::schemas::refusals(deployment.expect("a Deployment")).is_empty());
    }
}

/// The example is what its spec says, and an overlay an environment is all that it takes.
#[test]
fn the_example_can_be_applied() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/kubernetes");
    let compilation = monospec::compile(&example.join("spec/monospec.yaml")).expect("a spec");
    assert!(compilation.report.findings.is_empty());
    for (path, bytes) in compilation.artifacts().iter() {
        let committed = std::fs::read(example.join(path)).unwrap_or_default();
        assert!(
            committed == bytes,
            "{path} is stale: cargo run -- generate examples/kubernetes/spec/monospec.yaml"
        );
    }
    for (environment, namespace) in [("staging", "shop-staging"), ("production", "shop")] {
        let objects = build(&example.join(environment));
        assert_eq!(objects.len(), 9);
        for object in &objects {
            assert_eq!(object["metadata"]["namespace"], namespace);
            let refused = super::schemas::refusals(object);
            // Of a Service nobody asks here.
            assert!(
                refused.is_empty() || object["kind"] == "Service",
                "{refused:#?}"
            );
        }
        let probed = objects.iter().filter(|object| {
            let containers = &object["spec"]["template"]["spec"]["containers"];
            containers[0].get("livenessProbe").is_some()
        });
        assert_eq!(probed.count(), 1);
    }
}
