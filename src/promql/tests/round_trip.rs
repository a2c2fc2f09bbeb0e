//! Parse, print, parse: the same tree.

use crate::promql::{BinaryOp, Matching, Query, Selector, Window, parse};

/// An expression, and how it is printed (empty: as it is written).
const EXPRESSIONS: &[(&str, &str)] = &[
    // Literals
    ("1", ""),
    ("0.5", ""),
    (".5", "0.5"),
    ("5.", "5"),
    ("1e3", "1000"),
    ("1e-9", ""),
    ("1e300", ""),
    ("0x1F", "31"),
    ("017", "15"),
    ("089", "89"),
    ("0e5", "0"),
    ("1_000", "1000"),
    ("1_000.5", "1000.5"),
    ("5m", "300"),
    ("1h30m", "5400"),
    ("Inf", ""),
    ("-inf", "-Inf"),
    ("NaN", ""),
    ("-NaN", "NaN"),
    ("-5", ""),
    ("- -5", "5"),
    ("-(5)", "-5"),
    ("0.1 + 0.2", ""),
    ("'it''s'", "error"),
    (r#""a\"b\\c\nd\te""#, ""),
    (r"'\x41\101\u00e9\U0001F600'", "\"AAé😀\""),
    (r"`\d+`", r#""\\d+""#),
    // Selectors
    ("up", ""),
    ("UP", ""),
    ("a:b:c", ""),
    (":a", ""),
    ("up{}", "up"),
    (r#"up{job="api"}"#, ""),
    (
        r#"up{ job = "api" , instance != 'x' , }"#,
        r#"up{job="api",instance!="x"}"#,
    ),
    (r#"up{job=~"a|b",env!~"dev.*"}"#, ""),
    (r#"up{path=~`/\d+`}"#, r#"up{path=~"/\\d+"}"#),
    (r#"up{a=~"x{2}y{z}"}"#, ""),
    (r#"{job="api"}"#, ""),
    (r#"{__name__="up"}"#, "up"),
    (r#"{__name__="up",job="api"}"#, r#"up{job="api"}"#),
    (r#"{job="api",__name__="up"}"#, r#"up{job="api"}"#),
    (r#"{__name__=~"a.*"}"#, ""),
    (r#"{__name__="a",__name__!="b"}"#, ""),
    (r#"{"up"}"#, "up"),
    (
        r#"{"http.requests",job="x"}"#,
        r#"{__name__="http.requests",job="x"}"#,
    ),
    (r#"{"my.label"="x"}"#, ""),
    (r#"{job="", x="1"}"#, r#"{job="",x="1"}"#),
    (
        r#"m{or = "x", on="y", by="z", inf="1"}"#,
        r#"m{or="x",on="y",by="z",inf="1"}"#,
    ),
    ("m{a=\"}\",b=\"#\"}", ""),
    ("sum", r#"{__name__="sum"}"#),
    ("sum + by", r#"{__name__="sum"} + {__name__="by"}"#),
    ("and and and", r#"{__name__="and"} and {__name__="and"}"#),
    ("fill + 1", r#"{__name__="fill"} + 1"#),
    ("start", r#"{__name__="start"}"#),
    ("up offset 5m", ""),
    ("up offset -5m", ""),
    ("up offset +90s", "up offset 1m30s"),
    ("up offset 300", "up offset 5m"),
    ("up @ 1609746000", ""),
    ("up @ 1609746000.5", ""),
    ("up @ -1.25", ""),
    ("up offset 5m @ start()", "up @ start() offset 5m"),
    ("up @ end() offset 1w", ""),
    // Windows
    ("up[5m]", ""),
    ("up[ 90s ]", "up[1m30s]"),
    ("up[300]", "up[5m]"),
    ("up[0x10]", "up[16s]"),
    ("up[1.5]", "up[1s500ms]"),
    ("up[1y2w3d4h5m6s7ms]", "up[382d4h5m6s7ms]"),
    ("up[7d]", "up[1w]"),
    ("up[8d]", ""),
    ("up[4294967296ms]", "up[49d17h2m47s296ms]"),
    ("rate(up{a=\"b\"}[5m] offset 1h)", ""),
    ("rate(up[$__rate_interval])", ""),
    ("increase(up[$__range] offset $__range)", ""),
    ("up offset -${__interval}", "up offset -$__interval"),
    ("up[5m:1m] offset $__interval", ""),
    ("rate(up[${__rate_interval}])", "rate(up[$__rate_interval])"),
    ("max_over_time(up[$__range:$__interval])", ""),
    ("max_over_time(rate(up[$__rate_interval])[1h:])", ""),
    ("up[1h:5m]", ""),
    ("(up)[1h:5m]", "up[1h:5m]"),
    ("(up offset 5m)[1h:5m]", ""),
    ("up offset 5m[1h:5m]", "(up offset 5m)[1h:5m]"),
    ("(a / b)[1h:] @ end() offset 5m", ""),
    ("(-a)[5m:]", ""),
    ("sum by (x) (a)[5m:1m]", ""),
    ("rate(a[1m])[10m:] offset 2m", ""),
    // Calls and aggregations
    ("time()", ""),
    ("vector(1)", ""),
    ("rate((up[5m]))", "rate(up[5m])"),
    ("label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")", ""),
    ("label_join(up, \"a\", \"-\")", ""),
    ("round(up)", ""),
    (
        "histogram_quantile(0.95, sum by (le) (rate(d_bucket[5m])))",
        "",
    ),
    ("sort_by_label(up, \"a\")", ""),
    ("start() + end()", ""),
    ("sum(up)", ""),
    ("SUM BY (job) (up)", "sum by (job) (up)"),
    ("sum by () (up)", "sum(up)"),
    ("sum (up) by (job)", "sum by (job) (up)"),
    ("sum(up) without (a, b,)", "sum without (a, b) (up)"),
    ("sum without () (up)", ""),
    ("sum by (on, by, sum, \"without\", \"a.b\") (up)", ""),
    ("topk(5, up)", ""),
    ("topk by (job) (scalar(k), up)", ""),
    ("count_values(\"v\", up)", ""),
    ("quantile(0.9, up) by (job)", "quantile by (job) (0.9, up)"),
    ("limitk(2, up)", ""),
    // Operators
    ("a + b - c", ""),
    ("a + (b - c)", ""),
    ("(a + b) * c", ""),
    ("a + b * c", ""),
    ("(a * b) + c", "a * b + c"),
    ("a ^ b ^ c", ""),
    ("(a ^ b) ^ c", ""),
    ("a ^ (b ^ c)", "a ^ b ^ c"),
    ("-a ^ b", ""),
    ("(-a) ^ b", ""),
    ("a ^ -b", "a ^ (-b)"),
    ("2 ^ -1", "2 ^ (-1)"),
    ("a ^ -b * c", "a ^ (-b) * c"),
    ("-1 ^ 2", "-1 ^ 2"),
    ("(-1) ^ 2", ""),
    ("-a * b", ""),
    ("-(a * b)", ""),
    ("-(a + b)", ""),
    ("--a", "-(-a)"),
    ("+a", "a"),
    ("a - -1", ""),
    ("a * -b", ""),
    ("a > -1", ""),
    ("a atan2 b", ""),
    ("a % b / c", ""),
    ("a % (b / c)", ""),
    ("a or b and c", ""),
    ("(a or b) and c", ""),
    ("a and b unless c", ""),
    ("a and (b unless c)", ""),
    ("(a or 0 * b) / c", ""),
    ("a or 0 * b / c", ""),
    ("a > b > c", ""),
    ("a > (b > c)", ""),
    ("a + 1 > bool b", ""),
    ("1 == bool 1", ""),
    ("(a > bool 1) + b", ""),
    ("a > b + 1 and c", ""),
    ("a / on (x) b", ""),
    ("a / on () b", ""),
    ("a / ignoring () b", "a / b"),
    (
        "a / ignoring(x,y) group_left(z) b",
        "a / ignoring (x, y) group_left (z) b",
    ),
    ("a * on (x) group_right b", "a * on (x) group_right () b"),
    ("a * on (x) group_left () (b + c)", ""),
    ("a > bool on (x) b", ""),
    ("a and on (x) b", ""),
    ("a unless ignoring (x) b", ""),
    (
        "a + fill(0) b",
        "a + ignoring () fill_left (0) fill_right (0) b",
    ),
    ("a + on (x) fill_left (-1) b", ""),
    ("a + on (x) group_left (y) fill_right (NaN) b", ""),
    ("a # the rest is a comment\n+ b", "a + b"),
    (
        "sum(rate(a[5m])) / sum(rate(b[5m])) > 0.05 and sum(rate(b[5m])) > 1",
        "",
    ),
    (
        "abs(s / c - (s / c offset 10m))",
        "abs(s / c - s / c offset 10m)",
    ),
    ("abs(s / c - (s / c))", "abs(s / c - s / c)"),
];

#[test]
fn what_is_printed_reads_back_as_the_same_tree() {
    for (text, printed) in EXPRESSIONS {
        if *printed == "error" {
            assert!(parse(text).is_err(), "{text}");
            continue;
        }
        let query = parse(text)
            .unwrap_or_else(|e| panic!("{text}: {e:?}"))
            .query;
        let expected = if printed.is_empty() { text } else { printed };
        assert_eq!(query.to_string(), *expected, "{text}");
        assert_eq!(parse(expected).unwrap().query, query, "{text}");
        for width in [0, 1, 10, 20, 40] {
            let pretty = query.pretty(width);
            let again = parse(&pretty).unwrap_or_else(|e| panic!("{pretty}: {e:?}"));
            assert_eq!(again.query, query, "{pretty}");
        }
    }
    assert!(EXPRESSIONS.len() >= 80);
}

/// Trees in all shapes, from a small generator with a fixed seed.
struct Shapes(u64);

impl Shapes {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) % n
    }

    fn vector(&mut self, depth: u64) -> Query {
        if depth == 0 {
            return Selector::new(["a", "b", "c"][self.below(3) as usize]).into();
        }
        match self.below(12) {
            0 => self.vector(depth - 1).negate(),
            1 => Query::sum_by(["x"], self.vector(depth - 1)),
            2 => Query::call("abs", [self.vector(depth - 1)]),
            3 => Query::call(
                "max_over_time",
                [self.vector(depth - 1).subquery(Window::secs(60), None)],
            ),
            4 => Query::binary(
                self.arithmetic(),
                Query::number(-2.5),
                self.vector(depth - 1),
            ),
            5 => Query::binary(
                self.arithmetic(),
                self.vector(depth - 1),
                Query::number(-1.0),
            ),
            6 => self
                .vector(depth - 1)
                .times(self.vector(depth - 1))
                .matching(Matching::on(["x"]).group_left(["y"])),
            7 => self
                .vector(depth - 1)
                .greater(self.vector(depth - 1))
                .as_bool(),
            _ => {
                let operator = BinaryOp::ALL[self.below(BinaryOp::ALL.len() as u64) as usize];
                Query::binary(operator, self.vector(depth - 1), self.vector(depth - 1))
            }
        }
    }

    fn arithmetic(&mut self) -> BinaryOp {
        BinaryOp::ALL[self.below(7) as usize]
    }
}

#[test]
fn every_built_tree_prints_so_that_it_reads_back() {
    let mut shapes = Shapes(7);
    for i in 0..600 {
        let query = shapes.vector(i % 5);
        for text in [query.to_string(), query.pretty(30)] {
            let again = parse(&text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
            assert_eq!(again.query, query, "{text}");
        }
    }
}
