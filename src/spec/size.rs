//! How large a file may be after its aliases are expanded: a bound against
//! ["billion laughs"](https://en.wikipedia.org/wiki/Billion_laughs_attack).

/// A spec of 100,000 metrics has two million.
const MAX_NODES: u32 = 4_000_000;
const MAX_MIB: usize = 64;

/// How much a tree holds.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    nodes: u32,
    /// Of its scalars.
    bytes: usize,
}

impl Size {
    /// A list or a mapping without what it holds.
    pub(super) const COLLECTION: Self = Self { nodes: 1, bytes: 0 };

    pub(super) fn of_scalar(text: &str) -> Self {
        Self {
            nodes: 1,
            bytes: text.len(),
        }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    /// What there is too much of, in words.
    pub(super) fn excess(self) -> Option<String> {
        if self.nodes > MAX_NODES {
            Some(format!("{MAX_NODES} values"))
        } else if self.bytes > MAX_MIB << 20 {
            Some(format!("{MAX_MIB} MiB of text"))
        } else {
            None
        }
    }
}
