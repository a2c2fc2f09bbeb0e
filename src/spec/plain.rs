//! What plain scalars are: null, booleans, numbers, and text.

use super::yaml::{Scalar, Style};

/// What a plain scalar is, by the [core schema of YAML 1.2](https://yaml.org/spec/1.2.2/#103-core-schema).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plain {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text,
}

impl Scalar {
    /// What the core schema makes of it.
    pub(crate) fn resolve(&self) -> Plain {
        if self.style != Style::Plain {
            return Plain::Text;
        }
        match self.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
            "true" | "True" | "TRUE" => Plain::Bool(true),
            "false" | "False" | "FALSE" => Plain::Bool(false),
            text => number(text),
        }
    }
}

fn number(text: &str) -> Plain {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let radix = |digits: &str, radix| match i64::from_str_radix(digits, radix) {
        Ok(n) if digits.starts_with(|c: char| c.is_digit(radix)) => Plain::Integer(n),
        _ => Plain::Text,
    };
    if let Some(octal) = text.strip_prefix("0o") {
        return radix(octal, 8);
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return radix(hexadecimal, 16);
    }
    match unsigned {
        ".inf" | ".Inf" | ".INF" if text.starts_with('-') => {
            return Plain::Float(f64::NEG_INFINITY);
        }
        ".inf" | ".Inf" | ".INF" => return Plain::Float(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return Plain::Float(f64::NAN),
        _ => {}
    }
    let has_digit = unsigned
        .trim_start_matches('.')
        .starts_with(|c: char| c.is_ascii_digit());
    let only_number = unsigned
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    if !has_digit || !only_number || unsigned.starts_with("..") {
        return Plain::Text;
    }
    if unsigned.bytes().all(|b| b.is_ascii_digit())
        && let Ok(n) = text.parse()
    {
        return Plain::Integer(n);
    }
    text.parse().map_or(Plain::Text, Plain::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let plain = |text: &str| {
            Scalar {
                text: text.into(),
                style: Style::Plain,
            }
            .resolve()
        };
        for text in [
            "on", "yes", "5%", "1_000", "12:30", "-", "+", ".", "e5", "0b1", "1.2.3", "0x", "..1",
        ] {
            assert_eq!(plain(text), Plain::Text, "{text}");
        }
        assert_eq!(plain("012"), Plain::Integer(12));
        assert_eq!(plain("0o17"), Plain::Integer(15));
        assert_eq!(plain("0xfF"), Plain::Integer(255));
        assert_eq!(plain("-3"), Plain::Integer(-3));
        assert_eq!(plain("+.5"), Plain::Float(0.5));
        assert_eq!(plain("1e3"), Plain::Float(1000.0));
        assert_eq!(plain("99999999999999999999"), Plain::Float(1e20));
        assert_eq!(plain("-.inf"), Plain::Float(f64::NEG_INFINITY));
        assert_eq!(plain("~"), Plain::Null);
        assert_eq!(plain("True"), Plain::Bool(true));
    }
}
