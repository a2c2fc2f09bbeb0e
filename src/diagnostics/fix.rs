//! What mends a finding without a question: one change of the marked text.

/// The one change of the marked text that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// The word means another one.
    Rename {
        /// What was written.
        from: String,
        /// What is meant.
        to: String,
    },
    /// A value without quotes is meant as a string.
    Quote,
    /// A single value is meant as a list of one.
    List,
    /// Another value is meant.
    Replace(&'static str),
}

/// What may stand around a word and stays.
const AROUND: &[(char, char)] = &[('"', '"'), ('\'', '\''), ('{', '}')];

impl Fix {
    /// What the marked text becomes; nothing if that is not certain to be read as it is meant.
    pub(crate) fn of(&self, marked: &str) -> Option<String> {
        match self {
            Self::Rename { from, to } => {
                let word = within(marked);
                (word == from && is_plain_word(to)).then(|| marked.replacen(word, to, 1))
            }
            Self::Quote => is_plain(marked).then(|| format!("\"{marked}\"")),
            Self::List => (is_plain(marked) || within(marked).len() + 2 == marked.len())
                .then(|| format!("[{marked}]")),
            Self::Replace(value) => Some((*value).to_owned()),
        }
    }
}

/// A word without what stands around it.
fn within(marked: &str) -> &str {
    let inner = AROUND.iter().find_map(|(open, close)| {
        let inner = marked.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.is_empty()).then_some(inner)
    });
    inner.unwrap_or(marked)
}

/// Whether this is a string of YAML without quotes wherever it stands, also in a list on one line and inside of quotes.
fn is_plain_word(text: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || "_./:-".contains(c);
    let reads_as_other = ["true", "false", "null"].contains(&text.to_ascii_lowercase().as_str());
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(letter)
        && !text.ends_with(':')
        && !reads_as_other
}

/// Whether this is a scalar on one line in which nothing has a meaning of its own.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_./:+-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(marked: &str, to: &str) -> Option<String> {
        let fix = Fix::Rename {
            from: "ordr".to_owned(),
            to: to.to_owned(),
        };
        fix.of(marked)
    }

    #[test]
    fn a_word_is_renamed_where_it_is_that_word() {
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(renamed("ordr", "order"), is("order"));
        assert_eq!(renamed("\"ordr\"", "order"), is("\"order\""));
        assert_eq!(renamed("{ordr}", "order"), is("{order}"));
        assert_eq!(renamed("ordr_total", "order"), None);
        assert_eq!(renamed("$labels.ordr", "order"), None);
    }

    #[test]
    fn a_word_that_would_be_read_as_something_else_is_not_put_in() {
        for word in ["true", "Null", "1st", "a b", "a\"b", "#a", "a:", ""] {
            assert_eq!(renamed("ordr", word), None, "{word}");
        }
    }

    #[test]
    fn quotes_are_put_around_what_has_none() {
        assert_eq!(Fix::Quote.of("2.42").as_deref(), Some("\"2.42\""));
        assert_eq!(Fix::Quote.of("012").as_deref(), Some("\"012\""));
        assert_eq!(Fix::Quote.of("\"2\""), None);
        assert_eq!(Fix::Quote.of("&a 2"), None);
    }

    #[test]
    fn one_value_becomes_a_list() {
        assert_eq!(Fix::List.of("paid").as_deref(), Some("[paid]"));
        assert_eq!(Fix::List.of("\"a, b\"").as_deref(), Some("[\"a, b\"]"));
        assert_eq!(Fix::List.of("a, b"), None);
    }
}
