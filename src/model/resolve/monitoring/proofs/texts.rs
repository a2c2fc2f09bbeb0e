//! What the templates of annotations and labels become.

use super::humanize;

/// Expands a template of Prometheus; `None` if it does what is not known here.
pub(super) fn expand(text: &str, value: f64, labels: &[(String, String)]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (action, after) = after.split_once("}}")?;
        let cut_left = action.strip_prefix("- ");
        let action = cut_left.unwrap_or(action);
        if cut_left.is_some() || action.ends_with(" -") {
            return None; // white space that is cut off around it
        }
        out.push_str(before);
        out.push_str(&pipeline(action.trim(), value, labels)?);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// `$value | humanize`, `$labels.job`, `"{{"`.
fn pipeline(action: &str, value: f64, labels: &[(String, String)]) -> Option<String> {
    if let Some(text) = literal(action) {
        return Some(text);
    }
    let mut parts = action.split('|').map(str::trim);
    let subject = parts.next()?;
    let function = parts.next();
    if parts.next().is_some() {
        return None;
    }
    if let Some(label) = subject
        .strip_prefix("$labels.")
        .or_else(|| subject.strip_prefix(".Labels."))
    {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        // The name is there or not, as the expression keeps or drops it.
        if function.is_some() || !label.chars().all(word) || label == "__name__" {
            return None;
        }
        let found = labels.iter().find(|(name, _)| name == label);
        return Some(found.map(|(_, text)| text.clone()).unwrap_or_default());
    }
    if !matches!(subject, "$value" | ".Value") {
        return None;
    }
    Some(match function? {
        "humanize" => humanize::metric(value),
        "humanize1024" => humanize::binary(value),
        "humanizePercentage" => humanize::percentage(value),
        "humanizeDuration" => humanize::duration(value),
        function => {
            let format = function.strip_prefix("printf")?.trim_start();
            let decimals: usize = format
                .strip_prefix("\"%.")?
                .strip_suffix("f\"")?
                .parse()
                .ok()?;
            // More digits would show how Prometheus adds up.
            if decimals > 3 {
                return None;
            }
            format!("{value:.decimals$}")
        }
    })
}

/// A text of Go in double quotes, or in backquotes.
fn literal(action: &str) -> Option<String> {
    if let Some(raw) = action.strip_prefix('`').and_then(|a| a.strip_suffix('`')) {
        return (!raw.contains('`')).then(|| raw.to_owned());
    }
    let text = action.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains(['\\', '"'])).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn what_is_known_expands_and_the_rest_is_left_to_others() {
        let labels = [("job".to_owned(), "shop".to_owned())];
        for (text, expected) in [
            ("plain", Some("plain")),
            (
                "{{ $labels.job }}: {{$value | humanizePercentage}}",
                Some("shop: 5.1%"),
            ),
            (
                "{{ $value | printf \"%.0f\" }} of {{ \"{{\" }}",
                Some("0 of {{"),
            ),
            ("{{ $labels.none }}", Some("")),
            ("{{ $labels.__name__ }}", None),
            ("{{ $value }}", None),
            ("{{ if $value }}", None),
            ("{{ $labels.job | toUpper }}", None),
            ("{{- $labels.job }}", None),
        ] {
            assert_eq!(expand(text, 0.051, &labels).as_deref(), expected, "{text}");
        }
    }
}
