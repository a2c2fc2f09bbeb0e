//! `monospec explain`.

use serde_json::Value;

use super::{monospec, run};

#[test]
fn a_code_is_explained() {
    let run = run(&mut monospec(&["explain", "unknown-metric"]));
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    for words in [
        "unknown-metric (error)\n\nNo metric has this name.\n\n",
        "\nWrong:\n\n    signals:\n      orders: { rate: order_total }\n",
        "\nRight:\n\n    signals:\n      orders: { rate: orders_total }\n",
    ] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
}

#[test]
fn all_codes_are_listed_with_what_they_weigh() {
    let run = run(&mut monospec(&["explain"]));
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    let lines: Vec<Vec<&str>> = run
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let weight = |code: &str| {
        let line = lines.iter().find(|line| line[0] == code);
        line.unwrap_or_else(|| panic!("{code} is not listed"))[1]
    };
    assert_eq!(weight("unknown-metric"), "error");
    assert_eq!(weight("counter-suffix"), "warn");
    assert_eq!(weight("inline-secret"), "deny");
    assert!(lines.iter().all(|line| line.len() > 3), "{}", run.stdout);
}

#[test]
fn programs_get_the_same() {
    let all = run(&mut monospec(&["explain", "--format", "json"]));
    let all: Value = serde_json::from_str(&all.stdout).expect("JSON");
    let one = run(&mut monospec(&[
        "explain",
        "unknown-metric",
        "--format",
        "json",
    ]));
    let one: Value = serde_json::from_str(&one.stdout).expect("JSON");
    assert_eq!(one["code"], "unknown-metric");
    assert_eq!(one["level"], "error");
    assert!(all.as_array().expect("a list").contains(&one));
}

#[test]
fn a_code_that_there_is_not_has_a_nearest() {
    let one = run(&mut monospec(&["explain", "unknown-metrik"]));
    assert_eq!((one.status, one.stdout.as_str()), (Some(2), ""));
    assert_eq!(
        one.stderr,
        "error: no finding has the code `unknown-metrik`\n  = help: did you mean `unknown-metric`?\n"
    );
    let other = run(&mut monospec(&["explain", "nonsense"]));
    assert_eq!(other.status, Some(2));
    assert!(
        other
            .stderr
            .ends_with("`monospec explain` lists all of them\n")
    );
}
