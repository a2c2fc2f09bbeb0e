//! Hashes of short texts, and whether two are the same: as fast as that goes.

use std::hash::{BuildHasher, RandomState};

/// Odd constants without a pattern: the fractions of the square roots of 2 and 3.
const MULTIPLIERS: [u64; 2] = [0x6a09_e667_f3bc_c909, 0xbb67_ae85_84ca_a73b];

/// Hashes by multiplying words and folding the product, as wyhash (<https://github.com/wangyi-fudan/wyhash>) and foldhash do.
///
/// Every table has a key of its own that nobody outside of the process knows, so that nobody can choose texts which
/// collide. Tables are bounded besides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hasher {
    key: u64,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        Self {
            key: RandomState::new().hash_one(0),
        }
    }

    #[inline(always)]
    pub(crate) fn text(self, text: &str) -> u64 {
        let mut rest = text.as_bytes();
        // Multiplied, so that no byte can make up for another length.
        let mut hash = self.key ^ (rest.len() as u64).wrapping_mul(MULTIPLIERS[1]);
        while rest.len() > 32 {
            hash = mix(hash, word(rest, 0), word(rest, 8));
            rest = &rest[16..];
        }
        // Words may overlap.
        let end = rest.len();
        match end {
            17.. => {
                // Neither waits for the other.
                let first = mix(hash, word(rest, 0), word(rest, 8));
                let last = mix(!hash, word(rest, end - 16), word(rest, end - 8));
                first ^ last.rotate_left(29)
            }
            8.. => mix(hash, word(rest, 0), word(rest, end - 8)),
            4.. => mix(hash, half(rest, 0), half(rest, end - 4)),
            1.. => {
                let middle = u64::from(rest[end / 2]) << 8;
                mix(hash, u64::from(rest[0]), middle | u64::from(rest[end - 1]))
            }
            0 => mix(hash, 0, 0),
        }
    }

    #[inline]
    pub(crate) fn numbers(self, numbers: impl Iterator<Item = u32>) -> u64 {
        numbers.fold(self.key, |hash, number| mix(hash, u64::from(number), hash))
    }
}

/// Whether both are the same, without calling anything for what is short.
#[inline]
pub(crate) fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let (Some(last_a), Some(last_b)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) else {
        return a == b;
    };
    // The last word may overlap the one before.
    let (words_a, words_b) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    last_a == last_b && words_a.iter().zip(words_b).all(|(a, b)| a == b)
}

#[inline]
fn mix(hash: u64, a: u64, b: u64) -> u64 {
    let product = u128::from(a ^ hash ^ MULTIPLIERS[0])
        .wrapping_mul(u128::from(b ^ hash.rotate_left(32) ^ MULTIPLIERS[1]));
    (product as u64) ^ ((product >> 64) as u64)
}

#[inline]
fn word(bytes: &[u8], at: usize) -> u64 {
    let word = bytes.get(at..).and_then(|rest| rest.first_chunk());
    word.map_or(0, |word| u64::from_le_bytes(*word))
}

#[inline]
fn half(bytes: &[u8], at: usize) -> u64 {
    let half = bytes.get(at..).and_then(|rest| rest.first_chunk());
    half.map_or(0, |half| u32::from_le_bytes(*half).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_byte_and_the_length_count() {
        let hasher = Hasher::new();
        let mut seen = HashSet::new();
        for len in 0..80 {
            let text = "a".repeat(len);
            assert!(seen.insert(hasher.text(&text)), "{len}");
            for at in 0..len {
                let mut changed = text.clone().into_bytes();
                changed[at] = b'b';
                let changed = String::from_utf8(changed).expect("ASCII");
                assert!(seen.insert(hasher.text(&changed)), "{changed}");
            }
        }
        assert_eq!(hasher.text("/items/{id}"), hasher.text("/items/{id}"));
    }

    #[test]
    fn texts_are_the_same_when_all_bytes_are() {
        for len in 0..40 {
            let text = "a".repeat(len);
            assert!(same(&text, &text.clone()));
            assert!(!same(&text, &"a".repeat(len + 1)));
            for at in 0..len {
                let mut changed = text.clone().into_bytes();
                changed[at] = b'b';
                assert!(!same(&text, &String::from_utf8(changed).expect("ASCII")));
            }
        }
    }

    #[test]
    fn keys_differ() {
        assert_ne!(Hasher::new().text("a"), Hasher::new().text("a"));
    }

    #[test]
    fn numbers_are_ordered() {
        let hasher = Hasher::new();
        let hash = |numbers: [u32; 2]| hasher.numbers(numbers.into_iter());
        assert_ne!(hash([1, 2]), hash([2, 1]));
        assert_eq!(hash([1, 2]), hash([1, 2]));
    }
}
