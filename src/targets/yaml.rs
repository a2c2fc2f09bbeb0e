//! YAML artefacts: serialised from typed structures, so that no value can break out of its place.

use serde::{Serialize, Serializer};
use serde_saphyr::{LitStr, ser_options};

use crate::artifacts::Mark;

/// A file: the mark, then the content.
pub(crate) fn file<T: Serialize>(mark: &Mark, content: &T) -> String {
    let options = ser_options! {
        compact_list_indent: false,
        // What is written on several lines says so: see `Text`.
        prefer_block_scalars: false,
        min_fold_chars: usize::MAX,
        folded_wrap_chars: usize::MAX,
    };
    // Writing structs of strings, numbers, lists and maps into a string cannot fail.
    let yaml = serde_saphyr::to_string_with_options(content, options).unwrap_or_default();
    format!("# {}\n{yaml}", mark.line())
}

/// A text for people: on several lines if it has them, and if every reader takes such a block. Where it would begin with
/// white space, or has tabs, Go's reader does not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0;
        let plain = |c: char| c == '\n' || !c.is_control();
        let body = text.strip_suffix('\n').unwrap_or(text);
        if body.contains('\n') && body.trim() == body && body.chars().all(plain) {
            LitStr(text).serialize(serializer)
        } else {
            serializer.serialize_str(text)
        }
    }
}

/// A mapping of texts in a given order.
#[derive(Clone, Debug)]
pub(crate) struct Texts<'a>(pub(crate) &'a [(String, String)]);

impl Texts<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, Text(value))))
    }
}

/// A mapping in a given order.
#[derive(Clone, Debug)]
pub(crate) struct Pairs<'a, T>(pub(crate) &'a [(String, T)]);

impl<T> Pairs<'_, T> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for Pairs<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_texts_are_written_on_several_lines() {
        let pairs = ["a\n  b", "\n\ta", "a\tb\nc", " a\nb", "a\n", "a\nb\n"]
            .map(|text| ("k".to_owned(), text.to_owned()));
        let mark = Mark {
            spec: "monospec.yaml".to_owned(),
        };
        let written: Vec<String> = pairs
            .iter()
            .map(|pair| file(&mark, &Texts(std::slice::from_ref(pair))))
            .collect();
        let values: Vec<&str> = written
            .iter()
            .filter_map(|file| file.split_once("\nk: "))
            .map(|(_, value)| value)
            .collect();
        assert_eq!(
            values,
            [
                "|-\n  a\n    b\n",
                "\"\\n\\ta\"\n",
                "\"a\\tb\\nc\"\n",
                "\" a\\nb\"\n",
                "\"a\\n\"\n",
                "|\n  a\n  b\n"
            ]
        );
    }
}
