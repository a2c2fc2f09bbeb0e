//! Pipelines: what is called with what. Prometheus finds out when an alert fires, and then sends an error in place of the text.

use std::ops::Range;

use super::functions::{self, CONSTANTS, Function};
use super::tokens::Token;
use super::types::Basic;
use super::{FIELDS, Found, Problem, VARIABLES};

/// Reads the pipeline of an action.
pub(super) struct Reader<'r, 't> {
    /// What is left, each with its bytes of the text.
    pub(super) tokens: &'r [(Range<usize>, Token<'t>)],
    /// Variables that the text declares itself.
    pub(super) declared: &'r [String],
    /// Whether this is in a `define`, where nothing is declared from outside.
    pub(super) own: bool,
    /// Whether the dot is another one than at the start, as in a `range`.
    pub(super) rebound: bool,
    pub(super) found: &'r mut Found,
}

/// A word of a command: first what is called, then its arguments.
pub(super) struct Operand<'t> {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind<'t>,
}

pub(super) enum Kind<'t> {
    Function(&'static Function),
    /// The value of the expression, a number with decimals.
    Value,
    /// A label of the alert, a text.
    Label,
    /// The result of a query.
    List,
    Constant,
    Nil,
    Literal(&'t str),
    /// A variable or field of which it is not known what it is.
    Other,
    /// A variable that cannot be called, with its fields.
    Plain,
    /// What was reported already.
    Unknown,
}

impl Kind<'_> {
    /// Whether a call of it has several samples as its result.
    fn gives_list(&self) -> bool {
        matches!(self, Self::Function(function) if matches!(function.name, "query" | "sortByLabel"))
    }

    /// What it is, for functions that are particular about it.
    pub(super) fn basic(&self) -> Option<Basic> {
        Some(match self {
            Self::Value => Basic::Decimal,
            Self::Label => Basic::Text,
            Self::Literal(text) if text.starts_with(['"', '`']) => Basic::Text,
            Self::Literal(text) if text.starts_with('\'') => Basic::Whole,
            Self::Literal(text) => match text.contains(['.', 'e', 'E', 'p', 'x', 'X']) {
                true if text.contains(['x', 'X']) && !text.contains(['p', '.']) => Basic::Whole,
                true => Basic::Decimal,
                false => Basic::Whole,
            },
            Self::List => Basic::List,
            _ => return None,
        })
    }
}

impl<'t> Reader<'_, 't> {
    fn next(&mut self) -> Option<(Range<usize>, Token<'t>)> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    pub(super) fn tell(&mut self, range: Range<usize>, message: impl Into<String>) {
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
            let kind = match operands.as_slice() {
                _ if is_told => Kind::Unknown,
                [Operand { kind, .. }, ..] if kind.gives_list() => Kind::List,
                [_] => operands.remove(0).kind,
                _ => Kind::Other,
            };
            piped = Some(Operand { range: at, kind });
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
                let known = VARIABLES.contains(&name) && (!self.own || name == "$");
                if !known && !self.declared.iter().any(|declared| declared == name) {
                    let message = format!("templates have no variable `{name}`");
                    self.found.problems.push(
                        Problem::new(range.clone(), message).known(VARIABLES.iter().copied()),
                    );
                }
                let (end, fields) = self.fields(range.end);
                return Some(Operand {
                    kind: match (name, fields.as_slice()) {
                        _ if !known => Kind::Other,
                        ("$", _) if self.own => Kind::Other,
                        ("$value", []) => Kind::Value,
                        ("$value", [(field, name), ..]) => {
                            self.tell(field.clone(), format!("a number has no `{name}`"));
                            Kind::Unknown
                        }
                        ("$labels", fields) => self.labels(fields),
                        ("$", fields @ [_, ..]) => self.root(fields),
                        _ => Kind::Plain,
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
            return match word {
                "nil" => Kind::Nil,
                _ => Kind::Constant,
            };
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
        let Some((range, name)) = fields.first() else {
            return Kind::Plain;
        };
        let name = name.trim_start_matches('.').to_owned();
        self.found.labels.push((range.start + 1..range.end, name));
        match fields.get(1) {
            Some((range, field)) => {
                self.tell(range.clone(), format!("a text has no `{field}`"));
                Kind::Unknown
            }
            None => Kind::Label,
        }
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
                } else if !self.check_types(function.name, arguments, piped) {
                } else if function.name == "printf" {
                    self.check_format(arguments, piped);
                } else if function.formats()
                    && let Some(Kind::Value) = arguments.last().or(piped).map(|o| &o.kind)
                {
                    let range = head.range.clone();
                    self.found.formatted.push((range, function.name));
                }
            }
            Kind::Nil => self.tell(head.range.clone(), "`nil` is nothing to show or to ask for"),
            Kind::Value | Kind::Label | Kind::Plain | Kind::Constant | Kind::Literal(_)
                if given > 0 =>
            {
                let first = arguments.first().map_or(&head.range, |first| &first.range);
                self.tell(
                    first.start.min(head.range.start)..head.range.end,
                    "this is no function: it takes no arguments",
                );
            }
            _ => {}
        }
    }
}
