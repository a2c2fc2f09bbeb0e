//! Small constructors, so that queries made by the compiler read like queries.

use std::time::Duration;

use super::operators::{AggregateOp, BinaryOp};
use super::query::{
    Fill, Group, Grouping, MatchLabels, MatchOp, Matcher, Matching, Offset, Query, Selector, Window,
};

impl Window {
    /// A window of so many seconds.
    pub const fn secs(seconds: u64) -> Window {
        Window::Duration(Duration::from_secs(seconds))
    }
}

impl From<Duration> for Window {
    fn from(duration: Duration) -> Self {
        Window::Duration(duration)
    }
}

impl Matcher {
    /// `label operator "value"`.
    pub fn new(label: impl Into<String>, operator: MatchOp, value: impl Into<String>) -> Matcher {
        Matcher {
            label: label.into(),
            operator,
            value: value.into(),
        }
    }

    /// `label=~"$label"`: what is chosen on a Grafana dashboard whose variable is called like the label.
    pub fn variable(label: &str) -> Matcher {
        Matcher::new(label, MatchOp::Regex, format!("${label}"))
    }

    /// Whether it is [one of these](Matcher::variable): in the value of any other, what looks like a variable is text.
    pub(super) fn is_variable(&self) -> bool {
        self.operator == MatchOp::Regex && self.value.strip_prefix('$') == Some(&self.label)
    }
}

impl Matching {
    /// `on (labels)`.
    pub fn on<L: Into<String>>(labels: impl IntoIterator<Item = L>) -> Matching {
        Matching {
            labels: MatchLabels::On(owned(labels)),
            group: Group::None,
            fill: Fill::default(),
        }
    }

    /// `ignoring (labels)`.
    pub fn ignoring<L: Into<String>>(labels: impl IntoIterator<Item = L>) -> Matching {
        Matching {
            labels: MatchLabels::Ignoring(owned(labels)),
            group: Group::None,
            fill: Fill::default(),
        }
    }

    /// With `group_left (labels)`: the left may have several series for one of the right.
    pub fn group_left<L: Into<String>>(mut self, labels: impl IntoIterator<Item = L>) -> Matching {
        self.group = Group::Left(owned(labels));
        self
    }

    /// With `group_right (labels)`: the right may have several series for one of the left.
    pub fn group_right<L: Into<String>>(mut self, labels: impl IntoIterator<Item = L>) -> Matching {
        self.group = Group::Right(owned(labels));
        self
    }
}

impl Selector {
    /// All series of a metric.
    pub fn new(metric: impl Into<String>) -> Selector {
        Selector {
            metric: Some(metric.into()),
            matchers: Vec::new(),
            offset: None,
            at: None,
        }
    }

    /// With one more matcher, at the end.
    pub fn with(
        mut self,
        label: impl Into<String>,
        operator: MatchOp,
        value: impl Into<String>,
    ) -> Selector {
        self.matchers.push(Matcher::new(label, operator, value));
        self
    }

    /// Shifted into the past: `offset 5m`.
    pub fn offset(mut self, back: Duration) -> Selector {
        self.offset = Some(Offset::Back(Window::Duration(back)));
        self
    }

    /// The matchers of a label, in the order in which they are written.
    pub fn matchers_of(&self, label: &str) -> impl Iterator<Item = &Matcher> {
        self.matchers.iter().filter(move |m| m.label == label)
    }

    /// `selector[window]`.
    pub fn range(self, window: impl Into<Window>) -> Query {
        Query::Range {
            selector: self,
            window: window.into(),
        }
    }

    /// `rate(selector[window])`.
    pub fn rate(self, window: impl Into<Window>) -> Query {
        Query::call("rate", [self.range(window)])
    }

    /// `increase(selector[window])`.
    pub fn increase(self, window: impl Into<Window>) -> Query {
        Query::call("increase", [self.range(window)])
    }
}

impl From<Selector> for Query {
    fn from(selector: Selector) -> Self {
        Query::Selector(selector)
    }
}

impl Query {
    /// A scalar.
    pub fn number(value: f64) -> Query {
        Query::Number(value)
    }

    /// A string.
    pub fn text(value: impl Into<String>) -> Query {
        Query::Text(value.into())
    }

    /// `function(arguments)`.
    pub fn call(function: impl Into<String>, arguments: impl IntoIterator<Item = Query>) -> Query {
        Query::Call {
            function: function.into(),
            arguments: arguments.into_iter().collect(),
        }
    }

    /// `operator by (labels) (argument)`; without labels `operator(argument)`.
    pub fn aggregate<L: Into<String>>(
        operator: AggregateOp,
        labels: impl IntoIterator<Item = L>,
        argument: impl Into<Query>,
    ) -> Query {
        Query::Aggregate {
            operator,
            grouping: Grouping::By(owned(labels)),
            parameter: None,
            argument: Box::new(argument.into()),
        }
    }

    /// `operator by (labels) (parameter, argument)`, for `topk`, `quantile` and their like.
    pub fn aggregate_with<L: Into<String>>(
        operator: AggregateOp,
        parameter: impl Into<Query>,
        labels: impl IntoIterator<Item = L>,
        argument: impl Into<Query>,
    ) -> Query {
        Query::Aggregate {
            operator,
            grouping: Grouping::By(owned(labels)),
            parameter: Some(Box::new(parameter.into())),
            argument: Box::new(argument.into()),
        }
    }

    /// `sum by (labels) (argument)`.
    pub fn sum_by<L: Into<String>>(
        labels: impl IntoIterator<Item = L>,
        argument: impl Into<Query>,
    ) -> Query {
        Query::aggregate(AggregateOp::Sum, labels, argument)
    }

    /// `left operator right`.
    pub fn binary(operator: BinaryOp, left: impl Into<Query>, right: impl Into<Query>) -> Query {
        Query::Binary {
            operator,
            return_bool: false,
            matching: None,
            left: Box::new(left.into()),
            right: Box::new(right.into()),
        }
    }

    /// The same with `on`, `ignoring` and their groups. Anything but a binary operation stays as it is.
    pub fn matching(mut self, by: Matching) -> Query {
        if let Query::Binary { matching, .. } = &mut self {
            *matching = Some(by);
        }
        self
    }

    /// The same comparison, answering 0 or 1. Anything but a comparison stays as it is.
    pub fn as_bool(mut self) -> Query {
        if let Query::Binary {
            operator,
            return_bool,
            ..
        } = &mut self
        {
            *return_bool = operator.is_comparison();
        }
        self
    }

    /// `-self`; of a number its negative.
    pub fn negate(self) -> Query {
        match self {
            Query::Number(value) => Query::Number(-value),
            other => Query::Negate(Box::new(other)),
        }
    }

    /// Shifted into the past: a selector, a range or a subquery, and all of these in anything else.
    pub fn offset(mut self, back: Duration) -> Query {
        self.shift(back);
        self
    }

    fn shift(&mut self, back: Duration) {
        match self {
            Query::Selector(selector) | Query::Range { selector, .. } => {
                selector.offset = Some(Offset::Back(Window::Duration(back)));
            }
            Query::Subquery { offset, .. } => *offset = Some(Offset::Back(Window::Duration(back))),
            other => other
                .children_mut()
                .into_iter()
                .for_each(|child| child.shift(back)),
        }
    }

    /// `self[range:step]`, of an instant vector.
    pub fn subquery(self, range: impl Into<Window>, step: Option<Window>) -> Query {
        Query::Subquery {
            query: Box::new(self),
            range: range.into(),
            step,
            offset: None,
            at: None,
        }
    }
}

macro_rules! binary_methods {
    ($($(#[$doc:meta])* $method:ident = $variant:ident,)*) => {
        impl Query {
            $($(#[$doc])*
            pub fn $method(self, right: impl Into<Query>) -> Query {
                Query::binary(BinaryOp::$variant, self, right)
            })*
        }
    };
}

binary_methods! {
    /// `self + right`.
    plus = Add,
    /// `self - right`.
    minus = Sub,
    /// `self * right`.
    times = Mul,
    /// `self / right`.
    divide = Div,
    /// `self == right`.
    equal = Equal,
    /// `self != right`.
    not_equal = NotEqual,
    /// `self < right`.
    less = Less,
    /// `self <= right`.
    less_equal = LessEqual,
    /// `self > right`.
    greater = Greater,
    /// `self >= right`.
    greater_equal = GreaterEqual,
    /// `self and right`.
    and = And,
    /// `self or right`.
    or = Or,
    /// `self unless right`.
    unless = Unless,
}

fn owned<L: Into<String>>(labels: impl IntoIterator<Item = L>) -> Vec<String> {
    labels.into_iter().map(Into::into).collect()
}
