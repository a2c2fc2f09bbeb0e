//! A list that only grows and whose entries never move, so that a reference to one outlives the lock under which it
//! was added.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Chunk `k` holds `2^k` entries.
const CHUNKS: usize = 32;

#[derive(Debug)]
pub(crate) struct Arena<T> {
    chunks: [OnceLock<Box<[OnceLock<T>]>>; CHUNKS],
    reserved: AtomicUsize,
}

impl<T> Arena<T> {
    pub(crate) fn new() -> Self {
        Self {
            chunks: [const { OnceLock::new() }; CHUNKS],
            reserved: AtomicUsize::new(0),
        }
    }

    /// Adds an entry and tells its index.
    pub(crate) fn push(&self, value: T) -> (usize, &T) {
        let index = self.reserved.fetch_add(1, Ordering::Relaxed);
        let (chunk, offset) = place(index);
        let chunk = self.chunks[chunk]
            .get_or_init(|| (0..1usize << chunk).map(|_| OnceLock::new()).collect());
        (index, chunk[offset].get_or_init(|| value))
    }

    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let (chunk, offset) = place(index);
        self.chunks.get(chunk)?.get()?.get(offset)?.get()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks
            .iter()
            .filter_map(OnceLock::get)
            .flat_map(|chunk| chunk.iter().filter_map(OnceLock::get))
    }
}

/// The chunk of an entry and its offset there.
fn place(index: usize) -> (usize, usize) {
    let chunk = (index + 1).ilog2() as usize;
    (chunk, index + 1 - (1 << chunk))
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
    fn places_are_dense() {
        let places: Vec<_> = (0..7).map(place).collect();
        assert_eq!(
            places,
            [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (2, 3)]
        );
    }
}
