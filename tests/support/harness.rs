//! The tests of golden cases fail when they shall.

use std::collections::BTreeSet;
use std::fs;

use super::cases::{Kind, RENEW, in_folder};
use super::collect_codes;
use super::folder::Folder;

const SPEC: &str = "monospec: 1\nservice: { name: shop }\nscrape: { targets: [\"localhost:1\"] }\n\
    outputs: { prometheus: prometheus.yml, alerts: false, grafana: false, schema: false }\n";

fn problems(folder: &Folder, kind: Kind) -> Vec<String> {
    let cases = in_folder(folder.path(), kind);
    cases.iter().flat_map(|case| case.check(false)).collect()
}

fn renew(folder: &Folder, kind: Kind) {
    for case in in_folder(folder.path(), kind) {
        assert_eq!(case.check(true), [""; 0]);
    }
    assert_eq!(problems(folder, kind), [""; 0]);
}

#[test]
fn a_stale_case_fails_with_a_difference_and_what_renews_it() {
    let folder = Folder::new();
    folder.write("case/monospec.yaml", SPEC);
    renew(&folder, Kind::Right);
    folder.write(
        "case/monospec.yaml",
        SPEC.replace("localhost:1", "localhost:2"),
    );
    let problems = problems(&folder, Kind::Right);
    assert_eq!(problems.len(), 1);
    for words in [
        RENEW,
        "case: `expected/prometheus.yml` is stale",
        "-",
        "localhost:1",
        "+",
        "localhost:2",
    ] {
        assert!(problems[0].contains(words), "{}", problems[0]);
    }
    renew(&folder, Kind::Right);
}

#[test]
fn stale_words_fail() {
    let folder = Folder::new();
    folder.write("case/monospec.yaml", format!("{SPEC}metrix: {{}}\n"));
    folder.write("case/expected.txt", "error[unknown-key]: something else\n");
    assert!(problems(&folder, Kind::Wrong)[0].contains("`expected.txt` is stale"));
    renew(&folder, Kind::Wrong);
}

#[test]
fn what_nobody_writes_fails() {
    let folder = Folder::new();
    folder.write("case/monospec.yaml", SPEC);
    renew(&folder, Kind::Right);
    folder.write("case/expected/alerts.yml", "");
    assert!(problems(&folder, Kind::Right)[0].contains("nothing writes `expected/alerts.yml`"));
    renew(&folder, Kind::Right);
}

#[test]
fn what_is_missing_fails() {
    let folder = Folder::new();
    folder.write("empty/notes.txt", "");
    assert_eq!(
        problems(&folder, Kind::Right),
        ["empty: there is no monospec.yaml"]
    );
    folder.write("empty/monospec.yaml", SPEC);
    assert!(problems(&folder, Kind::Right)[0].contains("`expected/prometheus.yml` is missing"));
    assert_eq!(problems(&folder, Kind::Wrong), ["empty: nothing was found"]);
    folder.write(
        "empty/monospec.yaml",
        SPEC.replace("prometheus.yml", "false"),
    );
    assert_eq!(
        problems(&folder, Kind::Right),
        ["empty: the case expects nothing"]
    );
}

#[test]
fn findings_in_a_right_case_fail() {
    let folder = Folder::new();
    folder.write("case/monospec.yaml", format!("{SPEC}metrix: {{}}\n"));
    assert!(problems(&folder, Kind::Right)[0].contains("error[unknown-key]"));
}

#[test]
fn a_part_of_the_model_is_asked_for_by_an_empty_file() {
    let folder = Folder::new();
    folder.write(
        "case/monospec.yaml",
        SPEC.replace("prometheus.yml", "false"),
    );
    let part = folder.write("case/expected/model.catalogue.service.name.json", "");
    assert!(problems(&folder, Kind::Right)[0].contains("is stale"));
    renew(&folder, Kind::Right);
    assert_eq!(fs::read_to_string(part).expect("a part"), "\"shop\"\n");
    folder.write("case/expected/model.nothing.json", "");
    assert!(problems(&folder, Kind::Right)[0].contains("the model has no `/nothing`"));
}

#[test]
fn codes_are_found_in_the_sources() {
    let folder = Folder::new();
    folder.write(
        "a/b.rs",
        "fn f() { Finding::error(\n    \"one-thing\",\n at); self.report(\"two-things\", 1) }\n\
         #[cfg(test)]\nmod tests { fn f() { Finding::error(\"not-that\", at) } }\n",
    );
    let mut codes = BTreeSet::new();
    collect_codes(folder.path(), &mut codes);
    assert_eq!(
        codes.into_iter().collect::<Vec<_>>(),
        ["one-thing", "two-things"]
    );
}
