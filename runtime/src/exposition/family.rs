//! How OpenMetrics names a family: without the suffix that the samples of its type have.

use super::{Kind, Meta};

/// A type of OpenMetrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FamilyType {
    Counter,
    Gauge,
    Histogram,
    Info,
    Unknown,
}

impl FamilyType {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Info => "info",
            Self::Unknown => "unknown",
        }
    }
}

/// A family as OpenMetrics describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Family<'a> {
    pub(super) name: &'a str,
    pub(super) kind: FamilyType,
    /// The unit, if the name ends in it: others must not be told.
    pub(super) unit: Option<&'a str>,
}

impl<'a> Family<'a> {
    /// The family whose samples are called `name`, beside others; `taken` tells whether a name is one of theirs.
    ///
    /// The samples of a counter have to end in `_total` and those of an info in `_info`, and the family is called without
    /// it. Where that cannot be, for want of the suffix or because it would
    /// [clash](https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#metricfamily) with another
    /// family, the type is one whose samples are called like their family: what is read is the same, only less is told
    /// about it.
    pub(super) fn new(name: &'a str, meta: &Meta<'a>, taken: impl Fn(&str) -> bool) -> Self {
        let stem = |suffix| {
            let stem = name.strip_suffix(suffix)?;
            // A counter keeps the name of the time of its creation free, too, though none is exposed.
            let counter = stem.strip_suffix("_created");
            let creation = counter.is_some_and(|counter| taken(&format!("{counter}_total")));
            (!stem.is_empty() && !taken(stem) && !creation).then_some(stem)
        };
        let beside = |stem: &&str, suffix| !taken(&format!("{stem}{suffix}"));
        let (name, kind) = match meta.kind {
            Kind::Counter => match stem("_total").filter(|stem| beside(stem, "_created")) {
                Some(stem) => (stem, FamilyType::Counter),
                None => (name, FamilyType::Unknown),
            },
            // Of two that would be called the same, a counter has more to tell.
            Kind::Info => match stem("_info").filter(|stem| beside(stem, "_total")) {
                Some(stem) => (stem, FamilyType::Info),
                None => (name, FamilyType::Gauge),
            },
            Kind::Gauge => (name, FamilyType::Gauge),
            Kind::Histogram => (name, FamilyType::Histogram),
        };
        let told = |unit: &&str| {
            let stem = name.strip_suffix(*unit);
            kind != FamilyType::Info && stem.is_some_and(|stem| stem.ends_with('_'))
        };
        let unit = Some(meta.unit).filter(|unit| !unit.is_empty());
        Self {
            name,
            kind,
            unit: unit.filter(told),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family<'a>(name: &'a str, kind: Kind, unit: &'a str) -> (&'a str, &'a str, &'a str) {
        let meta = Meta {
            name,
            former_name: None,
            help: "",
            unit,
            kind,
        };
        let taken = ["taken", "half_created", "rows_total"];
        let family = Family::new(name, &meta, |name| taken.contains(&name));
        let unit = family.unit.unwrap_or_default();
        (family.name, family.kind.as_str(), unit)
    }

    #[test]
    fn families_are_called_without_the_suffix_of_their_type() {
        for (name, kind, expected) in [
            ("jobs_total", Kind::Counter, ("jobs", "counter", "")),
            ("jobs", Kind::Counter, ("jobs", "unknown", "")),
            ("_total", Kind::Counter, ("_total", "unknown", "")),
            ("taken_total", Kind::Counter, ("taken_total", "unknown", "")),
            ("build_info", Kind::Info, ("build", "info", "")),
            ("build", Kind::Info, ("build", "gauge", "")),
            ("taken_info", Kind::Info, ("taken_info", "gauge", "")),
            // What a counter would keep for itself is another's.
            ("half_total", Kind::Counter, ("half_total", "unknown", "")),
            ("half_info", Kind::Info, ("half", "info", "")),
            // A counter keeps it for itself.
            ("rows_total", Kind::Counter, ("rows", "counter", "")),
            ("rows_info", Kind::Info, ("rows_info", "gauge", "")),
            (
                "rows_created_total",
                Kind::Counter,
                ("rows_created_total", "unknown", ""),
            ),
            (
                "rows_created_info",
                Kind::Info,
                ("rows_created_info", "gauge", ""),
            ),
            ("jobs_total", Kind::Gauge, ("jobs_total", "gauge", "")),
            ("jobs_info", Kind::Histogram, ("jobs_info", "histogram", "")),
        ] {
            assert_eq!(family(name, kind, ""), expected);
        }
    }

    #[test]
    fn a_unit_is_told_where_the_name_ends_in_it() {
        let counter = |name| family(name, Kind::Counter, "seconds");
        assert_eq!(
            counter("cpu_seconds_total"),
            ("cpu_seconds", "counter", "seconds")
        );
        assert_eq!(
            counter("cpu_seconds"),
            ("cpu_seconds", "unknown", "seconds")
        );
        assert_eq!(counter("cpu_total"), ("cpu", "counter", ""));
        assert_eq!(counter("milliseconds"), ("milliseconds", "unknown", ""));
        assert_eq!(family("a_b_info", Kind::Info, "b"), ("a_b", "info", ""));
        assert_eq!(family("a_b", Kind::Info, "b"), ("a_b", "gauge", "b"));
    }
}
