//! Queries as text: canonical on one line, or readable on several.

use std::fmt::{self, Display, Formatter, Write};
use std::time::Duration;

use super::operators::UNARY;
use super::query::{
    At, Fill, Group, Grouping, MatchLabels, Matcher, Matching, Offset, Query, Selector, Window,
};

/// Words that cannot stand for a metric everywhere a metric can stand. Prometheus reads some of them as
/// names when nothing else fits; in braces all of them are safe.
const KEYWORDS: &[&str] = &[
    "and",
    "or",
    "unless",
    "atan2",
    "sum",
    "avg",
    "count",
    "min",
    "max",
    "group",
    "stddev",
    "stdvar",
    "topk",
    "bottomk",
    "count_values",
    "quantile",
    "limitk",
    "limit_ratio",
    "offset",
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
    "bool",
    "smoothed",
    "anchored",
    "fill",
    "fill_left",
    "fill_right",
    "start",
    "end",
    "step",
    "inf",
    "nan",
];

/// Words that a list of labels takes only in quotes.
const NOT_IN_LISTS: &[&str] = &["without", "inf", "nan"];

/// On one line, with parentheses only where precedence and associativity need them.
impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Query::Number(value) => number(f, *value),
            Query::Text(text) => quoted(f, text),
            Query::Selector(selector) => selector.fmt(f),
            Query::Range { selector, window } => {
                selector.series(f)?;
                write!(f, "[{window}]")?;
                shifts(f, selector.at, selector.offset)
            }
            Query::Subquery { query, .. } => {
                enclosed(f, query, self.encloses(query))?;
                f.write_str(&self.suffix())
            }
            Query::Call {
                function,
                arguments,
            } => {
                write!(f, "{function}(")?;
                for (i, argument) in arguments.iter().enumerate() {
                    let comma = if i == 0 { "" } else { ", " };
                    write!(f, "{comma}{argument}")?;
                }
                f.write_char(')')
            }
            Query::Aggregate {
                parameter,
                argument,
                ..
            } => {
                write!(f, "{}(", self.head())?;
                if let Some(parameter) = parameter {
                    write!(f, "{parameter}, ")?;
                }
                write!(f, "{argument})")
            }
            Query::Binary { left, right, .. } => {
                enclosed(f, left, self.encloses(left))?;
                write!(f, " {} ", self.head())?;
                enclosed(f, right, self.encloses_right(right))
            }
            Query::Negate(query) => {
                f.write_char('-')?;
                enclosed(f, query, self.encloses(query))
            }
        }
    }
}

impl Query {
    /// What stands before the arguments, or between the operands.
    pub(super) fn head(&self) -> String {
        match self {
            Query::Call { function, .. } => function.clone(),
            Query::Aggregate {
                operator, grouping, ..
            } => match grouping {
                Grouping::By(labels) if labels.is_empty() => operator.as_str().to_owned(),
                Grouping::By(labels) => format!("{} by {} ", operator.as_str(), List(labels)),
                Grouping::Without(labels) => {
                    format!("{} without {} ", operator.as_str(), List(labels))
                }
            },
            Query::Binary {
                operator,
                return_bool,
                matching,
                ..
            } => {
                let mut head = operator.as_str().to_owned();
                if *return_bool {
                    head.push_str(" bool");
                }
                if let Some(matching) = matching {
                    head.push(' ');
                    head.push_str(&matching.to_string());
                }
                head
            }
            _ => String::new(),
        }
    }

    /// What stands behind a subquery.
    pub(super) fn suffix(&self) -> String {
        let mut text = String::new();
        if let Query::Subquery {
            range,
            step,
            offset,
            at,
            ..
        } = self
        {
            let step = step.map(|step| step.to_string()).unwrap_or_default();
            text = format!("[{range}:{step}]");
            // Writing to a string does not fail.
            let _ = shifts(&mut text, *at, *offset);
        }
        text
    }

    /// How tightly the outermost operator binds; what has none binds tightest.
    fn precedence(&self) -> u8 {
        match self {
            Query::Binary { operator, .. } => operator.precedence(),
            Query::Negate(_) => UNARY,
            Query::Number(value) if value.is_sign_negative() && !value.is_nan() => UNARY,
            _ => u8::MAX,
        }
    }

    fn associates_right(&self) -> bool {
        matches!(self, Query::Binary { operator, .. } if *operator == super::BinaryOp::Pow)
    }

    /// Whether this query's first operand needs parentheses.
    pub(super) fn encloses(&self, operand: &Query) -> bool {
        match self {
            Query::Binary { .. } => {
                let (own, other) = (self.precedence(), operand.precedence());
                other < own || other == own && self.associates_right()
            }
            Query::Negate(_) => operand.precedence() <= UNARY,
            Query::Subquery { .. } => match operand {
                Query::Selector(selector) => selector.offset.is_some() || selector.at.is_some(),
                Query::Call { .. } | Query::Aggregate { .. } => false,
                _ => true,
            },
            _ => false,
        }
    }

    /// Whether this binary operation's right operand needs parentheses. A sign needs them only under a
    /// power: after any other operator it can belong to nothing else.
    pub(super) fn encloses_right(&self, operand: &Query) -> bool {
        let (own, other) = (self.precedence(), operand.precedence());
        let sign = !matches!(operand, Query::Binary { .. });
        other < own || other == own && !self.associates_right() && !sign
    }
}

fn enclosed(f: &mut Formatter<'_>, query: &Query, enclose: bool) -> fmt::Result {
    if enclose {
        write!(f, "({query})")
    } else {
        query.fmt(f)
    }
}

impl Selector {
    /// The metric and the matchers, without offset and `@`.
    fn series(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // Prometheus refuses a name before the braces and another one in them.
        let bare = self.metric.as_deref().filter(|name| {
            is_metric_name(name) && self.matchers.iter().all(|m| m.label != "__name__")
        });
        if let Some(name) = bare {
            f.write_str(name)?;
            if self.matchers.is_empty() {
                return Ok(());
            }
        }
        f.write_char('{')?;
        let mut comma = "";
        if let (None, Some(name)) = (bare, &self.metric) {
            f.write_str("__name__=")?;
            quoted(f, name)?;
            comma = ",";
        }
        for matcher in &self.matchers {
            write!(f, "{comma}{matcher}")?;
            comma = ",";
        }
        f.write_char('}')
    }
}

impl Display for Selector {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.series(f)?;
        shifts(f, self.at, self.offset)
    }
}

impl Display for Matcher {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if is_label_name(&self.label) {
            f.write_str(&self.label)?;
        } else {
            quoted(f, &self.label)?;
        }
        f.write_str(self.operator.as_str())?;
        match self.is_variable() {
            true => write!(f, "\"{}\"", self.value),
            false => quoted(f, &self.value),
        }
    }
}

impl Display for Matching {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.labels {
            MatchLabels::On(labels) => write!(f, "on {}", List(labels))?,
            MatchLabels::Ignoring(labels) => write!(f, "ignoring {}", List(labels))?,
        }
        match &self.group {
            Group::None => {}
            Group::Left(labels) => write!(f, " group_left {}", List(labels))?,
            Group::Right(labels) => write!(f, " group_right {}", List(labels))?,
        }
        let Fill { left, right } = self.fill;
        for (word, value) in [("fill_left", left), ("fill_right", right)] {
            if let Some(value) = value {
                write!(f, " {word} (")?;
                number(f, value)?;
                f.write_char(')')?;
            }
        }
        Ok(())
    }
}

/// As PromQL and Prometheus' own messages write it: `1h30m`, `500ms`; years and weeks only where nothing
/// is left over. Grafana's variables as they are.
impl Display for Window {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Window::Duration(time) => duration(f, *time),
            Window::RateInterval => f.write_str("$__rate_interval"),
            Window::Interval => f.write_str("$__interval"),
            Window::Range => f.write_str("$__range"),
        }
    }
}

/// `(a, b)`
struct List<'a>(&'a [String]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('(')?;
        for (i, label) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            if is_label_name(label) && !is_one_of(label, NOT_IN_LISTS) {
                f.write_str(label)?;
            } else {
                quoted(f, label)?;
            }
        }
        f.write_char(')')
    }
}

fn shifts(f: &mut dyn Write, at: Option<At>, offset: Option<Offset>) -> fmt::Result {
    match at {
        None => {}
        Some(At::Start) => f.write_str(" @ start()")?,
        Some(At::End) => f.write_str(" @ end()")?,
        Some(At::Millis(millis)) => {
            let sign = if millis < 0 { "-" } else { "" };
            let (seconds, rest) = (millis.unsigned_abs() / 1000, millis.unsigned_abs() % 1000);
            write!(f, " @ {sign}{seconds}")?;
            if rest > 0 {
                let digits = format!("{rest:03}");
                write!(f, ".{}", digits.trim_end_matches('0'))?;
            }
        }
    }
    let (sign, time) = match offset {
        None => return Ok(()),
        Some(Offset::Back(time)) => ("", time),
        Some(Offset::Ahead(time)) => ("-", time),
    };
    write!(f, " offset {sign}{time}")
}

/// Shortest text that reads back as the same number, with an exponent only where the digits would be
/// noise.
fn number(f: &mut dyn Write, value: f64) -> fmt::Result {
    let size = value.abs();
    if value.is_nan() {
        f.write_str("NaN")
    } else if value.is_infinite() {
        f.write_str(if value > 0.0 { "Inf" } else { "-Inf" })
    } else if size != 0.0 && !(1e-7..1e21).contains(&size) {
        write!(f, "{value:e}")
    } else {
        write!(f, "{value}")
    }
}

fn duration(f: &mut dyn Write, time: Duration) -> fmt::Result {
    // Milliseconds of each unit, and whether it may only take the whole.
    const UNITS: [(&str, u128, bool); 7] = [
        ("y", 365 * 24 * 3_600_000, true),
        ("w", 7 * 24 * 3_600_000, true),
        ("d", 24 * 3_600_000, false),
        ("h", 3_600_000, false),
        ("m", 60_000, false),
        ("s", 1000, false),
        ("ms", 1, false),
    ];
    let mut left = time.as_millis();
    if left == 0 {
        return f.write_str("0s");
    }
    for (unit, size, whole) in UNITS {
        if left >= size && (!whole || left.is_multiple_of(size)) {
            write!(f, "{}{unit}", left / size)?;
            left %= size;
        }
    }
    Ok(())
}

/// A string as Go writes it: in double quotes, with escapes. What Grafana would take for one of its variables is broken by
/// one, too.
pub(super) fn quoted(f: &mut dyn Write, text: &str) -> fmt::Result {
    f.write_char('"')?;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '$' if begins_name(rest.as_str().trim_start_matches('{')) => f.write_str("\\u0024")?,
            '[' if rest.as_str().strip_prefix('[').is_some_and(begins_name) => {
                f.write_str("\\u005b")?;
            }
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            // No \x: it means a byte in Go.
            c if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

fn begins_name(text: &str) -> bool {
    text.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|it| it.eq_ignore_ascii_case(word))
}

pub(super) fn is_label_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|b| b == b'_' || b.is_ascii_alphabetic())
        && bytes.all(|b| b == b'_' || b.is_ascii_alphanumeric())
}

fn is_metric_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let start = |b: u8| b == b'_' || b == b':' || b.is_ascii_alphabetic();
    bytes.next().is_some_and(start)
        && bytes.all(|b| start(b) || b.is_ascii_digit())
        && !is_one_of(name, KEYWORDS)
}
