//! Places, checked by cutting them out of the text.

use crate::promql::{Availability, Parsed, parse};

fn cut(text: &str) -> (Parsed, impl Fn(&std::ops::Range<usize>) -> String + use<>) {
    let parsed = parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let text = text.to_owned();
    (parsed, move |range| text[range.clone()].to_owned())
}

#[test]
fn selectors_and_matchers() {
    let (parsed, cut) =
        cut("sum(rate( a { x = 'é', y=~`\\d` , } [5m] offset 1m # comment é\n)) / b");
    let places = &parsed.places.selectors;
    assert_eq!(cut(&places[0].whole), "a { x = 'é', y=~`\\d` , }");
    assert_eq!(cut(places[0].metric.as_ref().unwrap()), "a");
    let words = |i: usize| {
        let m = &places[0].matchers[i];
        [cut(&m.label), cut(&m.operator), cut(&m.value)]
    };
    assert_eq!(words(0), ["x", "=", "é"]);
    assert_eq!(words(1), ["y", "=~", "\\d"]);
    assert_eq!(cut(&places[1].whole), "b");
}

#[test]
fn a_metric_in_braces() {
    for (text, metric, labels) in [
        (r#"{__name__="m",a="b"}"#, Some("m"), vec!["a"]),
        (r#"{a="b",__name__="m"}"#, Some("m"), vec!["a"]),
        (r#"{"m.n",a="b"}"#, Some("m.n"), vec!["a"]),
        (r#"{"a.b"="c"}"#, None, vec!["a.b"]),
        (r#"{__name__=~"m"}"#, None, vec!["__name__"]),
        (
            r#"{__name__!="m",__name__="n"}"#,
            Some("n"),
            vec!["__name__"],
        ),
    ] {
        let (parsed, cut) = cut(text);
        let place = &parsed.places.selectors[0];
        assert_eq!(place.metric.as_ref().map(&cut).as_deref(), metric, "{text}");
        let found: Vec<_> = place.matchers.iter().map(|m| cut(&m.label)).collect();
        assert_eq!(found, labels, "{text}");
    }
}

/// Selectors, label lists and nodes: what the tree's visitors meet is what stands at the places.
#[test]
fn visitors_and_places_agree() {
    for text in [
        "a",
        "sum by (a) (x)",
        "sum(x) by (a)",
        "sum(sum by (a) (x)) by (b) / on (c) group_left (d, e) max(y) without (f)",
        "sum(sum(sum(x) by (a)) by (b)) by (c)",
        "topk(scalar(sum(k) by (z)), sum(x) by (a)) by (b)",
        "quantile without (q) (scalar(p), x)",
        "a * on (x) b + on (y) c",
        "a + on (x) b * on (y) c",
        "a ^ on (x) b ^ on (y) c",
        "(a or on (p) (b and ignoring (q) c)) unless on (r) d",
        "-(a + ignoring (i) group_right (g) b)",
        "sum by () (a) + on () b + ignoring () c * on (x) group_left () d",
        "sum by (\"a.b\", on, 'c') (x)",
        "histogram_quantile(0.9, sum(rate(d_bucket[5m])) by (le, job)) > 1 and count(rate(d_count[5m])) by (job) > 2",
        "label_replace(a + on (x) b, \"l\", \"$1\", \"s\", \"(.*)\")",
        "max_over_time(sum(rate(a[1m])) by (x)[1h:1m])",
    ] {
        let (parsed, cut) = cut(text);
        let mut selectors = parsed.places.selectors.iter();
        parsed.query.visit_selectors(&mut |selector| {
            let place = selectors.next().unwrap();
            assert_eq!(selector.metric, place.metric.as_ref().map(&cut), "{text}");
        });
        assert!(selectors.next().is_none());
        let mut lists = parsed.places.label_lists.iter();
        parsed.query.visit_label_lists(&mut |_, kind, labels| {
            let list = lists.next().unwrap();
            assert_eq!(list.kind, kind, "{text}");
            let found: Vec<_> = list.labels.iter().map(|(label, _)| label).collect();
            assert_eq!(found, labels.iter().collect::<Vec<_>>(), "{text}");
            for (label, place) in &list.labels {
                assert_eq!(&cut(place), label, "{text}");
            }
        });
        assert!(lists.next().is_none(), "{text}");
        let mut nodes = parsed.places.nodes.iter();
        parsed.query.visit(&mut |query| {
            let there = cut(nodes.next().unwrap());
            assert_eq!(&parse(&there).unwrap().query, query, "{text}: {there}");
        });
        assert!(nodes.next().is_none(), "{text}");
    }
}

#[test]
fn nodes_stand_without_their_parentheses() {
    let (parsed, cut) = cut("( (a + -1) * max_over_time((b)[5m:] offset 1m) ) > - (2)");
    let nodes: Vec<_> = parsed.places.nodes.iter().map(cut).collect();
    assert_eq!(
        nodes,
        [
            "( (a + -1) * max_over_time((b)[5m:] offset 1m) ) > - (2)",
            "(a + -1) * max_over_time((b)[5m:] offset 1m)",
            "a + -1",
            "a",
            "-1",
            "max_over_time((b)[5m:] offset 1m)",
            "(b)[5m:] offset 1m",
            "b",
            "- (2)",
        ]
    );
}

#[test]
fn words_that_not_every_reader_understands() {
    let (parsed, cut) =
        cut("mad_over_time(a[$__range]) + fill (0) limitk(2, rate(b[${__rate_interval}]))");
    let words = |ranges: &[std::ops::Range<usize>]| ranges.iter().map(&cut).collect::<Vec<_>>();
    let requirements = &parsed.places.requirements;
    let required: Vec<_> = requirements.iter().map(|it| it.place.clone()).collect();
    assert_eq!(words(&required), ["mad_over_time", "fill", "limitk"]);
    assert!(
        requirements
            .iter()
            .all(|it| it.availability == Availability::Experimental)
    );
    assert_eq!(
        words(&parsed.places.variables),
        ["$__range", "${__rate_interval}"]
    );
    assert_eq!(parsed.places.label_lists.len(), 0);
}

#[test]
fn what_not_every_release_understands() {
    let (parsed, cut) = cut(
        "holt_winters(a[5m], 1_000, 5m) + {\"b\"} offset +1m - histogram_avg(last_over_time(c{d=~`(?<e>f)`}[60:])) / on (\"g\", h:i) j @ 1d offset 0s",
    );
    let found: Vec<_> = parsed
        .places
        .requirements
        .iter()
        .map(|it| (cut(&it.place), it.availability))
        .collect();
    let since = |text: &str, major, minor| (text.to_owned(), Availability::Since(major, minor));
    for expected in [
        ("holt_winters".to_owned(), Availability::Before(3, 0)),
        since("1_000", 2, 54),
        since("5m", 2, 54),
        since("\"b\"", 2, 51),
        since("+", 3, 4),
        since("histogram_avg", 2, 51),
        since("`(?<e>f)`", 2, 51),
        since("60", 2, 54),
        since("\"g\"", 2, 55),
        since("h:i", 3, 0),
        since("1d", 2, 54),
        since("0s", 3, 4),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:#?}");
    }
    assert_eq!(found.len(), 12);
}
