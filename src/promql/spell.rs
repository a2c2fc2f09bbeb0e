//! Tokens as text again.

use std::fmt::Write;

use super::print;
use super::scan::{Kind, Token};

/// Spells tokens for promql-parser, so that it sees nothing that it does not know.
pub(super) fn spell(tokens: &[Token]) -> String {
    let mut text = String::new();
    let mut inside = false;
    for token in tokens {
        match &token.kind {
            Kind::Sign("{" | "[") => inside = true,
            Kind::Sign("}" | "]") => inside = false,
            _ => {}
        }
        // Writing to a string does not fail.
        let _ = match &token.kind {
            Kind::Word(word) => text.write_str(word),
            Kind::Sign(sign) => text.write_str(sign),
            Kind::Number(value) => print::number(&mut text, *value),
            Kind::Text(value) => print::quoted(&mut text, value),
            // Windows are read from the outline; here stands something that is always allowed.
            Kind::Duration(_) if inside => text.write_str("1m"),
            Kind::Duration(time) => print::duration(&mut text, *time),
            Kind::Variable(_) => text.write_str("1m"),
        };
        if !inside {
            text.push(' ');
        }
    }
    text
}
