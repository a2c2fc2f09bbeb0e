//! Anchors of headings, as GitHub and mdBook make them.

use std::collections::HashMap;

/// The anchors of one page, in the order of its headings.
#[derive(Default)]
pub(super) struct Anchors {
    seen: HashMap<String, usize>,
}

impl Anchors {
    /// The anchor of the next heading: small letters, digits, `-` and `_`; a space becomes a `-`, and all else goes. Where there was
    /// such a heading before, it ends in a number.
    pub(super) fn next(&mut self, heading: &str) -> String {
        let anchor: String = heading
            .chars()
            .filter_map(|c| match c {
                ' ' => Some('-'),
                '-' | '_' => Some(c),
                c => c.is_alphanumeric().then_some(c),
            })
            .flat_map(char::to_lowercase)
            .collect();
        let mut number = self.seen.get(&anchor).copied().unwrap_or(0);
        let unique = loop {
            let unique = match number {
                0 => anchor.clone(),
                _ => format!("{anchor}-{number}"),
            };
            number += 1;
            if !self.seen.contains_key(&unique) {
                break unique;
            }
        };
        self.seen.insert(anchor, number);
        self.seen.entry(unique.clone()).or_insert(1);
        unique
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_headings_share_one() {
        let mut anchors = Anchors::default();
        let next: Vec<String> = ["Metrics", "a:b_c", "A:B_C", "x 1", "a-b", "metrics"]
            .iter()
            .map(|heading| anchors.next(heading))
            .collect();
        assert_eq!(
            next,
            ["metrics", "ab_c", "ab_c-1", "x-1", "a-b", "metrics-1"]
        );
    }
}
