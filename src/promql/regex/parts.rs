//! What the parts of a regular expression come to.

/// How deep parts may stand in one another; Go counts every group, alternation and optional repetition.
const MAX_DEPTH: u64 = 1000;

/// How often something may be repeated, repetitions inside repetitions multiplied.
pub(super) const MAX_REPEAT: u64 = 1000;

/// How large a compiled expression may become, in instructions of Go's machine (128 MiB of 40 bytes each).
const MAX_SIZE: u64 = 128 * 1024 * 1024 / 40;

/// A part of the expression.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// Whether it matches the empty string.
    pub(super) empty: bool,
    /// The greatest product of repetitions inside one another.
    pub(super) repeats: u64,
    /// The instructions that it compiles to.
    pub(super) size: u64,
    /// The parts inside one another.
    pub(super) depth: u64,
}

impl Part {
    /// A character, or a class of them.
    pub(super) const CHARACTER: Part = Part {
        empty: false,
        repeats: 1,
        size: 1,
        depth: 1,
    };

    /// Something that matches the place before the first character, or nothing.
    pub(super) const fn assertion(empty: bool) -> Part {
        Part {
            empty,
            ..Part::CHARACTER
        }
    }
}

/// A group that is still open.
#[derive(Default)]
pub(super) struct Group {
    /// The alternatives before this one, joined.
    alternatives: Option<Part>,
    /// The parts of this alternative but the last, joined.
    before: Option<Part>,
    /// The last part: the one that a repetition repeats.
    pub(super) last: Option<Part>,
}

impl Group {
    pub(super) fn push(&mut self, part: Part) {
        self.before = self.sequence();
        self.last = Some(part);
    }

    /// The parts of this alternative, joined.
    fn sequence(&self) -> Option<Part> {
        match (self.before, self.last) {
            (Some(a), Some(b)) => Some(Part {
                empty: a.empty && b.empty,
                repeats: a.repeats.max(b.repeats),
                size: a.size.saturating_add(b.size),
                depth: a.depth.max(b.depth),
            }),
            (a, b) => a.or(b),
        }
    }

    /// Ends an alternative.
    pub(super) fn or(&mut self) {
        let this = self.sequence().unwrap_or(Part::assertion(true));
        self.alternatives = Some(match self.alternatives {
            None => this,
            Some(others) => Part {
                empty: others.empty || this.empty,
                repeats: others.repeats.max(this.repeats),
                size: others.size.saturating_add(this.size).saturating_add(1),
                depth: others.depth.max(this.depth),
            },
        });
        (self.before, self.last) = (None, None);
    }

    pub(super) fn close(mut self) -> Part {
        self.or();
        self.alternatives.unwrap_or(Part::assertion(true))
    }
}

/// Whether Go can hold what was read so far.
pub(super) fn check_limits(part: Part) -> Result<(), String> {
    if part.size > MAX_SIZE {
        return Err("it is too large".to_owned());
    }
    if part.depth > MAX_DEPTH {
        return Err("its parts stand too deep in one another".to_owned());
    }
    Ok(())
}
