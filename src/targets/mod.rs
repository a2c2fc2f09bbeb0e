//! What a model compiles into: one file or folder a target, one line in the [table](TARGETS).

#[cfg(feature = "monitoring")]
pub mod alert_tests;
#[cfg(feature = "monitoring")]
pub mod alertmanager;
#[cfg(feature = "monitoring")]
pub mod alerts;
#[cfg(feature = "monitoring")]
pub mod blackbox;
#[cfg(feature = "monitoring")]
pub mod docs;
#[cfg(feature = "monitoring")]
pub mod grafana;
#[cfg(feature = "monitoring")]
pub mod kubernetes;
pub(crate) mod markdown;
#[cfg(feature = "monitoring")]
pub mod prometheus;
pub mod rust;
#[cfg(feature = "monitoring")]
pub mod schema;
#[cfg(feature = "monitoring")]
pub mod scrape;
#[cfg(feature = "monitoring")]
mod table;
mod template;
#[cfg(feature = "monitoring")]
mod yaml;

#[cfg(feature = "monitoring")]
pub(crate) use self::table::check;
#[cfg(feature = "monitoring")]
pub use self::table::{TARGETS, Target, render};
