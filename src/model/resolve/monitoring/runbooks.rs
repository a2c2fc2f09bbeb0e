//! What the spec says for the pages of alerts: Markdown that stays in its section.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Options, Parser};

use crate::diagnostics::{Finding, Findings};
use crate::model::monitoring::Alert;
use crate::spec::Place;
use crate::spec::document::{Document, Output};

/// A text, if it says something.
pub(super) fn text(written: Option<&str>, at: &Place, findings: &mut Findings) -> Option<String> {
    let text = written?.trim_end();
    if text.trim().is_empty() {
        return None;
    }
    if is_address(text.trim()) {
        findings.push(
            Finding::error(
                "bad-value",
                at.clone(),
                "this is an address, and no text of a page",
            )
            .help("`runbook_url` is where alerts link to"),
        );
    }
    if let Some(range) = unclosed(text) {
        findings.push(
            Finding::error(
                "bad-value",
                at.within(range),
                "what begins here never ends, and would go on to the end of the page",
            )
            .help("close the block of code, or the comment"),
        );
    }
    Some(text.to_owned())
}

/// Alerts of an `outputs.docs` that would share a page where the case of letters does not count: on Windows, and as macOS comes.
pub(super) fn check_pages<'a>(
    document: &Document,
    alerts: impl Iterator<Item = &'a Alert>,
    findings: &mut Findings,
) {
    let outputs = document
        .outputs
        .as_ref()
        .and_then(|outputs| outputs.sound());
    if !matches!(
        outputs.and_then(|it| it.docs.as_ref()),
        Some(Output::Path(_))
    ) {
        return;
    }
    let mut pages: HashMap<String, &Alert> = HashMap::new();
    for alert in alerts {
        let first = *pages.entry(alert.name.to_lowercase()).or_insert(alert);
        if first.name != alert.name {
            findings.push(
                Finding::error(
                    "name-collision",
                    alert.origin.key(),
                    format!(
                        "the pages of `{}` and `{}` are the same file on some systems",
                        first.name, alert.name
                    ),
                )
                .label("the case of letters does not count there")
                .related(first.origin.key(), "the other one")
                .help("rename one"),
            );
        }
    }
}

fn is_address(text: &str) -> bool {
    let scheme = text.starts_with("https://") || text.starts_with("http://");
    scheme && !text.contains(char::is_whitespace)
}

/// The first line of what would take a paragraph behind the text with it: a block of code or of HTML.
fn unclosed(text: &str) -> Option<Range<usize>> {
    const NEXT: &str = "next";
    let page = format!("{text}\n\n{NEXT}");
    let mut depth = 0_usize;
    let mut last = 0;
    for (event, range) in Parser::new_ext(&page, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            pulldown_cmark::Event::Start(_) => {
                if depth == 0 {
                    last = range.start;
                }
                depth += 1;
            }
            pulldown_cmark::Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    let stays = last + NEXT.len() == page.len();
    let line = text[last.min(text.len())..]
        .lines()
        .next()
        .unwrap_or_default();
    (!stays).then(|| last..last + line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_is_found() {
        for (text, begins) in [
            ("Look.\n\n```\nls", "```"),
            ("~~~ sh\nls\n```", "~~~ sh"),
            ("<!-- a\n\nb", "<!-- a"),
            ("<pre>\n\na", "<pre>"),
        ] {
            let range = unclosed(text).expect(text);
            assert_eq!(&text[range], begins);
        }
        for text in [
            "Look.",
            "# A\n\n- b\n  ```\n  c",
            "> ```\n> a",
            "```\nls\n```",
            "    code",
            "<details>\n\n<summary>a</summary>",
            "| a |\n| - |\n| b |",
            "a\n---",
            "[a]: https://example.com",
        ] {
            assert_eq!(unclosed(text), None, "{text}");
        }
    }
}
