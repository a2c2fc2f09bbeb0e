//! How fast a budget may be spent before somebody is told.

use std::time::Duration;

use crate::model::slo::{BurnRate, Decimal};
use crate::spec::document::Severity;

/// The shortest window.
pub(super) const SHORTEST: Duration = Duration::from_secs(5 * MINUTE as u64);

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;
const DAY: u32 = 24 * HOUR;

/// The [recommended parameters](https://sre.google/workbook/alerting-on-slos/#recommended_parameters_for_an_slo_based_a) of the
/// SRE workbook: who is told, hundredths of the budget, and the windows in which they go.
const PARAMETERS: [(Severity, u32, u32, u32); 4] = [
    (Severity::Critical, 2, HOUR, 5 * MINUTE),
    (Severity::Critical, 5, 6 * HOUR, 30 * MINUTE),
    (Severity::Warning, 10, DAY, 2 * HOUR),
    (Severity::Warning, 10, 3 * DAY, 6 * HOUR),
];

/// The burn rates of a budget that has to last so many days.
pub(super) fn of(days: u32, budget: Decimal) -> Vec<BurnRate> {
    PARAMETERS
        .iter()
        .map(|&(severity, percent, long, short)| {
            let (numerator, denominator) = (percent * days * (DAY / HOUR), 100 * (long / HOUR));
            let divisor = common_divisor(numerator, denominator);
            let rate = BurnRate {
                severity,
                percent,
                long: Duration::from_secs(long.into()),
                short: Duration::from_secs(short.into()),
                factor: (numerator / divisor, denominator / divisor),
                possible: true,
            };
            BurnRate {
                possible: rate.value() * budget.to_f64() < 1.0,
                ..rate
            }
        })
        .collect()
}

/// The windows that somebody looks at, the shortest first.
pub(super) fn windows() -> Vec<Duration> {
    let both = PARAMETERS
        .iter()
        .flat_map(|(_, _, long, short)| [long, short]);
    let mut windows: Vec<Duration> = both
        .map(|seconds| Duration::from_secs((*seconds).into()))
        .collect();
    windows.sort();
    windows.dedup();
    windows
}

fn common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::document::Quantity;

    fn budget(objective: &str) -> Decimal {
        let objective = Quantity::parse(objective).expect("a percentage").exact;
        objective.rest_of_one().expect("a share")
    }

    fn factors(days: u32) -> Vec<f64> {
        let rates = of(days, budget("99.9%"));
        rates.iter().map(BurnRate::value).collect()
    }

    #[test]
    fn factors_are_those_of_the_workbook() {
        assert_eq!(factors(30), [14.4, 6.0, 3.0, 1.0]);
        assert_eq!(factors(28), [13.44, 5.6, 2.8, 28.0 / 30.0]);
        assert_eq!(factors(90), [43.2, 18.0, 9.0, 3.0]);
    }

    #[test]
    fn each_window_is_looked_at_once() {
        let seconds: Vec<u64> = windows().iter().map(Duration::as_secs).collect();
        assert_eq!(seconds, [300, 1_800, 3_600, 7_200, 21_600, 86_400, 259_200]);
        assert_eq!(windows().first(), Some(&SHORTEST));
    }

    #[test]
    fn nothing_is_worse_than_everything() {
        let possible = |objective| {
            let rates = of(30, budget(objective));
            rates.iter().map(|rate| rate.possible).collect::<Vec<_>>()
        };
        assert_eq!(possible("99%"), [true; 4]);
        assert_eq!(possible("90%"), [false, true, true, true]);
        assert_eq!(possible("80%"), [false, false, true, true]);
        assert_eq!(possible("0.1%"), [false, false, false, true]);
    }
}
