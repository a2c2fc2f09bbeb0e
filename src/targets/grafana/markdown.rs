//! Descriptions of panels, which are Markdown.
//!
//! Grafana replaces variables before it reads the Markdown: what looks like one is written as a character reference, which is
//! undone only afterwards.

use crate::model::interpolation::references;

/// The same Markdown, in which Grafana finds no variable.
pub(super) fn without_variables(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (plain, code) = next_code(rest);
        refer(plain, &mut out);
        // In code a character reference would be shown as it is written: HTML says the same in another way.
        match references(code.whole).is_empty() {
            true => out.push_str(code.whole),
            false => {
                out.push_str("<code>");
                refer(&html(code.inside), &mut out);
                out.push_str("</code>");
            }
        }
        rest = &rest[plain.len() + code.whole.len()..];
    }
    out
}

/// Copies a text, with the first character of every variable as a reference.
fn refer(text: &str, out: &mut String) {
    let mut copied = 0;
    for found in references(text) {
        let start = found.range.start;
        let before = &text[copied..start];
        let escapes = before.len() - before.trim_end_matches('\\').len();
        // A backslash would escape the reference.
        out.push_str(&before[..before.len() - escapes % 2]);
        out.push_str(match text.as_bytes()[start] {
            b'$' => "&#36;",
            _ => "&#91;",
        });
        copied = start + 1;
    }
    out.push_str(&text[copied..]);
}

/// Code in backticks.
#[derive(Clone, Copy)]
struct Code<'t> {
    whole: &'t str,
    inside: &'t str,
}

/// What comes before the first code of a text, and the code; none at the end.
fn next_code(text: &str) -> (&str, Code<'_>) {
    let run = |from: usize| text[from..].bytes().take_while(|&b| b == b'`').count();
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let open = at + found;
        let fence = run(open);
        let inside = open + fence;
        let mut close = inside;
        while let Some(found) = text[close..].find('`') {
            close += found;
            let length = run(close);
            if length == fence {
                let code = Code {
                    whole: &text[open..close + fence],
                    inside: text[inside..close].trim(),
                };
                return (&text[..open], code);
            }
            close += length;
        }
        at = inside;
    }
    let none = Code {
        whole: "",
        inside: "",
    };
    (text, none)
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_become_text() {
        for (text, written) in [
            ("5 $ of $5", "5 $ of $5"),
            ("What $job does.", "What &#36;job does."),
            ("${job:raw} and [[job]]", "&#36;{job:raw} and &#91;[job]]"),
            ("\\$job \\\\$job", "&#36;job \\\\&#36;job"),
            ("`a` $job `b` ` c", "`a` &#36;job `b` ` c"),
            ("As `$job` says", "As <code>&#36;job</code> says"),
            ("`` `<$job>` ``", "<code>`&lt;&#36;job&gt;`</code>"),
            ("a ` b $job", "a ` b &#36;job"),
        ] {
            assert_eq!(without_variables(text), written);
            assert_eq!(references(&without_variables(text)), []);
        }
    }
}
