//! A hash table that is read without a lock.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use crate::sync::lock;

/// The number of slots of the first level; every further one has twice as many.
const FIRST: usize = 16;
const LEVELS: usize = 32;

/// Entries that are only added, found by their hash. Half of the slots stay free.
///
/// A full level is copied to one of twice the size. It stays, for those who are reading it: together all levels have less
/// than twice the slots of the last.
pub(crate) struct Table<E> {
    levels: [OnceLock<Box<[Slot<E>]>>; LEVELS],
    /// The level that is read.
    current: AtomicUsize,
    /// How many entries there are; locked to add one.
    len: Mutex<usize>,
}

type Slot<E> = OnceLock<Hashed<E>>;

#[derive(Clone)]
struct Hashed<E> {
    hash: u64,
    entry: E,
}

impl<E: Clone> Table<E> {
    pub(crate) const fn new() -> Self {
        Self {
            levels: [const { OnceLock::new() }; LEVELS],
            current: AtomicUsize::new(0),
            len: Mutex::new(0),
        }
    }

    /// The entry of this hash that `is` it.
    #[inline]
    pub(crate) fn find(&self, hash: u64, is: impl Fn(&E) -> bool) -> Option<&E> {
        let slots = self.levels[self.current.load(Ordering::Acquire)].get()?;
        // A power of two.
        let mask = slots.len() - 1;
        let mut at = hash as usize;
        loop {
            let hashed = slots[at & mask].get()?;
            if hashed.hash == hash && is(&hashed.entry) {
                return Some(&hashed.entry);
            }
            at += 1;
        }
    }

    /// The entry of this hash that `is` it, or the new one that `add` gives, if it gives any. Nobody else adds meanwhile.
    #[cold]
    pub(crate) fn find_or_add(
        &self,
        hash: u64,
        is: impl Fn(&E) -> bool,
        add: impl FnOnce() -> Option<E>,
    ) -> Option<&E> {
        let mut len = lock(&self.len);
        if let Some(known) = self.find(hash, is) {
            return Some(known);
        }
        let entry = add()?;
        let mut level = self.current.load(Ordering::Relaxed);
        let slots = self.slots(level);
        if (*len + 1) * 2 > slots.len() {
            level += 1;
            let larger = self.slots(level);
            for hashed in slots.iter().filter_map(OnceLock::get) {
                put(larger, hashed.clone());
            }
        }
        let added = put(self.slots(level), Hashed { hash, entry });
        self.current.store(level, Ordering::Release);
        *len += 1;
        Some(added)
    }

    fn slots(&self, level: usize) -> &[Slot<E>] {
        self.levels[level].get_or_init(|| (0..FIRST << level).map(|_| Slot::new()).collect())
    }
}

/// Nobody else puts anything meanwhile, and there is a free slot.
fn put<E>(slots: &[Slot<E>], hashed: Hashed<E>) -> &E {
    let mask = slots.len() - 1;
    let mut at = hashed.hash as usize & mask;
    while slots[at].get().is_some() {
        at = (at + 1) & mask;
    }
    &slots[at].get_or_init(|| hashed).entry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arena::Arena;
    use crate::hash::Hasher;

    fn number(table: &Table<usize>, texts: &Arena<String>, hash: u64, text: &str) -> usize {
        let is = |number: &usize| texts.get(*number).is_some_and(|known| known == text);
        let add = || Some(texts.push(text.to_owned()).0);
        *table
            .find(hash, is)
            .or_else(|| table.find_or_add(hash, is, add))
            .expect("there is room")
    }

    #[test]
    fn threads_agree_on_numbers() {
        let (table, texts, hasher) = (Table::new(), Arena::new(), Hasher::new());
        let numbers = |step: usize| {
            let (table, texts) = (&table, &texts);
            move || {
                let texts_of = (0..5000).map(move |n| (n * step % 5000).to_string());
                let mut numbers: Vec<_> = texts_of
                    .map(|text| (number(table, texts, hasher.text(&text), &text), text))
                    .collect();
                numbers.sort();
                numbers
            }
        };
        let seen: Vec<_> = std::thread::scope(|scope| {
            let threads = [1, 3, 7, 4999].map(|step| scope.spawn(numbers(step)));
            threads
                .map(|thread| thread.join().expect("no panic"))
                .into()
        });
        assert!(seen.iter().all(|numbers| *numbers == seen[0]));
        assert_eq!(texts.iter().count(), 5000);
    }

    #[test]
    fn one_hash_for_all_is_slow_and_right() {
        let (table, texts) = (Table::new(), Arena::new());
        for round in 0..2 {
            for n in 0..100 {
                assert_eq!(number(&table, &texts, 42, &n.to_string()), n, "{round}");
            }
        }
    }

    #[test]
    fn what_is_refused_is_not_there() {
        let table = Table::new();
        assert_eq!(table.find(1, |_| true), None);
        assert_eq!(table.find_or_add(1, |_| true, || None), None);
        assert_eq!(table.find_or_add(1, |_| true, || Some("a")), Some(&"a"));
        assert_eq!(table.find(1, |_| true), Some(&"a"));
    }
}
