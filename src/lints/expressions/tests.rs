//! What holds for every expression: what the compiler writes is right, and nothing that parses makes a lint stumble.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::diagnostics::{Finding, Findings, Severity};
use crate::lints::{Check, Reporter};
use crate::model::Model;
use crate::model::monitoring::{Content, Expression, Purpose};
use crate::model::typing::Typed;
use crate::promql::{AggregateOp, BinaryOp, Matching, Query, Selector, Window, parse};
use crate::spec::Place;

fn models(spec: &Path) -> Vec<Model> {
    crate::compile(spec).expect("a spec").models
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What lints say of an expression.
fn said(text: &str, purpose: Purpose, model: &Model) -> Vec<Finding> {
    let parsed = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let expression = Expression {
        text: text.to_owned(),
        query: parsed.query,
        places: parsed.places,
        purpose,
        raw: true,
        allow: Vec::new(),
        origin: Place::root(),
    };
    let typed = Typed::of(&expression, &model.catalogue);
    let mut findings = Findings::default();
    let mut reporter = Reporter {
        lint: "",
        severity: Severity::Error,
        is_whole: true,
        off: &[],
        excused: HashSet::new(),
        findings: &mut findings,
    };
    for lint in super::LINTS {
        if let Check::Expression(check) = lint.check {
            check(&typed, reporter.of(lint, Severity::Error));
        }
    }
    for used in typed.uses().into_iter().filter(|used| used.is_missing()) {
        let message = format!("there is no label {}", used.label);
        findings.push(Finding::error(
            "unknown-label",
            typed.at(used.range),
            message,
        ));
    }
    findings.into_iter().collect()
}

/// Every query that a model asks.
fn queries(model: &Model) -> Vec<(Purpose, &Query)> {
    let monitoring = &model.monitoring;
    let recorded = Purpose::Signal { recorded: true };
    let shown = Purpose::Signal { recorded: false };
    let rules = monitoring.alerts.iter().flat_map(|alert| &alert.rules);
    let panels = monitoring
        .dashboards
        .iter()
        .flat_map(|dashboard| &dashboard.rows)
        .flat_map(|row| &row.panels)
        .flat_map(|panel| match &panel.content {
            Content::Series { queries, .. } => queries.iter().collect(),
            Content::Heatmap { query } | Content::States { query, .. } => vec![query.as_ref()],
            Content::Alerts => Vec::new(),
        });
    rules
        .map(|rule| (Purpose::Alert, &rule.query))
        .chain(
            monitoring
                .records
                .iter()
                .map(|record| (recorded, &record.query)),
        )
        .chain(
            monitoring
                .signals
                .iter()
                .map(|signal| (shown, &signal.query)),
        )
        .chain(panels.map(|panel| (shown, &panel.query)))
        .collect()
}

/// Cases about what lints say, and what is meant all the same.
const EXCUSED: &[&str] = &["lints-expressions", "signals-promql", "signals-raw"];

#[test]
fn what_the_compiler_writes_is_right() {
    let golden = repository().join("tests/golden/right");
    let cases = std::fs::read_dir(golden).expect("the cases");
    let cases = cases.map(|case| case.expect("a case").path());
    let cases = cases.filter(|case| !EXCUSED.iter().any(|excused| case.ends_with(excused)));
    let cases = cases.map(|case| case.join("monospec.yaml"));
    let example = repository().join("spec/monospec.yaml");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for spec in cases.chain([example]) {
        for model in models(&spec) {
            for (purpose, query) in queries(&model) {
                seen += 1;
                for text in [query.to_string(), query.pretty(80)] {
                    for finding in said(&text, purpose, &model) {
                        wrong.push(format!(
                            "{}: {text}\n  [{}] {}",
                            spec.display(),
                            finding.code,
                            finding.message
                        ));
                    }
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
    assert!(seen > 300, "only {seen} queries");
}

const METRICS: &[&str] = &[
    "orders_total",
    "refunds_total",
    "queue_length",
    "queue_age_seconds",
    "cache_size_bytes",
    "cache_fill_ratio",
    "http_request_duration_seconds_bucket",
    "http_request_duration_seconds_sum",
    "http_request_duration_seconds",
    "kube_pod_info",
    "gateway_seconds",
    "gateway_anything",
    "up",
    "nobody_knows",
];

const LABELS: &[&str] = &["job", "instance", "result", "channel", "le", "queue", "x"];
const VALUES: &[&str] = &["paid", "shop", "", "1", "é", "a|b", ".*", "5..", "["];
const FUNCTIONS: &[&str] = &[
    "abs",
    "ceil",
    "round",
    "sgn",
    "sqrt",
    "sort",
    "absent",
    "timestamp",
    "hour",
    "ln",
];
const RANGED: &[&str] = &[
    "rate",
    "increase",
    "delta",
    "avg_over_time",
    "count_over_time",
    "resets",
    "deriv",
];

fn selector() -> impl Strategy<Value = Selector> {
    use crate::promql::MatchOp::{Equal, NotEqual, NotRegex, Regex};
    let operator = select(&[Equal, NotEqual, Regex, NotRegex][..]);
    let matcher = (select(LABELS), operator, select(VALUES));
    let matchers = proptest::collection::vec(matcher, 0..3);
    (select(METRICS), matchers).prop_map(|(metric, matchers)| {
        matchers
            .into_iter()
            .filter(|(_, operator, value)| *value != "[" || matches!(operator, Equal | NotEqual))
            .fold(
                Selector::new(metric),
                |selector, (label, operator, value)| selector.with(label, operator, value),
            )
    })
}

/// Vectors of every shape.
fn vector() -> impl Strategy<Value = Query> {
    let seconds = select(&[1_u64, 15, 30, 60, 300, 86_400][..]);
    let leaf = prop_oneof![
        selector().prop_map(Query::from),
        (selector(), select(RANGED), seconds.clone()).prop_map(|(selector, function, window)| {
            Query::call(function, [selector.range(Window::secs(window))])
        }),
    ];
    leaf.prop_recursive(5, 40, 2, move |inner| {
        let labels = proptest::collection::vec(select(LABELS), 0..3);
        let numbers = select(&[0.0, 1.0, -1.0, 0.5, 100.0, f64::NAN, f64::INFINITY][..]);
        let binary = select(BinaryOp::ALL);
        prop_oneof![
            (inner.clone(), select(FUNCTIONS)).prop_map(|(q, function)| Query::call(function, [q])),
            (
                inner.clone(),
                select(&AggregateOp::ALL[..8]),
                labels.clone()
            )
                .prop_map(|(q, operator, labels)| Query::aggregate(operator, labels, q)),
            (inner.clone(), labels.clone()).prop_map(|(q, labels)| {
                Query::aggregate_with(AggregateOp::TopK, Query::number(3.0), labels, q)
            }),
            (
                inner.clone(),
                numbers.clone(),
                binary.clone(),
                any::<bool>()
            )
                .prop_filter("sets take vectors", |(_, _, operator, _)| !operator
                    .is_set())
                .prop_map(|(q, n, operator, left)| if left {
                    Query::binary(operator, Query::number(n), q)
                } else {
                    Query::binary(operator, q, Query::number(n))
                }),
            (inner.clone(), inner.clone(), binary).prop_map(|(a, b, o)| Query::binary(o, a, b)),
            (inner.clone(), inner.clone(), labels.clone(), labels).prop_map(|(a, b, on, taken)| {
                let taken: Vec<&str> = taken.into_iter().filter(|l| !on.contains(l)).collect();
                a.divide(b).matching(Matching::on(on).group_left(taken))
            }),
            (inner.clone(), numbers)
                .prop_map(|(q, n)| { Query::call("histogram_quantile", [Query::number(n), q]) }),
            (inner.clone(), seconds.clone(), select(RANGED)).prop_map(|(q, window, function)| {
                Query::call(function, [q.subquery(Window::secs(window), None)])
            }),
            inner.prop_map(|q| {
                let text = |t: &str| Query::text(t);
                Query::call(
                    "label_replace",
                    [q, text("x"), text("$1"), text("job"), text("(.*)")],
                )
            }),
        ]
    })
}

#[test]
fn nothing_that_parses_makes_a_lint_stumble() {
    let model = models(&repository().join("tests/expressions/monospec.yaml"))
        .into_iter()
        .next()
        .expect("a model");
    let config = Config {
        cases: 512,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut found = 0;
    let seen = std::cell::RefCell::new(&mut found);
    let result = TestRunner::new_with_rng(config, rng).run(&vector(), |query| {
        let text = query.pretty(60);
        for purpose in [Purpose::Alert, Purpose::Signal { recorded: false }] {
            for finding in said(&text, purpose, &model) {
                **seen.borrow_mut() += 1;
                let range = finding.place.within_text().unwrap_or(0..0);
                prop_assert!(
                    text.get(range.clone()).is_some_and(|part| !part.is_empty()),
                    "[{}] at {range:?} of {text}",
                    finding.code
                );
                prop_assert!(!finding.message.ends_with('.'));
            }
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    assert!(found > 500, "only {found} findings");
}
