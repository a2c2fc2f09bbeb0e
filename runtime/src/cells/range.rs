//! Who has which cells.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use super::CellId;
use super::shard::{self, CHUNK_CELLS};
use crate::sync::lock;

/// Cells in a row, all 0 at first, that go back when this is dropped. The first has an even number.
#[derive(Debug)]
pub(crate) struct CellRange {
    first: u32,
    len: u32,
}

impl CellRange {
    /// # Panics
    ///
    /// When there would be more than 2³² cells, that is 32 GiB of them, in the process.
    pub(crate) fn new(len: usize) -> Self {
        // Every range has an even number of cells, and so every one begins with one.
        let taken = u32::try_from(len.next_multiple_of(2))
            .ok()
            .and_then(|len| Some((lock(&FREE).take(len)?, len)));
        let (first, len) = taken.expect("more cells than can be numbered");
        shard::share(first as usize..first as usize + len as usize);
        Self { first, len }
    }

    pub(crate) fn first(&self) -> CellId {
        CellId(self.first)
    }
}

impl Drop for CellRange {
    fn drop(&mut self) {
        // Nobody counts here any more: references borrow what owns the range, and handles share it.
        for shard in shard::all() {
            let mut at = self.first as usize;
            let end = at + self.len as usize;
            while at < end {
                let (number, offset) = (at / CHUNK_CELLS, at % CHUNK_CELLS);
                let here = (end - at).min(CHUNK_CELLS - offset);
                if let Some(chunk) = shard.chunk(number) {
                    for part in &chunk.parts()[offset..offset + here] {
                        part.store(0, Ordering::Relaxed);
                    }
                }
                at += here;
            }
        }
        lock(&FREE).give(self.first, self.len);
    }
}

static FREE: Mutex<Free> = Mutex::new(Free {
    ranges: BTreeMap::new(),
    by_len: BTreeSet::new(),
    end: 0,
});

/// The ids that nobody has.
struct Free {
    /// First id and number of ids; no two touch.
    ranges: BTreeMap<u32, u32>,
    /// The same, by their number.
    by_len: BTreeSet<(u32, u32)>,
    /// From here on nobody ever had one.
    end: u32,
}

impl Free {
    /// The first of `len` ids in a row, from the smallest range that has as many.
    fn take(&mut self, len: u32) -> Option<u32> {
        let Some(&(free, first)) = self.by_len.range((len, 0)..).next() else {
            let first = self.end;
            self.end = first.checked_add(len)?;
            return Some(first);
        };
        self.remove(first, free);
        self.insert(first + len, free - len);
        Some(first)
    }

    fn give(&mut self, mut first: u32, mut len: u32) {
        if let Some(&after) = self.ranges.get(&(first + len)) {
            self.remove(first + len, after);
            len += after;
        }
        if let Some((&before, &free)) = self.ranges.range(..first).next_back()
            && before + free == first
        {
            self.remove(before, free);
            first = before;
            len += free;
        }
        if first + len == self.end {
            self.end = first;
        } else {
            self.insert(first, len);
        }
    }

    fn insert(&mut self, first: u32, len: u32) {
        if len > 0 {
            self.ranges.insert(first, len);
            self.by_len.insert((len, first));
        }
    }

    fn remove(&mut self, first: u32, len: u32) {
        self.ranges.remove(&first);
        self.by_len.remove(&(len, first));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free() -> Free {
        Free {
            ranges: BTreeMap::new(),
            by_len: BTreeSet::new(),
            end: 0,
        }
    }

    #[test]
    fn what_is_given_back_is_taken_again() {
        let mut free = free();
        let taken: Vec<_> = [3, 5, 2].map(|len| free.take(len)).into();
        assert_eq!(taken, [Some(0), Some(3), Some(8)]);
        free.give(3, 5);
        assert_eq!(free.take(6), Some(10), "it does not fit");
        assert_eq!(free.take(2), Some(3));
        assert_eq!(free.take(3), Some(5));
        assert_eq!(free.take(1), Some(16));
    }

    #[test]
    fn neighbours_become_one() {
        let mut free = free();
        for _ in 0..4 {
            free.take(10);
        }
        free.give(0, 10);
        free.give(20, 10);
        assert_eq!(free.ranges.len(), 2);
        free.give(10, 10);
        assert_eq!(free.ranges, BTreeMap::from([(0, 30)]));
        free.give(30, 10);
        assert_eq!((free.ranges.len(), free.end), (0, 0));
    }

    #[test]
    fn ids_end() {
        let mut free = free();
        assert_eq!(free.take(u32::MAX), Some(0));
        assert_eq!(free.take(1), None);
        free.give(0, u32::MAX);
        assert_eq!(free.take(1), Some(0));
    }
}
