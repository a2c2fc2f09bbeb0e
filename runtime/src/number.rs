//! Numbers as Prometheus' own clients spell them.

use std::fmt::Write;

/// Two digits each, from 00 to 99.
const PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819\
    2021222324252627282930313233343536373839\
    4041424344454647484950515253545556575859\
    6061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899";

/// Adds an integer in decimal.
pub(crate) fn push_integer(out: &mut String, mut value: u64) {
    if let Ok(digit @ 0..10) = u8::try_from(value) {
        return out.push(char::from(b'0' + digit));
    }
    // `u64::MAX` has twenty digits.
    let mut digits = [0; 20];
    let mut start = digits.len();
    while value >= 10 {
        // Less than two hundred, whatever the target.
        let pair = (value % 100) as usize * 2;
        value /= 100;
        start -= 2;
        digits[start..start + 2].copy_from_slice(&PAIRS[pair..pair + 2]);
    }
    if value > 0 {
        start -= 1;
        digits[start] = b'0' + value as u8;
    }
    // Digits are text.
    out.push_str(str::from_utf8(&digits[start..]).unwrap_or_default());
}

/// Adds the shortest decimal that reads back as `value`: positional between 0.0001 and a million, else with an exponent of
/// at least two digits. This is what other clients write.
pub(crate) fn push_float(out: &mut String, value: f64) {
    if value.is_nan() {
        return out.push_str("NaN");
    }
    if value.is_infinite() {
        return out.push_str(if value > 0.0 { "+Inf" } else { "-Inf" });
    }
    let magnitude = value.abs();
    // Writing to a string does not fail.
    if magnitude < 1e6 && magnitude.fract() == 0.0 {
        if value.is_sign_negative() {
            out.push('-');
        }
        push_integer(out, magnitude as u64);
    } else if (1e-4..1e6).contains(&magnitude) {
        let _ = write!(out, "{value}");
    } else {
        let start = out.len();
        let _ = write!(out, "{value:e}");
        let Some(e) = out[start..].find('e') else {
            return;
        };
        let mut digits = start + e + 1;
        if !out[digits..].starts_with('-') {
            out.insert(digits, '+');
        }
        digits += 1;
        if out.len() - digits < 2 {
            out.insert(digits, '0');
        }
    }
}

/// Adds a bound of a bucket, which is a label's value: in the one spelling that
/// [OpenMetrics](https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#considerations-canonical-numbers)
/// has for it, in which even whole numbers are seen to be floats.
pub(crate) fn push_bound(out: &mut String, bound: f64) {
    push_float(out, bound);
    if bound.abs() < 1e6 && bound.fract() == 0.0 {
        out.push_str(".0");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(push: impl Fn(&mut String)) -> String {
        let mut out = String::from("e-7 ");
        push(&mut out);
        out.split_off(4)
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
        for value in [0, 9, 10, 99, 100, 101, 1_000, u64::MAX] {
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
