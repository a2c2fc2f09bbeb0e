//! Numbers and durations.

use std::time::Duration;

/// The longest duration that Prometheus can hold: 2⁶³ - 1 ns.
const MAX_MILLIS: u64 = (i64::MAX / 1_000_000) as u64;

/// A number as Prometheus reads it: Go's integers (hexadecimal, octal with a leading 0), else a float.
pub(super) fn parse_number(word: &str) -> Option<f64> {
    let hexadecimal = word.starts_with("0x") || word.starts_with("0X");
    let between_digits = |(i, _): (usize, &str)| {
        let digit = |b: Option<&u8>| {
            b.is_some_and(|b| b.is_ascii_digit() || hexadecimal && b.is_ascii_hexdigit())
        };
        let prefix = i == 2 && hexadecimal;
        (prefix || i > 0 && digit(word.as_bytes().get(i - 1))) && digit(word.as_bytes().get(i + 1))
    };
    if !word.match_indices('_').all(between_digits) {
        return None;
    }
    let plain = word.replace('_', "");
    if let Some(digits) = plain.strip_prefix("0x").or(plain.strip_prefix("0X")) {
        return i64::from_str_radix(digits, 16).ok().map(|n| n as f64);
    }
    let octal = plain.len() > 1 && plain.starts_with('0');
    if octal && plain.bytes().all(|b| (b'0'..=b'7').contains(&b)) {
        return i64::from_str_radix(&plain, 8).ok().map(|n| n as f64);
    }
    // One that is too large is an error in Go, and infinite in Rust.
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A duration such as `1h30m`: each unit once, from the greatest to the least.
pub(super) fn parse_duration(word: &str) -> Result<Duration, String> {
    const UNITS: [(&str, u64); 7] = [
        ("y", 365 * 24 * 3_600_000),
        ("w", 7 * 24 * 3_600_000),
        ("d", 24 * 3_600_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1000),
        ("ms", 1),
    ];
    let invalid =
        || format!("`{word}` is neither a number nor a duration such as `30s`, `5m` or `1h30m`");
    let mut millis = 0u64;
    let mut next_unit = 0;
    let mut rest = word;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (count, tail) = rest.split_at(digits);
        let letters = tail
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let size = UNITS[next_unit..]
            .iter()
            .position(|(name, _)| *name == unit);
        let (Some(i), false) = (size, count.is_empty()) else {
            return Err(invalid());
        };
        next_unit += i + 1;
        rest = tail;
        millis = count
            .parse::<u64>()
            .ok()
            .and_then(|count| count.checked_mul(UNITS[next_unit - 1].1))
            .and_then(|part| millis.checked_add(part))
            .filter(|millis| *millis <= MAX_MILLIS)
            .ok_or_else(|| format!("`{word}` is longer than Prometheus can count, 292 years"))?;
    }
    Ok(Duration::from_millis(millis))
}

/// The duration of so many seconds, as Prometheus reads a number where a duration is expected.
pub(super) fn seconds(value: f64) -> Result<Duration, String> {
    let millis = (value * 1000.0).round();
    if millis.is_nan() || millis > MAX_MILLIS as f64 {
        return Err("this is not a duration that Prometheus can count".to_owned());
    }
    Ok(Duration::from_millis(millis.max(0.0) as u64))
}
