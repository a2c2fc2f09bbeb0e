//! Go templates in texts: what Prometheus would refuse to load is found here, with its place.

use std::ops::Range;

/// [Functions of Prometheus 2.42](https://prometheus.io/docs/prometheus/2.42/configuration/template_reference/), and those of
/// [Go](https://pkg.go.dev/text/template#hdr-Functions).
const FUNCTIONS: &[&str] = &[
    "query",
    "first",
    "label",
    "value",
    "strvalue",
    "args",
    "reReplaceAll",
    "safeHtml",
    "match",
    "title",
    "toUpper",
    "toLower",
    "graphLink",
    "tableLink",
    "sortByLabel",
    "stripPort",
    "stripDomain",
    "humanize",
    "humanize1024",
    "humanizeDuration",
    "humanizePercentage",
    "humanizeTimestamp",
    "toTime",
    "pathPrefix",
    "externalURL",
    "parseDuration",
    "tmpl",
    "and",
    "call",
    "html",
    "index",
    "slice",
    "js",
    "len",
    "not",
    "or",
    "print",
    "printf",
    "println",
    "urlquery",
    "eq",
    "ge",
    "gt",
    "le",
    "lt",
    "ne",
    "nil",
    "true",
    "false",
    "break",
    "continue",
];

/// Variables that Prometheus declares.
const VARIABLES: &[&str] = &["$", "$labels", "$value", "$externalLabels", "$externalURL"];

/// Text that was never meant as a template, made harmless.
pub(super) fn literal(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

/// An action `{{ … }}`.
pub(super) struct Action<'t> {
    /// Bytes of the text, braces included.
    pub(super) range: Range<usize>,
    /// What is between the braces, trim markers left out.
    pub(super) inside: &'t str,
    /// Where that begins in the text.
    pub(super) start: usize,
}

/// The action that begins at `at`; nothing if it is never closed.
pub(super) fn action(text: &str, at: usize) -> Option<Action<'_>> {
    let body = &text[at + 2..];
    let mut quote = None;
    let mut chars = body.char_indices();
    let end = loop {
        let (i, c) = chars.next()?;
        match (quote, c) {
            (Some('"'), '\\') => {
                chars.next();
            }
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(c),
            (None, '}') if body[i..].starts_with("}}") => break i,
            (None, _) => {}
        }
    };
    let mut inside = &body[..end];
    let mut start = at + 2;
    if let Some(trimmed) = inside.strip_prefix("- ") {
        inside = trimmed;
        start += 2;
    }
    Some(Action {
        range: at..at + 2 + end + 2,
        inside: inside.strip_suffix(" -").unwrap_or(inside),
        start,
    })
}

/// Follows the actions of one text.
#[derive(Default)]
pub(super) struct Checker {
    /// Blocks that wait for their `end`.
    open: Vec<Range<usize>>,
    /// Variables that the text declares itself.
    declared: Vec<String>,
}

/// What is wrong: bytes of the text, a message, and the functions to suggest from if it is about one.
pub(super) type Problem = (Range<usize>, String, &'static [&'static str]);

impl Checker {
    /// Looks at one action.
    pub(super) fn check(&mut self, action: &Action<'_>) -> Vec<Problem> {
        let mut problems: Vec<Problem> = Vec::new();
        if action.inside.trim_start().starts_with("/*") {
            return problems;
        }
        let mut first = true;
        let mut keyword = None;
        let mut words = 0;
        let mut parentheses = 0_usize;
        let mut tokens = tokens(action.inside).peekable();
        while let Some((range, token)) = tokens.next() {
            let place = action.start + range.start..action.start + range.end;
            words += 1;
            match token {
                Token::Word(word) => match word {
                    "if" | "range" | "with" | "define" | "block" if first => {
                        keyword = Some(word);
                        self.open.push(action.range.clone());
                    }
                    "template" if first => keyword = Some(word),
                    "if" | "with" if keyword == Some("else") => {}
                    "else" if first => {
                        keyword = Some(word);
                        if self.open.is_empty() {
                            problems.push((place, "`else` belongs to no `if`".to_owned(), &[]));
                        }
                    }
                    "end" if first => {
                        if self.open.pop().is_none() {
                            problems.push((place, "`end` ends nothing".to_owned(), &[]));
                        }
                    }
                    word if FUNCTIONS.contains(&word) => {}
                    word => problems.push((
                        place,
                        format!("templates have no function `{word}`"),
                        FUNCTIONS,
                    )),
                },
                Token::Variable(name) => {
                    if matches!(tokens.peek(), Some((_, Token::Other(":=" | "=" | ",")))) {
                        self.declared.push(name.to_owned());
                    }
                    if !VARIABLES.contains(&name) && !self.declared.iter().any(|d| d == name) {
                        problems.push((
                            place,
                            format!("templates have no variable `{name}`"),
                            VARIABLES,
                        ));
                    }
                }
                Token::Unknown => {
                    problems.push((place, "this means nothing in a template".to_owned(), &[]));
                }
                Token::Other("(") => parentheses += 1,
                Token::Other(")") => match parentheses.checked_sub(1) {
                    Some(open) => parentheses = open,
                    None => problems.push((place, "`)` closes nothing".to_owned(), &[])),
                },
                Token::Other(_) => {}
            }
            first = false;
        }
        if parentheses > 0 {
            let message = "a parenthesis is never closed".to_owned();
            problems.push((action.range.clone(), message, &[]));
        }
        match keyword {
            _ if words == 0 => {
                let message = "there is nothing between the braces".to_owned();
                problems.push((action.range.clone(), message, &[]));
            }
            Some(word @ ("if" | "range" | "with")) if words == 1 => {
                problems.push((action.range.clone(), format!("`{word}` of what?"), &[]));
            }
            _ => {}
        }
        problems
    }

    /// What is still open at the end of the text.
    pub(super) fn finish(self) -> Vec<Problem> {
        self.open
            .into_iter()
            .map(|range| (range, "this has no `{{ end }}`".to_owned(), &[] as _))
            .collect()
    }
}

enum Token<'t> {
    Word(&'t str),
    /// `$name`, without its fields.
    Variable(&'t str),
    /// Fields, strings, numbers and signs.
    Other(&'t str),
    Unknown,
}

fn tokens(text: &str) -> impl Iterator<Item = (Range<usize>, Token<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let rest = rest.trim_start();
        let start = text.len() - rest.len();
        let first = rest.chars().next()?;
        let name = |from: usize| {
            rest[from..]
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .map_or(rest.len(), |end| from + end)
        };
        let (length, token) = match first {
            '"' | '`' => {
                let mut escaped = false;
                let end = rest[1..]
                    .find(|c: char| {
                        let ends = c == first && !escaped;
                        escaped = first == '"' && c == '\\' && !escaped;
                        ends
                    })
                    .map_or(rest.len(), |end| end + 2);
                (end, Token::Other(&rest[..end]))
            }
            '\'' => {
                let end = rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
                (end, Token::Other(&rest[..end]))
            }
            '$' => {
                let end = name(1);
                (end, Token::Variable(&rest[..end]))
            }
            '.' => {
                let end = name(1);
                (end, Token::Other(&rest[..end]))
            }
            ':' if rest.starts_with(":=") => (2, Token::Other(&rest[..2])),
            '|' | '(' | ')' | ',' | '=' => (1, Token::Other(&rest[..1])),
            c if c.is_ascii_digit() || matches!(c, '-' | '+') => {
                let end = rest[1..]
                    .find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_')))
                    .map_or(rest.len(), |end| end + 1);
                (end, Token::Other(&rest[..end]))
            }
            c if c.is_alphabetic() || c == '_' => {
                let end = name(0);
                (end, Token::Word(&rest[..end]))
            }
            c => (c.len_utf8(), Token::Unknown),
        };
        at = start + length;
        Some((start..at, token))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let mut checker = Checker::default();
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(open) = text[at..].find("{{") {
            let action = action(text, at + open).expect("closed");
            found.extend(checker.check(&action));
            at = action.range.end;
        }
        found.extend(checker.finish());
        found
            .into_iter()
            .map(|(range, message, _)| format!("{}: {message}", &text[range]))
            .collect()
    }

    #[test]
    fn what_prometheus_loads_is_left_alone() {
        for text in [
            "{{ $value | humanize }} of {{ $labels.x }}",
            "{{- if gt $value 0.5 -}} high {{ else if eq $labels.job \"a\" }} x {{ else }} low {{- end }}",
            "{{ with query \"up{job=\\\"x\\\"}\" }}{{ . | first | value | printf \"%.1f\" }}{{ end }}",
            "{{ range $i, $s := query `ALERTS` }}{{ $i }} {{ $s.Labels.job }} {{ .Value }}{{ end }}",
            "{{ $x := 1 }}{{ $x }} {{/* a comment */}} {{ \"}}\" }} {{ printf \"%c\" 'x' }}",
            "{{ (index $labels \"a-b\") }} {{ .Labels.job }}",
        ] {
            assert_eq!(problems(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_prometheus_refuses_is_found() {
        for (text, problem) in [
            (
                "{{ $value | humanzie }}",
                "humanzie: templates have no function `humanzie`",
            ),
            ("{{ nope }}", "nope: templates have no function `nope`"),
            (
                "{{ $lables.x }}",
                "$lables: templates have no variable `$lables`",
            ),
            ("{{ }}", "{{ }}: there is nothing between the braces"),
            ("{{ if }}{{ end }}", "{{ if }}: `if` of what?"),
            ("{{ if true }}", "{{ if true }}: this has no `{{ end }}`"),
            ("{{ end }}", "end: `end` ends nothing"),
            ("{{ $value % 2 }}", "%: this means nothing in a template"),
            (
                "{{ ($value }}",
                "{{ ($value }}: a parenthesis is never closed",
            ),
            ("{{ $value) }}", "): `)` closes nothing"),
        ] {
            assert_eq!(problems(text), [problem], "{text}");
        }
    }

    #[test]
    fn text_that_is_no_template_is_made_harmless() {
        assert_eq!(literal("a {{ b }}"), "a {{ \"{{\" }} b }}");
        assert_eq!(problems(&literal("a {{ b }} {{{")), Vec::<String>::new());
    }
}
