//! The Rust code of small specs: against what is expected of it, against hostile texts, and at work.

mod golden;
mod hostile;
mod http;
mod names;
mod work;

use std::path::{Path, PathBuf};

use monospec::model::Model;

/// The folder of a case: its spec, and the code that is expected of it.
fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/rust_target/cases")
        .join(case)
}

/// What the spec of a case means.
fn model(case: &str) -> Model {
    let spec = folder(case).join("monospec.yaml");
    let compilation = monospec::compile(&spec).expect("the spec can be read");
    let report = monospec::diagnostics::human::render(&compilation.report, false);
    compilation
        .models
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("{case}: {report}"))
}
