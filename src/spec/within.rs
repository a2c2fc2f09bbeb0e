//! From a part of a decoded scalar back to the bytes that wrote it.

use std::ops::Range;

use super::yaml::{Scalar, Style};

/// The bytes of `source` that wrote `part` of the scalar's text; the whole scalar where the two cannot be aligned.
pub(crate) fn source_range(
    source: &str,
    written: &Range<usize>,
    scalar: &Scalar,
    part: &Range<usize>,
) -> Range<usize> {
    let text = &source[written.clone()];
    align(text, scalar)
        .and_then(|offsets| {
            let start = *offsets.get(part.start)?;
            // The end of the last character, not the start of the next: between the two may lie a line's indentation.
            let end = match scalar.text.get(..part.end)?.chars().next_back() {
                Some(last) if part.end > part.start => {
                    let begin = offsets[part.end - last.len_utf8()];
                    begin
                        + match one(text.get(begin..)?, last, scalar.style, 0)? {
                            (0, escape) if !last.is_whitespace() => escape,
                            _ => last.len_utf8(),
                        }
                }
                _ => start,
            };
            Some(written.start + start..written.start + end.max(start))
        })
        .unwrap_or_else(|| written.clone())
}

/// The bytes of `source` that wrote `part` of a key.
pub(crate) fn key_range(
    source: &str,
    written: &Range<usize>,
    name: &str,
    part: &Range<usize>,
) -> Range<usize> {
    let style = match source.as_bytes().get(written.start) {
        Some(b'\'') => Style::SingleQuoted,
        Some(b'"') => Style::DoubleQuoted,
        _ => Style::Plain,
    };
    let text = name.to_owned();
    source_range(source, written, &Scalar { text, style }, part)
}

/// For every byte of the decoded text, the offset in what was written; one more for the end.
fn align(written: &str, scalar: &Scalar) -> Option<Vec<usize>> {
    let mut offsets = vec![0; scalar.text.len() + 1];
    let mut at = match scalar.style {
        Style::Plain => 0,
        Style::SingleQuoted | Style::DoubleQuoted => 1,
        // After the header line: `|`, `>-`, `|2+ # comment`.
        Style::Literal | Style::Folded => {
            let text = written.trim_start_matches([
                '|', '>', '+', '-', ' ', '1', '2', '3', '4', '5', '6', '7', '8', '9',
            ]);
            let header = written.len() - text.len();
            if written.starts_with(['|', '>']) {
                header + text.find('\n')? + 1
            } else {
                0
            }
        }
    };
    // In a block, what is left of a line's indentation after the block's own belongs to the text.
    let mut indent = usize::MAX;
    if matches!(scalar.style, Style::Literal | Style::Folded) {
        let first = written
            .get(at..)?
            .lines()
            .find(|line| !line.trim().is_empty())?;
        let decoded = scalar.text.lines().find(|line| !line.trim().is_empty())?;
        indent = indentation(first).checked_sub(indentation(decoded))?;
        at += indentation(&written[at..]).min(indent);
    }
    for (i, c) in scalar.text.char_indices() {
        let rest = written.get(at..)?;
        let (skip, length) = one(rest, c, scalar.style, indent)?;
        at += skip;
        offsets[i..i + c.len_utf8()].fill(at);
        at += length;
    }
    offsets[scalar.text.len()] = at;
    Some(offsets)
}

/// How many bytes to pass over, and how many wrote this character.
fn one(rest: &str, c: char, style: Style, indent: usize) -> Option<(usize, usize)> {
    if style == Style::DoubleQuoted && rest.starts_with('\\') {
        let mut chars = rest.char_indices().skip(1);
        let (_, kind) = chars.next()?;
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            '\n' => {
                // An escaped line break writes nothing.
                let skip = 2 + rest[2..].len() - rest[2..].trim_start_matches([' ', '\t']).len();
                let (more, length) = one(&rest[skip..], c, style, indent)?;
                return Some((skip + more, length));
            }
            _ => 0,
        };
        return Some((0, 1 + kind.len_utf8() + digits));
    }
    if style == Style::SingleQuoted && c == '\'' {
        return rest.starts_with("''").then_some((0, 2));
    }
    // A line break in the source: a folded one reads as a space, a kept one as itself; then comes indentation.
    let broken = rest.trim_start_matches([' ', '\t']);
    if (c == ' ' || c == '\n') && broken.starts_with(['\n', '\r']) {
        let before = rest.len() - broken.len();
        let line_break = if broken.starts_with("\r\n") { 2 } else { 1 };
        let after = indentation(&broken[line_break..]).min(indent);
        return Some((before, line_break + after));
    }
    let next = rest.chars().next()?;
    if next == c {
        return Some((0, c.len_utf8()));
    }
    // Further line breaks of a fold, already read as one.
    let skipped = rest.trim_start_matches([' ', '\t', '\n', '\r']);
    skipped
        .starts_with(c)
        .then(|| (rest.len() - skipped.len(), c.len_utf8()))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::super::source::FileId;
    use super::super::yaml::{self, NodeIds, Value};
    use super::*;

    /// Every word of the decoded text is found again in the source.
    fn words_align(source: &str) {
        let root = yaml::parse(FileId(0), source, &mut NodeIds::default(), &mut Vec::new())
            .expect("valid YAML");
        let node = &root.entry("k").expect("k").value;
        let Value::Scalar(scalar) = &node.value else {
            panic!("a scalar")
        };
        for (start, word) in scalar.text.match_indices(char::is_alphanumeric) {
            let range = source_range(
                source,
                &node.location.range,
                scalar,
                &(start..start + word.len()),
            );
            assert_eq!(&source[range], word, "{source:?} at {start}");
        }
    }

    #[test]
    fn every_style_is_aligned() {
        words_align("k: sum(rate(a[5m])) > 1\n");
        words_align("k: 'say ''yes'' to é'\n");
        words_align("k: \"a\\\"b\\\"c \\\\ d {x=\\\"y\\\"}\"\n");
        words_align("k: a\n   b\n   c\n");
        words_align("k: |\n  sum by (job) (\n    rate(a[5m])\n  )\nz: 1\n");
        words_align("k: >-\n  sum by (job)\n  (rate(a[5m]))\n\n  > 1\nz: 1\n");
        words_align("k: \"a \\\n   b\"\n");
        words_align("k: |2-\n    x\n  y\n");
        words_align("k: 'a\n  b'\r\n");
    }

    #[test]
    fn a_word_of_a_block_has_its_own_place() {
        let source = "k: |\n  up ==\n    down\n";
        let root = yaml::parse(FileId(0), source, &mut NodeIds::default(), &mut Vec::new())
            .expect("valid YAML");
        let node = &root.entry("k").expect("k").value;
        let Value::Scalar(scalar) = &node.value else {
            panic!("a scalar")
        };
        let at = scalar.text.find("down").expect("down");
        let range = source_range(source, &node.location.range, scalar, &(at..at + 4));
        assert_eq!(
            range,
            source.find("down").map(|at| at..at + 4).expect("down")
        );
    }
}
