//! Numbers as Prometheus' own clients spell them.

use std::io::Write;

/// Adds an integer in decimal.
pub(crate) fn push_integer(out: &mut Vec<u8>, value: u64) {
    const EIGHT: u64 = 100_000_000;
    if value < 10 {
        // Most series of most services.
        out.push(b'0' + value as u8);
    } else if value < EIGHT {
        let digits = eight_digits(value);
        let zeros = digits.trailing_zeros() / 8;
        push_digits(out, digits >> (8 * zeros), 8 - zeros as usize);
    } else {
        push_integer(out, value / EIGHT);
        push_digits(out, eight_digits(value % EIGHT), 8);
    }
}

/// Adds the first digits of a word.
fn push_digits(out: &mut Vec<u8>, digits: u64, count: usize) {
    let ascii = digits | u64::from_le_bytes([b'0'; 8]);
    // To add a known number of bytes and take some away again is faster than to add as many as there are.
    let end = out.len() + count;
    out.extend_from_slice(&ascii.to_le_bytes());
    out.truncate(end);
}

/// The eight digits of a number below a hundred million, one a byte, the first of them lowest.
///
/// The number is halved three times, all parts at once in the lanes of one word: into four digits each, two, and one.
/// Instead of being divided, a part is multiplied by a fraction that is close enough for all that it can be.
fn eight_digits(number: u64) -> u64 {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    // 10486 / 2^20 is a hundredth, for all up to 9999.
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | ((fours - 100 * hundreds) << 16);
    // 103 / 2^10 is a tenth, for all up to 99.
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((twos - 10 * tens) << 8)
}

/// Adds the shortest decimal that reads back as `value`: positional between 0.0001 and a million, else with an exponent of
/// at least two digits. This is what other clients write.
pub(crate) fn push_float(out: &mut Vec<u8>, value: f64) {
    if value.is_nan() {
        return out.extend_from_slice(b"NaN");
    }
    if value.is_infinite() {
        return out.extend_from_slice(if value > 0.0 { b"+Inf" } else { b"-Inf" });
    }
    let magnitude = value.abs();
    // Writing to a vector does not fail.
    if magnitude < 1e6 && magnitude.fract() == 0.0 {
        if value.is_sign_negative() {
            out.push(b'-');
        }
        push_integer(out, magnitude as u64);
    } else if (1e-4..1e6).contains(&magnitude) {
        let _ = write!(out, "{value}");
    } else {
        let start = out.len();
        let _ = write!(out, "{value:e}");
        let Some(e) = out[start..].iter().position(|byte| *byte == b'e') else {
            return;
        };
        let mut digits = start + e + 1;
        if out.get(digits) != Some(&b'-') {
            out.insert(digits, b'+');
        }
        digits += 1;
        if out.len() - digits < 2 {
            out.insert(digits, b'0');
        }
    }
}

/// Adds a bound of a bucket, which is a label's value: in the one spelling that
/// [OpenMetrics](https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#considerations-canonical-numbers)
/// has for it, in which even whole numbers are seen to be floats.
pub(crate) fn push_bound(out: &mut Vec<u8>, bound: f64) {
    push_float(out, bound);
    if bound.abs() < 1e6 && bound.fract() == 0.0 {
        out.extend_from_slice(b".0");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(push: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = b"e-7 ".to_vec();
        push(&mut out);
        String::from_utf8(out.split_off(4)).expect("numbers are text")
    }

    #[test]
    fn integers_are_spelled_in_full() {
        let mut value = 0u64;
        for digit in (1..10).cycle().take(19) {
            value = value * 10 + digit;
            for value in [value, value - digit, u64::MAX - value] {
                assert_eq!(text(|out| push_integer(out, value)), value.to_string());
            }
        }
        let large = (0..20).flat_map(|power| {
            let power = 10u64.pow(power);
            [power - 1, power, power + 1]
        });
        // Every part of eight digits at least once.
        let parts = (0..10_000).map(|four| four * 10_001);
        for value in (0..10_000).chain(parts).chain(large).chain([u64::MAX]) {
            assert_eq!(text(|out| push_integer(out, value)), value.to_string());
        }
    }

    #[test]
    fn bounds_are_spelled_as_openmetrics_wants_them() {
        let cases = [
            (0.0, "0.0"),
            (-1.0, "-1.0"),
            (0.001, "0.001"),
            (0.999, "0.999"),
            (1.0, "1.0"),
            (1.7, "1.7"),
            (10.0, "10.0"),
            (1e-10, "1e-10"),
            (1e-09, "1e-09"),
            (0.0001, "0.0001"),
            (100_000.0, "100000.0"),
            (1e6, "1e+06"),
            (1e10, "1e+10"),
            (1.1e23, "1.1e+23"),
            (f64::INFINITY, "+Inf"),
        ];
        for (bound, expected) in cases {
            assert_eq!(text(|out| push_bound(out, bound)), expected);
        }
    }

    #[test]
    fn floats_are_spelled_as_other_clients_do() {
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-1.0, "-1"),
            (0.005, "0.005"),
            (2.5, "2.5"),
            (0.1 + 0.2, "0.30000000000000004"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (0.000_012_5, "1.25e-05"),
            (100_000.0, "100000"),
            (999_999.9, "999999.9"),
            (1_000_000.0, "1e+06"),
            (-1_234_567.0, "-1.234567e+06"),
            (1_756_891_671.0, "1.756891671e+09"),
            (1e100, "1e+100"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
            (-123.0, "-123"),
            (9_007_199_254_740_993.0, "9.007199254740992e+15"),
        ];
        for (value, expected) in cases {
            assert_eq!(text(|out| push_float(out, value)), expected);
        }
    }
}
