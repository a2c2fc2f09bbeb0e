//! What the environment says.

use std::env;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use axum::http::Uri;
use deadpool_postgres::tokio_postgres;
use redis::ConnectionInfo;

/// The configuration of the service.
pub(crate) struct Config {
    pub(crate) port: u16,
    pub(crate) database: tokio_postgres::Config,
    pub(crate) redis: ConnectionInfo,
    pub(crate) opensearch: Uri,
    /// The folder whose disk has to have room.
    pub(crate) data: PathBuf,
    /// How much room, in bytes.
    pub(crate) min_free: u64,
    /// Whether faults can be asked for.
    pub(crate) chaos: bool,
    /// How long the service answers after it was told to end.
    pub(crate) shutdown_delay: Duration,
}

impl Config {
    /// Reads the environment. What is not set is where a developer's machine has it; what cannot be understood is an error.
    pub(crate) fn from_env() -> Result<Self, String> {
        let min_free: u32 = parsed("DATA_MIN_FREE_MIB", "256")?;
        let shutdown_delay: u16 = parsed("SHUTDOWN_DELAY_SECONDS", "5")?;
        Ok(Self {
            port: parsed("PORT", "3000")?,
            database: parsed("DATABASE_URL", "postgresql://postgres@localhost/postgres")?,
            redis: parsed("REDIS_URL", "redis://localhost")?,
            opensearch: parsed("OPENSEARCH_URL", "http://localhost:9200")?,
            data: env::var_os("DATA_DIR").map_or_else(env::temp_dir, PathBuf::from),
            min_free: u64::from(min_free) * 1024 * 1024,
            chaos: parsed("CHAOS", "false")?,
            shutdown_delay: Duration::from_secs(shutdown_delay.into()),
        })
    }
}

/// The value of a variable. The value itself is in no message: there may be a password in it.
fn parsed<T: FromStr<Err: Display>>(name: &str, default: &str) -> Result<T, String> {
    let value = env::var(name).ok().filter(|value| !value.is_empty());
    let value = value.as_deref().unwrap_or(default);
    value.parse().map_err(|error| format!("{name}: {error}"))
}
