//! YAML artefacts: serialised from typed structures, so that no value can break out of its place.

use serde::{Serialize, Serializer};
use serde_saphyr::ser_options;

use crate::artifacts::Mark;

/// A file: the mark, then the content.
pub(crate) fn file<T: Serialize>(mark: &Mark, content: &T) -> String {
    let options = ser_options! {
        compact_list_indent: false,
        // Only what has line breaks of its own is written on several lines.
        min_fold_chars: usize::MAX,
        folded_wrap_chars: usize::MAX,
    };
    // Writing structs of strings, numbers, lists and maps into a string cannot fail.
    let yaml = serde_saphyr::to_string_with_options(content, options).unwrap_or_default();
    format!("# {}\n{yaml}", mark.line())
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
