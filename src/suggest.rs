//! "Did you mean …?"

use std::fmt;

/// A word that is near to what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Near<'w, 'c> {
    /// What was written.
    pub(crate) word: &'w str,
    /// What is near.
    pub(crate) name: &'c str,
    /// Whether nothing else is as near.
    pub(crate) alone: bool,
}

impl fmt::Display for Near<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The candidate nearest to `word`, if one is near enough to be meant.
///
/// Distance is [Levenshtein's](https://en.wikipedia.org/wiki/Levenshtein_distance) with swapped neighbours counted once; near
/// is a third of the word.
pub(crate) fn nearest<'w, 'c>(
    word: &'w str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<Near<'w, 'c>> {
    let letters: Vec<char> = word.chars().take(MAX_LENGTH).collect();
    let limit = (letters.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    let mut alone = true;
    for candidate in candidates {
        let other: Vec<char> = candidate.chars().take(MAX_LENGTH).collect();
        if letters.len().abs_diff(other.len()) > limit {
            continue;
        }
        let Some(distance) = distance(&letters, &other, limit) else {
            continue;
        };
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, name)) if distance == least => {
                alone &= name == candidate;
                // Of two as near as each other the same one every time, in whatever order they come.
                best = Some((least, name.min(candidate)));
            }
            _ => {
                alone = true;
                best = Some((distance, candidate));
            }
        }
    }
    best.map(|(_, name)| Near { word, name, alone })
}

/// Names that are longer differ enough in what comes first.
const MAX_LENGTH: usize = 200;

/// Optimal string alignment; nothing as soon as it is sure to exceed the limit.
fn distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
        if last.iter().min().is_some_and(|least| *least > limit) {
            return None;
        }
    }
    Some(last[b.len()]).filter(|distance| *distance <= limit)
}

/// `` `a`, `b` or `c` ``, cut short where it would fill the screen.
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let words: Vec<String> = words.into_iter().map(|w| format!("`{w}`")).collect();
    match words.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        many if many.len() > SHOWN => {
            format!(
                "{} and {} more",
                many[..SHOWN].join(", "),
                many.len() - SHOWN
            )
        }
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let names = ["cache_operations_total", "http_requests_total", "up"];
        let near = |word| nearest(word, names).map(|near| near.name);
        assert_eq!(near("cache_operation_total"), Some(names[0]));
        assert_eq!(near("http_reqeusts_total"), Some(names[1]));
        assert_eq!(near("pu"), Some("up"));
        assert_eq!(near("database_connections"), None);
        assert_eq!(near(""), None);
    }

    #[test]
    fn a_near_word_is_alone_or_one_of_several() {
        let alone = |names: &[&'static str]| nearest("axe", names.iter().copied()).map(|n| n.alone);
        assert_eq!(alone(&["axes", "saw"]), Some(true));
        assert_eq!(alone(&["axes", "ax"]), Some(false));
        assert_eq!(alone(&["axes", "axes"]), Some(true));
        assert_eq!(alone(&["ax", "axe"]), Some(true));
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
