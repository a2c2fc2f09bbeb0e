//! The grammar: words to a tree, with places.
//!
//! It takes what any Prometheus takes that monospec writes for, and notes what not every one of them does
//! ([`Places::requirements`]). Kinds are checked on the way ([`super::kinds`]).
//!
//! Source: `promql/parser/generated_parser.y` of Prometheus.

use std::ops::Range;

use super::functions::{self, function};
use super::kinds;
use super::lists::Modifiers;
use super::operators::{AggregateOp, BinaryOp, UNARY};
use super::parse::{MAX_HEIGHT, SyntaxError};
use super::places::Places;
use super::query::{Grouping, Query, ValueKind};
use super::scan::{Kind, Token};
use super::versions::{Availability, Requirement};
use crate::suggest;

/// Keywords that are never a metric's name without quotes.
const NEVER_A_METRIC: &[&str] = &[
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "bool",
    "atan2",
];

/// A query, its places, and what may stand behind it. In boxes where readers call one another: that keeps them small on the stack.
pub(super) struct Part {
    pub(super) query: Query,
    /// The kind of its value.
    pub(super) kind: ValueKind,
    /// The bytes of every query in it, itself first, in the order of [`Query::visit`]. Without parentheses.
    pub(super) nodes: Vec<Range<usize>>,
    /// Its bytes with the parentheses around it.
    pub(super) outer: Range<usize>,
    /// Whether parentheses stand around it: nothing can be added to it then.
    pub(super) closed: bool,
    height: usize,
}

impl Part {
    /// The place of the query itself.
    pub(super) fn place(&self) -> Range<usize> {
        self.nodes.first().unwrap_or(&self.outer).clone()
    }
}

/// Reads an expression, or a lone selector.
pub(super) fn read(
    text: &str,
    tokens: Vec<Token>,
    places: Places,
    only_selector: bool,
) -> Result<(Query, Places), SyntaxError> {
    let mut reader = Reader {
        text,
        tokens,
        at: 0,
        depth: 0,
        places,
    };
    if reader.tokens.is_empty() {
        return Err(SyntaxError::new("there is no expression", 0..text.len()));
    }
    let part = if only_selector {
        reader.lone_selector()?
    } else {
        let part = reader.expression(0)?;
        if reader.at < reader.tokens.len() {
            return Err(reader.unexpected("an operator or the end"));
        }
        part
    };
    reader.places.nodes = part.nodes;
    Ok((part.query, reader.places))
}

pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    depth: usize,
    pub(super) places: Places,
}

impl Reader<'_> {
    pub(super) fn kind(&self) -> Option<&Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.kind(), Some(Kind::Sign(it)) if *it == sign)
    }

    pub(super) fn word_at(&self, at: usize) -> Option<&str> {
        match &self.tokens.get(at)?.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.word_at(self.at)
            .is_some_and(|it| it.eq_ignore_ascii_case(word))
    }

    pub(super) fn accept(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, sign: &str) -> Result<(), SyntaxError> {
        if self.accept(sign) {
            Ok(())
        } else {
            Err(self.unexpected(&format!("`{sign}`")))
        }
    }

    /// The bytes from a token to the last one that was read.
    pub(super) fn since(&self, start: usize) -> Range<usize> {
        let first = self.tokens.get(start).map_or(0, |t| t.range.start);
        let last = self.tokens.get(self.at.saturating_sub(1));
        first..last.map_or(first, |t| t.range.end)
    }

    /// The place of the current token; behind the last one where there is none.
    pub(super) fn here(&self) -> Range<usize> {
        match (self.tokens.get(self.at), self.tokens.last()) {
            (Some(token), _) => token.range.clone(),
            (None, Some(last)) => last.range.end..last.range.end,
            (None, None) => 0..self.text.len(),
        }
    }

    pub(super) fn unexpected(&self, expected: &str) -> SyntaxError {
        let message = match self.tokens.get(self.at) {
            Some(token) => {
                let found = &self.text[token.range.clone()];
                format!("expected {expected}, found `{found}`")
            }
            None => format!("the expression ends where {expected} is expected"),
        };
        SyntaxError::new(message, self.here())
    }

    /// Notes that not every server understands what stands there.
    pub(super) fn require(
        &mut self,
        place: Range<usize>,
        what: impl Into<String>,
        availability: Availability,
    ) {
        if availability != Availability::Always {
            self.places.requirements.push(Requirement {
                place,
                what: what.into(),
                availability,
            });
        }
    }

    /// One level deeper, unless that is too deep for the stack.
    fn deeper(&self, height: usize, place: Range<usize>) -> Result<(), SyntaxError> {
        if height <= MAX_HEIGHT {
            return Ok(());
        }
        let message = format!("more than {MAX_HEIGHT} operations inside one another");
        Err(SyntaxError::new(message, place))
    }

    /// A query that was made of others, which stand in it in this order.
    pub(super) fn part(
        &self,
        place: Range<usize>,
        query: Query,
        kind: ValueKind,
        inside: impl IntoIterator<Item = Inside>,
    ) -> Result<Box<Part>, SyntaxError> {
        let mut nodes = vec![place.clone()];
        let mut height = 0;
        for part in inside {
            height = height.max(part.height);
            nodes.extend(part.nodes);
        }
        self.deeper(height + 1, place.clone())?;
        Ok(Box::new(Part {
            query,
            kind,
            nodes,
            outer: place,
            closed: false,
            height: height + 1,
        }))
    }

    /// Operands joined by operators that bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<Box<Part>, SyntaxError> {
        self.depth += 1;
        self.deeper(self.depth, self.here())?;
        let mut left = self.operand()?;
        while let Some(operator) = self.binary_operator() {
            if operator.precedence() < least {
                break;
            }
            self.at += 1;
            let modifiers = self.modifiers()?;
            let tighter = u8::from(operator != BinaryOp::Pow);
            let right = self.expression(operator.precedence() + tighter)?;
            left = self.joined(operator, *modifiers, left, right)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn joined(
        &self,
        operator: BinaryOp,
        modifiers: Modifiers,
        left: Box<Part>,
        right: Box<Part>,
    ) -> Result<Box<Part>, SyntaxError> {
        let kind = kinds::binary(operator, &modifiers, &left, &right)?;
        let place = left.outer.start..right.outer.end;
        let vectors = left.kind == ValueKind::Vector && right.kind == ValueKind::Vector;
        let ((left, first), (right, second)) = (left.take(), right.take());
        let query = Query::Binary {
            operator,
            return_bool: modifiers.return_bool.is_some(),
            // Beside a number there is nothing to match.
            matching: modifiers.matching.filter(|_| vectors),
            left: Box::new(left),
            right: Box::new(right),
        };
        self.part(place, query, kind, [first, second])
    }

    fn binary_operator(&self) -> Option<BinaryOp> {
        match self.kind()? {
            Kind::Word(word) => BinaryOp::from_name(word),
            Kind::Sign(sign) => BinaryOp::from_name(sign),
            _ => None,
        }
    }

    /// An operand, with its sign in front and what stands behind it.
    fn operand(&mut self) -> Result<Box<Part>, SyntaxError> {
        let start = self.at;
        if self.accept("-") {
            let part = self.expression(UNARY + 1)?;
            return self.negated(start, part);
        }
        if self.accept("+") {
            let mut part = self.expression(UNARY + 1)?;
            kinds::sign(&part)?;
            part.outer = self.since(start);
            part.closed = true;
            return Ok(part);
        }
        let mut part = self.primary()?;
        loop {
            part = if self.is_sign("[") {
                self.window(part)?
            } else if self.is_word("offset") {
                self.offset(part)?
            } else if self.is_sign("@") {
                self.moment(part)?
            } else {
                return Ok(part);
            };
        }
    }

    fn negated(&self, start: usize, part: Box<Part>) -> Result<Box<Part>, SyntaxError> {
        kinds::sign(&part)?;
        let outer = self.since(start);
        // A number and its sign are one query.
        let number = matches!(part.query, Query::Number(_));
        let kind = part.kind;
        let (query, inside) = part.take();
        let mut part = self.part(outer, query.negate(), kind, (!number).then_some(inside))?;
        part.closed = true;
        Ok(part)
    }

    fn primary(&mut self) -> Result<Box<Part>, SyntaxError> {
        let start = self.at;
        let Some(kind) = self.kind().cloned() else {
            return Err(self.unexpected("an expression"));
        };
        let query = match kind {
            Kind::Number(value) => Query::Number(value),
            Kind::Duration(time) => {
                self.require(
                    self.here(),
                    "a duration as a number",
                    Availability::Since(2, 54),
                );
                Query::Number(time.as_secs_f64())
            }
            Kind::Text(text) => Query::Text(text),
            Kind::Variable(_) => {
                return Err(SyntaxError::new(
                    "Grafana's variables stand only in brackets, as in `m[$__rate_interval]`, and behind `offset`",
                    self.here(),
                ));
            }
            Kind::Sign("(") => {
                self.at += 1;
                let mut part = self.expression(0)?;
                self.expect(")")?;
                part.outer = self.since(start);
                part.closed = true;
                return Ok(part);
            }
            Kind::Sign("{") => return self.selector(),
            Kind::Sign(_) => return Err(self.unexpected("an expression")),
            Kind::Word(word) => return self.named(&word),
        };
        self.at += 1;
        let kind = query.kind();
        self.part(self.since(start), query, kind, [])
    }

    /// An aggregation, a call or a metric.
    fn named(&mut self, word: &str) -> Result<Box<Part>, SyntaxError> {
        let is = |it: &&str| it.eq_ignore_ascii_case(word);
        let next = self.tokens.get(self.at + 1).map(|token| &token.kind);
        let called = next == Some(&Kind::Sign("("));
        let grouped = self
            .word_at(self.at + 1)
            .is_some_and(|it| it.eq_ignore_ascii_case("by") || it.eq_ignore_ascii_case("without"));
        match AggregateOp::from_name(word).filter(|_| called || grouped) {
            Some(operator) => self.aggregate(operator),
            None if NEVER_A_METRIC.iter().any(is) => Err(self.unexpected("an expression")),
            None if called => self.call(word),
            None => self.selector(),
        }
    }

    fn call(&mut self, name: &str) -> Result<Box<Part>, SyntaxError> {
        let start = self.at;
        let Some(function) = function(name) else {
            let near = match suggest::nearest(name, functions::names()) {
                Some(near) => format!("; there is `{near}`"),
                None => String::new(),
            };
            let message = format!("no function is called `{name}`{near}");
            return Err(SyntaxError::new(message, self.here()));
        };
        self.require(self.here(), format!("`{name}`"), function.availability);
        self.at += 1;
        let arguments = self.arguments()?;
        let place = self.since(start);
        kinds::call(name, &function, &arguments, &place)?;
        let (arguments, inside): (_, Vec<_>) = arguments.into_iter().map(Part::take).unzip();
        let query = Query::Call {
            function: name.to_owned(),
            arguments,
        };
        self.part(place, query, function.result, inside)
    }

    fn aggregate(&mut self, operator: AggregateOp) -> Result<Box<Part>, SyntaxError> {
        let start = self.at;
        if operator.is_experimental() {
            let what = format!("`{}`", operator.as_str());
            self.require(self.here(), what, Availability::Experimental);
        }
        self.at += 1;
        // A list that is written behind belongs before the lists of the arguments all the same.
        let index = self.places.label_lists.len();
        let before = self.grouping(index)?;
        let mut arguments = self.arguments()?;
        let grouping = match before {
            Some(grouping) => Some(grouping),
            None => self.grouping(index)?,
        };
        let place = self.since(start);
        kinds::aggregate(operator, &arguments, &place)?;
        let argument = arguments.pop().map(Part::take);
        let parameter = arguments.pop().map(Part::take);
        let Some((argument, inside)) = argument else {
            return Err(self.unexpected("an expression"));
        };
        let (parameter, first) = parameter.unzip();
        let query = Query::Aggregate {
            operator,
            grouping: grouping.unwrap_or(Grouping::By(Vec::new())),
            parameter: parameter.map(Box::new),
            argument: Box::new(argument),
        };
        let inside = first.into_iter().chain([inside]);
        self.part(place, query, ValueKind::Vector, inside)
    }

    fn arguments(&mut self) -> Result<Vec<Part>, SyntaxError> {
        let mut arguments = Vec::new();
        self.expect("(")?;
        if self.accept(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(*self.expression(0)?);
            if self.accept(")") {
                return Ok(arguments);
            }
            if !self.accept(",") {
                return Err(self.unexpected("an operator, `,` or `)`"));
            }
        }
    }

    fn selector(&mut self) -> Result<Box<Part>, SyntaxError> {
        let (selector, place) = self.read_selector()?;
        let whole = place.whole.clone();
        self.places.selectors.push(place);
        self.part(whole, selector.into(), ValueKind::Vector, [])
    }

    fn lone_selector(&mut self) -> Result<Box<Part>, SyntaxError> {
        let expected = "a selector such as `metric{label=\"value\"}`";
        if !matches!(self.kind(), Some(Kind::Word(_) | Kind::Sign("{"))) {
            return Err(self.unexpected(expected));
        }
        let part = self.selector()?;
        if self.at < self.tokens.len() {
            return Err(self.unexpected(&format!("{expected} and nothing more")));
        }
        Ok(part)
    }
}

/// The places of a query that now stands in another.
pub(super) struct Inside {
    nodes: Vec<Range<usize>>,
    height: usize,
}

impl Part {
    /// The query, and what the query around it needs of its places.
    pub(super) fn take(self) -> (Query, Inside) {
        let Part {
            query,
            nodes,
            height,
            ..
        } = self;
        (query, Inside { nodes, height })
    }
}

/// The inside of a quoted string.
pub(super) fn unquoted(range: &Range<usize>) -> Range<usize> {
    range.start + 1..range.end - 1
}
