//! The bounds of a histogram's buckets, as they are written in the label `le`.

use super::query::{MatchOp, Matcher};

impl Matcher {
    /// `le` of a bucket. There are several ways to write a number: the one of the
    /// [text format](https://prometheus.io/docs/instrumenting/exposition_formats/) that a client prefers, and the one of
    /// [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/#considerations-canonical-numbers), which
    /// [Prometheus 3](https://prometheus.io/docs/prometheus/latest/migration/#le-and-quantile-label-values) turns all
    /// others into. All of them are meant.
    pub fn bound(bound: f64) -> Matcher {
        let spellings = spellings(bound);
        match spellings.as_slice() {
            [one] => Matcher::new("le", MatchOp::Equal, one),
            several => {
                let escaped: Vec<String> = several.iter().map(|text| escape(text)).collect();
                Matcher::new("le", MatchOp::Regex, escaped.join("|"))
            }
        }
    }
}

/// Every way in which clients and servers write a bound.
fn spellings(bound: f64) -> Vec<String> {
    let mut all = vec![bound.to_string()];
    for text in [bound.to_string(), general(bound)] {
        let text = match text.contains(['.', 'e']) {
            true => text,
            false => format!("{text}.0"),
        };
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// As Go writes it by [`%g`](https://pkg.go.dev/strconv#FormatFloat), with an exponent where that is long.
fn general(bound: f64) -> String {
    let scientific = format!("{bound:e}");
    match scientific.split_once('e') {
        Some((digits, exponent)) => match exponent.parse::<i32>() {
            Ok(exponent) if !(-4..6).contains(&exponent) => {
                let sign = if exponent < 0 { '-' } else { '+' };
                format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
            }
            _ => bound.to_string(),
        },
        None => bound.to_string(),
    }
}

/// In a regular expression a dot would be any character, and a plus would repeat.
fn escape(text: &str) -> String {
    text.replace('.', "\\.").replace('+', "\\+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_matched() {
        for (bound, matcher) in [
            (0.25, r#"le="0.25""#),
            (1.0, r#"le=~"1|1\\.0""#),
            (100_000.0, r#"le=~"100000|100000\\.0""#),
            (1e6, r#"le=~"1000000|1000000\\.0|1e\\+06""#),
            (2.5e8, r#"le=~"250000000|250000000\\.0|2\\.5e\\+08""#),
            (0.0001, r#"le="0.0001""#),
            (0.000_05, r#"le=~"0\\.00005|5e-05""#),
        ] {
            assert_eq!(Matcher::bound(bound).to_string(), matcher);
        }
    }
}
