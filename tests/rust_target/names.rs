//! Names that the generated code could not have are findings, and not errors of the Rust compiler.

use std::fs;
use std::path::Path;

/// The codes and messages of what is found in a spec with these sections.
fn findings(name: &str, sections: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("names");
    fs::create_dir_all(&folder).expect("a folder");
    let spec = folder.join(format!("{name}.yaml"));
    let head = "monospec: 1\nservice: { name: s }\nscrape: { targets: ['a:1'] }\n";
    fs::write(&spec, format!("{head}{sections}")).expect("a file");
    let compilation = monospec::compile(&spec).expect("the spec can be read");
    let findings = compilation.report.findings.iter();
    findings
        .map(|finding| format!("{}: {}", finding.code, finding.message))
        .collect()
}

#[test]
fn a_struct_of_labels_is_the_only_type_of_its_name() {
    let two = "{ type: counter, help: x, labels: { a: {}, b: {} } }";
    assert_eq!(
        findings(
            "structs",
            &format!("metrics: {{ calls_total: {two}, calls_seconds_total: {two} }}")
        ),
        ["name-collision: two types of the Rust code are called `CallsLabels`"]
    );
    assert_eq!(
        findings(
            "own",
            "labels: { metrics: [a] }\nmetrics: { x: { type: gauge, help: x, labels: [metrics] }, y: { type: gauge, help: x, labels: [metrics] } }"
        ),
        ["name-collision: the generated code has a type `Metrics` of its own"]
    );
}

#[test]
fn a_metric_has_one_status() {
    let labels = "{ a: { type: http_status }, b: { type: http_status } }";
    assert_eq!(
        findings(
            "statuses",
            &format!("metrics: {{ x: {{ type: gauge, help: x, labels: {labels} }} }}")
        ),
        ["conflicting-keys: `a` and `b` are both a status code of HTTP"]
    );
}

#[test]
fn a_flag_is_not_called_like_the_setter_of_another() {
    let flag = "{ default: true, help: x }";
    assert_eq!(
        findings(
            "setters",
            &format!("flags: {{ SET_X: {flag}, X: {flag}, ITER: {flag} }}")
        ),
        [
            "name-collision: two methods of the Rust code are called `set_x`",
            "name-collision: the generated code has a method `iter` of its own",
        ]
    );
}

#[test]
fn constants_of_an_enum_are_no_variants() {
    let labels = "{ a: { values: [{ value: a, rust: ALL }] } }";
    assert_eq!(
        findings(
            "constants",
            &format!("metrics: {{ x: {{ type: gauge, help: x, labels: {labels} }} }}")
        ),
        ["bad-name: `ALL` cannot be the name of a Rust variant"]
    );
}
