//! Expositions, as their readers understand them: Prometheus, promtool, the client of Python and the official one of Rust.

mod families;
#[cfg(feature = "gzip")]
mod gzip;
#[cfg(feature = "prometheus-client")]
mod official;
mod prometheus;
mod promtool;
mod python;
mod sample;
mod server;
mod support;
