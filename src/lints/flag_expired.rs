//! `flag-expired`

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::LintLevel;

/// [Feature toggles](https://martinfowler.com/articles/feature-toggles.html#WorkingWithFeature-flaggedSystems) are an inventory
/// with a cost, to be kept low. The one thing that the clock decides: a finding, and never a byte of an artefact.
pub(super) const LINT: Lint = Lint {
    name: "flag-expired",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let today = today();
    for flag in &model.catalogue.flags {
        if let Some(day) = flag.expires.as_deref().filter(|day| *day <= today.as_str()) {
            let message = format!("the flag `{}` should be gone since {day}", flag.name);
            let help = match &flag.owner {
                Some(owner) => format!(
                    "remove it with the code that it switches off, or let `{owner}` say until when it stays"
                ),
                None => "remove it with the code that it switches off, or say until when it stays"
                    .to_owned(),
            };
            reporter.about(flag, flag.origin.child("expires"), message, &help);
        }
    }
}

/// The day in UTC as `YYYY-MM-DD`, by the clock or by
/// [`SOURCE_DATE_EPOCH`](https://reproducible-builds.org/specs/source-date-epoch/).
fn today() -> String {
    let given = env::var("SOURCE_DATE_EPOCH").ok();
    let seconds = given.and_then(|text| text.parse().ok()).unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |time| time.as_secs())
    });
    day(seconds / (24 * 60 * 60))
}

/// The day so many days after 1970-01-01, by the
/// [algorithm of Howard Hinnant](https://howardhinnant.github.io/date_algorithms.html#civil_from_days), in which a year begins in
/// March.
fn day(since_epoch: u64) -> String {
    let days = since_epoch.saturating_add(719_468);
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_have_dates() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(59), "1970-03-01");
        assert_eq!(day(11_016), "2000-02-29");
        assert_eq!(day(11_017), "2000-03-01");
        assert_eq!(day(20_454), "2026-01-01");
        assert_eq!(day(47_540), "2100-02-28");
        assert_eq!(day(47_541), "2100-03-01");
    }
}
