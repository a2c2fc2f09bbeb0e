//! monospec: one typed spec of a service's monitoring compiles into everything that has to agree about it.

pub mod diagnostics;
pub mod spec;
mod suggest;
