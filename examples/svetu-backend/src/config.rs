//! What the environment says.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

/// The configuration of the service.
pub(crate) struct Config {
    pub(crate) port: u16,
    /// Addresses that health checks connect to; without one there is nothing to reach.
    pub(crate) database: Option<String>,
    pub(crate) redis: Option<String>,
    pub(crate) opensearch: Option<String>,
    /// The folder that has to be writable.
    pub(crate) data: PathBuf,
    /// How long the service answers after it was told to end.
    pub(crate) shutdown_delay: Duration,
}

impl Config {
    /// Reads the environment; a number that is none is an error.
    pub(crate) fn from_env() -> Result<Self, String> {
        Ok(Self {
            port: number("PORT", 3000)?,
            database: text("DATABASE_ADDR"),
            redis: text("REDIS_ADDR"),
            opensearch: text("OPENSEARCH_ADDR"),
            data: env::var_os("DATA_DIR").map_or_else(env::temp_dir, PathBuf::from),
            shutdown_delay: Duration::from_secs(number("SHUTDOWN_DELAY_SECONDS", 5)?.into()),
        })
    }
}

fn text(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn number(name: &str, default: u16) -> Result<u16, String> {
    match text(name) {
        None => Ok(default),
        Some(value) => value
            .parse()
            .map_err(|_| format!("{name} is not a number from 0 to {}: {value:?}", u16::MAX)),
    }
}
