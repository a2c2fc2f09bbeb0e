//! Findings for people.

#[cfg(feature = "monitoring")]
mod drawn;
#[cfg(not(feature = "monitoring"))]
mod plain;

#[cfg(feature = "monitoring")]
pub use self::drawn::render;
#[cfg(not(feature = "monitoring"))]
pub use self::plain::render;
