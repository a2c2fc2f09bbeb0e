//! The code of a build script is the code that the command writes, whatever else monospec was compiled with.
//!
//! `cargo test --package monospec --no-default-features --test code` has nothing of monospec but what a build script has.

use std::fs;
use std::path::{Path, PathBuf};

use monospec::{compile, targets};

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
        let model = compilation.models.first().expect("a model");
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
