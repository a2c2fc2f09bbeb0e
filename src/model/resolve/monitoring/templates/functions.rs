//! What a template can call, and with how many arguments.

/// A function of templates.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// How many arguments it takes at least; what is piped into it is the last of them.
    least: usize,
    /// How many at most; any number if nothing.
    most: Option<usize>,
}

const fn exactly(name: &'static str, arguments: usize) -> Function {
    Function {
        name,
        least: arguments,
        most: Some(arguments),
    }
}

const fn at_least(name: &'static str, arguments: usize) -> Function {
    Function {
        name,
        least: arguments,
        most: None,
    }
}

/// [Functions of Prometheus 2.42](https://prometheus.io/docs/prometheus/2.42/configuration/template_reference/), and those of
/// [Go](https://pkg.go.dev/text/template#hdr-Functions).
const FUNCTIONS: &[Function] = &[
    exactly("query", 1),
    exactly("first", 1),
    exactly("label", 2),
    exactly("value", 1),
    exactly("strvalue", 1),
    at_least("args", 0),
    exactly("reReplaceAll", 3),
    exactly("safeHtml", 1),
    exactly("match", 2),
    exactly("title", 1),
    exactly("toUpper", 1),
    exactly("toLower", 1),
    exactly("graphLink", 1),
    exactly("tableLink", 1),
    exactly("sortByLabel", 2),
    exactly("stripPort", 1),
    exactly("stripDomain", 1),
    exactly("humanize", 1),
    exactly("humanize1024", 1),
    exactly("humanizeDuration", 1),
    exactly("humanizePercentage", 1),
    exactly("humanizeTimestamp", 1),
    exactly("toTime", 1),
    exactly("pathPrefix", 0),
    exactly("externalURL", 0),
    exactly("parseDuration", 1),
    exactly("tmpl", 2),
    at_least("and", 1),
    at_least("call", 1),
    at_least("html", 0),
    at_least("index", 1),
    at_least("slice", 1),
    at_least("js", 0),
    exactly("len", 1),
    exactly("not", 1),
    at_least("or", 1),
    at_least("print", 0),
    at_least("printf", 1),
    at_least("println", 0),
    at_least("urlquery", 0),
    at_least("eq", 2),
    exactly("ge", 2),
    exactly("gt", 2),
    exactly("le", 2),
    exactly("lt", 2),
    exactly("ne", 2),
];

/// Words that stand for a value and take nothing.
pub(super) const CONSTANTS: &[&str] = &["true", "false", "nil"];

/// The names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

/// The function of a name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

impl Function {
    /// Whether it can be called with so many arguments. Anything else is an error when the template is expanded, in place of the text.
    pub(super) fn takes(&self, arguments: usize) -> bool {
        arguments >= self.least && self.most.is_none_or(|most| arguments <= most)
    }

    /// How many arguments it takes, in words.
    pub(super) fn arity(&self) -> String {
        let at_least = if self.most.is_none() { "at least " } else { "" };
        match self.least {
            0 => "no argument".to_owned(),
            1 => format!("{at_least}one argument"),
            more => format!("{at_least}{more} arguments"),
        }
    }

    /// Whether it turns one value into a text, so that a value is piped into it.
    pub(super) fn formats(&self) -> bool {
        self.name.starts_with("humanize")
    }
}
