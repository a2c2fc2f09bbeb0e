//! When an alert fires, in a sentence.

use std::time::Duration;

use super::book::Book;
use super::text::Inline;
use crate::model::catalogue::{Limit, MetricType, Series};
use crate::model::condition::{Condition, Direction, Level};
use crate::model::monitoring::{Alert, BurnRate, Rule, Slo};
use crate::model::signal::{Selection, Shape, Signal};
use crate::promql::{AggregateOp, Query};
use crate::spec::document::Time;

/// When a rule of an alert fires.
pub(super) fn rule(alert: &Alert, index: usize, book: &Book<'_>) -> Inline {
    let rule = &alert.rules[index];
    let slo = book.slo_of(alert);
    let says = match (&alert.condition, slo) {
        (Some(condition), _) => condition_of(condition, condition.levels.get(index), rule, book),
        (None, Some(slo)) => budget(slo, rule, book),
        (None, None) => Inline::words("the expression below has a result").with(&held(rule)),
    };
    let says = says.and(".");
    match rule.keep_firing_for {
        Some(time) => says
            .and(" It keeps firing for ")
            .with(&duration(time))
            .and(" after that."),
        None => says,
    }
}

fn condition_of(
    condition: &Condition,
    level: Option<&Level>,
    rule: &Rule,
    book: &Book<'_>,
) -> Inline {
    let mut says = subject(&condition.signal, book);
    if let Some(each) = groups(condition, book) {
        says = says.and(", for each ").with(&each).and(",");
    }
    if let Some(level) = level {
        says = says.and(" is ").with(&compared(level, book));
    }
    if condition.when_missing {
        says = says.and(" or missing");
    }
    says = says.with(&held(rule));
    if let Some(least) = &condition.min_traffic {
        says = says.and(", with at least ").with(&rate(least));
        if let Some((of, series)) = condition.signal.traffic_of(&book.model.catalogue) {
            says = says.and(" of ").with(&book.selection(of, series));
        }
    }
    says
}

/// What is compared.
fn subject(signal: &Signal, book: &Book<'_>) -> Inline {
    let over = |says: Inline| says.and(" over ").with(&duration(signal.window));
    let within = |says: Inline| says.and(" within ").with(&duration(signal.window));
    let of = |what: &'static str, of: &Selection, series| {
        Inline::words(what)
            .and(" ")
            .with(&book.selection(of, series))
    };
    let own = |of: &Selection| of.named.series;
    match &signal.shape {
        Shape::Value {
            of: it,
            aggregation,
        } => match aggregation {
            Some(AggregateOp::Avg) => of("the mean of", it, own(it)),
            Some(AggregateOp::Min) => of("the least of", it, own(it)),
            Some(AggregateOp::Max) => of("the greatest of", it, own(it)),
            Some(_) => of("the sum of", it, own(it)),
            None if signal.by.is_empty() => book.selection(it, own(it)),
            None => of("the sum of", it, own(it)),
        },
        Shape::Rate { of: it } => over(of("the rate of", it, own(it))).and(", per second,"),
        Shape::Increase { of: it } => within(of("the increase of", it, own(it))),
        Shape::Ratio { part, whole } => {
            let share = of("the share of", part, own(part))
                .and(" in ")
                .with(&book.selection(whole, own(whole)));
            match whole.kind(&book.model.catalogue) {
                MetricType::Gauge => share,
                _ => over(share),
            }
        }
        Shape::Quantile { quantile, of: it } => {
            let percentile = ordinal(quantile * 100.0);
            let says = Inline::words("the ")
                .with(&percentile)
                .and(" percentile of ");
            over(says.with(&book.selection(it, Series::Family)))
        }
        Shape::Average { of: it } => over(of("the mean of", it, Series::Family)),
        Shape::Buckets { of: it } => within(of("the observations of", it, Series::Family)),
        Shape::Change { of: it } => within(of("the change of the mean of", it, own(it))),
        Shape::Expression { query, .. } => match query {
            Query::Selector(selector) => Inline::code(&selector.to_string()),
            _ => Inline::words("the signal ").with(&Inline::code(&signal.name)),
        },
    }
}

/// The labels of which each value is compared, beside those that tell deployments apart.
fn groups(condition: &Condition, book: &Book<'_>) -> Option<Inline> {
    let identity = &book.model.catalogue.service.identity;
    let labels = condition.signal.by.iter().chain(&condition.by);
    let mut seen = Vec::new();
    for label in labels.filter(|label| !identity.contains(label)) {
        if !seen.contains(label) {
            seen.push(label.clone());
        }
    }
    self::labels(&seen)
}

fn compared(level: &Level, book: &Book<'_>) -> Inline {
    let words = match level.direction {
        Direction::Equals => "",
        Direction::Above => "above ",
        Direction::Below => "below ",
        Direction::AtLeast => "at least ",
        Direction::AtMost => "at most ",
    };
    let says = Inline::words(words).with(&Inline::text(&level.threshold));
    match &level.share_of {
        None => says,
        Some(Limit::Number(_, text)) => says.and(" of its limit of ").with(&Inline::text(text)),
        Some(Limit::Gauge(name)) => says.and(" of ").with(&book.named(name)),
    }
}

fn held(rule: &Rule) -> Inline {
    match rule.hold.is_zero() {
        true => Inline::default(),
        false => Inline::words(" for ").with(&duration(rule.hold)),
    }
}

/// When the budget of an objective is used up too fast for this rule.
fn budget(slo: &Slo, rule: &Rule, book: &Book<'_>) -> Inline {
    let of_rule = |rate: &&BurnRate| rate.severity == rule.severity && rate.possible;
    let budget = Inline::text(&format!("{}%", slo.budget.percent()));
    let ways = slo.burn_rates.iter().filter(of_rule).map(|rate| {
        Inline::words("more than ")
            .with(&Inline::text(&factor(rate)))
            .and(" × ")
            .with(&budget)
            .and(" both over ")
            .with(&duration(rate.long))
            .and(" and over ")
            .with(&duration(rate.short))
            .and(", which is ")
            .with(&Inline::text(&format!("{}%", rate.percent)))
            .and(" of the error budget in ")
            .with(&duration(rate.long))
    });
    let mut says = bad_share(slo, book);
    if let Some(each) = labels(&slo.by) {
        says = says.and(", for each ").with(&each).and(",");
    }
    says.and(" is ").with(&Inline::join(ways, "; or "))
}

/// The share that an objective counts as bad.
pub(super) fn bad_share(slo: &Slo, book: &Book<'_>) -> Inline {
    let Shape::Ratio { part, whole } = &slo.measured.signal.shape else {
        return Inline::words("what is bad");
    };
    let (part, whole) = (
        book.selection(part, part.named.series),
        book.selection(whole, whole.named.series),
    );
    match slo.measured.is_good {
        false => Inline::words("the share of ")
            .with(&part)
            .and(" in ")
            .with(&whole),
        true => Inline::words("the share of ")
            .with(&whole)
            .and(" that is not in ")
            .with(&part),
    }
}

/// Labels as a sentence lists them; nothing if there are none.
pub(super) fn labels(labels: &[String]) -> Option<Inline> {
    let codes: Vec<Inline> = labels.iter().map(|label| Inline::code(label)).collect();
    (!codes.is_empty()).then(|| Inline::list(codes, "and"))
}

/// 14.4 of 72/5.
fn factor(rate: &BurnRate) -> String {
    let rounded = format!("{:.2}", rate.value());
    rounded
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// The period of an objective, which is of whole days: `28 days`, not `4 weeks`.
pub(super) fn days(period: Duration) -> Inline {
    Inline::text(&format!("{} days", period.as_secs() / 86_400))
}

/// `1 minute 30 seconds`
pub(super) fn duration(time: Duration) -> Inline {
    let written = Time(time).to_string();
    let mut words = Vec::new();
    let mut rest = written.as_str();
    while let Some(end) = rest.find(|c: char| !c.is_ascii_digit()) {
        let (number, after) = rest.split_at(end);
        let letters = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let unit = match unit {
            "y" => "year",
            "w" => "week",
            "d" => "day",
            "h" => "hour",
            "m" => "minute",
            "s" => "second",
            _ => "millisecond",
        };
        let plural = if number == "1" { "" } else { "s" };
        words.push(format!("{number} {unit}{plural}"));
        rest = after;
    }
    Inline::text(&words.join(" "))
}

/// `10 a minute` of `10/m`
fn rate(written: &str) -> Inline {
    match written.split_once('/') {
        Some((number, per)) => {
            let number = Inline::text(number);
            number.and(match per.trim() {
                "m" => " a minute",
                "h" => " an hour",
                _ => " a second",
            })
        }
        None => Inline::text(written).and(" a second"),
    }
}

/// `95th` of 95
fn ordinal(number: f64) -> Inline {
    // What binary fractions leave: 99.9 of 99.89999999999999.
    let number = format!("{number:.6}");
    let number = number.trim_end_matches('0').trim_end_matches('.');
    let ending = match (
        number.ends_with("11"),
        number.ends_with("12"),
        number.ends_with("13"),
    ) {
        (false, false, false) => match number.chars().next_back() {
            Some('1') => "st",
            Some('2') => "nd",
            Some('3') => "rd",
            _ => "th",
        },
        _ => "th",
    };
    Inline::text(&format!("{number}{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said() {
        for (share, words) in [
            (0.95, "95th"),
            (0.999, "99.9th"),
            (0.51, "51st"),
            (0.11, "11th"),
            (0.02, "2nd"),
        ] {
            assert_eq!(ordinal(share * 100.0), Inline::text(words));
        }
        for (written, words) in [
            ("0.1/s", "0.1 a second"),
            ("10/m", "10 a minute"),
            ("5/h", "5 an hour"),
            ("3", "3 a second"),
        ] {
            assert_eq!(rate(written), Inline::text(words));
        }
        for (millis, words) in [
            (60_000, "1 minute"),
            (90_000, "1 minute 30 seconds"),
            (7_200_000, "2 hours"),
            (30 * 86_400_000, "30 days"),
            (250, "250 milliseconds"),
        ] {
            assert_eq!(duration(Duration::from_millis(millis)), Inline::text(words));
        }
    }
}
