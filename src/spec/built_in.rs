//! Catalogues that come with monospec: what others expose, so that nobody has to type it.
//!
//! Their files are made of real expositions by `scripts/std-catalogue`; each says of which.

/// A catalogue, by the name that `include:` takes.
#[derive(Debug)]
pub(super) struct BuiltIn {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    pub(super) of: Of,
}

/// Whose metrics they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A library's: of the service, or of an exporter that uses it.
    Library,
    /// An exporter's, and of nobody else.
    Exporter,
}

macro_rules! built_in {
    ($($name:literal: $of:ident,)*) => {
        &[$(BuiltIn {
            name: concat!("std:", $name),
            text: include_str!(concat!("std/", $name, ".yaml")),
            of: Of::$of,
        },)*]
    };
}

const ALL: &[BuiltIn] = built_in! {
    "process": Library,
    "go": Library,
    "tokio": Library,
    "node_exporter": Exporter,
    "postgres_exporter": Exporter,
    "redis_exporter": Exporter,
    "blackbox": Exporter,
    "minio": Exporter,
};

pub(super) fn find(name: &str) -> Option<&'static BuiltIn> {
    ALL.iter().find(|catalogue| catalogue.name == name)
}

pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    ALL.iter().map(|catalogue| catalogue.name)
}
