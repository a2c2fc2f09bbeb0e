//! Lists whose entries never move, so that a reference to one outlives the lock under which it was added, and reading needs
//! no lock.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Piece `k` holds `2^k` entries.
const PIECES: usize = 32;

/// A list in which any entry may be missing yet. Its memory grows with the highest index.
#[derive(Debug)]
pub(crate) struct Sparse<T> {
    pieces: [OnceLock<Box<[OnceLock<T>]>>; PIECES],
}

impl<T> Sparse<T> {
    pub(crate) const fn new() -> Self {
        Self {
            pieces: [const { OnceLock::new() }; PIECES],
        }
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let (piece, offset) = place(index);
        self.pieces.get(piece)?.get()?.get(offset)?.get()
    }

    #[inline]
    pub(crate) fn get_or_init(&self, index: usize, new: impl FnOnce() -> T) -> &T {
        match self.get(index) {
            Some(entry) => entry,
            None => self.init(index, new),
        }
    }

    #[cold]
    fn init(&self, index: usize, new: impl FnOnce() -> T) -> &T {
        let (piece, offset) = place(index);
        let entries = self.pieces[piece]
            .get_or_init(|| (0..1usize << piece).map(|_| OnceLock::new()).collect());
        entries[offset].get_or_init(new)
    }

    /// What there is, by rising index.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces
            .iter()
            .filter_map(OnceLock::get)
            .flat_map(|entries| entries.iter().filter_map(OnceLock::get))
    }
}

/// A list that only grows.
#[derive(Debug)]
pub(crate) struct Arena<T> {
    entries: Sparse<T>,
    reserved: AtomicUsize,
}

impl<T> Arena<T> {
    pub(crate) const fn new() -> Self {
        Self {
            entries: Sparse::new(),
            reserved: AtomicUsize::new(0),
        }
    }

    /// Adds an entry and tells its index.
    pub(crate) fn push(&self, value: T) -> (usize, &T) {
        let index = self.reserved.fetch_add(1, Ordering::Relaxed);
        (index, self.entries.get_or_init(index, || value))
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        self.entries.get(index)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter()
    }
}

/// The piece of an entry and its offset there.
#[inline]
fn place(index: usize) -> (usize, usize) {
    let piece = (index + 1).ilog2() as usize;
    (piece, index + 1 - (1 << piece))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stay_where_they_are() {
        let arena = Arena::new();
        let (first, kept) = arena.push("0".to_owned());
        for number in 1..100 {
            assert_eq!(arena.push(number.to_string()).0, number);
        }
        assert_eq!((first, kept.as_str()), (0, "0"));
        for number in 0..100 {
            assert_eq!(arena.get(number), Some(&number.to_string()));
        }
        assert_eq!(arena.get(100), None);
        assert_eq!(arena.get(1_000_000), None);
        let all: Vec<_> = arena.iter().cloned().collect();
        assert_eq!(all, (0..100).map(|n| n.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn entries_may_be_missing() {
        let sparse = Sparse::new();
        assert_eq!(sparse.get_or_init(9, || "nine"), &"nine");
        assert_eq!(sparse.get_or_init(9, || "again"), &"nine");
        assert_eq!(sparse.get_or_init(2, || "two"), &"two");
        assert_eq!(sparse.get(3), None);
        assert_eq!(sparse.iter().collect::<Vec<_>>(), [&"two", &"nine"]);
    }

    #[test]
    fn places_are_dense() {
        let places: Vec<_> = (0..7).map(place).collect();
        assert_eq!(
            places,
            [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (2, 3)]
        );
    }
}
