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
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            name,
            text,
            line_starts,
        }
    }

    /// Line and column of a byte offset, both counted from 1; columns are characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = floor_char_boundary(&self.text, offset);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line - 1];
        let column = self.text[start..offset]
            .chars()
            .filter(|c| *c != '\u{feff}')
            .count();
        (line, column + 1)
    }

    /// The bytes of the lines `first..=last`, counted from 1, without the last line's end.
    pub(crate) fn lines(&self, first: usize, last: usize) -> Range<usize> {
        let start = self.line_starts[first.clamp(1, self.line_starts.len()) - 1];
        let end = match self.line_starts.get(last) {
            Some(next) => next - 1,
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
}
