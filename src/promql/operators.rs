//! The operators of aggregations and binary operations.

macro_rules! operators {
    ($(#[$about:meta])* $name:ident: $($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// How PromQL writes it.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// The operator that PromQL writes so; letters in either case, as Prometheus reads them.
            pub fn from_name(text: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|it| it.as_str().eq_ignore_ascii_case(text))
            }
        }
    };
}

operators! {
    /// What an aggregation computes of every group.
    AggregateOp:
    /// The sum of the values.
    Sum = "sum",
    /// Their mean.
    Avg = "avg",
    /// How many there are.
    Count = "count",
    /// The least.
    Min = "min",
    /// The greatest.
    Max = "max",
    /// 1 for each group.
    Group = "group",
    /// The standard deviation.
    Stddev = "stddev",
    /// The variance.
    Stdvar = "stdvar",
    /// The k series with the greatest values.
    TopK = "topk",
    /// The k series with the least values.
    BottomK = "bottomk",
    /// How many series have each value; the value goes into a label.
    CountValues = "count_values",
    /// A quantile of the values.
    Quantile = "quantile",
    /// Any k series (experimental).
    LimitK = "limitk",
    /// A share of the series (experimental).
    LimitRatio = "limit_ratio",
}

operators! {
    /// An operator between two operands.
    BinaryOp:
    /// Sum.
    Add = "+",
    /// Difference.
    Sub = "-",
    /// Product.
    Mul = "*",
    /// Quotient.
    Div = "/",
    /// Remainder.
    Mod = "%",
    /// Power; the only one that associates to the right.
    Pow = "^",
    /// The angle of the point (right, left).
    Atan2 = "atan2",
    /// Equal.
    Equal = "==",
    /// Not equal.
    NotEqual = "!=",
    /// Less.
    Less = "<",
    /// Less or equal.
    LessEqual = "<=",
    /// Greater.
    Greater = ">",
    /// Greater or equal.
    GreaterEqual = ">=",
    /// The series of the left that have a partner on the right.
    And = "and",
    /// The series of the left, and those of the right that have no partner there.
    Or = "or",
    /// The series of the left that have no partner on the right.
    Unless = "unless",
}

impl AggregateOp {
    /// Whether a parameter stands before the argument, as in `topk(5, x)`.
    pub const fn takes_parameter(self) -> bool {
        matches!(
            self,
            AggregateOp::TopK
                | AggregateOp::BottomK
                | AggregateOp::CountValues
                | AggregateOp::Quantile
                | AggregateOp::LimitK
                | AggregateOp::LimitRatio
        )
    }

    /// Whether only a server with a feature flag has it.
    pub(super) const fn is_experimental(self) -> bool {
        matches!(self, AggregateOp::LimitK | AggregateOp::LimitRatio)
    }

    /// Whether the results are series of the argument, with all their labels.
    pub const fn keeps_series(self) -> bool {
        matches!(
            self,
            AggregateOp::TopK
                | AggregateOp::BottomK
                | AggregateOp::LimitK
                | AggregateOp::LimitRatio
        )
    }
}

impl BinaryOp {
    /// Whether it compares: `==`, `<` and their like.
    pub const fn is_comparison(self) -> bool {
        matches!(
            self,
            BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::Less
                | BinaryOp::LessEqual
                | BinaryOp::Greater
                | BinaryOp::GreaterEqual
        )
    }

    /// Whether it works on sets of series: `and`, `or`, `unless`.
    pub const fn is_set(self) -> bool {
        matches!(self, BinaryOp::And | BinaryOp::Or | BinaryOp::Unless)
    }

    /// How tightly it binds, 1 to 6 (Prometheus, "Binary operator precedence").
    pub(super) const fn precedence(self) -> u8 {
        match self {
            BinaryOp::Or => 1,
            BinaryOp::And | BinaryOp::Unless => 2,
            BinaryOp::Add | BinaryOp::Sub => 4,
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::Mod | BinaryOp::Atan2 => UNARY,
            BinaryOp::Pow => 6,
            _ => 3,
        }
    }
}

/// How tightly a sign binds: as a product does, looser than a power.
pub(super) const UNARY: u8 = 5;
