//! The code of a build script is the code that the command writes, whatever else monospec was compiled with.
//!
//! `cargo test --package monospec --no-default-features --test code` has nothing of monospec but what a build script has.

use std::fs;
use std::path::{Path, PathBuf};

use monospec::diagnostics::human;
use monospec::model::Model;
use monospec::{Compilation, compile, targets};

/// Every committed file of Rust code below a folder.
fn code_in(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            code_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn sections_that_become_no_code_do_not_change_it() {
    let mut compared = 0;
    for case in fs::read_dir("tests/golden/right").expect("the golden cases") {
        let case = case.expect("an entry").path();
        let mut committed = Vec::new();
        code_in(&case.join("expected"), &mut committed);
        let [committed] = committed.as_slice() else {
            continue;
        };
        let compilation = compile(&case.join("monospec.yaml")).expect("a spec");
        let model = the_model(&compilation);
        let expected = fs::read_to_string(committed).expect("code");
        assert!(
            targets::rust::render(model) == expected,
            "{}: other code than in {}",
            case.display(),
            committed.display()
        );
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
}

/// The one that code comes of.
fn the_model(compilation: &Compilation) -> &Model {
    let found = || human::render(&compilation.report, false);
    compilation
        .models
        .first()
        .unwrap_or_else(|| panic!("{}", found()))
}

/// A spec whose environments say how jobs are scraped is whole only there.
#[test]
fn environments_may_complete_what_becomes_no_code() {
    const HEAD: &str = "monospec: 1\nservice: { name: shop, owner: t }\nmetrics: { orders_total: { type: counter, help: Orders. } }\n";
    let spec = Path::new(env!("CARGO_TARGET_TMPDIR")).join("completed.yaml");
    for (path, text) in [
        (
            "/m",
            "scrape: { path: /m, interval: 10s }\nenvironments: { a: { scrape: { targets: ['a:1'] } } }",
        ),
        (
            "/m",
            "scrape: { path: /m }\nenvironments: { a: { kubernetes: { namespace: a, port: http, selector: { app: a } } } }",
        ),
        (
            "/metrics",
            "environments: { a: { scrape: { targets: ['a:1'] } } }",
        ),
        (
            "/metrics",
            "scrape: { timeout: 20s, targets: ['a:1'] }\nenvironments: { a: { scrape: { interval: 30s } } }",
        ),
        (
            "/metrics",
            "scrape: { targets: ['a:1'], tls: { cert_file: /a } }\nenvironments: { a: { scrape: { tls: { key_file: /b } } } }",
        ),
        (
            "/metrics",
            "scrape: { targets: ['a:1'] }\nexporters: { cache: { targets: ['c:1'], timeout: 20s } }\n\
             environments: { a: { exporters: { cache: { interval: 30s } } } }",
        ),
        (
            "/metrics",
            "scrape: { targets: ['a:1'] }\nprometheus: { external_url: x }\n\
             environments: { a: { prometheus: { external_url: 'http://x' } } }",
        ),
    ] {
        fs::write(&spec, format!("{HEAD}{text}\n")).expect("a spec");
        let compilation = compile(&spec).expect("a spec");
        let model = the_model(&compilation);
        assert_eq!(model.catalogue.metrics_path(), path, "{text}");
    }
}

/// The path is a part of the code.
#[test]
fn a_path_that_is_none_is_told() {
    let spec = Path::new(env!("CARGO_TARGET_TMPDIR")).join("path.yaml");
    let text =
        "monospec: 1\nservice: { name: shop }\nscrape: { targets: ['a:1'], path: metrics }\n";
    fs::write(&spec, text).expect("a spec");
    let compilation = compile(&spec).expect("a spec");
    let found: Vec<&str> = compilation.report.findings.iter().map(|f| f.code).collect();
    assert!(found.contains(&"bad-value"), "{found:?}");
    assert!(compilation.models.is_empty());
}

/// What it does not compile, a build script neither waits for nor fails of.
#[cfg(not(feature = "monitoring"))]
#[test]
fn sections_that_become_no_code_are_not_read() {
    let spec = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unread.yaml");
    let text = "monospec: 1\nservice: { name: shop }\nalerts: { Broken: { signal: 1, nonsense: x } }\nslos: [1]\n";
    fs::write(&spec, text).expect("a spec");
    let compilation = compile(&spec).expect("a spec");
    let found: Vec<&str> = compilation.report.findings.iter().map(|f| f.code).collect();
    assert_eq!(found, ["wrong-type"]); // a section has to be one
    fs::write(&spec, text.replace("slos: [1]\n", "")).expect("a spec");
    let compilation = compile(&spec).expect("a spec");
    assert_eq!(compilation.report.errors(), 0);
    assert_eq!(compilation.models.len(), 1);
}
