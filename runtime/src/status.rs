//! Status codes of HTTP as values of a label.

/// A status code of an HTTP response. Codes from 100 to 599 are exposed as they are, any other as `_other`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpStatus(pub u16);

impl HttpStatus {
    /// The key under which series are kept; all codes that HTTP does not know share one, which sorts last.
    pub(crate) const fn key(self) -> StatusKey {
        match self.0 {
            100..=599 => StatusKey(self.0),
            _ => StatusKey::OTHER,
        }
    }
}

impl From<u16> for HttpStatus {
    fn from(code: u16) -> Self {
        Self(code)
    }
}

/// A status as far as series differ by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StatusKey(u16);

impl StatusKey {
    pub(crate) const OTHER: Self = Self(600);

    /// How many there are.
    pub(crate) const COUNT: usize = 501;

    /// Its number among all of them.
    #[inline]
    pub(crate) fn index(self) -> usize {
        // At most 500, which `key` sees to.
        usize::from(self.0 - 100)
    }

    /// The code, unless it is one that HTTP does not know.
    pub(crate) fn code(self) -> Option<u16> {
        (self != Self::OTHER).then_some(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_outside_of_http_are_one() {
        assert_eq!(HttpStatus(100).key().code(), Some(100));
        assert_eq!(HttpStatus::from(599).key().code(), Some(599));
        for code in [0, 99, 600, u16::MAX] {
            assert_eq!(HttpStatus(code).key(), StatusKey::OTHER);
        }
    }
}
