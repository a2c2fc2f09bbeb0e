//! Characters that the eye takes for others, or does not see at all.

/// Says what cannot be seen in a name: the first character in it that only looks like another one, or like nothing.
pub(super) fn explain(name: &str) -> Option<String> {
    if name.is_ascii() || name.contains('\n') {
        return None;
    }
    if let Some(c) = name.chars().find(|c| is_invisible(*c)) {
        return Some(format!("U+{:04X} in it cannot be seen", u32::from(c)));
    }
    // A word of another script is meant as it looks; one of several is not.
    let is_meant = !name.contains(|c: char| c.is_ascii_alphanumeric()) && name.chars().count() > 1;
    if is_meant {
        return None;
    }
    name.chars().filter(|c| !c.is_ascii()).find_map(|c| {
        let like = like(c)?;
        Some(format!("`{c}` is U+{:04X}, not `{like}`", u32::from(c)))
    })
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// The ASCII character that this one looks like.
fn like(c: char) -> Option<char> {
    // The full-width forms are in the order of ASCII.
    if ('\u{ff01}'..='\u{ff5e}').contains(&c) {
        return char::from_u32(u32::from(c) - 0xfee0);
    }
    LOOK_ALIKES
        .iter()
        .find(|(others, _)| others.contains(c))
        .map(|(_, ascii)| *ascii)
}

/// Cyrillic and Greek letters and typographic marks of [Unicode's confusables](https://www.unicode.org/reports/tr39/#Confusable_Detection)
/// that keyboards and word processors write.
const LOOK_ALIKES: &[(&str, char)] = &[
    ("аα", 'a'),
    ("с", 'c'),
    ("ԁ", 'd'),
    ("е", 'e'),
    ("һ", 'h'),
    ("іι", 'i'),
    ("ј", 'j'),
    ("ӏ", 'l'),
    ("оο", 'o'),
    ("рρ", 'p'),
    ("ԛ", 'q'),
    ("ѕ", 's'),
    ("υ", 'u'),
    ("ν", 'v'),
    ("ԝ", 'w'),
    ("х", 'x'),
    ("уγ", 'y'),
    ("АΑ", 'A'),
    ("ВΒ", 'B'),
    ("С", 'C'),
    ("ЕΕ", 'E'),
    ("НΗ", 'H'),
    ("ІΙ", 'I'),
    ("Ј", 'J'),
    ("КΚ", 'K'),
    ("МΜ", 'M'),
    ("Ν", 'N'),
    ("ОΟ", 'O'),
    ("РΡ", 'P'),
    ("Ѕ", 'S'),
    ("ТΤ", 'T'),
    ("УΥ", 'Y'),
    ("ХΧ", 'X'),
    ("Ζ", 'Z'),
    ("\u{a0}\u{2007}\u{202f}", ' '),
    ("‐‑‒–—−", '-'),
    ("‘’′", '\''),
    ("“”„″", '"'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_looks_like_a_name_is_told() {
        let said = |name| explain(name).unwrap_or_default();
        assert_eq!(said("оrders"), "`о` is U+043E, not `o`");
        assert_eq!(said("а"), "`а` is U+0430, not `a`");
        assert_eq!(said("a\u{200b}b"), "U+200B in it cannot be seen");
        assert_eq!(said("\u{feff}"), "U+FEFF in it cannot be seen");
        assert_eq!(said("ｕp"), "`ｕ` is U+FF55, not `u`");
        for name in ["orders_total", "заказы", "größe", "a b", "", "a\nо"] {
            assert_eq!(said(name), "", "{name}");
        }
    }
}
