//! What goes with what: kinds of values, numbers of arguments, modifiers of operators.
//!
//! Source: `checkAST` in `promql/parser/parse.go` of Prometheus.

use std::ops::Range;

use super::functions::Function;
use super::grammar::Part;
use super::lists::Modifiers;
use super::operators::{AggregateOp, BinaryOp};
use super::parse::SyntaxError;
use super::query::{Group, MatchLabels, Matching, Query, Selector, ValueKind};

impl ValueKind {
    /// By the names under which people know them.
    fn known_as(self) -> &'static str {
        match self {
            ValueKind::Vector => "an instant vector such as `m`",
            ValueKind::Range => "a range vector such as `m[5m]`",
            ValueKind::Scalar => "a number",
            ValueKind::Text => "a string",
        }
    }

    fn is_operand(self) -> bool {
        matches!(self, ValueKind::Scalar | ValueKind::Vector)
    }
}

fn expect(user: &str, kind: ValueKind, part: &Part) -> Result<(), SyntaxError> {
    if part.kind == kind {
        return Ok(());
    }
    let (expected, found) = (kind.known_as(), part.kind.known_as());
    Err(SyntaxError::new(
        format!("`{user}` takes {expected}, not {found}"),
        part.place(),
    ))
}

fn wrong_count(name: &str, expected: &str, found: usize, place: &Range<usize>) -> SyntaxError {
    let plural = if expected == "1" || expected.ends_with(" 1") {
        ""
    } else {
        "s"
    };
    SyntaxError::new(
        format!("`{name}` takes {expected} argument{plural}, found {found}"),
        place.clone(),
    )
}

/// A call's arguments.
pub(super) fn call(
    name: &str,
    function: &Function,
    arguments: &[Part],
    place: &Range<usize>,
) -> Result<(), SyntaxError> {
    let found = arguments.len();
    if !function.count.contains(&found) {
        let (least, most) = (*function.count.start(), *function.count.end());
        let expected = if least == most {
            least.to_string()
        } else if found < least {
            format!("at least {least}")
        } else {
            format!("at most {most}")
        };
        return Err(wrong_count(name, &expected, found, place));
    }
    for (i, part) in arguments.iter().enumerate() {
        let kind = function.arguments.get(i).or(function.arguments.last());
        if let Some(kind) = kind {
            expect(name, *kind, part)?;
        }
    }
    Ok(())
}

/// An aggregation's arguments.
pub(super) fn aggregate(
    operator: AggregateOp,
    arguments: &[Part],
    place: &Range<usize>,
) -> Result<(), SyntaxError> {
    let name = operator.as_str();
    match arguments {
        [argument] if !operator.takes_parameter() => expect(name, ValueKind::Vector, argument),
        [parameter, argument] if operator.takes_parameter() => {
            let kind = match operator {
                AggregateOp::CountValues => ValueKind::Text,
                _ => ValueKind::Scalar,
            };
            expect(name, kind, parameter)?;
            expect(name, ValueKind::Vector, argument)
        }
        _ => {
            let expected = if operator.takes_parameter() { "2" } else { "1" };
            Err(wrong_count(name, expected, arguments.len(), place))
        }
    }
}

/// What stands behind a sign.
pub(super) fn sign(part: &Part) -> Result<(), SyntaxError> {
    if part.kind.is_operand() {
        return Ok(());
    }
    Err(SyntaxError::new(
        "a sign stands only before a number or an instant vector",
        part.outer.clone(),
    ))
}

/// Two operands, their operator and its modifiers: the kind of the result.
pub(super) fn binary(
    operator: BinaryOp,
    modifiers: &Modifiers,
    left: &Part,
    right: &Part,
) -> Result<ValueKind, SyntaxError> {
    let refuse = |message: &str, place: Range<usize>| Err(SyntaxError::new(message, place));
    let whole = || left.outer.start..right.outer.end;
    if let Some(part) = [left, right].into_iter().find(|it| !it.kind.is_operand()) {
        let message = "operators take numbers and instant vectors, not ranges and strings";
        return refuse(message, part.place());
    }
    let scalar = [left, right]
        .into_iter()
        .find(|it| it.kind == ValueKind::Scalar);
    let scalars = left.kind == ValueKind::Scalar && right.kind == ValueKind::Scalar;
    match &modifiers.return_bool {
        Some(place) if !operator.is_comparison() => {
            return refuse(
                "`bool` stands only behind a comparison such as `==`",
                place.clone(),
            );
        }
        None if operator.is_comparison() && scalars => {
            return refuse(
                "a comparison of two numbers needs `bool`, as in `1 == bool 1`",
                whole(),
            );
        }
        _ => {}
    }
    if let (true, Some(part)) = (operator.is_set(), scalar) {
        let message = format!(
            "`{}` stands only between two instant vectors; of a number `vector(…)` makes one",
            operator.as_str()
        );
        return refuse(&message, part.place());
    }
    if let Some(matching) = &modifiers.matching {
        matched(operator, matching, modifiers, scalar.is_some())?;
    }
    Ok(if scalars {
        ValueKind::Scalar
    } else {
        ValueKind::Vector
    })
}

fn matched(
    operator: BinaryOp,
    matching: &Matching,
    modifiers: &Modifiers,
    scalar: bool,
) -> Result<(), SyntaxError> {
    let refuse =
        |message: &str, place: &Range<usize>| Err(SyntaxError::new(message, place.clone()));
    let (on, labels) = match &matching.labels {
        MatchLabels::On(labels) => (true, labels),
        MatchLabels::Ignoring(labels) => (false, labels),
    };
    let included: &[String] = match &matching.group {
        Group::None => &[],
        Group::Left(labels) | Group::Right(labels) => labels,
    };
    if let Some(label) = included.iter().find(|it| on && labels.contains(it)) {
        let message = format!("`{label}` stands in `on` already");
        return refuse(&message, &modifiers.group_place);
    }
    let filled = matching.fill.left.is_some() || matching.fill.right.is_some();
    if scalar && !labels.is_empty() {
        let message = "`on` and `ignoring` stand only between two vectors, not beside a number";
        return refuse(message, &modifiers.matching_place);
    }
    if filled && (scalar || operator.is_set()) {
        let message = "`fill` stands only between two vectors, not beside `and`, `or` and `unless`";
        return refuse(message, &modifiers.fill_place);
    }
    if operator.is_set() && matching.group != Group::None {
        let message = format!(
            "`{}` matches many with many: no group beside it",
            operator.as_str()
        );
        return refuse(&message, &modifiers.group_place);
    }
    Ok(())
}

/// What a window may stand behind.
pub(super) fn windowed(part: &Part, end: usize) -> Result<Selector, SyntaxError> {
    let refuse = |message: &str| Err(SyntaxError::new(message, part.outer.start..end));
    match &part.query {
        Query::Selector(selector) if !part.closed => {
            if selector.offset.is_some() {
                return refuse("`offset` stands behind the window");
            }
            if selector.at.is_some() {
                return refuse("`@` stands behind the window");
            }
            Ok(selector.clone())
        }
        _ => refuse("a window stands only behind a selector; of an expression write `(…)[5m:]`"),
    }
}

/// What a subquery may stand behind.
pub(super) fn subquery(part: &Part, end: usize) -> Result<(), SyntaxError> {
    if part.kind == ValueKind::Vector {
        return Ok(());
    }
    let (expected, found) = (ValueKind::Vector.known_as(), part.kind.known_as());
    Err(SyntaxError::new(
        format!("a subquery takes {expected}, not {found}"),
        part.outer.start..end,
    ))
}
