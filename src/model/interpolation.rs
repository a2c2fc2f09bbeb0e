//! What Grafana takes for one of its variables.
//!
//! It looks for them in titles and descriptions of panels, in titles of rows, in queries and legends. Whatever names a variable
//! of the dashboard gives way to what is chosen there, and
//! [nothing escapes it](https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/); a name that no variable
//! has stays as it is.

use std::ops::Range;

/// A part of a text that may be the name of a variable, in one of the ways of writing it: `$x`, `${x}`, `[[x]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference<'t> {
    /// The bytes of the text.
    pub(crate) range: Range<usize>,
    /// The variable.
    pub(crate) name: &'t str,
}

/// All of them, from the left. A name that begins with a digit, as in `$5`, is none: no dashboard has such a variable.
pub(crate) fn references(text: &str) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find(['$', '[']) {
        at += next;
        match reference(&text[at..]) {
            Some((name, length)) => {
                let range = at..at + length;
                at = range.end;
                found.push(Reference { range, name });
            }
            None => at += 1,
        }
    }
    found
}

/// The variable at the start of a text, and how long its reference is.
fn reference(text: &str) -> Option<(&str, usize)> {
    if let Some(inner) = text.strip_prefix("[[") {
        let name = name(inner)?;
        let format = inner[name.len()..].split_once("]]")?.0;
        let word = |format: &str| !format.is_empty() && self::word(format) == format;
        let plain = format.is_empty() || format.strip_prefix(':').is_some_and(word);
        return plain.then_some((name, name.len() + format.len() + 4));
    }
    let after = text.strip_prefix('$')?;
    if let Some(inner) = after.strip_prefix('{') {
        let name = name(inner)?;
        let rest = inner[name.len()..].split_once('}')?.0;
        // A field of it, or a format.
        let more = rest.is_empty() || rest.starts_with(['.', ':', '[']);
        return more.then_some((name, name.len() + rest.len() + 3));
    }
    name(after).map(|name| (name, name.len() + 1))
}

fn name(text: &str) -> Option<&str> {
    let name = word(text);
    (!name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
}

/// What JavaScript's `\w+` finds at the start.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_in_every_way_of_writing_them() {
        for (text, names) in [
            ("$job", vec!["job"]),
            ("Load of $job, $instance", vec!["job", "instance"]),
            ("$job_name", vec!["job_name"]),
            ("${job}", vec!["job"]),
            ("${job:raw} ${__from:date:YYYY}", vec!["job", "__from"]),
            ("${__field.labels.x} ${a[\"b\"]}", vec!["__field", "a"]),
            ("[[job]] [[job:csv]]", vec!["job", "job"]),
            ("$$job", vec!["job"]),
            ("[[[job]]]", vec!["job"]),
            ("\\$job", vec!["job"]),
            ("é$job→", vec!["job"]),
        ] {
            let found = references(text);
            assert_eq!(
                found.iter().map(|found| found.name).collect::<Vec<_>>(),
                names,
                "{text}"
            );
        }
        let found = references("a ${job:raw} b");
        assert_eq!(found[0].range, 2..12);
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "$",
            "$5",
            "5 $",
            "$ job",
            "${job",
            "${}",
            "${5}",
            "${job-name}",
            "${job name}",
            "[[job]",
            "[[ job ]]",
            "[[5]]",
            "[[job:]]",
            "[[job:a b]]",
            "[job]",
            "a[0]",
            "^a$",
            "a$|b",
        ] {
            assert_eq!(references(text), [], "{text}");
        }
    }
}
