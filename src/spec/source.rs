//! The texts that were read, and places in them as people name them.

use std::ops::Range;

/// Which of the files that were read; the first is the spec itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A stretch of a file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file.
    pub file: FileId,
    /// Bytes of the file's text.
    pub range: Range<usize>,
}

/// One file as it was read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as the user would type it, or `std:NAME` for a built-in catalogue.
    pub name: String,
    /// The text.
    pub text: String,
    line_starts: Vec<usize>,
}

impl SourceFile {
    fn new(name: String, text: String) -> Self {
        // A byte order mark is no part of the first line.
        let first = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let bytes = text.as_bytes();
        let ends = (0..bytes.len()).filter(|at| match bytes[*at] {
            b'\n' => true,
            // YAML's line breaks: https://yaml.org/spec/1.2.2/#54-line-break-characters
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let line_starts = std::iter::once(first)
            .chain(ends.map(|at| at + 1))
            .collect();
        Self {
            name,
            text,
            line_starts,
        }
    }

    /// Line and column of a byte offset, both counted from 1; columns are characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = floor_char_boundary(&self.text, offset).max(self.line_starts[0]);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line - 1];
        (line, self.text[start..offset].chars().count() + 1)
    }

    /// The offset, or the start of the character that it is in.
    #[cfg(feature = "monitoring")]
    pub(crate) fn floor(&self, offset: usize) -> usize {
        floor_char_boundary(&self.text, offset)
    }

    /// The bytes of the lines `first..=last`, counted from 1, without the last line's end.
    pub(crate) fn lines(&self, first: usize, last: usize) -> Range<usize> {
        let start = self.line_starts[first.clamp(1, self.line_starts.len()) - 1];
        let end = match self.line_starts.get(last) {
            Some(next) => {
                let line = &self.text[..*next];
                line.strip_suffix("\r\n").map_or(next - 1, str::len)
            }
            None => self.text.len(),
        };
        start..end.max(start)
    }
}

pub(super) fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// All files of one run, in the order in which they were read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file.
    pub(crate) fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile::new(name.into(), text.into()));
        id
    }

    /// The file with this id.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The text at a location.
    pub fn text(&self, location: &Location) -> &str {
        let text = &self.file(location.file).text;
        text.get(location.range.clone()).unwrap_or_default()
    }

    /// Every file, the spec itself first.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_from_one() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "ü: 1\nkey: \"ä\"");
        let file = sources.file(id);
        assert_eq!(file.line_column(0), (1, 1));
        assert_eq!(file.line_column(2), (1, 2));
        assert_eq!(file.line_column(6), (2, 1));
        assert_eq!(file.line_column(14), (2, 8));
        assert_eq!(file.line_column(999), (2, 9));
        assert_eq!(&file.text[file.lines(1, 1)], "ü: 1");
        assert_eq!(&file.text[file.lines(1, 2)], "ü: 1\nkey: \"ä\"");
    }

    #[test]
    fn lines_end_as_yaml_says_and_a_byte_order_mark_is_of_none() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "\u{feff}a: 1\r\nb: 2\rc: 3");
        let file = sources.file(id);
        assert_eq!(file.line_column(0), (1, 1));
        assert_eq!(file.line_column(3), (1, 1));
        assert_eq!(file.line_column(6), (1, 4));
        assert_eq!(file.line_column(9), (2, 1));
        assert_eq!(file.line_column(15), (3, 2));
        let lines: Vec<_> = (1..=3).map(|n| &file.text[file.lines(n, n)]).collect();
        assert_eq!(lines, ["a: 1", "b: 2", "c: 3"]);
    }
}
