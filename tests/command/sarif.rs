//! `--format sarif`: what code hosts and editors read, held against the schema of the standard.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::mistakes::{self, MISTAKES};
use super::{Project, Run};

/// The log that a run printed, if it is what the standard says.
fn log(run: &Run) -> Value {
    let log = serde_json::from_str(&run.stdout).expect("one document");
    let path = "target/npm/package/lib/schemas/sarif-2.1.0-rtm.5.json";
    let schema = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| {
            panic!(
                "cannot read {path}, the schema of SARIF: {error}. scripts/test fetches it with npm"
            )
        });
    // Two of its patterns have a bracket too many for readers that are strict.
    let schema = schema.replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft7)
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is one");
    let refusals: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(refusals, [""; 0], "{}", run.stdout);
    log
}

/// Code, `file:line:column` of each result.
fn places(log: &Value) -> Vec<(String, String)> {
    let results = log["runs"][0]["results"].as_array().expect("results");
    let mut places: Vec<_> = results
        .iter()
        .map(|result| {
            let at = &result["locations"][0]["physicalLocation"];
            let uri = at["artifactLocation"]["uri"].as_str().expect("a uri");
            let region = &at["region"];
            let place = format!("{uri}:{}:{}", region["startLine"], region["startColumn"]);
            (result["ruleId"].as_str().expect("a rule").to_owned(), place)
        })
        .collect();
    places.sort();
    places
}

#[test]
fn every_finding_is_a_result_with_its_rule() {
    let run = mistakes::project().monospec(&["lint", "--format", "sarif"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), ""));
    let log = log(&run);
    let mut expected: Vec<(String, String)> = MISTAKES
        .iter()
        .map(|(code, at, _)| ((*code).to_owned(), (*at).to_owned()))
        .collect();
    expected.sort();
    assert_eq!(places(&log), expected);
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().expect("an index");
        let rule = &rules[usize::try_from(index).expect("small")];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(
            rule["help"]["markdown"]
                .as_str()
                .expect("help")
                .contains("```yaml")
        );
    }
}

#[test]
fn columns_are_characters_and_a_fix_says_what_it_replaces() {
    let spec = "monospec: 1\nservice: { name: shop, description: \"größe 😀\", ownr: web }\n";
    let project = Project::new(&[("spec/my spec.yaml", spec)]);
    let run = project.monospec(&["lint", "spec/my spec.yaml", "--format", "sarif"]);
    let log = log(&run);
    let result = &log["runs"][0]["results"][0];
    let region = json!({ "startLine": 2, "startColumn": 48, "endLine": 2, "endColumn": 52 });
    let at = &result["locations"][0]["physicalLocation"];
    assert_eq!(at["region"], region);
    assert_eq!(
        at["artifactLocation"],
        json!({ "uri": "spec/my%20spec.yaml", "uriBaseId": "%SRCROOT%" })
    );
    let change = &result["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"], at["artifactLocation"]);
    assert_eq!(
        change["replacements"],
        json!([{ "deletedRegion": region, "insertedContent": { "text": "owner" } }])
    );
}

#[test]
fn files_are_named_from_the_root_of_the_repository() {
    let spec = "monospec: 1\nservice: { name: shop }\nmetrix: {}\n";
    let project = Project::new(&[("shop/spec/monospec.yaml", spec), (".git/HEAD", "")]);
    let inside = |format: &str| {
        let mut command = super::monospec(&["lint", "--format", format]);
        super::run(command.current_dir(project.path().join("shop/spec")))
    };
    assert_eq!(
        places(&log(&inside("sarif"))),
        [(
            "unknown-key".to_owned(),
            "shop/spec/monospec.yaml:3:1".to_owned()
        )]
    );
    let run = inside("github");
    assert!(
        run.stdout
            .starts_with("::error file=shop/spec/monospec.yaml,line=3,"),
        "{}",
        run.stdout
    );
    // People and programs beside the user get what the user would type.
    assert!(inside("human").stderr.contains("--> monospec.yaml:3:1\n"));
    assert!(
        inside("json")
            .stdout
            .contains("\"file\": \"monospec.yaml\"")
    );
}

#[test]
fn drift_is_a_result_about_a_file() {
    let spec = "monospec: 1\nservice: { name: shop }\nscrape: { targets: [\"localhost:1\"] }\n";
    let project = Project::new(&[("spec/monospec.yaml", spec)]);
    let run = project.monospec(&["check", "--format", "sarif"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), ""));
    let log = log(&run);
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert!(results.iter().all(|result| result["ruleId"] == "drift"));
    let first = &results[0];
    let uri = &first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "generated/alerts.yml");
    let text = first["message"]["text"].as_str().expect("a text");
    assert_eq!(
        text,
        "generated/alerts.yml is missing; run `monospec generate spec/monospec.yaml`"
    );
}

#[test]
fn nothing_found_is_a_log_without_results() {
    let spec = "monospec: 1\nservice: { name: shop }\nscrape: { targets: [\"localhost:1\"] }\n";
    let project = Project::new(&[("spec/monospec.yaml", spec)]);
    for command in ["lint", "generate", "check"] {
        let run = project.monospec(&[command, "--format", "sarif"]);
        assert_eq!(
            (run.status, run.stderr.as_str()),
            (Some(0), ""),
            "{command}"
        );
        assert_eq!(log(&run)["runs"][0]["results"], json!([]));
    }
}
