//! Pipelines: what is called with what. Prometheus finds out when an alert fires, and then sends an error in place of the text.

use std::ops::Range;

use super::functions::{self, CONSTANTS, Function};
use super::tokens::Token;
use super::{FIELDS, Found, Problem, VARIABLES};

/// Reads the pipeline of an action.
pub(super) struct Reader<'r, 't> {
    /// What is left, each with its bytes of the text.
    pub(super) tokens: &'r [(Range<usize>, Token<'t>)],
    /// Variables that the text declares itself.
    pub(super) declared: &'r [String],
    /// Whether the dot is another one than at the start, as in a `range`.
    pub(super) rebound: bool,
    pub(super) found: &'r mut Found,
}

/// A word of a command: first what is called, then its arguments.
struct Operand<'t> {
    range: Range<usize>,
    kind: Kind<'t>,
}

enum Kind<'t> {
    Function(&'static Function),
    /// The value of the expression.
    Value,
    Constant,
    Literal(&'t str),
    /// A variable or field of which it is not known what it is.
    Other,
    /// A variable that cannot be called, with its fields.
    Plain,
    /// What was reported already.
    Unknown,
}

impl<'t> Reader<'_, 't> {
    fn next(&mut self) -> Option<(Range<usize>, Token<'t>)> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    fn tell(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.found.problems.push(Problem::new(range, message));
    }

    /// Commands with `|` between them, up to the end or a closing parenthesis.
    pub(super) fn pipeline(&mut self) {
        let mut piped: Option<Operand<'t>> = None;
        loop {
            let mut operands = self.command();
            let bar = match self.tokens.first() {
                Some((range, Token::Sign("|"))) => Some(range.clone()),
                _ => None,
            };
            if operands.is_empty()
                && let Some(at) = bar.clone()
            {
                self.tell(at, "nothing stands before `|`");
            }
            let problems = self.found.problems.len();
            self.check_call(&operands, piped.as_ref());
            let is_told = self.found.problems.len() > problems;
            let Some(at) = bar else {
                return;
            };
            self.next();
            if matches!(self.tokens.first(), None | Some((_, Token::Sign(")")))) {
                self.tell(at.clone(), "nothing stands behind `|`");
            }
            let only = operands.pop().filter(|_| operands.is_empty());
            piped = Some(match only {
                Some(operand) if !is_told => operand,
                _ => Operand {
                    range: at,
                    kind: if is_told { Kind::Unknown } else { Kind::Other },
                },
            });
        }
    }

    /// The operands of a command.
    fn command(&mut self) -> Vec<Operand<'t>> {
        let mut operands = Vec::new();
        while let Some((_, token)) = self.tokens.first() {
            if matches!(token, Token::Sign("|" | ")")) {
                break;
            }
            operands.extend(self.operand());
        }
        operands
    }

    fn operand(&mut self) -> Option<Operand<'t>> {
        let (range, token) = self.next()?;
        let kind = match token {
            Token::Word(word) => self.word(&range, word),
            Token::Variable(name) => {
                let known = VARIABLES.contains(&name);
                if !known && !self.declared.iter().any(|declared| declared == name) {
                    let message = format!("templates have no variable `{name}`");
                    self.found.problems.push(
                        Problem::new(range.clone(), message).known(VARIABLES.iter().copied()),
                    );
                }
                let (end, fields) = self.fields(range.end);
                return Some(Operand {
                    kind: match (name, fields.as_slice()) {
                        ("$value", []) => Kind::Value,
                        ("$labels", fields) => self.labels(fields),
                        ("$", fields @ [_, ..]) => self.root(fields),
                        _ if known => Kind::Plain,
                        _ => Kind::Other,
                    },
                    range: range.start..end,
                });
            }
            Token::Field(first) => {
                let (end, more) = self.fields(range.end);
                let mut fields = vec![(range.clone(), first)];
                fields.extend(more);
                return Some(Operand {
                    kind: match (self.rebound || first == ".", fields.as_slice()) {
                        (false, fields) => self.root(fields),
                        (true, _) => Kind::Other,
                    },
                    range: range.start..end,
                });
            }
            Token::Literal(text) => Kind::Literal(text),
            Token::Sign("(") => {
                let empty = matches!(self.tokens.first(), Some((_, Token::Sign(")"))));
                if empty {
                    self.tell(range.clone(), "there is nothing between the parentheses");
                }
                self.pipeline();
                match self.next() {
                    Some((closed, _)) => {
                        let (end, _) = self.fields(closed.end);
                        return Some(Operand {
                            range: range.start..end,
                            kind: Kind::Other,
                        });
                    }
                    None => self.tell(range.clone(), "this parenthesis is never closed"),
                }
                Kind::Other
            }
            Token::Sign(_) | Token::Unknown => {
                self.tell(range.clone(), "this means nothing in a template");
                Kind::Unknown
            }
        };
        Some(Operand { range, kind })
    }

    fn word(&mut self, range: &Range<usize>, word: &str) -> Kind<'t> {
        if CONSTANTS.contains(&word) {
            return Kind::Constant;
        }
        functions::find(word).map_or_else(
            || {
                let message = format!("templates have no function `{word}`");
                self.found
                    .problems
                    .push(Problem::new(range.clone(), message).known(functions::names()));
                Kind::Unknown
            },
            Kind::Function,
        )
    }

    /// The fields that follow without a space between.
    fn fields(&mut self, mut end: usize) -> (usize, Vec<(Range<usize>, &'t str)>) {
        let mut fields = Vec::new();
        while let Some((range, Token::Field(name))) = self.tokens.first()
            && range.start == end
            && *name != "."
        {
            end = range.end;
            fields.push((range.clone(), *name));
            self.next();
        }
        (end, fields)
    }

    /// A field of what an alert's template is given.
    fn root(&mut self, fields: &[(Range<usize>, &'t str)]) -> Kind<'t> {
        match fields {
            [(_, ".Value")] => Kind::Value,
            [(_, ".Labels"), labels @ ..] => self.labels(labels),
            [(_, first), ..] if FIELDS.contains(first) => Kind::Plain,
            [(range, first), ..] => {
                let message = format!("there is no `{first}` in the template of an alert");
                self.found
                    .problems
                    .push(Problem::new(range.clone(), message).known(FIELDS.iter().copied()));
                Kind::Unknown
            }
            [] => Kind::Other,
        }
    }

    fn labels(&mut self, fields: &[(Range<usize>, &str)]) -> Kind<'t> {
        if let Some((range, name)) = fields.first() {
            let name = name.trim_start_matches('.').to_owned();
            self.found.labels.push((range.start + 1..range.end, name));
        }
        Kind::Plain
    }

    /// Whether what is called can be, with so many arguments.
    fn check_call(&mut self, operands: &[Operand<'t>], piped: Option<&Operand<'t>>) {
        let Some((head, arguments)) = operands.split_first() else {
            return;
        };
        if operands
            .iter()
            .chain(piped)
            .any(|operand| matches!(operand.kind, Kind::Unknown))
        {
            return;
        }
        for argument in arguments {
            if let Kind::Function(function) = argument.kind
                && !function.takes(0)
            {
                let name = function.name;
                let problem = Problem::new(
                    argument.range.clone(),
                    format!("`{name}` is an argument here, and gets none itself"),
                );
                let help = match (&head.kind, function.formats()) {
                    (Kind::Value, true) => format!("`|` is missing: `$value | {name}`"),
                    _ => format!("a call in a call stands in parentheses: `({name} …)`"),
                };
                self.found.problems.push(problem.help(help));
                return;
            }
        }
        let given = arguments.len() + usize::from(piped.is_some());
        match head.kind {
            Kind::Function(function) => {
                if !function.takes(given) {
                    let name = function.name;
                    let message = match given {
                        0 => format!("`{name}` takes {}, and gets none", function.arity()),
                        _ => format!("`{name}` takes {}, and gets {given}", function.arity()),
                    };
                    let mut problem = Problem::new(head.range.clone(), message);
                    if given == 0 && name == "value" {
                        problem = problem.help("the value of the alert is `$value`".to_owned());
                    } else if given == 0 && function.formats() {
                        problem = problem.help(format!("such as `{{{{ $value | {name} }}}}`"));
                    }
                    self.found.problems.push(problem);
                } else if function.name == "printf" {
                    self.check_format(arguments, piped);
                } else if function.formats()
                    && let Some(Kind::Value) = arguments.last().or(piped).map(|o| &o.kind)
                {
                    let range = head.range.clone();
                    self.found.formatted.push((range, function.name));
                }
            }
            Kind::Value | Kind::Plain | Kind::Constant | Kind::Literal(_) if given > 0 => {
                let first = arguments.first().map_or(&head.range, |first| &first.range);
                self.tell(
                    first.start.min(head.range.start)..head.range.end,
                    "this is no function: it takes no arguments",
                );
            }
            _ => {}
        }
    }

    /// [Verbs](https://pkg.go.dev/fmt#hdr-Printing) of a format: one for each argument, and such as a number with decimals has.
    fn check_format(&mut self, arguments: &[Operand<'t>], piped: Option<&Operand<'t>>) {
        let mut all = arguments.iter().chain(piped);
        let Some(Operand {
            kind: Kind::Literal(format),
            range,
        }) = all.next()
        else {
            return;
        };
        if format.contains(['*', '[']) {
            return; // widths that are arguments, and arguments by number
        }
        let verbs = verbs(format);
        let given: Vec<_> = all.collect();
        if verbs.len() != given.len() {
            let count = |count: usize| match count {
                1 => "one value".to_owned(),
                more => format!("{more} values"),
            };
            let message = format!(
                "the format is for {}, and gets {}",
                count(verbs.len()),
                count(given.len())
            );
            self.tell(range.clone(), message);
            return;
        }
        for (verb, argument) in verbs.into_iter().zip(given) {
            if matches!(argument.kind, Kind::Value)
                && !matches!(
                    verb,
                    'v' | 'f' | 'F' | 'g' | 'G' | 'e' | 'E' | 'b' | 'x' | 'X' | 'T'
                )
            {
                let message = format!("`%{verb}` is not for a number that may have decimals");
                let problem = Problem::new(range.clone(), message)
                    .help("`%.0f` rounds it, `%.2f` shows two decimals".to_owned());
                self.found.problems.push(problem);
            }
        }
    }
}

/// The verbs of a format, without `%%`.
fn verbs(format: &str) -> Vec<char> {
    let mut verbs = Vec::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c == '%' {
            let verb = chars.find(|c| !matches!(c, '0'..='9' | '.' | '+' | '-' | '#' | ' '));
            verbs.extend(verb.filter(|verb| *verb != '%'));
        }
    }
    verbs
}
