//! Go templates in texts: what Prometheus would refuse to load, or would send as an error in place of the text, is found here
//! with its place.

mod calls;
mod functions;
mod tokens;
mod types;

use std::ops::Range;

use self::calls::Reader;
use self::tokens::{Token, tokens};

/// Variables that [Prometheus declares](https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#templating).
const VARIABLES: &[&str] = &["$", "$labels", "$value", "$externalLabels", "$externalURL"];

/// What [the template of an alert](https://github.com/prometheus/prometheus/blob/v2.42.0/template/template.go) is given.
const FIELDS: &[&str] = &[".Labels", ".ExternalLabels", ".ExternalURL", ".Value"];

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
    open: Vec<Block>,
    /// Variables that the text declares itself, up to the end of the block in which it does.
    declared: Vec<String>,
    /// What it defines.
    defined: Vec<String>,
}

struct Block {
    range: Range<usize>,
    keyword: &'static str,
    /// How many variables were declared before.
    outside: usize,
    has_else: bool,
}

/// What is wrong.
pub(super) struct Problem {
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    pub(super) message: String,
    /// What could have been meant by a word.
    pub(super) known: Vec<&'static str>,
    pub(super) help: Option<String>,
}

impl Problem {
    fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            known: Vec::new(),
            help: None,
        }
    }

    fn known(mut self, known: impl IntoIterator<Item = &'static str>) -> Self {
        self.known = known.into_iter().collect();
        self
    }

    fn help(mut self, help: String) -> Self {
        self.help = Some(help);
        self
    }
}

/// What is to be said about an action.
#[derive(Default)]
pub(super) struct Found {
    pub(super) problems: Vec<Problem>,
    /// Labels of the alert that it reads, and where.
    pub(super) labels: Vec<(Range<usize>, String)>,
    /// Functions that make a text of the alert's value, and where.
    pub(super) formatted: Vec<(Range<usize>, &'static str)>,
}

/// Words that begin a block.
const BLOCKS: &[&str] = &["if", "range", "with", "define", "block"];

impl Checker {
    /// Looks at one action.
    pub(super) fn check(&mut self, action: &Action<'_>) -> Found {
        let mut found = Found::default();
        if action.inside.starts_with("/*") {
            return found;
        }
        let all: Vec<_> = tokens(action.inside)
            .map(|(range, token)| (action.start + range.start..action.start + range.end, token))
            .collect();
        let whole = || action.range.clone();
        let Some((range, first)) = all.first().cloned() else {
            let nothing = Problem::new(whole(), "there is nothing between the braces");
            found.problems.push(nothing);
            return found;
        };
        let mut rest = &all[1..];
        // The dot that the pipeline sees is the one before the block.
        let mut rebound = self.is_rebound();
        match first {
            Token::Word("end") => {
                match self.open.pop() {
                    Some(block) => self.declared.truncate(block.outside),
                    None => found
                        .problems
                        .push(Problem::new(range, "`end` ends nothing")),
                }
                return found;
            }
            Token::Word("else") => {
                let Some(block) = self.open.last_mut() else {
                    found
                        .problems
                        .push(Problem::new(range, "`else` belongs to no `if`"));
                    return found;
                };
                block.keyword = "if"; // here the dot is what it was before the block
                if block.has_else {
                    let message = "a block has one `else`";
                    found.problems.push(Problem::new(range, message));
                    return found;
                }
                block.has_else = rest.is_empty();
                match rest.first() {
                    Some((_, Token::Word("if"))) => {
                        rest = &rest[1..];
                        rebound = self.is_rebound();
                    }
                    Some((range, Token::Word("with"))) => {
                        let message = "`else with` is not known to every Prometheus";
                        let help = "`{{ else }}{{ with … }} … {{ end }}{{ end }}` is".to_owned();
                        let problem = Problem::new(range.clone(), message).help(help);
                        found.problems.push(problem);
                        return found;
                    }
                    _ => return found,
                }
            }
            Token::Word("break" | "continue") => {
                if !self.open.iter().any(|block| block.keyword == "range") {
                    let message = "this belongs into a `range`";
                    found.problems.push(Problem::new(range, message));
                }
                return found;
            }
            Token::Word(word @ ("if" | "range" | "with" | "define" | "block" | "template")) => {
                if let Some(keyword) = BLOCKS.iter().find(|keyword| **keyword == word) {
                    self.open.push(Block {
                        range: whole(),
                        keyword,
                        outside: self.declared.len(),
                        has_else: false,
                    });
                }
                if matches!(word, "define" | "block" | "template")
                    && let Some((range, Token::Literal(name))) = rest.first().cloned()
                {
                    if word != "template" {
                        self.defined.push(name.to_owned());
                    } else if !self.defined.iter().any(|defined| defined == name) {
                        let message = format!("no template is called {name}");
                        found.problems.push(Problem::new(range, message));
                    }
                    rest = &rest[1..];
                    if rest.is_empty() {
                        return found;
                    }
                } else if rest.is_empty() {
                    let message = format!("`{word}` of what?");
                    found.problems.push(Problem::new(whole(), message));
                }
            }
            _ => rest = &all,
        }
        let of_range = matches!(first, Token::Word("range"));
        if let (true, [(range, Token::Literal(_))]) = (of_range, rest) {
            let message = "not every Prometheus goes through a number or text";
            found.problems.push(Problem::new(range.clone(), message));
        }
        let mut reader = Reader {
            tokens: self.declare(rest, of_range, &mut found),
            declared: &self.declared,
            // What is defined sees the dot that it is given, and `$` is that, too.
            own: self.open.iter().any(|block| block.keyword == "define"),
            rebound,
            found: &mut found,
        };
        reader.pipeline();
        while let Some((range, _)) = reader.tokens.first().cloned() {
            let message = "`)` closes nothing";
            reader.found.problems.push(Problem::new(range, message));
            reader.tokens = &reader.tokens[1..];
            reader.pipeline();
        }
        found
    }

    /// Whether the dot is another one than at the start of the text.
    fn is_rebound(&self) -> bool {
        self.open.iter().any(|block| block.keyword != "if")
    }

    /// What follows a declaration, `$i, $x := …` or `$x = …`.
    fn declare<'a, 't>(
        &mut self,
        tokens: &'a [(Range<usize>, Token<'t>)],
        of_range: bool,
        found: &mut Found,
    ) -> &'a [(Range<usize>, Token<'t>)] {
        let (names, sign) = match tokens {
            [
                (_, Token::Variable(name)),
                (_, Token::Sign(sign @ (":=" | "="))),
                ..,
            ] => (vec![*name], *sign),
            [
                (_, Token::Variable(index)),
                (_, Token::Sign(",")),
                (_, Token::Variable(item)),
                (_, Token::Sign(sign @ (":=" | "="))),
                ..,
            ] => (vec![*index, *item], *sign),
            _ => return tokens,
        };
        let length = names.len() * 2;
        if length > 2 && !of_range {
            let message = "only a `range` declares two";
            let range = tokens[2].0.clone();
            found.problems.push(Problem::new(range, message));
        }
        for (i, name) in names.into_iter().enumerate() {
            if sign == ":=" {
                self.declared.push(name.to_owned());
            } else if !self.declared.iter().any(|declared| declared == name) {
                let message = format!("`{name}` is not declared: that is `:=`");
                found
                    .problems
                    .push(Problem::new(tokens[i * 2].0.clone(), message));
            }
        }
        &tokens[length..]
    }

    /// What is still open at the end of the text.
    pub(super) fn finish(self) -> Vec<Problem> {
        self.open
            .into_iter()
            .map(|block| Problem::new(block.range, "this has no `{{ end }}`"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn text_that_is_no_template_is_made_harmless() {
        assert_eq!(literal("a {{ b }}"), "a {{ \"{{\" }} b }}");
    }
}
