//! Places in the spec: what a finding points at, and what the model remembers of its origin.

use std::ops::Range;

use super::source::Location;

/// A place in the merged spec: a [JSON Pointer](https://www.rfc-editor.org/rfc/rfc6901) and what is meant there.
///
/// The tree turns it into a file, a line and a column; the model keeps only this.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pointer: String,
    spot: Spot,
}

/// What is meant at the pointer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Spot {
    /// The key of the entry.
    Key,
    /// Its value.
    Value,
    /// A part of its value: bytes of the decoded scalar.
    Within(Range<usize>),
    /// A part of its key.
    WithinKey(Range<usize>),
    /// No node of the tree: bytes of a file.
    Source(Location),
}

impl Place {
    /// The whole document.
    pub fn root() -> Self {
        Self::of(String::new(), Spot::Value)
    }

    /// A stretch of a file that is no node of the tree, such as a syntax error.
    pub(crate) fn source(location: Location) -> Self {
        Self::of(String::new(), Spot::Source(location))
    }

    pub(crate) fn of(pointer: String, spot: Spot) -> Self {
        Self { pointer, spot }
    }

    /// The value under a key of this mapping.
    #[must_use]
    pub fn child(&self, key: &str) -> Self {
        let mut pointer = String::with_capacity(self.pointer.len() + key.len() + 1);
        pointer.push_str(&self.pointer);
        push_segment(&mut pointer, key);
        Self::of(pointer, Spot::Value)
    }

    /// An element of this list.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self::of(format!("{}/{index}", self.pointer), Spot::Value)
    }

    /// The key instead of the value.
    #[must_use]
    pub fn key(&self) -> Self {
        Self::of(self.pointer.clone(), Spot::Key)
    }

    /// A part of this scalar, or of this key: bytes of its decoded text.
    #[must_use]
    pub fn within(&self, range: Range<usize>) -> Self {
        let spot = match self.spot {
            Spot::Key => Spot::WithinKey(range),
            _ => Spot::Within(range),
        };
        Self::of(self.pointer.clone(), spot)
    }

    /// The JSON Pointer.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The entry of a section that it is a part of: `/alerts/HighErrorRate` of `/alerts/HighErrorRate/expr`.
    #[cfg(feature = "monitoring")]
    pub(crate) fn entry(&self) -> Self {
        let mut slashes = self.pointer.match_indices('/').skip(2);
        let end = slashes.next().map_or(self.pointer.len(), |(at, _)| at);
        Self::of(self.pointer[..end].to_owned(), Spot::Value)
    }

    /// The last key or index of the way to it.
    #[cfg(feature = "monitoring")]
    pub(crate) fn last(&self) -> Option<String> {
        segments(&self.pointer).last()
    }

    /// The bytes of the decoded scalar, if a part of it is meant.
    #[cfg(all(test, feature = "monitoring"))]
    pub(crate) fn within_text(&self) -> Option<Range<usize>> {
        match &self.spot {
            Spot::Within(range) => Some(range.clone()),
            _ => None,
        }
    }

    pub(crate) fn spot(&self) -> &Spot {
        &self.spot
    }
}

/// Appends `/segment` with the escapes of RFC 6901.
pub(crate) fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    let mut rest = segment;
    while let Some(at) = rest.find(['~', '/']) {
        pointer.push_str(&rest[..at]);
        pointer.push_str(match rest.as_bytes()[at] {
            b'~' => "~0",
            _ => "~1",
        });
        rest = &rest[at + 1..];
    }
    pointer.push_str(rest);
}

/// The segments of a pointer, unescaped.
pub(crate) fn segments(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer
        .split('/')
        .skip(1)
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_escaped_and_unescaped() {
        let place = Place::root().child("a/b").child("c~d").index(3);
        assert_eq!(place.pointer(), "/a~1b/c~0d/3");
        assert_eq!(
            segments(place.pointer()).collect::<Vec<_>>(),
            ["a/b", "c~d", "3"]
        );
    }
}
