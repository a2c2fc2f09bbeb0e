//! How built queries are written.

use std::time::Duration;

use crate::promql::{
    AggregateOp, BinaryOp, MatchOp, Matching, Query, Selector, ValueKind, Window, parse,
};

fn m(name: &str) -> Query {
    Selector::new(name).into()
}

#[test]
fn a_ratio_with_zero_fill() {
    let hits = Selector::new("cache_operations_total")
        .with("operation", MatchOp::Equal, "get")
        .with("result", MatchOp::Equal, "hit");
    let all = Selector::new("cache_operations_total").with("operation", MatchOp::Equal, "get");
    let part = Query::sum_by(["job"], hits.rate(Window::secs(300)));
    let whole = Query::sum_by(["job"], all.rate(Window::secs(300)));
    let ratio = part
        .or(Query::number(0.0).times(whole.clone()))
        .divide(whole);
    assert_eq!(
        ratio.to_string(),
        "(sum by (job) (rate(cache_operations_total{operation=\"get\",result=\"hit\"}[5m])) \
         or 0 * sum by (job) (rate(cache_operations_total{operation=\"get\"}[5m]))) \
         / sum by (job) (rate(cache_operations_total{operation=\"get\"}[5m]))"
    );
    assert_eq!(
        ratio.less(Query::number(0.5)).pretty(70),
        "\
(
  sum by (job) (
    rate(cache_operations_total{operation=\"get\",result=\"hit\"}[5m])
  )
  or 0 * sum by (job) (
    rate(cache_operations_total{operation=\"get\"}[5m])
  )
)
/ sum by (job) (rate(cache_operations_total{operation=\"get\"}[5m]))
< 0.5"
    );
}

#[test]
fn parentheses_only_where_they_are_needed() {
    for (query, expected) in [
        (
            m("a").or(Query::number(0.0).times(m("b"))).divide(m("c")),
            "(a or 0 * b) / c",
        ),
        (m("a").or(m("b")).and(m("c")), "(a or b) and c"),
        (m("a").or(m("b").and(m("c"))), "a or b and c"),
        (m("a").minus(m("b").minus(m("c"))), "a - (b - c)"),
        (m("a").minus(m("b")).minus(m("c")), "a - b - c"),
        (
            Query::binary(BinaryOp::Pow, Query::number(-1.0), m("a")),
            "(-1) ^ a",
        ),
        (m("a").plus(m("b")).negate(), "-(a + b)"),
        (m("a").negate().negate(), "-(-a)"),
        (
            m("a").greater(m("b")).as_bool().plus(m("c")),
            "(a > bool b) + c",
        ),
        (
            m("a").divide(m("b")).subquery(Window::secs(3600), None),
            "(a / b)[1h:]",
        ),
        (
            m("a")
                .offset(Duration::from_secs(60))
                .subquery(Window::secs(60), Some(Window::Interval)),
            "(a offset 1m)[1m:$__interval]",
        ),
        (
            m("s").minus(m("s").offset(Duration::from_secs(600))),
            "s - s offset 10m",
        ),
        (
            Selector::new("a")
                .increase(Window::RateInterval)
                .offset(Duration::from_millis(1500)),
            "increase(a[$__rate_interval] offset 1s500ms)",
        ),
        (
            m("a")
                .times(m("b"))
                .matching(Matching::ignoring(["x"]).group_right(["y", "z"])),
            "a * ignoring (x) group_right (y, z) b",
        ),
        (
            Query::aggregate_with(AggregateOp::TopK, Query::number(10.0), ["job"], m("a")),
            "topk by (job) (10, a)",
        ),
        (
            Query::aggregate::<&str>(AggregateOp::Max, [], m("a")),
            "max(a)",
        ),
        (
            Query::call("histogram_quantile", [Query::number(0.95), m("a")]),
            "histogram_quantile(0.95, a)",
        ),
    ] {
        assert_eq!(query.to_string(), expected);
        assert_eq!(parse(expected).unwrap().query, query, "{expected}");
    }
}

#[test]
fn values_cannot_break_out_of_their_quotes() {
    let value = "a\"} or vector(1) #\\\n\r\t\u{0}\u{85}é`'";
    let selector = Selector::new("m").with("l", MatchOp::Equal, value);
    let text = selector.to_string();
    assert_eq!(
        text,
        "m{l=\"a\\\"} or vector(1) #\\\\\\n\\r\\t\\u0000\\u0085é`'\"}"
    );
    assert_eq!(parse(&text).unwrap().query, Query::Selector(selector));
}

#[test]
fn numbers_and_durations() {
    for (value, expected) in [
        (0.0, "0"),
        (-0.0, "-0"),
        (0.1, "0.1"),
        (1.0 / 3.0, "0.3333333333333333"),
        (1e20, "100000000000000000000"),
        (1e21, "1e21"),
        (1.5e-7, "0.00000015"),
        (1e-9, "1e-9"),
        (f64::MAX, "1.7976931348623157e308"),
        (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
        (f64::INFINITY, "Inf"),
        (f64::NEG_INFINITY, "-Inf"),
        (f64::NAN, "NaN"),
    ] {
        let query = Query::number(value);
        assert_eq!(query.to_string(), expected);
        assert_eq!(parse(expected).unwrap().query, query);
    }
    for (millis, expected) in [
        (0, "0s"),
        (1, "1ms"),
        (90_000, "1m30s"),
        (300_000, "5m"),
        (5_400_000, "1h30m"),
        (86_400_000, "1d"),
        (604_800_000, "1w"),
        (604_800_001, "7d1ms"),
        (31_536_000_000, "1y"),
    ] {
        let window = Window::from(Duration::from_millis(millis));
        assert_eq!(window.to_string(), expected);
    }
}

#[test]
fn changed_selectors_are_printed() {
    let mut query = parse("sum by (job) (rate(a{x=\"y\"}[5m])) / b > 1")
        .unwrap()
        .query;
    query.visit_selectors_mut(&mut |selector| {
        selector
            .matchers
            .insert(0, crate::promql::Matcher::new("job", MatchOp::Equal, "svc"));
    });
    assert_eq!(
        query.to_string(),
        "sum by (job) (rate(a{job=\"svc\",x=\"y\"}[5m])) / b{job=\"svc\"} > 1"
    );
    assert_eq!(query.kind(), ValueKind::Vector);
    assert_eq!(query.windows(), [Window::secs(300)]);
}
