//! Numbers in words, exactly as Prometheus' templates write them:
//! <https://prometheus.io/docs/prometheus/latest/configuration/template_reference/#numbers>

/// `%.4g` of Go.
pub(super) fn short(value: f64) -> String {
    const DIGITS: usize = 4;
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", DIGITS - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |digits: &str| match digits.contains('.') {
        true => digits
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
        false => digits.to_owned(),
    };
    let digits = i32::try_from(DIGITS).unwrap_or(i32::MAX);
    if (-4..digits).contains(&exponent) {
        let decimals = usize::try_from(digits - 1 - exponent).unwrap_or(0);
        trimmed(&format!("{value:.decimals$}"))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs())
    }
}

/// `humanize`
pub(super) fn metric(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return short(value);
    }
    if value.abs() >= 1.0 {
        scaled(value, 1000.0, &["", "k", "M", "G", "T", "P", "E", "Z", "Y"])
    } else {
        fraction(value, "")
    }
}

/// `humanize1024`
pub(super) fn binary(value: f64) -> String {
    if value.abs() <= 1.0 || !value.is_finite() {
        return short(value);
    }
    scaled(
        value,
        1024.0,
        &["", "ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"],
    )
}

/// `humanizePercentage`
pub(super) fn percentage(value: f64) -> String {
    format!("{}%", short(value * 100.0))
}

/// `humanizeDuration`
pub(super) fn duration(value: f64) -> String {
    if !value.is_finite() {
        return short(value);
    }
    if value == 0.0 {
        return "0s".to_owned();
    }
    if value.abs() < 1.0 {
        return fraction(value, "s");
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let value = value.abs();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "Prometheus cuts it off, too"
    )]
    let whole = value as i64;
    let (seconds, minutes) = (whole % 60, (whole / 60) % 60);
    let (hours, days) = ((whole / 3600) % 24, whole / 86_400);
    match (days, hours, minutes) {
        (1.., _, _) => format!("{sign}{days}d {hours}h {minutes}m {seconds}s"),
        (0, 1.., _) => format!("{sign}{hours}h {minutes}m {seconds}s"),
        (0, 0, 1..) => format!("{sign}{minutes}m {seconds}s"),
        _ => format!("{sign}{}s", short(value)),
    }
}

fn scaled(mut value: f64, step: f64, prefixes: &[&str]) -> String {
    let mut prefixes = prefixes.iter();
    let mut prefix = prefixes.next().copied().unwrap_or_default();
    while value.abs() >= step {
        let Some(next) = prefixes.next() else { break };
        prefix = next;
        value /= step;
    }
    format!("{}{prefix}", short(value))
}

fn fraction(mut value: f64, unit: &str) -> String {
    let mut prefix = "";
    for next in ["m", "u", "n", "p", "f", "a", "z", "y"] {
        if value.abs() >= 1.0 {
            break;
        }
        prefix = next;
        value *= 1000.0;
    }
    format!("{}{prefix}{unit}", short(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_as_go_writes_them() {
        for (value, text) in [
            (0.0, "0"),
            (0.051, "0.051"),
            (5.1, "5.1"),
            (91.8, "91.8"),
            (1000.0, "1000"),
            (1234.5, "1234"),
            (12345.0, "1.234e+04"),
            (0.00001234, "1.234e-05"),
            (-0.5, "-0.5"),
            (100.0, "100"),
            (99.999, "100"),
            (9999.6, "1e+04"),
        ] {
            assert_eq!(short(value), text, "{value:?}");
        }
    }

    #[test]
    fn words_of_units() {
        assert_eq!(percentage(0.051), "5.1%");
        assert_eq!(metric(1234.0), "1.234k");
        assert_eq!(metric(0.102), "102m");
        assert_eq!(binary(1_095_216_660.48), "1.02Gi");
        assert_eq!(binary(0.5), "0.5");
        assert_eq!(duration(0.51), "510ms");
        assert_eq!(duration(1.02), "1.02s");
        assert_eq!(duration(93.6), "1m 33s");
        assert_eq!(duration(7322.0), "2h 2m 2s");
        assert_eq!(duration(90_061.0), "1d 1h 1m 1s");
    }
}
