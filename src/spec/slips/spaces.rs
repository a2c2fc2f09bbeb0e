//! A colon without the space behind it.

use super::Slip;

/// `for:2m` on a line of its own.
pub(super) fn behind_colon(text: &str, at: usize) -> Option<Slip> {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let rest = text[line..].lines().next()?;
    let written = rest.trim();
    let help = missing_space(written)?;
    let start = line + (rest.len() - rest.trim_start().len());
    Some(Slip {
        range: start..start + written.len(),
        message: "a space belongs behind the colon of a key",
        help,
    })
}

/// How to write a key and a value that the colon holds together; nothing for what has another meaning, such as an address.
pub(in crate::spec) fn missing_space(written: &str) -> Option<String> {
    let (key, value) = written.split_once(':')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let is_value = !value.is_empty() && !value.starts_with([' ', ':', '/']);
    (is_key && is_value).then(|| format!("write it `{key}: {value}`"))
}
