//! What is known of a check between its runs.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::check::Check;
use super::report::CheckStatus;
use super::timestamp::unix_seconds;
use crate::sync::lock;

/// A check and its last results.
#[derive(Debug)]
pub(crate) struct CheckState {
    check: Check,
    started: Instant,
    results: Mutex<Results>,
}

#[derive(Clone, Debug, Default)]
struct Results {
    /// Whether it counts as healthy; none before the first result.
    healthy: Option<bool>,
    /// Results in a row that contradict `healthy`.
    contradictions: u32,
    finished: Option<Instant>,
    duration: Option<Duration>,
    last_success: Option<f64>,
    last_error: Option<String>,
}

/// What a check looks like at one moment.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) status: CheckStatus,
    /// The time that the last run took.
    pub(crate) duration: Option<Duration>,
    /// When a run last succeeded, in seconds since 1970-01-01 UTC.
    pub(crate) last_success: Option<f64>,
    /// The last run's error; none after a success.
    pub(crate) last_error: Option<String>,
}

impl CheckState {
    /// A check that starts now.
    pub(crate) fn new(check: Check) -> Self {
        Self {
            check,
            started: Instant::now(),
            results: Mutex::default(),
        }
    }

    pub(crate) fn check(&self) -> &Check {
        &self.check
    }

    /// Takes the result of a run that has just finished.
    pub(crate) fn record(&self, result: Result<(), String>, duration: Duration) {
        let success = result.is_ok();
        let mut results = lock(&self.results);
        let threshold = if success {
            self.check.success_threshold
        } else {
            self.check.failure_threshold
        };
        if results.healthy == Some(success) {
            results.contradictions = 0;
        } else {
            results.contradictions = results.contradictions.saturating_add(1);
            if results.healthy.is_none() || results.contradictions >= threshold {
                results.healthy = Some(success);
                results.contradictions = 0;
            }
        }
        results.finished = Some(Instant::now());
        results.duration = Some(duration);
        if success {
            results.last_success = Some(unix_seconds(SystemTime::now()));
        }
        results.last_error = result.err();
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let results = lock(&self.results).clone();
        let last_said = results.finished.unwrap_or(self.started);
        let stale = last_said.elapsed() > self.check.stale_after();
        Snapshot {
            status: match results.healthy {
                _ if stale => CheckStatus::Unhealthy,
                None => CheckStatus::Pending,
                Some(true) => CheckStatus::Healthy,
                Some(false) => CheckStatus::Unhealthy,
            },
            duration: results.duration,
            last_success: results.last_success,
            last_error: results.last_error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> CheckState {
        CheckState::new(Check {
            name: "database",
            critical: true,
            interval: Duration::from_secs(15),
            timeout: Duration::from_secs(2),
            failure_threshold: 3,
            success_threshold: 2,
        })
    }

    /// Whether the check is healthy after each of these results.
    fn after(results: &[bool]) -> Vec<bool> {
        let state = state();
        let mut seen = Vec::new();
        for success in results {
            let result = if *success {
                Ok(())
            } else {
                Err("no".to_owned())
            };
            state.record(result, Duration::from_millis(1));
            seen.push(state.snapshot().status == CheckStatus::Healthy);
        }
        seen
    }

    #[test]
    fn nothing_is_known_before_the_first_result() {
        let snapshot = state().snapshot();
        assert_eq!(snapshot.status, CheckStatus::Pending);
        assert_eq!(snapshot.duration, None);
        assert_eq!(snapshot.last_success, None);
    }

    #[test]
    fn the_first_result_counts_at_once() {
        assert_eq!(after(&[true]), [true]);
        assert_eq!(after(&[false]), [false]);
    }

    #[test]
    fn a_change_needs_its_number_of_results_in_a_row() {
        assert_eq!(
            after(&[true, false, false, true, false, false, false]),
            [true, true, true, true, true, true, false]
        );
        assert_eq!(
            after(&[false, true, false, true, true]),
            [false, false, false, false, true]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_old_result_counts_as_unhealthy() {
        let state = state();
        state.record(Ok(()), Duration::ZERO);
        tokio::time::advance(Duration::from_secs(47)).await;
        assert_eq!(state.snapshot().status, CheckStatus::Healthy);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(state.snapshot().status, CheckStatus::Unhealthy);
    }

    #[tokio::test(start_paused = true)]
    async fn a_check_that_never_says_anything_is_unhealthy() {
        let state = state();
        tokio::time::advance(Duration::from_secs(47)).await;
        assert_eq!(state.snapshot().status, CheckStatus::Pending);
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(state.snapshot().status, CheckStatus::Unhealthy);
    }
}
