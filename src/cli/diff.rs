//! The difference between a file and what it should be.

use std::time::Duration;

use similar::TextDiff;

use super::output::{BAD, GOOD, NOTE, STRONG};

/// Lines of one file that are shown to people; the rest is counted.
const SHOWN: usize = 200;

/// Beyond this, the shortest difference is not worth the wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// A unified diff with three lines of context; nothing if one of the sides is not text.
pub(super) fn unified(path: &str, old: &[u8], new: &[u8]) -> Option<String> {
    let text = |bytes| {
        str::from_utf8(bytes)
            .ok()
            .filter(|text| !text.contains('\0'))
    };
    let (old, new) = (text(old)?, text(new)?);
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(old, new);
    let diff = diff
        .unified_diff()
        .context_radius(3)
        .header(path, &format!("{path} (generated)"))
        .to_string();
    Some(diff)
}

/// A diff as a terminal shows it: coloured, cut where it gets long, and with nothing in it that moves the cursor.
pub(super) fn styled(diff: &str) -> String {
    let mut text = String::new();
    let mut lines = diff.split_terminator('\n');
    for (i, line) in lines.by_ref().take(SHOWN).enumerate() {
        let style = match line.as_bytes().first() {
            _ if i < 2 => STRONG,
            Some(b'+') => GOOD,
            Some(b'-') => BAD,
            Some(b'@') => NOTE,
            _ => Default::default(),
        };
        text.push_str(&format!("{style}{}{style:#}\n", visible(line)));
    }
    match lines.count() {
        0 => {}
        1 => text.push_str("… and 1 more line\n"),
        more => text.push_str(&format!("… and {more} more lines\n")),
    }
    text
}

/// Control characters by their escapes; among them the one that ends a line on Windows.
fn visible(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for c in line.chars() {
        if c.is_control() && c != '\t' {
            text.extend(c.escape_default());
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let diff = unified("a.yml", old.as_bytes(), new.as_bytes()).expect("text");
        anstream::adapter::strip_str(&styled(&diff)).to_string()
    }

    #[test]
    fn a_diff_names_both_sides() {
        assert_eq!(
            shown("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nfive\n6\n"),
            "--- a.yml\n+++ a.yml (generated)\n@@ -2,5 +2,5 @@\n 2\n 3\n 4\n-5\n+five\n 6\n"
        );
    }

    #[test]
    fn the_end_of_the_file_and_of_lines_can_be_seen() {
        let text = shown("a\r\n", "a\n");
        assert!(text.ends_with("-a\\r\n+a\n"), "{text}");
        let text = shown("a", "a\n");
        assert!(
            text.contains("-a\n\\ No newline at end of file\n+a\n"),
            "{text}"
        );
        let text = shown("\u{1b}[2J\n", "");
        assert!(text.ends_with("-\\u{1b}[2J\n"), "{text}");
    }

    #[test]
    fn what_is_not_text_has_no_diff() {
        assert_eq!(unified("a", b"\xff", b"a"), None);
        assert_eq!(unified("a", b"a", b"a\0b"), None);
    }

    #[test]
    fn a_long_diff_is_cut() {
        let long = "x\n".repeat(1000);
        let text = shown("", &long);
        assert_eq!(text.lines().count(), SHOWN + 1);
        assert!(text.ends_with("… and 803 more lines\n"), "{text}");
    }
}
