//! What is refused, where, and in which words.

use crate::promql::{MAX_BYTES, parse, parse_selector};

/// An expression with the wrong part between « and » (nothing between them: something is missing there),
/// and the message.
const ERRORS: &[(&str, &str)] = &[
    ("«»", "there is no expression"),
    (
        "a +«»",
        "the expression ends where an expression is expected",
    ),
    ("a «b»", "expected an operator or the end, found `b`"),
    ("a + «*» b", "expected an expression, found `*`"),
    (
        "a «=» b",
        "`=` stands only inside braces; a comparison is written `==`",
    ),
    ("a «=~» \"b\"", "`=~` stands only inside braces"),
    ("a «&»& b", "PromQL writes `and`, `or` and `unless`"),
    ("a«!»", "`!` stands only in `!=` and `!~`"),
    ("a «é» b", "`\\u{e9}` means nothing in PromQL"),
    ("sum«(»a", "`(` is never closed"),
    ("sum(a)«)»", "`)` closes nothing"),
    ("sum(a«]»", "`]` does not close `(`"),
    ("a{b=«\"»c}", "the string has no end"),
    (
        r#"a{b="x«\d»"}"#,
        r"`\d` is not an escape; a backslash is written `\\`, or the string put in backticks",
    ),
    (r#"a{b=«"\xff"»}"#, "the string is not valid UTF-8"),
    ("a{b=«c»}", "the value of a label stands in quotes"),
    ("a{b«}»", "expected `=`, `!=`, `=~` or `!~`, found `}`"),
    ("a{«,»}", "expected a label, found `,`"),
    (r#"a{b="c" «d»="e"}"#, "expected `,` or `}`, found `d`"),
    (
        r#"a{b="c" «or» d="e"}"#,
        "`or` cannot stand between matchers: write a selector for each, with `or` between them",
    ),
    (r#"a{b=~«"("»}"#, "`(` is not a regular expression"),
    (
        r#"1 + «{a=""}»"#,
        "this selects every series: name the metric, or match a label with something not empty",
    ),
    (r#"1 + a{«__name__»="b"}"#, "the metric is named twice"),
    (r#"a{"«b»"}"#, "the metric is named twice"),
    ("a[«»", "`[` is never closed"),
    ("a[«]»", "expected a duration such as `5m`, found `]`"),
    (
        "a[«5x»]",
        "`5x` is neither a number nor a duration such as `30s`, `5m` or `1h30m`",
    ),
    (
        "a[«5m1h»]",
        "`5m1h` is neither a number nor a duration such as `30s`, `5m` or `1h30m`",
    ),
    ("a[«0s»]", "a duration must be greater than 0"),
    ("a[«0»]", "a duration must be greater than 0"),
    (
        "a[«1e300»]",
        "this is not a duration that Prometheus can count",
    ),
    (
        "a offset «nan»",
        "this is not a duration that Prometheus can count",
    ),
    (
        "a[«300y»]",
        "`300y` is longer than Prometheus can count, 292 years",
    ),
    ("a @ «NaN»", "this is not a time that Prometheus can count"),
    (
        "a @ «1e300»",
        "this is not a time that Prometheus can count",
    ),
    (
        "a[«$foo»]",
        "of Grafana's variables only `$__rate_interval`, `$__interval` and `$__range` can stand here; others only inside strings",
    ),
    (
        "a > «$__interval»",
        "Grafana's variables stand only in brackets, as in `m[$__rate_interval]`, and behind `offset`",
    ),
    ("«1.2.3»", "`1.2.3` is not a number"),
    ("«1__0»", "`1__0` is not a number"),
    ("«0x»", "`0x` is not a number"),
    (
        "b + rate(«a»)",
        "`rate` takes a range vector such as `m[5m]`, not an instant vector such as `m`",
    ),
    (
        "sum(abs(«a[5m]»))",
        "`abs` takes an instant vector such as `m`, not a range vector such as `m[5m]`",
    ),
    (
        "sum(«1»)",
        "`sum` takes an instant vector such as `m`, not a number",
    ),
    ("«topk(a)» + b", "`topk` takes 2 arguments, found 1"),
    ("«sum(a, b)»", "`sum` takes 1 argument, found 2"),
    ("«sum()»", "`sum` takes 1 argument, found 0"),
    (
        "a + «round()»",
        "`round` takes at least 1 argument, found 0",
    ),
    ("«rate(a[5m], 1)»", "`rate` takes 1 argument, found 2"),
    ("sum(«rat»(a[5m]))", "no function is called `rat`"),
    ("rate(a[5m],«)»", "expected an expression, found `)`"),
    (
        "a / «group_left» b",
        "`group_left` stands only behind `on (…)` or `ignoring (…)`",
    ),
    ("a / on «b»", "expected `(`, found `b`"),
    ("a + on«»", "the expression ends where `(` is expected"),
    ("«on» + a", "expected an expression, found `on`"),
    ("sum by («1») (a)", "expected a label, found `1`"),
    (
        "a + («1 > 2»)",
        "a comparison of two numbers needs `bool`, as in `1 == bool 1`",
    ),
    (
        "a + «bool» b",
        "`bool` stands only behind a comparison such as `==`",
    ),
    (
        "a or «1»",
        "`or` stands only between two instant vectors; of a number `vector(…)` makes one",
    ),
    (
        "1 + «on (x)» a",
        "`on` and `ignoring` stand only between two vectors, not beside a number",
    ),
    (
        "a + «b[5m]»",
        "operators take numbers and instant vectors, not ranges and strings",
    ),
    (
        "a + «(b)[5m]»",
        "a window stands only behind a selector; of an expression write `(…)[5m:]`",
    ),
    (
        "«(b) offset 5m»",
        "`offset` stands only behind a selector, a range or a subquery, without parentheses",
    ),
    ("«a offset 5m offset 5m»", "there are two offsets"),
    ("«a offset 5m[5m]»", "`offset` stands behind the window"),
    (
        "«1[5m:]»",
        "a subquery takes an instant vector such as `m`, not a number",
    ),
    (
        r#"a{b=~«"x(?=y)"»}"#,
        "`x(?=y)` is not a regular expression: `(?=`: RE2 has neither lookahead nor lookbehind",
    ),
    (
        r"a{b=~«`(x)\1`»}",
        r"`(x)\1` is not a regular expression: `\1`: RE2 has no references to groups",
    ),
    (
        r#"a{b=~«"x++"»}"#,
        "`x++` is not a regular expression: `+` repeats a repetition; RE2 has no possessive ones",
    ),
    (
        r"a{b=~«`\h+`»}",
        r"`\h+` is not a regular expression: `\h` is not an escape of RE2",
    ),
    (
        r#"a{b=~«"[z-a]"»}"#,
        "`[z-a]` is not a regular expression: `z-a` is the wrong way round",
    ),
    (
        r#"a{b=~«"(?x)y"»}"#,
        "`(?x)y` is not a regular expression: `(?x`: the flags of RE2 are `i`, `m`, `s` and `U`",
    ),
    (
        r"a{b=~«`\p{Klingon}`»}",
        r"`\p{Klingon}` is not a regular expression: `\p{Klingon}`: Unicode has no such category or script",
    ),
    (
        r#"a{b=~«"(x{100}){11}"»}"#,
        "`(x{100}){11}` is not a regular expression: `{11}` and what it repeats come to more than 1000 repetitions",
    ),
    (
        "a{b=\"x«\u{fffd}»\"}",
        "Prometheus takes U+FFFD for broken UTF-8",
    ),
    (
        "a and on (b) «group_left (c)» d",
        "`and` matches many with many: no group beside it",
    ),
    (
        "a * on (b) «group_left (b)» c",
        "`b` stands in `on` already",
    ),
    ("a[«#» b\n5m]", "a comment cannot stand directly behind `[`"),
    ("topk(«\"1\"», a)", "`topk` takes a number, not a string"),
    (
        "count_values(«1», a)",
        "`count_values` takes a string, not a number",
    ),
    (
        "(«rates»(a[5m]))",
        "no function is called `rates`; there is `rate`",
    ),
    ("a[5m «+» 1]", "expected `:` or `]`, found `+`"),
    (
        "a + «fill(1)» 2",
        "`fill` stands only between two vectors, not beside `and`, `or` and `unless`",
    ),
    (
        "-«\"x\"»",
        "a sign stands only before a number or an instant vector",
    ),
];

#[test]
fn errors_have_a_place_and_helpful_words() {
    for (marked, message) in ERRORS {
        let start = marked.find('«').unwrap();
        let end = marked.find('»').unwrap() - '«'.len_utf8();
        let text = marked.replace(['«', '»'], "");
        let error = parse(&text).expect_err(&text);
        assert!(!error.message.contains('\n'), "{text}");
        assert!(
            error.message.starts_with(message),
            "{text}: {}",
            error.message
        );
        if *message == "`[` is never closed" {
            assert_eq!(error.range, 1..2);
        } else {
            assert_eq!(error.range, start..end, "{text}: {}", error.message);
        }
    }
}

#[test]
fn a_lone_selector_is_nothing_else() {
    let expected = "expected a selector such as `metric{label=\"value\"}`";
    for (text, range) in [
        ("a offset 5m", 2..8),
        ("a[5m]", 1..2),
        ("a + b", 2..3),
        ("(a)", 0..1),
        ("1", 0..1),
        ("\"a\"", 0..3),
        ("rate(a[5m])", 4..5),
    ] {
        let error = parse_selector(text).expect_err(text);
        assert!(
            error.message.starts_with(expected),
            "{text}: {}",
            error.message
        );
        assert_eq!(error.range, range, "{text}");
    }
    assert_eq!(parse_selector("{a=\"\"}").expect_err("empty").range, 0..6);
    assert_eq!(parse_selector("").expect_err("empty").range, 0..0);
    let text = "cache_operations_total{operation=\"get\"}";
    let parsed = parse_selector(text).unwrap();
    assert_eq!(parsed.selector.to_string(), text);
    assert_eq!(&text[parsed.places.matchers[0].value.clone()], "get");
    assert_eq!(
        parse_selector("sum").unwrap().selector.metric.as_deref(),
        Some("sum")
    );
}

#[test]
fn what_is_too_deep_or_too_long_is_refused() {
    let deep = |n: usize, open: &str, close: &str| open.repeat(n) + "a" + &close.repeat(n);
    assert!(parse(&deep(100, "(", ")")).is_ok());
    assert!(parse(&deep(100, "abs(", ")")).is_ok());
    let signs = parse(&deep(100, "-abs(", ")")).unwrap().query;
    assert_eq!(parse(&signs.pretty(0)).unwrap().query, signs);
    for text in [
        deep(101, "(", ")"),
        deep(20_000, "(", ")"),
        deep(10_000, "abs(", ")"),
        deep(30_000, "-", ""),
        deep(30_000, "+", ""),
        deep(15_000, "a+", ""),
        deep(15_000, "a^", ""),
        deep(5_000, "-a or ", ""),
        deep(5_000, "", "[5m:]"),
        "a ".repeat(40_000),
        "{".repeat(1000),
    ] {
        let error = parse(&text).expect_err("too deep");
        assert!(error.range.end <= text.len());
    }
    assert!(parse(&deep(249, "a + ", "")).is_ok());
    assert!(parse(&deep(249, "a ^ ", "")).is_ok());
    let long = "a".repeat(MAX_BYTES);
    assert!(parse(&long).is_ok());
    let error = parse(&(long + "a")).expect_err("too long");
    assert_eq!(error.message, "the expression is longer than 64 KiB");
}

/// Every prefix and every single deletion of some texts: whatever comes out, nothing panics.
#[test]
fn broken_texts_never_panic() {
    for text in [
        r#"sum by (a, "b.c") (rate(x{l=~"é\"\\u00e9",m!='\x41'}[1h30m:5m] offset -5m @ end())) > bool on (x) group_left (y) fill (-1) 0x1F"#,
        "label_replace(m{a=`b`}, \"d\", \"$1\", \"s\", '(.*)') ^ -1_000.5e-3 or topk(5, {__name__=\"m\"}[${__range}:])",
    ] {
        let ends: Vec<usize> = text
            .char_indices()
            .map(|(i, _)| i)
            .chain([text.len()])
            .collect();
        for pair in ends.windows(2) {
            for broken in [
                text[..pair[0]].to_owned(),
                text[pair[1]..].to_owned(),
                format!("{}{}", &text[..pair[0]], &text[pair[1]..]),
                format!("{}\\{}", &text[..pair[0]], &text[pair[0]..]),
                format!("{}({}", &text[..pair[0]], &text[pair[0]..]),
            ] {
                if let Err(error) = parse(&broken) {
                    assert!(broken.get(error.range).is_some(), "{broken}");
                }
            }
        }
    }
}
