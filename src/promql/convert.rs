//! From promql-parser's tree to monospec's.

use std::time::SystemTime;

use promql_parser::label::{MatchOp as TheirMatchOp, Matchers};
use promql_parser::parser::{
    AtModifier, BinModifier, Expr, LabelModifier, Offset as TheirOffset, VectorMatchCardinality,
    VectorSelector,
};

use super::operators::{AggregateOp, BinaryOp};
use super::query::{
    At, Fill, Group, Grouping, MatchLabels, MatchOp, Matcher, Matching, Offset, Query, Selector,
    Window,
};

/// Converts a tree; the windows come from the outline, in source order, because the text that was parsed
/// has placeholders there. `None` if the tree holds something unknown.
pub(super) fn convert(expr: Expr, windows: &mut impl Iterator<Item = Window>) -> Option<Query> {
    Some(match expr {
        Expr::NumberLiteral(literal) => Query::Number(literal.val),
        Expr::StringLiteral(literal) => Query::Text(literal.val),
        Expr::Paren(paren) => convert(*paren.expr, windows)?,
        Expr::Unary(unary) => convert(*unary.expr, windows)?.negate(),
        Expr::VectorSelector(selector) => Query::Selector(convert_selector(selector)?),
        Expr::MatrixSelector(matrix) => Query::Range {
            selector: convert_selector(matrix.vs)?,
            window: windows.next()?,
        },
        Expr::Subquery(subquery) => Query::Subquery {
            query: Box::new(convert(*subquery.expr, windows)?),
            range: windows.next()?,
            step: match subquery.step {
                Some(_) => Some(windows.next()?),
                None => None,
            },
            offset: subquery.offset.map(offset),
            at: subquery.at.map(at),
        },
        Expr::Call(call) => Query::Call {
            function: call.func.name.to_owned(),
            arguments: call
                .args
                .args
                .into_iter()
                .map(|argument| convert(*argument, windows))
                .collect::<Option<_>>()?,
        },
        Expr::Aggregate(aggregate) => Query::Aggregate {
            operator: AggregateOp::from_name(&aggregate.op.to_string())?,
            grouping: match aggregate.modifier {
                None => Grouping::By(Vec::new()),
                Some(LabelModifier::Include(labels)) => Grouping::By(labels.labels),
                Some(LabelModifier::Exclude(labels)) => Grouping::Without(labels.labels),
            },
            parameter: match aggregate.param {
                Some(parameter) => Some(Box::new(convert(*parameter, windows)?)),
                None => None,
            },
            argument: Box::new(convert(*aggregate.expr, windows)?),
        },
        Expr::Binary(binary) => Query::Binary {
            operator: BinaryOp::from_name(&binary.op.to_string())?,
            return_bool: binary.modifier.as_ref().is_some_and(|it| it.return_bool),
            matching: binary.modifier.and_then(matching),
            left: Box::new(convert(*binary.lhs, windows)?),
            right: Box::new(convert(*binary.rhs, windows)?),
        },
        Expr::Extension(_) => return None,
    })
}

fn convert_selector(selector: VectorSelector) -> Option<Selector> {
    let VectorSelector {
        name,
        matchers: Matchers {
            matchers,
            or_matchers,
        },
        offset: shift,
        at: moment,
    } = selector;
    if !or_matchers.is_empty() {
        return None;
    }
    let mut metric = name;
    let mut kept = Vec::with_capacity(matchers.len());
    for matcher in matchers {
        let operator = match matcher.op {
            TheirMatchOp::Equal => MatchOp::Equal,
            TheirMatchOp::NotEqual => MatchOp::NotEqual,
            TheirMatchOp::Re(_) => MatchOp::Regex,
            TheirMatchOp::NotRe(_) => MatchOp::NotRegex,
        };
        let names = matcher.name == "__name__" && operator == MatchOp::Equal;
        if names && metric.is_none() && !matcher.value.is_empty() {
            metric = Some(matcher.value);
        } else {
            kept.push(Matcher::new(matcher.name, operator, matcher.value));
        }
    }
    Some(Selector {
        metric,
        matchers: kept,
        offset: shift.map(offset),
        at: moment.map(at),
    })
}

/// `None` where the modifier says nothing, as `ignoring ()` does.
fn matching(modifier: BinModifier) -> Option<Matching> {
    let matching = Matching {
        labels: match modifier.matching {
            None => MatchLabels::Ignoring(Vec::new()),
            Some(LabelModifier::Include(labels)) => MatchLabels::On(labels.labels),
            Some(LabelModifier::Exclude(labels)) => MatchLabels::Ignoring(labels.labels),
        },
        group: match modifier.card {
            VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany => Group::None,
            VectorMatchCardinality::ManyToOne(labels) => Group::Left(labels.labels),
            VectorMatchCardinality::OneToMany(labels) => Group::Right(labels.labels),
        },
        fill: Fill {
            left: modifier.fill_values.lhs,
            right: modifier.fill_values.rhs,
        },
    };
    (matching != Matching::ignoring::<String>([])).then_some(matching)
}

fn offset(offset: TheirOffset) -> Offset {
    match offset {
        TheirOffset::Pos(time) => Offset::Back(time),
        TheirOffset::Neg(time) => Offset::Ahead(time),
    }
}

fn at(at: AtModifier) -> At {
    match at {
        AtModifier::Start => At::Start,
        AtModifier::End => At::End,
        AtModifier::At(time) => At::Millis(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |it| -it),
        }),
    }
}
