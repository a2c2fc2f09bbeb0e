//! A hash table that is read without a lock.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use crate::sync::lock;

/// The number of slots of the first level; every further one has twice as many.
const FIRST: usize = 32;
/// Numbers have 32 bits, and half of the slots stay free.
const LEVELS: usize = 29;

/// Finds what is kept elsewhere by its hash: a table of numbers that are only added. What the numbers stand for is
/// compared by who asks.
///
/// A full level is copied to one of twice the size. It stays, for those who are reading it: together all levels have less
/// than twice the slots of the last.
#[derive(Debug)]
pub(crate) struct Table {
    levels: [OnceLock<Box<[Slot]>>; LEVELS],
    /// The level that is read.
    current: AtomicUsize,
    /// How many numbers there are; locked to add one.
    len: Mutex<usize>,
}

/// The upper half of the hash, which also says where to look, and one more than the number; 0 is a free slot.
type Slot = AtomicU64;

impl Table {
    pub(crate) const fn new() -> Self {
        Self {
            levels: [const { OnceLock::new() }; LEVELS],
            current: AtomicUsize::new(0),
            len: Mutex::new(0),
        }
    }

    /// The number of this hash that `is` it.
    #[inline]
    pub(crate) fn find(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        // What is published with the level and with a slot is seen by who reads them.
        let slots = self.levels[self.current.load(Ordering::Acquire)].get()?;
        let tag = hash >> 32;
        // A power of two.
        let mask = slots.len() - 1;
        let mut at = tag as usize & mask;
        loop {
            let slot = slots[at & mask].load(Ordering::Acquire);
            if slot == 0 {
                return None;
            }
            if slot >> 32 == tag && is(slot as u32 - 1) {
                return Some(slot as u32 - 1);
            }
            at += 1;
        }
    }

    /// The number of this hash that `is` it, or the new one that `add` gives, if it gives any. Nobody else adds meanwhile.
    pub(crate) fn find_or_add(
        &self,
        hash: u64,
        is: impl Fn(u32) -> bool,
        add: impl FnOnce() -> Option<u32>,
    ) -> Option<u32> {
        let mut len = lock(&self.len);
        if let Some(known) = self.find(hash, is) {
            return Some(known);
        }
        let number = add()?;
        let mut level = self.current.load(Ordering::Relaxed);
        let slots = self.slots(level);
        if (*len + 1) * 2 > slots.len() {
            level += 1;
            for slot in slots {
                put(self.slots(level), slot.load(Ordering::Relaxed));
            }
        }
        let slot = hash >> 32 << 32 | (u64::from(number) + 1);
        put(self.slots(level), slot);
        self.current.store(level, Ordering::Release);
        *len += 1;
        Some(number)
    }

    fn slots(&self, level: usize) -> &[Slot] {
        self.levels[level].get_or_init(|| (0..FIRST << level).map(|_| Slot::new(0)).collect())
    }
}

fn put(slots: &[Slot], slot: u64) {
    let mask = slots.len() - 1;
    let mut at = (slot >> 32) as usize;
    if slot == 0 {
        return;
    }
    while slots[at & mask].load(Ordering::Relaxed) != 0 {
        at += 1;
    }
    slots[at & mask].store(slot, Ordering::Release);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arena::Arena;
    use crate::hash::Hasher;

    fn number(table: &Table, texts: &Arena<String>, hash: u64, text: &str) -> u32 {
        let is = |number: u32| {
            texts
                .get(number as usize)
                .is_some_and(|known| known == text)
        };
        let add = || u32::try_from(texts.push(text.to_owned()).0).ok();
        table
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
            for n in 0..100u32 {
                assert_eq!(number(&table, &texts, 42, &n.to_string()), n, "{round}");
            }
        }
    }

    #[test]
    fn what_is_refused_is_not_there() {
        let table = Table::new();
        assert_eq!(table.find(1, |_| true), None);
        assert_eq!(table.find_or_add(1, |_| true, || None), None);
        assert_eq!(table.find_or_add(1, |_| true, || Some(0)), Some(0));
        assert_eq!(table.find(1, |_| true), Some(0));
    }
}
