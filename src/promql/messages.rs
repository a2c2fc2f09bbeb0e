//! promql-parser's messages in the words of this tool.

/// Says what promql-parser says, so that it helps.
pub(super) fn translate(message: &str) -> String {
    wrong_type(message)
        .or_else(|| wrong_number(message))
        .or_else(|| fixed(message))
        .unwrap_or_else(|| tidy(message))
}

/// `expected type matrix in call to function 'rate', got vector`
fn wrong_type(message: &str) -> Option<String> {
    let rest = message.strip_prefix("expected type ")?;
    let (expected, rest) = rest.split_once(" in ")?;
    let (context, found) = rest.rsplit_once(", got ")?;
    let user = match context.strip_prefix("call to function ") {
        Some(function) => format!("`{}`", function.trim_matches('\'')),
        None => "an aggregation".to_owned(),
    };
    Some(format!(
        "{user} takes {}, not {}",
        kind(expected),
        kind(found)
    ))
}

/// `expected at least 1 argument(s) in call to 'round', got 0`
fn wrong_number(message: &str) -> Option<String> {
    let rest = message.strip_prefix("expected ")?;
    let (expected, rest) = rest.split_once(" argument(s) in call to ")?;
    let (function, found) = rest.split_once(", got ")?;
    let plural = if expected.ends_with(" 1") || expected == "1" {
        ""
    } else {
        "s"
    };
    let function = function.trim_matches('\'');
    Some(format!(
        "`{function}` takes {expected} argument{plural}, found {found}"
    ))
}

fn fixed(message: &str) -> Option<String> {
    if let Some(name) = message.strip_prefix("unknown function with name ") {
        return Some(format!(
            "no function is called `{}`",
            name.trim_matches('\'')
        ));
    }
    if let Some(regex) = message.strip_prefix("illegal regex for ") {
        return Some(format!("`{regex}` is not a regular expression"));
    }
    if let Some(found) = message.strip_prefix("subquery is only allowed on vector, got ") {
        let found = found.trim_end_matches(" instead");
        return Some(format!(
            "a subquery takes {}, not {}",
            kind("vector"),
            kind(found)
        ));
    }
    if message.starts_with("unary expression only allowed") {
        return Some("a sign stands only before a number or an instant vector".to_owned());
    }
    if message.starts_with("metric name must not be set twice") {
        return Some("the metric is named twice".to_owned());
    }
    if message.starts_with("offset modifier must be preceded") {
        return Some(
            "`offset` stands only behind a selector, a range or a subquery, without parentheses"
                .to_owned(),
        );
    }
    if message.starts_with("@ modifier must be preceded") {
        return Some(
            "`@` stands only behind a selector, a range or a subquery, without parentheses"
                .to_owned(),
        );
    }
    let text = match message {
        "comparisons between scalars must use BOOL modifier" => {
            "a comparison of two numbers needs `bool`, as in `1 == bool 1`"
        }
        "bool modifier can only be used on comparison operators" => {
            "`bool` stands only behind a comparison such as `==`"
        }
        "vector selector must contain at least one non-empty matcher" => {
            "this selects every series: name the metric, or match a label with something not empty"
        }
        "ranges only allowed for vector selectors" => {
            "a window stands only behind a selector; of an expression write `(…)[5m:]`"
        }
        "no offset modifiers allowed before range" => "`offset` stands behind the window",
        "no @ modifiers allowed before range" => "`@` stands behind the window",
        "offset may not be set multiple times" => "there are two offsets",
        "@ <timestamp> may not be set multiple times" => "there are two `@`",
        "vector matching only allowed between vectors" => {
            "`on` and `ignoring` stand only between two vectors, not beside a number"
        }
        "binary expression must contain only scalar and instant vector types" => {
            "operators take numbers and instant vectors, not ranges and strings"
        }
        "invalid promql query" => "this is not PromQL",
        _ => return None,
    };
    Some(text.to_owned())
}

/// The value kinds by the names under which people know them.
fn kind(name: &str) -> &str {
    match name {
        "vector" => "an instant vector such as `m`",
        "matrix" => "a range vector such as `m[5m]`",
        "scalar" => "a number",
        "string" => "a string",
        other => other,
    }
}

/// One line, and names in backquotes as everywhere else.
fn tidy(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('\'', "`")
}
