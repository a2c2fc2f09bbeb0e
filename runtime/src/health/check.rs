//! What a check is and what it says.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// A health check, as generated code describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a check runs once it is given to a builder and started"]
pub struct Check {
    pub(crate) name: &'static str,
    pub(crate) critical: bool,
    pub(crate) interval: Duration,
    pub(crate) timeout: Duration,
    pub(crate) failure_threshold: u32,
    pub(crate) success_threshold: u32,
}

impl Check {
    /// A check by its name in the body of readiness and in metrics, with the time from the start of one run to that of
    /// the next, and the time after which a run has failed.
    pub const fn new(name: &'static str, interval: Duration, timeout: Duration) -> Self {
        Self {
            name,
            critical: false,
            interval,
            timeout,
            failure_threshold: 1,
            success_threshold: 1,
        }
    }

    /// Without it the service is not ready.
    pub const fn critical(mut self) -> Self {
        self.critical = true;
        self
    }

    /// So many failures in a row make a healthy check unhealthy, instead of one; the first result counts at once.
    pub const fn failure_threshold(mut self, failures: u32) -> Self {
        self.failure_threshold = failures;
        self
    }

    /// So many successes in a row make an unhealthy check healthy, instead of one; the first result counts at once.
    pub const fn success_threshold(mut self, successes: u32) -> Self {
        self.success_threshold = successes;
        self
    }

    /// The age from which a result says nothing any more.
    pub(crate) fn stale_after(&self) -> Duration {
        let interval = self.interval.saturating_mul(3);
        interval.saturating_add(self.timeout)
    }
}

/// What a health check says: nothing, when all is well.
pub type CheckResult = Result<(), CheckError>;

/// Why a health check failed: any error, or a message.
///
/// ```
/// use monospec_runtime::{CheckError, CheckResult};
///
/// fn check(port: &str) -> CheckResult {
///     let port: u16 = port.parse()?;
///     if port == 0 {
///         return Err("no port is configured".into());
///     }
///     Ok(())
/// }
///
/// assert!(check("5432").is_ok());
/// assert_eq!(check("0").map_err(|error| error.to_string()), Err("no port is configured".into()));
/// assert!(check("postgres").is_err());
/// ```
///
/// Its text is for logs, see [`Health::details`](crate::Health::details), and in no public response.
pub struct CheckError(Box<dyn Error + Send + Sync>);

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for CheckError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// The error and what caused it, on one line.
impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

impl fmt::Debug for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(std::num::ParseIntError);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the port is wrong")
        }
    }

    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn causes_are_told() {
        let error = "x".parse::<u8>().map_err(Outer).map_err(CheckError::from);
        assert_eq!(
            error.map_err(|error| error.to_string()),
            Err("the port is wrong: invalid digit found in string".to_owned())
        );
        let boxed: Box<dyn Error + Send + Sync> = "boxed".into();
        assert_eq!(CheckError::from(boxed).to_string(), "boxed");
        assert_eq!(CheckError::from("text".to_owned()).to_string(), "text");
    }
}
