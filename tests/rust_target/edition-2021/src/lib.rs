//! The expected code of every case, as a module of a library of the edition 2021 that takes no warning.
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    elided_lifetimes_in_paths,
    rustdoc::all,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used
)]

/// As a module of its own.
#[path = "../../cases/full/expected.rs"]
pub mod full;

/// As a module that includes the code, like that of a build script.
#[allow(clippy::duplicate_mod)]
pub mod included {
    include!("../../cases/full/expected.rs");
}

/// With texts that are hard to put into code.
#[path = "../../cases/hostile/expected.rs"]
pub mod hostile;

/// With next to nothing.
#[path = "../../cases/minimal/expected.rs"]
pub mod minimal;

/// With all that the layer for HTTP records.
#[path = "../../cases/http/expected.rs"]
pub mod http;

/// With the least that it records.
#[path = "../../cases/http-least/expected.rs"]
pub mod http_least;

/// With labels of other names for it.
#[path = "../../cases/http-labels/expected.rs"]
pub mod http_labels;

/// With what `monospec init` writes.
#[path = "../../cases/init/expected.rs"]
pub mod init;
