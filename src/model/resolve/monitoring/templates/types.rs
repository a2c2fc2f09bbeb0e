//! What functions are given: Prometheus finds out when an alert fires that a number is no text.

use super::Problem;
use super::calls::{Kind, Operand, Reader};

/// Types that Go keeps apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Basic {
    Whole,
    Decimal,
    Text,
    List,
}

impl Basic {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Whole => "a whole number",
            Self::Decimal => "a number with decimals",
            Self::Text => "a text",
            Self::List => "a list of samples",
        }
    }
}

impl<'t> Reader<'_, 't> {
    /// Whether a function is given what it is for, as far as that is known. Go
    /// [compares](https://pkg.go.dev/text/template#hdr-Functions) numbers with and without decimals with their own kind only.
    pub(super) fn check_types(
        &mut self,
        function: &str,
        arguments: &[Operand<'t>],
        piped: Option<&Operand<'t>>,
    ) -> bool {
        let all: Vec<_> = arguments.iter().chain(piped).collect();
        let basics = all.iter().map(|operand| operand.kind.basic());
        match function {
            "eq" | "ne" | "lt" | "le" | "gt" | "ge" => {
                let known: Vec<Basic> = basics.flatten().collect();
                let Some((one, other)) = known
                    .first()
                    .and_then(|one| Some((*one, *known.iter().find(|other| *other != one)?)))
                else {
                    return true;
                };
                let whole = all.iter().find_map(|operand| match operand.kind {
                    Kind::Literal(text) if operand.kind.basic() == Some(Basic::Whole) => {
                        Some((operand.range.clone(), text))
                    }
                    _ => None,
                });
                let message = format!("{} is not compared with {}", one.words(), other.words());
                let numbers = [one, other].contains(&Basic::Decimal);
                let problem = match whole {
                    Some((range, text)) if numbers => {
                        Problem::new(range, message).help(format!("write it `{text}.0`"))
                    }
                    _ => Problem::new(all[0].range.clone(), message),
                };
                self.found.problems.push(problem);
                false
            }
            "toUpper" | "toLower" | "title" | "match" | "reReplaceAll" | "stripPort"
            | "stripDomain" | "parseDuration" | "query" => self.expect(&all, Basic::Text),
            "value" | "strvalue" | "humanize" | "humanize1024" | "humanizeDuration"
            | "humanizePercentage" | "humanizeTimestamp" | "toTime" => {
                let list = all
                    .iter()
                    .find(|operand| operand.kind.basic() == Some(Basic::List));
                if let Some(list) = list {
                    let message =
                        format!("`{function}` is for one sample or number, and not for a list");
                    let problem = Problem::new(list.range.clone(), message);
                    let help = "`… | first | value` is the value of the first".to_owned();
                    self.found.problems.push(problem.help(help));
                }
                list.is_none()
            }
            "len" => {
                let number = [Basic::Whole, Basic::Decimal];
                let wrong = basics.flatten().any(|basic| number.contains(&basic));
                if wrong {
                    self.tell(all[0].range.clone(), "a number has no length");
                }
                !wrong
            }
            _ => true,
        }
    }

    fn expect(&mut self, all: &[&Operand<'t>], expected: Basic) -> bool {
        let wrong = all.iter().find_map(|operand| {
            let basic = operand.kind.basic()?;
            (basic != expected).then(|| (operand.range.clone(), basic))
        });
        let Some((range, basic)) = wrong else {
            return true;
        };
        let message = format!("expected {}, found {}", expected.words(), basic.words());
        self.tell(range, message);
        false
    }

    /// [Verbs](https://pkg.go.dev/fmt#hdr-Printing) of a format: one for each argument, and such as a number with decimals has.
    pub(super) fn check_format(&mut self, arguments: &[Operand<'t>], piped: Option<&Operand<'t>>) {
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
