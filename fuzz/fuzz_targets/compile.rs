//! Any bytes are compiled: into artefacts that their readers can parse, or into findings that stand inside the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use monospec::diagnostics::{Report, github, human, json};

fuzz_target!(|bytes: &[u8]| {
    monospec_fuzz::as_spec(bytes, |path| {
        let compilation = monospec::compile(path).expect("the file is there");
        assert_placed(&compilation.report);
        assert_eq!(
            compilation.models.is_empty(),
            compilation.report.errors() > 0,
            "a model, or why there is none"
        );
        for (path, bytes) in compilation.artifacts().iter() {
            assert_parses(path, bytes);
        }
        for model in &compilation.models {
            let code = monospec::targets::rust::render(model);
            syn::parse_file(&code).expect("the code parses");
            monospec::model_json(model);
        }
    });
});

/// Every finding stands between letters of its file, and can be told in every format.
fn assert_placed(report: &Report) {
    for finding in &report.findings {
        let related = finding.related.iter().map(|(location, _)| location);
        for location in std::iter::once(&finding.location).chain(related) {
            let text = &report.sources.file(location.file).text;
            assert!(
                text.get(location.range.clone()).is_some(),
                "[{}] at {:?}",
                finding.code,
                location.range
            );
        }
    }
    human::render(report, true);
    github::render(report);
    json::findings(report);
}

/// Templates and pages are for people and other programs; all else has a form.
fn assert_parses(path: &str, bytes: &[u8]) {
    let text = str::from_utf8(bytes).expect("artefacts are text");
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("tmpl" | "md") => {}
        _ if text.starts_with("//") => {}
        _ if text.starts_with('{') => {
            serde_json::from_str::<serde_json::Value>(text)
                .unwrap_or_else(|error| panic!("{path} is no JSON: {error}"));
        }
        _ => {
            serde_saphyr::from_str::<serde_json::Value>(text)
                .unwrap_or_else(|error| panic!("{path} is no YAML: {error}"));
        }
    }
}
