//! The proofs of the alerts of spec/monospec.yaml can fail: each mutation of the committed rules contradicts the committed tests.
//!
//! A rule is changed as somebody might who edits it by hand: another threshold, another comparison, a matcher less. promtool then has
//! to refuse what it accepted. Mutations that mean the same as the rule are listed, with the reason.
#![cfg(feature = "cli")]

#[path = "support/folder.rs"]
mod folder;
#[path = "support/releases.rs"]
mod releases;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use folder::Folder;
use monospec::promql::{self, BinaryOp, Grouping, Query};
use serde_json::{Value, json};

/// What changes nothing, or nothing that a series could show, and why.
const EQUIVALENT: &[(&str, &str)] = &[
    (
        "DualWriteFailures warning: > 0.5 becomes 0.45",
        "events are whole",
    ),
    (
        "DualWriteFailures warning: > 0.5 becomes 0.55",
        "events are whole",
    ),
    (
        "FeatureFlagChanged info: > 0 becomes 0.1",
        "of four instances one is the least that can change",
    ),
    (
        "RedisErrors warning: another summary",
        "of PromQL by hand it is not known what the value is",
    ),
    (
        "RedisErrors warning: fires for ever",
        "nothing by hand says when it ends",
    ),
];

/// A rule that somebody changed.
struct Mutation {
    /// `HighErrorRate critical: > becomes >=`
    name: String,
    rule: Value,
}

#[test]
fn every_mutation_of_a_rule_is_refused() {
    let rules = committed("generated/alerts.yml");
    let tests = committed("generated/alerts_test.yml");
    let rules: Vec<Value> = rules["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .flat_map(|group| group["rules"].as_array().expect("rules").clone())
        .collect();
    let mutations: Vec<(usize, Mutation)> = rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule["alert"].is_string())
        .flat_map(|(index, rule)| {
            mutations(rule)
                .into_iter()
                .map(move |mutation| (index, mutation))
        })
        .collect();
    assert!(mutations.len() >= 150, "only {} mutations", mutations.len());
    let folder = Folder::new();
    let survivors = Mutex::new(BTreeSet::new());
    let queue = Mutex::new(mutations.iter());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for slot in 0..processors {
            let (folder, rules, tests) = (&folder, &rules, &tests);
            let (survivors, queue) = (&survivors, &queue);
            scope.spawn(move || {
                let next = || queue.lock().expect("nobody panics").next();
                while let Some((index, mutation)) = next() {
                    let mut mutated = rules.clone();
                    mutated[*index] = mutation.rule.clone();
                    let alert = rules[*index]["alert"].as_str().expect("a name");
                    let mut situations = tests_of(alert, tests).into_iter();
                    // One that contradicts is enough.
                    if situations.all(|test| {
                        accepted(folder, slot, &rules_of(alert, &mutated), &[test]).is_ok()
                    }) {
                        let mut survivors = survivors.lock().expect("nobody panics");
                        survivors.insert(mutation.name.as_str());
                    }
                }
            });
        }
    });
    let survivors = survivors.into_inner().expect("nobody panics");
    let listed: BTreeSet<&str> = EQUIVALENT.iter().map(|(name, _)| *name).collect();
    let unknown: Vec<_> = survivors.difference(&listed).collect();
    assert!(
        unknown.is_empty(),
        "of {} mutations nobody notices {unknown:#?}",
        mutations.len()
    );
    let refused: Vec<_> = listed.difference(&survivors).collect();
    assert!(
        refused.is_empty(),
        "these are noticed, take them off the list: {refused:#?}"
    );
}

#[test]
fn the_rules_as_they_are_pass() {
    let rules = committed("generated/alerts.yml");
    let folder = Folder::new();
    let all: Vec<Value> = rules["groups"]
        .as_array()
        .expect("groups")
        .iter()
        .flat_map(|group| group["rules"].as_array().expect("rules").clone())
        .collect();
    let tests = committed("generated/alerts_test.yml");
    let alerts: BTreeSet<&str> = all
        .iter()
        .filter_map(|rule| rule["alert"].as_str())
        .collect();
    for alert in alerts {
        let result = accepted(&folder, 0, &rules_of(alert, &all), &tests_of(alert, &tests));
        assert_eq!(result, Ok(()), "{alert}");
    }
}

fn committed(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(&path).expect("a committed artefact");
    serde_saphyr::from_str(&text).expect("YAML")
}

/// Whether promtool finds that the rules do what the tests say; otherwise what it prints.
fn accepted(folder: &Folder, slot: usize, rules: &[&Value], tests: &[Value]) -> Result<(), String> {
    let name = format!("rules-{slot}.yml");
    // JSON is YAML.
    let groups = json!({ "groups": [{ "name": "mutated", "rules": rules }] });
    folder.write(&name, groups.to_string().as_bytes());
    let tests = json!({ "rule_files": [name], "evaluation_interval": "1m", "tests": tests });
    let file = folder.write(&format!("tests-{slot}.yml"), tests.to_string().as_bytes());
    let mut promtool = Command::new(releases::program("2.42", "promtool"));
    let output = promtool.args(["test", "rules"]).arg(file).output();
    let output = output.expect("promtool runs");
    match output.status.success() {
        true => Ok(()),
        false => {
            Err(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
        }
    }
}

/// The tests of an alert.
fn tests_of(alert: &str, tests: &Value) -> Vec<Value> {
    let of_alert = |test: &&Value| {
        let name = test["name"].as_str().expect("a name");
        name.split(' ').next() == Some(alert)
    };
    let tests = tests["tests"].as_array().expect("tests").iter();
    let tests: Vec<Value> = tests.filter(of_alert).cloned().collect();
    assert!(!tests.is_empty(), "{alert} has no tests");
    tests
}

/// The rules of an alert, and before them those that record what they read: promtool evaluates all that it is given, and the
/// objectives record much.
fn rules_of<'a>(alert: &str, rules: &'a [Value]) -> Vec<&'a Value> {
    let mut read = BTreeSet::new();
    let mut needed: Vec<&Value> = Vec::new();
    // A rule reads what others before it record.
    for rule in rules.iter().rev() {
        let asked_for = match rule["record"].as_str() {
            Some(record) => read.contains(record),
            None => rule["alert"] == alert || rule["alert"] == "Renamed",
        };
        if asked_for {
            let expr = rule["expr"].as_str().expect("an expression");
            let query = promql::parse(expr).expect("PromQL").query;
            query.visit_selectors(&mut |selector| read.extend(selector.metric.clone()));
            needed.push(rule);
        }
    }
    needed.reverse();
    needed
}

/// What somebody might do to a rule.
fn mutations(rule: &Value) -> Vec<Mutation> {
    let title = format!(
        "{} {}",
        rule["alert"].as_str().expect("a name"),
        rule["labels"]["severity"].as_str().expect("a severity")
    );
    let expr = rule["expr"].as_str().expect("an expression");
    let query = promql::parse(expr).expect("PromQL").query;
    let mut found = Vec::new();
    let mut changed = |what: String, change: &dyn Fn(&mut Value)| {
        let mut rule = rule.clone();
        change(&mut rule);
        found.push(Mutation {
            name: format!("{title}: {what}"),
            rule,
        });
    };
    for (what, query) in of_query(&query) {
        changed(what, &|rule| rule["expr"] = json!(query.to_string()));
    }
    changed("another severity".to_owned(), &|rule| {
        rule["labels"]["severity"] = json!("page")
    });
    changed("another team".to_owned(), &|rule| {
        rule["labels"]["team"] = json!("nobody")
    });
    changed("another name".to_owned(), &|rule| {
        rule["alert"] = json!("Renamed")
    });
    if rule["for"].is_string() {
        changed("for an hour".to_owned(), &|rule| rule["for"] = json!("1h"));
        changed("at once".to_owned(), &|rule| {
            rule.as_object_mut().expect("a rule").remove("for");
        });
    }
    if rule["keep_firing_for"].is_string() {
        changed("fires for ever".to_owned(), &|rule| {
            rule["keep_firing_for"] = json!("1d")
        });
    }
    changed("another summary".to_owned(), &|rule| {
        rule["annotations"]["summary"] = json!("{{ $value }}")
    });
    found
}

/// Changed queries: each number, each comparison, each label of an aggregation, and each matcher, everywhere at once.
fn of_query(query: &Query) -> Vec<(String, Query)> {
    let mut all = Vec::new();
    let mut numbers = 0;
    each(query, &mut |part| {
        numbers += usize::from(is_threshold(part))
    });
    for index in 0..numbers {
        for percent in [-10.0, 10.0] {
            let mut seen = 0;
            let mut name = String::new();
            let mutated = changed(query, &mut |part| {
                if !is_threshold(part) {
                    return;
                }
                if seen == index
                    && let Query::Binary {
                        operator, right, ..
                    } = part
                    && let Query::Number(value) = **right
                {
                    // Nothing is a tenth more than zero.
                    let new = match value {
                        0.0 => percent / 100.0,
                        _ => value * (100.0 + percent) / 100.0,
                    };
                    name = format!("{} {value} becomes {new}", operator.as_str());
                    **right = Query::Number(new);
                }
                seen += 1;
            });
            all.push((name, mutated));
        }
    }
    let mut comparisons = 0;
    each(query, &mut |part| {
        comparisons += usize::from(is_comparison(part))
    });
    for index in 0..comparisons {
        let mut seen = 0;
        let mut name = String::new();
        let mutated = changed(query, &mut |part| {
            if !is_comparison(part) {
                return;
            }
            if seen == index
                && let Query::Binary { operator, .. } = part
            {
                let other = match operator {
                    BinaryOp::Greater => BinaryOp::Less,
                    BinaryOp::GreaterEqual => BinaryOp::LessEqual,
                    BinaryOp::Less => BinaryOp::Greater,
                    BinaryOp::LessEqual => BinaryOp::GreaterEqual,
                    BinaryOp::Equal => BinaryOp::NotEqual,
                    _ => BinaryOp::Equal,
                };
                name = format!(
                    "comparison {index}, {} becomes {}",
                    operator.as_str(),
                    other.as_str()
                );
                *operator = other;
            }
            seen += 1;
        });
        all.push((name, mutated));
    }
    let mut matchers = Vec::new();
    query.visit_selectors(&mut |selector| {
        for matcher in &selector.matchers {
            if !matchers.contains(matcher) {
                matchers.push(matcher.clone());
            }
        }
    });
    for matcher in &matchers {
        let mut mutated = query.clone();
        mutated.visit_selectors_mut(&mut |selector| selector.matchers.retain(|m| m != matcher));
        all.push((format!("{} is not matched", matcher.label), mutated));
        let mut mutated = query.clone();
        mutated.visit_selectors_mut(&mut |selector| {
            for m in selector.matchers.iter_mut().filter(|m| *m == matcher) {
                m.value.push('x');
            }
        });
        all.push((
            format!("{} is matched with another value", matcher.label),
            mutated,
        ));
    }
    let mut labels = BTreeSet::new();
    each(query, &mut |part| {
        if let Query::Aggregate {
            grouping: Grouping::By(by),
            ..
        } = part
        {
            labels.extend(by.iter().cloned());
        }
    });
    for label in &labels {
        let mutated = changed(query, &mut |part| {
            if let Query::Aggregate {
                grouping: Grouping::By(by),
                ..
            } = part
            {
                by.retain(|l| l != label);
            }
        });
        all.push((format!("not by {label}"), mutated));
    }
    let mutated = changed(query, &mut |part| {
        if let Query::Call {
            function,
            arguments,
        } = part
            && function == "histogram_quantile"
            && let Some(Query::Number(quantile)) = arguments.first_mut()
        {
            *quantile = 0.5;
        }
    });
    if mutated != *query {
        all.push(("the median".to_owned(), mutated));
    }
    all
}

fn is_comparison(query: &Query) -> bool {
    matches!(query, Query::Binary { operator, .. } if operator.is_comparison())
}

/// A comparison with a number.
fn is_threshold(query: &Query) -> bool {
    is_comparison(query)
        && matches!(query, Query::Binary { right, .. } if matches!(**right, Query::Number(_)))
}

fn each<'q>(query: &'q Query, look: &mut dyn FnMut(&'q Query)) {
    look(query);
    for child in query.children() {
        each(child, look);
    }
}

fn changed(query: &Query, change: &mut dyn FnMut(&mut Query)) -> Query {
    fn walk(query: &mut Query, change: &mut dyn FnMut(&mut Query)) {
        change(query);
        for child in query.children_mut() {
            walk(child, change);
        }
    }
    let mut query = query.clone();
    walk(&mut query, change);
    query
}
