//! Which Prometheus understands what.

use std::ops::Range;

/// A release of Prometheus: major and minor.
pub type Release = (u32, u32);

/// The servers that understand a word or a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// All that monospec writes for.
    Always,
    /// This release and newer ones.
    Since(u32, u32),
    /// Those older than this release.
    Before(u32, u32),
    /// Those that run with a feature flag.
    Experimental,
}

/// What not every server understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Where it stands.
    pub place: Range<usize>,
    /// What it is, as a message begins: "`histogram_avg`", "a duration as a number".
    pub what: String,
    /// Who understands it.
    pub availability: Availability,
}

impl Availability {
    /// Whether a server of this release understands it, without feature flags.
    pub fn includes(self, release: Release) -> bool {
        match self {
            Availability::Always => true,
            Availability::Since(major, minor) => release >= (major, minor),
            Availability::Before(major, minor) => release < (major, minor),
            Availability::Experimental => false,
        }
    }
}
