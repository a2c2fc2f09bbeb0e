//! Which labels a result has.

use crate::promql::{Labels, Selector, output_labels, parse};

/// `a` has x and y, `b` has x and z, `h` has le and x; of others nothing is known.
fn of(selector: &Selector) -> Labels {
    match selector.metric.as_deref() {
        Some("a") => Labels::known(["x", "y"]),
        Some("b") => Labels::known(["x", "z"]),
        Some("h") => Labels::known(["le", "x"]),
        _ => Labels::Any,
    }
}

#[test]
fn labels_of_results() {
    for (text, expected) in [
        ("1", ""),
        ("\"t\"", ""),
        ("a", "x y"),
        ("a[5m]", "x y"),
        ("a[5m:]", "x y"),
        ("-a", "x y"),
        ("other", "*"),
        ("sum(a)", ""),
        ("sum by (x) (a)", "x"),
        ("sum by (x, q) (a)", "x"),
        ("sum by (x, q) (other)", "q x"),
        ("sum by (x, __name__) (other)", "x"),
        ("sum without (x) (a)", "y"),
        ("sum without (x) (other)", "*"),
        ("topk(3, a)", "x y"),
        ("topk by (x) (3, a)", "x y"),
        ("bottomk(3, a)", "x y"),
        ("limitk(3, a)", "x y"),
        ("quantile(0.5, a)", ""),
        ("count_values(\"v\", a)", "v"),
        ("count_values by (x) (\"v\", a)", "v x"),
        ("a + 1", "x y"),
        ("1 - a", "x y"),
        ("1 + 1", ""),
        ("a > 0.5", "x y"),
        ("a / scalar(b)", "x y"),
        ("a / b", "x y"),
        ("a / on (x) b", "x"),
        ("a / on (x, q) b", "x"),
        ("a > on (x) b", "x"),
        ("other / on (x) b", "x"),
        ("a / ignoring (y) b", "x"),
        ("a * on (x) group_left (z) b", "x y z"),
        ("a * on (x) group_left (q) b", "x y"),
        ("a * on (x) group_left (q) other", "q x y"),
        ("a * on (x) group_left (y) b", "x"),
        ("a * on (x) group_left () b", "x y"),
        ("a * on (x) group_right (y) b", "x y z"),
        ("other * on (x) group_left (z) b", "*"),
        ("a and b", "x y"),
        ("a and on (x) b", "x y"),
        ("a unless b", "x y"),
        ("a or b", "x"),
        ("a or other", "x y"),
        ("a or vector(0)", ""),
        ("a or 0 * absent(a{x=\"1\"})", "x"),
        ("rate(a[5m])", "x y"),
        ("max_over_time(rate(a[5m])[1h:])", "x y"),
        ("quantile_over_time(0.9, a[5m])", "x y"),
        ("clamp_min(a, 1)", "x y"),
        ("predict_linear(a[5m], 3)", "x y"),
        ("sort_desc(a)", "x y"),
        ("histogram_quantile(0.9, h)", "x"),
        ("histogram_quantile(0.9, sum by (le) (rate(h[5m])))", ""),
        ("histogram_fraction(0, 1, h)", "x"),
        ("histogram_count(a)", "x y"),
        ("absent(a)", ""),
        ("absent(a{x=\"1\",y!=\"2\",z=~\"3\"})", "x"),
        ("absent(a{x=\"1\",x=\"2\",y=\"\"})", ""),
        ("absent(a{x=~\".+\",x=\"2\"})", "x"),
        ("absent(sum(a))", ""),
        ("absent_over_time(a{x=\"1\"}[5m])", "x"),
        ("label_replace(a, \"n\", \"$1\", \"x\", \"(.*)\")", "n x y"),
        ("label_replace(a, \"x\", \"\", \"x\", \".*\")", "y"),
        ("label_join(a, \"n\", \"-\", \"x\")", "n x y"),
        ("time()", ""),
        ("vector(time())", ""),
        ("hour()", ""),
        ("hour(a)", "x y"),
        ("info(a)", "*"),
    ] {
        let query = parse(text)
            .unwrap_or_else(|e| panic!("{text}: {e:?}"))
            .query;
        let found = match output_labels(&query, &of) {
            Labels::Any => "*".to_owned(),
            Labels::Known(labels) => labels.into_iter().collect::<Vec<_>>().join(" "),
        };
        assert_eq!(found, expected, "{text}");
    }
}
