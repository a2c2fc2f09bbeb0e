//! monospec.

#[cfg(feature = "monitoring")]
pub mod promql;
