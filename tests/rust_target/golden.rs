//! The code, byte by byte.

use std::process::Command;
use std::{env, fs};

use monospec::artifacts::Artifacts;
use monospec::targets::TARGETS;
use monospec::targets::rust::render;

use crate::{folder, model};

const CASES: &[&str] = &[
    "minimal",
    "full",
    "hostile",
    "http",
    "http-least",
    "http-labels",
    "init",
];

#[test]
fn code_is_as_expected() {
    for case in CASES {
        let path = folder(case).join("expected.rs");
        let code = render(&model(case));
        if env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
            fs::write(&path, &code).expect("the expectation can be written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            code, expected,
            "{case}: UPDATE_GOLDEN=1 renews the expectation"
        );
    }
}

#[test]
fn code_is_formatted() {
    for case in CASES {
        for edition in ["2021", "2024"] {
            let output = Command::new("rustfmt")
                .args(["--check", "--edition", edition])
                .arg(folder(case).join("expected.rs"))
                .output()
                .expect("this test needs rustfmt: `rustup component add rustfmt`");
            let said = String::from_utf8_lossy(&output.stdout);
            let complained = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{case}: {said}{complained}");
            assert_eq!(complained, "", "{case}");
        }
    }
}

#[test]
fn committed_code_is_only_made_if_asked_for() {
    let files = |model| {
        let mut artifacts = Artifacts::default();
        let rust = TARGETS.iter().find(|target| target.name == "rust");
        (rust.expect("there is a target of this name").render)(&model, &mut artifacts);
        let files = artifacts
            .iter()
            .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()));
        files.collect::<Vec<_>>()
    };
    let mut model = model("minimal");
    assert_eq!(files(model.clone()), []);
    model.outputs.rust = Some("generated/metrics.rs".to_owned());
    let code = render(&model).into_bytes();
    assert_eq!(files(model), [("generated/metrics.rs".to_owned(), code)]);
}
