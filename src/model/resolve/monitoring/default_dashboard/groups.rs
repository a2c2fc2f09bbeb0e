//! Which metrics belong together: those whose names begin alike.

use super::titles::{split, words};
use crate::model::names;

/// What an application's process tells has names of its own, whatever the service's metrics begin with.
const PROCESS: &str = "process";

/// Things of one kind, in written order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group<T> {
    pub(super) title: String,
    /// Stable, and unlike that of any other group.
    pub(super) key: String,
    pub(super) members: Vec<T>,
}

/// Groups by the first word of the names. What all have in common does not count: it is the service that they tell of. A group
/// has two members at least, and what has no group comes last.
pub(super) fn of<T>(all: Vec<(&str, T)>) -> Vec<Group<T>> {
    let shared = shared_words(all.iter().map(|(name, _)| *name));
    let prefix = all
        .iter()
        .map(|(name, _)| *name)
        .find(|name| !is_of_process(name))
        .map(|name| split(name).take(shared).collect::<Vec<_>>().join("_"));
    let word = |name: &str| {
        let skipped = if is_of_process(name) { 0 } else { shared };
        split(names::stem(name))
            .nth(skipped)
            .unwrap_or_default()
            .to_owned()
    };
    let mut groups: Vec<Group<T>> = Vec::new();
    for (name, member) in all {
        let key = word(name);
        match groups.iter_mut().find(|group| group.key == key) {
            Some(group) => group.members.push(member),
            None => groups.push(Group {
                title: words(&key),
                key,
                members: vec![member],
            }),
        }
    }
    let (mut groups, alone): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|group| group.members.len() > 1);
    if !alone.is_empty() {
        let title = match prefix {
            _ if groups.iter().any(|group| group.key != PROCESS) => "Other".to_owned(),
            Some(prefix) if !prefix.is_empty() => words(&prefix),
            _ => "Metrics".to_owned(),
        };
        groups.push(Group {
            title,
            // No word is empty.
            key: String::new(),
            members: alone.into_iter().flat_map(|group| group.members).collect(),
        });
    }
    groups
}

/// Whether a name is one that all processes use.
pub(super) fn is_of_process(name: &str) -> bool {
    split(name).next() == Some(PROCESS)
}

/// How many words all names begin with; each keeps one of its own.
fn shared_words<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    let mut names = names
        .filter(|name| !is_of_process(name))
        .map(|name| split(names::stem(name)).collect::<Vec<_>>());
    let Some(first) = names.next() else { return 0 };
    let mut shared = first.len().saturating_sub(1);
    let mut several = false;
    for name in names {
        several = true;
        let same = first.iter().zip(&name).take_while(|(a, b)| a == b).count();
        shared = shared.min(same).min(name.len().saturating_sub(1));
    }
    if several { shared } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(names: &[&str]) -> Vec<String> {
        let all = names.iter().map(|&name| (name, name)).collect();
        let line = |group: Group<&str>| format!("{}: {}", group.title, group.members.join(" "));
        of(all).into_iter().map(line).collect()
    }

    #[test]
    fn a_group_has_two_members() {
        assert_eq!(
            groups(&["cache_hits_total", "queue_length", "cache_bytes", "users"]),
            [
                "Cache: cache_hits_total cache_bytes",
                "Other: queue_length users"
            ]
        );
        assert_eq!(
            groups(&["a_total", "b_total"]),
            ["Metrics: a_total b_total"]
        );
        assert_eq!(groups(&["jobs_done_total"]), ["Metrics: jobs_done_total"]);
        assert_eq!(groups(&[]), [""; 0]);
    }

    #[test]
    fn what_all_begin_with_is_no_group() {
        assert_eq!(
            groups(&[
                "shop_cart_adds_total",
                "shop_cart_size",
                "shop_users",
                "process_threads"
            ]),
            [
                "Cart: shop_cart_adds_total shop_cart_size",
                "Other: shop_users process_threads"
            ]
        );
        assert_eq!(
            groups(&["cache_hits_total", "cache_misses_total"]),
            ["Cache: cache_hits_total cache_misses_total"]
        );
        assert_eq!(
            groups(&["orders", "orders_total"]),
            ["Orders: orders orders_total"]
        );
    }

    #[test]
    fn the_process_is_a_group() {
        assert_eq!(
            groups(&["jobs", "process_threads", "process_open_fds"]),
            ["Process: process_threads process_open_fds", "Metrics: jobs"]
        );
    }
}
