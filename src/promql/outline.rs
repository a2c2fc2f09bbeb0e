//! The shape of an expression, with places: what promql-parser's tree does not have.
//!
//! This reader knows the grammar but no types. It finds where words are wrong, and its nodes come in the
//! same order as those of the tree that promql-parser makes of the same words.

use std::ops::Range;

use super::operators::{AggregateOp, BinaryOp, UNARY};
use super::parse::{MAX_HEIGHT, SyntaxError};
use super::places::Places;
use super::query::Window;
use super::scan::{Kind, Token};

/// Functions behind Prometheus' flag `promql-experimental-functions`.
const EXPERIMENTAL: &[&str] = &[
    "double_exponential_smoothing",
    "end",
    "histogram_quantiles",
    "info",
    "integral",
    "mad_over_time",
    "max_of",
    "min_of",
    "range",
    "sort_by_label",
    "sort_by_label_desc",
    "start",
    "start_timestamp",
    "step",
    "ts_of_first_over_time",
    "ts_of_last_over_time",
    "ts_of_max_over_time",
    "ts_of_min_over_time",
];

/// Keywords that are never a metric's name without quotes.
const NEVER_A_METRIC: &[&str] = &[
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "bool",
    "atan2",
    "smoothed",
    "anchored",
];

/// One query of the expression: which tokens it is made of, and its parts.
pub(super) struct Node {
    pub(super) tokens: Range<usize>,
    pub(super) children: Vec<Node>,
    number: bool,
    height: usize,
}

/// A node, and the tokens that it takes with the parentheses around it.
pub(super) struct Part {
    pub(super) node: Node,
    pub(super) outer: Range<usize>,
}

pub(super) struct Outline {
    /// The words, with numbers where durations stand turned into durations.
    pub(super) tokens: Vec<Token>,
    pub(super) root: Node,
    pub(super) places: Places,
    /// The windows of ranges and subqueries, in source order.
    pub(super) windows: Vec<Window>,
}

/// Reads an expression, or a lone selector.
pub(super) fn outline(
    text: &str,
    tokens: Vec<Token>,
    only_selector: bool,
) -> Result<Outline, SyntaxError> {
    let mut reader = Reader {
        text,
        tokens,
        at: 0,
        depth: 0,
        places: Places::default(),
        windows: Vec::new(),
    };
    if reader.tokens.is_empty() {
        return Err(SyntaxError::new("there is no expression", 0..text.len()));
    }
    let root = if only_selector {
        reader.lone_selector()?
    } else {
        let part = reader.expression(0)?;
        if reader.at < reader.tokens.len() {
            return Err(reader.unexpected("an operator or the end"));
        }
        part.node
    };
    reader.list_nodes(&root);
    Ok(Outline {
        tokens: reader.tokens,
        root,
        places: reader.places,
        windows: reader.windows,
    })
}

pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    depth: usize,
    pub(super) places: Places,
    pub(super) windows: Vec<Window>,
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

    /// The bytes of some tokens.
    pub(super) fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        let start = self.tokens.get(tokens.start).map_or(0, |t| t.range.start);
        let last = self.tokens.get(tokens.end.saturating_sub(1));
        start..last.map_or(start, |t| t.range.end)
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

    /// One level deeper, unless that is too deep for the stack.
    fn deeper(&self, height: usize, tokens: Range<usize>) -> Result<(), SyntaxError> {
        if height <= MAX_HEIGHT {
            return Ok(());
        }
        Err(SyntaxError::new(
            format!("more than {MAX_HEIGHT} operations inside one another"),
            self.bytes(tokens),
        ))
    }

    pub(super) fn node(
        &self,
        tokens: Range<usize>,
        children: Vec<Node>,
    ) -> Result<Node, SyntaxError> {
        let height = 1 + children.iter().map(|child| child.height).max().unwrap_or(0);
        self.deeper(height, tokens.clone())?;
        Ok(Node {
            tokens,
            children,
            number: false,
            height,
        })
    }

    /// Operands joined by operators that bind at least as tightly as `least`.
    fn expression(&mut self, least: u8) -> Result<Part, SyntaxError> {
        self.depth += 1;
        self.deeper(self.depth, self.at..self.at + 1)?;
        let mut left = self.operand()?;
        while let Some(operator) = self.binary_operator() {
            if operator.precedence() < least {
                break;
            }
            self.at += 1;
            self.modifiers()?;
            let tighter = u8::from(operator != BinaryOp::Pow);
            let right = self.expression(operator.precedence() + tighter)?;
            let outer = left.outer.start..right.outer.end;
            let node = self.node(outer.clone(), vec![left.node, right.node])?;
            left = Part { node, outer };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn binary_operator(&self) -> Option<BinaryOp> {
        match self.kind()? {
            Kind::Word(word) => BinaryOp::from_name(word),
            Kind::Sign(sign) => BinaryOp::from_name(sign),
            _ => None,
        }
    }

    /// An operand with its sign in front.
    fn operand(&mut self) -> Result<Part, SyntaxError> {
        let start = self.at;
        if self.accept("+") {
            let part = self.expression(UNARY + 1)?;
            let outer = start..part.outer.end;
            return Ok(Part { outer, ..part });
        }
        if self.accept("-") {
            let part = self.expression(UNARY + 1)?;
            let outer = start..part.outer.end;
            // A number and its sign are one node of the tree.
            let node = if part.node.number {
                Node {
                    tokens: outer.clone(),
                    ..part.node
                }
            } else {
                self.node(outer.clone(), vec![part.node])?
            };
            return Ok(Part { node, outer });
        }
        let mut part = self.primary()?;
        loop {
            if self.is_sign("[") {
                part = self.window(part)?;
            } else if self.is_word("offset") {
                self.at += 1;
                let _signed = self.accept("-") || self.accept("+");
                if let Some(Kind::Variable(_)) = self.kind() {
                    let message =
                        "an offset is a duration such as `5m`, not one of Grafana's variables";
                    return Err(SyntaxError::new(message, self.here()));
                }
                self.duration()?;
                part = self.stretched(part);
            } else if self.accept("@") {
                self.moment()?;
                part = self.stretched(part);
            } else {
                return Ok(part);
            }
        }
    }

    /// The same node with what was read behind it.
    pub(super) fn stretched(&self, part: Part) -> Part {
        let outer = part.outer.start..self.at;
        let node = Node {
            tokens: outer.clone(),
            ..part.node
        };
        Part { node, outer }
    }

    fn primary(&mut self) -> Result<Part, SyntaxError> {
        let start = self.at;
        let Some(kind) = self.kind().cloned() else {
            return Err(self.unexpected("an expression"));
        };
        match kind {
            Kind::Number(_) | Kind::Duration(_) | Kind::Text(_) => {
                self.at += 1;
                let number = !matches!(kind, Kind::Text(_));
                let mut node = self.node(start..self.at, Vec::new())?;
                node.number = number;
                Ok(Part {
                    node,
                    outer: start..self.at,
                })
            }
            Kind::Variable(_) => Err(SyntaxError::new(
                "Grafana's variables stand only in brackets, as in `m[$__rate_interval]`",
                self.here(),
            )),
            Kind::Sign("(") => {
                self.at += 1;
                let part = self.expression(0)?;
                self.expect(")")?;
                Ok(Part {
                    node: part.node,
                    outer: start..self.at,
                })
            }
            Kind::Sign("{") => self.selector(),
            Kind::Sign(_) => Err(self.unexpected("an expression")),
            Kind::Word(word) => self.named(&word),
        }
    }

    /// An aggregation, a call or a metric.
    fn named(&mut self, word: &str) -> Result<Part, SyntaxError> {
        let start = self.at;
        let called = self.tokens.get(start + 1).map(|token| &token.kind) == Some(&Kind::Sign("("));
        let grouped = self.word_at(start + 1).is_some_and(|it| {
            ["by", "without"]
                .iter()
                .any(|by| by.eq_ignore_ascii_case(it))
        });
        if let Some(operator) = AggregateOp::from_name(word).filter(|_| called || grouped) {
            self.at += 1;
            return self.aggregate(start, operator);
        }
        if called {
            if NEVER_A_METRIC
                .iter()
                .any(|it| it.eq_ignore_ascii_case(word))
            {
                return Err(self.unexpected("an expression"));
            }
            if EXPERIMENTAL.contains(&word) {
                self.places.experimental.push(self.here());
            }
            self.at += 1;
            let children = self.arguments()?;
            let node = self.node(start..self.at, children)?;
            let outer = node.tokens.clone();
            return Ok(Part { node, outer });
        }
        if NEVER_A_METRIC
            .iter()
            .any(|it| it.eq_ignore_ascii_case(word))
        {
            return Err(self.unexpected("an expression"));
        }
        self.selector()
    }

    fn aggregate(&mut self, start: usize, operator: AggregateOp) -> Result<Part, SyntaxError> {
        if matches!(operator, AggregateOp::LimitK | AggregateOp::LimitRatio) {
            self.places.experimental.push(self.bytes(start..start + 1));
        }
        // A list that is written behind belongs before the lists of the arguments all the same.
        let index = self.places.label_lists.len();
        let grouped = self.grouping(index)?;
        let children = self.arguments()?;
        if !grouped {
            self.grouping(index)?;
        }
        let wanted = 1 + usize::from(operator.takes_parameter());
        if children.len() != wanted {
            let plural = if wanted == 1 { "" } else { "s" };
            let (name, found) = (operator.as_str(), children.len());
            return Err(SyntaxError::new(
                format!("`{name}` takes {wanted} argument{plural}, found {found}"),
                self.bytes(start..self.at),
            ));
        }
        let node = self.node(start..self.at, children)?;
        let outer = node.tokens.clone();
        Ok(Part { node, outer })
    }

    fn arguments(&mut self) -> Result<Vec<Node>, SyntaxError> {
        let mut arguments = Vec::new();
        self.expect("(")?;
        if self.accept(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression(0)?.node);
            if self.accept(")") {
                return Ok(arguments);
            }
            if !self.accept(",") {
                return Err(self.unexpected("an operator, `,` or `)`"));
            }
        }
    }

    fn selector(&mut self) -> Result<Part, SyntaxError> {
        let start = self.at;
        let place = self.read_selector()?;
        self.places.selectors.push(place);
        let node = self.node(start..self.at, Vec::new())?;
        let outer = node.tokens.clone();
        Ok(Part { node, outer })
    }

    fn lone_selector(&mut self) -> Result<Node, SyntaxError> {
        let expected = "a selector such as `metric{label=\"value\"}`";
        if !matches!(self.kind(), Some(Kind::Word(_) | Kind::Sign("{"))) {
            return Err(self.unexpected(expected));
        }
        let part = self.selector()?;
        if self.at < self.tokens.len() {
            return Err(self.unexpected(&format!("{expected} and nothing more")));
        }
        Ok(part.node)
    }

    fn list_nodes(&mut self, node: &Node) {
        let range = self.bytes(node.tokens.clone());
        self.places.nodes.push(range);
        for child in &node.children {
            self.list_nodes(child);
        }
    }
}

/// The inside of a quoted string.
pub(super) fn unquoted(range: &Range<usize>) -> Range<usize> {
    range.start + 1..range.end - 1
}
