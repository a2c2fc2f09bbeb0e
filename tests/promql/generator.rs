//! Expressions by grammar, and with something wrong in them.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

/// Words with spaces between them. A window is one word: inside brackets older releases take some things by accident.
type Text = BoxedStrategy<String>;

/// Mostly one of the first, sometimes one of the second, which some or all releases refuse.
fn mostly(right: &'static [&'static str], rare: &'static [&'static str]) -> Text {
    let texts = prop_oneof![
        24 => prop::sample::select(right),
        1 => prop::sample::select(rare),
    ];
    texts.prop_map(str::to_owned).boxed()
}

fn number() -> Text {
    mostly(
        &[
            "0", "1", "2.5", ".5", "1e3", "0x1F", "017", "Inf", "NaN", "- 1", "+ 1",
        ],
        &["1_000", "5m", "1h30m", "0x1.8", "089", "1e400", "1__0"],
    )
}

fn duration() -> Text {
    mostly(
        &["5m", "1h30m", "90s", "1d", "500ms", "1w"],
        &["300", "1.5", "0s", "0", "5m1h", "300y", "1h30"],
    )
}

fn metric() -> Text {
    mostly(
        &[
            "m", "a:b", "up", "sum", "by", "start", "offset", "fill", "step", "_x",
        ],
        &["on", "bool", "atan2", "inf", "m.n", ":"],
    )
}

fn label() -> Text {
    mostly(
        &["a", "b", "job", "le", "sum", "limitk", "offset"],
        &[
            "__name__", "\"a\"", "\"a.b\"", "'c'", "a:b", "inf", "without", "on", "by", "bool",
        ],
    )
}

fn value() -> Text {
    mostly(
        &[
            "\"x\"", "'y'", "`z`", "\".*\"", "\".+\"", "\"a|b\"", "`\\d+`", "\"x?\"", "'\\n'",
            "\"\"",
        ],
        &[
            "\"(\"",
            "\"[a&&b]\"",
            "\"\\d\"",
            "`(?<n>x)`",
            "`(?i)x`",
            "`a**`",
            "'\\400'",
            "x",
            "1",
        ],
    )
}

fn string() -> Text {
    mostly(&["\"x\"", "'y'", "`z`"], &["\"a.b\"", "\"\\q\"", "x"])
}

/// `(a, b)`, at times with a comma too many.
fn list() -> Text {
    let labels = prop::collection::vec(label(), 0..3);
    let comma = prop::bool::weighted(0.05);
    (labels, comma)
        .prop_map(|(labels, comma)| {
            format!(
                "( {}{} )",
                labels.join(" , "),
                if comma { " ," } else { "" }
            )
        })
        .boxed()
}

fn selector() -> Text {
    let operator = mostly(&["=", "!=", "=~", "!~"], &["==", "<"]);
    let matcher = (label(), operator, value())
        .prop_map(|(label, operator, value)| format!("{label} {operator} {value}"));
    let matchers = prop::option::weighted(0.5, prop::collection::vec(matcher, 0..3));
    (prop::option::weighted(0.9, metric()), matchers)
        .prop_map(|(metric, matchers)| match (metric, matchers) {
            (Some(metric), None) => metric,
            (metric, matchers) => {
                let matchers = matchers.unwrap_or_default().join(" , ");
                format!("{} {{ {matchers} }}", metric.unwrap_or_default())
            }
        })
        .boxed()
}

/// What may stand behind a selector, a range or a subquery.
fn shifts() -> Text {
    let sign = mostly(&["", "-"], &["+", "@"]);
    let offset = (sign, duration()).prop_map(|(sign, time)| format!("offset {sign} {time}"));
    let at = mostly(
        &["@ 5", "@ -1.5", "@ start ( )", "@ end ( )"],
        &["@ 5m", "@ step ( )", "@ Inf", "@ m"],
    );
    let shift = prop_oneof![offset, at];
    prop_oneof![
        8 => Just(String::new()),
        4 => shift.clone(),
        1 => (shift.clone(), shift).prop_map(|(a, b)| format!("{a} {b}")),
    ]
    .boxed()
}

fn modifiers() -> Text {
    let word = mostly(&["on", "ignoring", "ON"], &["by", "group_left"]);
    let matching = (word, list()).prop_map(|(word, labels)| format!("{word} {labels}"));
    let group = (
        prop::sample::select(&["group_left", "group_right"][..]),
        prop::option::of(list()),
    )
        .prop_map(|(word, labels)| format!("{word} {}", labels.unwrap_or_default()));
    prop_oneof![
        6 => Just(String::new()),
        2 => matching.clone(),
        2 => (matching, group).prop_map(|(matching, group)| format!("{matching} {group}")),
    ]
    .boxed()
}

fn scalar() -> Text {
    prop_oneof![
        6 => number(),
        1 => Just("time ( )".to_owned()),
        1 => selector().prop_map(|text| format!("scalar ( {text} )")),
        1 => (number(), number()).prop_map(|(a, b)| format!("{a} ^ {b}")),
    ]
    .boxed()
}

/// Range vectors over what is inside.
fn range(inside: impl Strategy<Value = String> + 'static) -> Text {
    let plain = (selector(), duration(), shifts())
        .prop_map(|(text, time, shifts)| format!("{text} [{time}] {shifts}"));
    let step = prop::option::of(duration());
    let subquery = (inside, duration(), step, shifts()).prop_map(|(text, time, step, shifts)| {
        format!("( {text} ) [{time}:{}] {shifts}", step.unwrap_or_default())
    });
    prop_oneof![3 => plain, 1 => subquery].boxed()
}

fn vector() -> Text {
    let leaf = (selector(), shifts()).prop_map(|(text, shifts)| format!("{text} {shifts}"));
    leaf.prop_recursive(4, 24, 3, |inner| {
        let inner = inner.boxed();
        let of_range = mostly(
            &[
                "rate",
                "increase",
                "sum_over_time",
                "changes",
                "last_over_time",
                "absent_over_time",
            ],
            &["first_over_time", "mad_over_time", "xrate", "abs"],
        );
        let of_range =
            (of_range, range(inner.clone())).prop_map(|(name, text)| format!("{name} ( {text} )"));
        let of_vector = mostly(
            &[
                "abs",
                "absent",
                "sort",
                "timestamp",
                "day_of_week",
                "round",
                "ln",
            ],
            &[
                "histogram_avg",
                "histogram_stddev",
                "info",
                "sort_by_label",
                "rate",
                "label_replace",
                "Abs",
            ],
        );
        let of_vector =
            (of_vector, inner.clone()).prop_map(|(name, text)| format!("{name} ( {text} )"));
        let of_number = prop_oneof![
            scalar().prop_map(|number| format!("vector ( {number} )")),
            (scalar(), inner.clone())
                .prop_map(|(number, text)| format!("histogram_quantile ( {number} , {text} )")),
            (inner.clone(), scalar())
                .prop_map(|(text, number)| format!("round ( {text} , {number} )")),
            (range(inner.clone()), scalar(), scalar())
                .prop_map(|(text, a, b)| format!("holt_winters ( {text} , {a} , {b} )")),
            (inner.clone(), string(), string())
                .prop_map(|(text, a, b)| format!("label_join ( {text} , {a} , {b} )")),
        ];
        let grouping = || {
            let grouping = (mostly(&["by", "without", "BY"], &["on", "keep"]), list());
            prop::option::weighted(
                0.3,
                grouping.prop_map(|(word, labels)| format!("{word} {labels}")),
            )
            .prop_map(Option::unwrap_or_default)
        };
        let simple = (
            mostly(
                &["sum", "avg", "count", "max", "group", "SUM"],
                &["topk", "median"],
            ),
            Just(String::new()),
        );
        let ranked = (
            mostly(&["topk", "bottomk", "quantile"], &["limitk", "sum"]),
            scalar().prop_map(|number| format!("{number} ,")),
        );
        let counted = (
            Just("count_values".to_owned()),
            string().prop_map(|text| format!("{text} ,")),
        );
        let aggregation = (
            prop_oneof![4 => simple, 2 => ranked, 1 => counted],
            inner.clone(),
            grouping(),
            prop::bool::ANY,
        )
            .prop_map(|((name, parameter), text, grouping, before)| {
                if before {
                    format!("{name} {grouping} ( {parameter} {text} )")
                } else {
                    format!("{name} ( {parameter} {text} ) {grouping}")
                }
            });
        let operator = || {
            mostly(
                &[
                    "+", "-", "*", "/", "%", "^", "atan2", "==", "> bool", "!=", "<",
                ],
                &["and", "+ bool", "=", "&&"],
            )
        };
        let any = || {
            mostly(
                &["+", "*", "==", ">= bool", "<", "and", "or", "unless", "AND"],
                &["or bool", "xor", "=~"],
            )
        };
        let vectors = (inner.clone(), any(), modifiers(), inner.clone()).prop_map(
            |(left, operator, modifiers, right)| format!("{left} {operator} {modifiers} {right}"),
        );
        let numbers = prop_oneof![
            (inner.clone(), operator(), scalar())
                .prop_map(|(a, operator, b)| format!("{a} {operator} {b}")),
            (scalar(), operator(), inner.clone())
                .prop_map(|(a, operator, b)| format!("{a} {operator} {b}")),
        ];
        let signed = (prop::sample::select(&["-", "+", "- -"][..]), inner.clone())
            .prop_map(|(sign, text)| format!("{sign} {text}"));
        prop_oneof![
            3 => of_range,
            2 => of_vector,
            2 => of_number,
            4 => aggregation,
            3 => vectors,
            2 => numbers,
            1 => signed,
            1 => inner.prop_map(|text| format!("( {text} )")),
        ]
    })
    .boxed()
}

/// What mutations put in.
const PIECES: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    ",",
    "+",
    "-",
    "^",
    "==",
    "bool",
    "on",
    "by",
    "without",
    "group_left",
    "offset",
    "@",
    "[5m]",
    "[5m:]",
    "[5m:1m]",
    "m",
    "1",
    "5m",
    "\"x\"",
    "sum",
    "start",
    "and",
    "()",
    "{}",
    "ignoring",
    "rate",
    "# comment\n",
];

/// An expression that is right, or nearly so.
pub(crate) fn expression() -> impl Strategy<Value = String> {
    let right = prop_oneof![6 => vector(), 1 => range(vector()), 1 => scalar()];
    let mutation = (0.0..1.0f64, prop::sample::select(PIECES), 0..4u8);
    (right, prop::option::weighted(0.4, mutation)).prop_map(|(text, mutation)| {
        let mut words: Vec<&str> = text.split(' ').filter(|it| !it.is_empty()).collect();
        if let Some((share, piece, what)) = mutation {
            let at = (words.len() as f64 * share) as usize;
            match what {
                0 if words.len() > 1 => {
                    words.remove(at);
                }
                1 => words.insert(at, piece),
                2 => words[at] = piece,
                _ => words.insert(at, words[at]),
            }
        }
        words.join(" ")
    })
}
