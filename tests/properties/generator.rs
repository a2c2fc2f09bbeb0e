//! Small specs without a mistake, with names, values and texts of every kind; how they are written is in `written`.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::promises::{Promises, promises};
use super::surroundings::{Surroundings, surroundings};

/// Letters that mean something to YAML, PromQL, Go's templates or JSON, braces left out: they are the language's.
const LETTERS: &[char] = &[
    'a',
    'Z',
    '0',
    ' ',
    '_',
    '-',
    ':',
    '#',
    '"',
    '\'',
    '\\',
    '`',
    '$',
    '%',
    '&',
    '*',
    '!',
    '|',
    '>',
    ',',
    '[',
    ']',
    '@',
    '?',
    '~',
    '=',
    '/',
    '.',
    'ß',
    '日',
    '\u{1f600}',
    '\n',
    '\t',
];

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

#[derive(Clone, Debug)]
pub(crate) struct Metric {
    pub(crate) kind: Kind,
    pub(crate) unit: &'static str,
    pub(crate) help: String,
    /// Values of the labels `a`, `b`, `c`; none for an open one.
    pub(crate) labels: Vec<Vec<String>>,
    pub(crate) renamed: bool,
    pub(crate) limit: Option<u32>,
    /// Whether `unit:` says the unit, and not the name.
    pub(crate) said: bool,
    pub(crate) external: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Signal {
    pub(crate) of: Index,
    pub(crate) shape: u8,
    pub(crate) by: usize,
    pub(crate) window: u64,
    pub(crate) record: bool,
    pub(crate) value: Index,
}

#[derive(Clone, Debug)]
pub(crate) struct Alert {
    pub(crate) of: Index,
    pub(crate) direction: usize,
    pub(crate) threshold: u32,
    pub(crate) hold: u64,
    pub(crate) traffic: bool,
    pub(crate) levels: bool,
    pub(crate) missing: bool,
    /// Which unit the threshold is written in.
    pub(crate) unit: Index,
    pub(crate) text: String,
}

#[derive(Clone, Debug)]
pub(crate) struct Panel {
    pub(crate) of: Index,
    pub(crate) title: String,
    pub(crate) width: Option<u32>,
    pub(crate) top: Option<u32>,
    pub(crate) by: usize,
    /// Signals, a heatmap, or something ready-made.
    pub(crate) kind: usize,
}

/// A spec.
#[derive(Clone)]
pub(crate) struct Spec {
    pub(crate) name: String,
    pub(crate) identity: bool,
    pub(crate) interval: u64,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) signals: Vec<Signal>,
    pub(crate) alerts: Vec<Alert>,
    pub(crate) panels: Vec<Panel>,
    pub(crate) promises: Promises,
    pub(crate) surroundings: Surroundings,
}

pub(crate) fn text() -> impl Strategy<Value = String> {
    vec(select(LETTERS), 0..12).prop_map(|letters| letters.into_iter().collect())
}

fn metric() -> impl Strategy<Value = Metric> {
    let kinds = select(&[Kind::Counter, Kind::Gauge, Kind::Histogram][..]);
    let units = select(&["", "_seconds", "_bytes", "_ratio", "_celsius"][..]);
    let limit = proptest::option::of(1..1000_u32);
    let labels = vec(vec(text(), 0..4), 0..3);
    let flags = (any::<bool>(), any::<bool>(), proptest::bool::weighted(0.2));
    (kinds, units, text(), labels, flags, limit).prop_map(
        |(kind, unit, help, labels, (renamed, said, external), limit)| Metric {
            kind,
            unit,
            help,
            labels,
            renamed,
            limit,
            said,
            external,
        },
    )
}

fn signal() -> impl Strategy<Value = Signal> {
    let places = (any::<Index>(), any::<Index>());
    (places, 0..3_u8, 0..3_usize, 4..60_u64, any::<bool>()).prop_map(
        |((of, value), shape, by, window, record)| Signal {
            of,
            shape,
            by,
            window,
            record,
            value,
        },
    )
}

fn alert() -> impl Strategy<Value = Alert> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (
        (any::<Index>(), any::<Index>()),
        0..4_usize,
        1..90_u32,
        0..600_u64,
        flags,
        text(),
    )
        .prop_map(
            |((of, unit), direction, threshold, hold, (traffic, levels, missing), text)| Alert {
                of,
                direction,
                threshold,
                hold,
                traffic,
                levels,
                missing,
                unit,
                text,
            },
        )
}

fn panel() -> impl Strategy<Value = Panel> {
    let sizes = (
        proptest::option::of(1..25_u32),
        proptest::option::of(1..20_u32),
    );
    (any::<Index>(), text(), sizes, 0..3_usize, 0..10_usize).prop_map(
        |(of, title, (width, top), by, kind)| Panel {
            of,
            title,
            width,
            top,
            by,
            kind,
        },
    )
}

/// Specs of a handful of metrics, and what is asked about them.
pub(crate) fn spec() -> impl Strategy<Value = Spec> {
    let service = ("[a-z][a-z0-9.-]{0,20}", any::<bool>(), 1..60_u64);
    let metrics = vec(metric(), 1..5);
    let asked = (vec(signal(), 0..5), vec(alert(), 0..5), vec(panel(), 0..6));
    let around = (promises(), surroundings());
    (service, metrics, asked, around).prop_map(
        |(
            (name, identity, interval),
            metrics,
            (signals, alerts, panels),
            (promises, surroundings),
        )| Spec {
            name,
            identity,
            interval,
            metrics,
            signals,
            alerts,
            panels,
            promises,
            surroundings,
        },
    )
}
