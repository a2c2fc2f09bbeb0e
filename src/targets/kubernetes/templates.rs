//! The texts of messages, each with the templates that it needs: an AlertmanagerConfig has no place for files of templates, and one
//! that is missing would keep the message from being sent.

use std::collections::BTreeSet;

use crate::targets::alertmanager::TEMPLATES;

const DEFINE: &str = "{{ define \"";
const END: &str = "{{ end }}";
const USE: &str = "{{ template \"";

/// The text, below the definitions of what it uses.
pub(super) fn with_definitions(text: &str) -> String {
    let definitions: Vec<(&str, &str)> = definitions().collect();
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> = used(text).collect();
    while let Some(name) = waiting.pop() {
        let body = definitions.iter().find(|(known, _)| *known == name);
        if let Some((name, body)) = body
            && needed.insert(name)
        {
            waiting.extend(used(body));
        }
    }
    let mut whole = String::new();
    for (_, body) in definitions.iter().filter(|(name, _)| needed.contains(name)) {
        // The line break after a definition is not of the text.
        whole.push_str(body.strip_suffix(END).unwrap_or(body));
        whole.push_str("{{ end -}}\n");
    }
    whole + text
}

/// Each definition by its name; what stands between them are comments.
fn definitions() -> impl Iterator<Item = (&'static str, &'static str)> {
    let starts: Vec<usize> = TEMPLATES.match_indices(DEFINE).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([TEMPLATES.len()]);
    let parts: Vec<&str> = starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(a, b)| &TEMPLATES[a..b])
        .collect();
    parts.into_iter().filter_map(|part| {
        let name = part.strip_prefix(DEFINE)?.split('"').next()?;
        let end = part.rfind(END)? + END.len();
        Some((name, &part[..end]))
    })
}

/// The names of the templates that a text uses.
fn used(text: &str) -> impl Iterator<Item = &str> {
    let uses = text.split(USE).skip(1);
    uses.filter_map(|rest| rest.split('"').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_found_whole() {
        let all: Vec<_> = definitions().collect();
        assert_eq!(all.len(), TEMPLATES.matches("define ").count());
        for (name, body) in &all {
            let count = |word: &str| body.matches(word).count();
            let opened: usize = ["{{ define", "{{ if", "{{ range", "{{ with"]
                .map(count)
                .iter()
                .sum();
            assert_eq!(
                opened,
                count("{{ end }}") + count("{{ end -}}"),
                "{name}: {body}"
            );
            for used in used(body) {
                assert!(all.iter().any(|(known, _)| *known == used), "{used}");
            }
        }
    }

    #[test]
    fn a_text_brings_what_it_uses_and_no_more() {
        assert_eq!(with_definitions("{{ .Status }}"), "{{ .Status }}");
        let text = with_definitions(r#"{{ template "monospec.title" . }}"#);
        let defined: Vec<&str> = text
            .split(DEFINE)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert_eq!(
            defined,
            ["monospec.subject", "monospec.status", "monospec.title"]
        );
        assert!(
            text.ends_with("{{ end -}}\n{{ template \"monospec.title\" . }}"),
            "{text}"
        );
    }
}
