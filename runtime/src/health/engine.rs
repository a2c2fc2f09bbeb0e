//! The loops that run the checks, and the handle to them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, timeout};

use super::check::{Check, CheckResult};
use super::expose;
use super::report::{CheckDetail, HealthResponse, live_body, ready_response};
use super::state::CheckState;
use super::timestamp::rfc3339;
use crate::registry::Registry;

/// What a check says, as text: an error's own code is run where it may panic, in the task of the check.
type Said = Result<(), String>;

type Run = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Said> + Send>> + Send + Sync>;

/// Gathers the checks of a service.
#[must_use = "no check runs before `start`"]
pub struct HealthBuilder {
    registry: Registry,
    paths: Paths,
    checks: Vec<(Check, Run)>,
}

impl HealthBuilder {
    /// Health whose metrics are exposed by `registry`.
    pub fn new(registry: &Registry) -> Self {
        Self {
            registry: registry.clone(),
            paths: Paths {
                live: "/health/live",
                ready: "/health/ready",
            },
            checks: Vec::new(),
        }
    }

    /// Where the probes ask: `/health/live` and `/health/ready`, unless this says otherwise.
    pub fn paths(mut self, live: &'static str, ready: &'static str) -> Self {
        self.paths = Paths { live, ready };
        self
    }

    /// Adds a check. `run` is called for every run of it.
    pub fn check<F, R>(mut self, check: Check, run: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = CheckResult> + Send + 'static,
    {
        let run: Run = Arc::new(move || {
            let run = run();
            Box::pin(async move { run.await.map_err(|error| error.to_string()) })
        });
        self.checks.push((check, run));
        self
    }

    /// Starts the checks on the current runtime of tokio, each in a loop of its own, and registers their metrics. When
    /// this is done more than once for a registry, the last is exposed.
    ///
    /// # Panics
    ///
    /// If there is a check: outside of a tokio runtime, and in one whose time is not enabled.
    pub fn start(self) -> Health {
        let (checks, runs): (Vec<_>, Vec<_>) = self.checks.into_iter().unzip();
        let checks: Arc<[CheckState]> = checks.into_iter().map(CheckState::new).collect();
        expose::register(&self.registry, &checks);
        let loops = runs
            .into_iter()
            .enumerate()
            .map(|(index, run)| {
                let checks = Arc::clone(&checks);
                // Here, where it panics in front of the caller if it cannot be.
                let ticks = ticks(checks[index].check());
                let run = async move { run_for_ever(&checks[index], ticks, run).await };
                tokio::spawn(run).abort_handle()
            })
            .collect();
        Health {
            running: Arc::new(Running {
                paths: self.paths,
                checks,
                loops,
                shutting_down: AtomicBool::new(false),
            }),
        }
    }
}

#[derive(Clone, Copy)]
struct Paths {
    live: &'static str,
    ready: &'static str,
}

/// The health of a service, from what its checks last said. A clone is another handle to the same checks; when the last
/// is dropped, the checks end.
#[derive(Clone)]
#[must_use = "the checks end when this is dropped"]
pub struct Health {
    running: Arc<Running>,
}

struct Running {
    paths: Paths,
    checks: Arc<[CheckState]>,
    loops: Vec<AbortHandle>,
    shutting_down: AtomicBool,
}

impl Drop for Running {
    fn drop(&mut self) {
        for task in &self.loops {
            task.abort();
        }
    }
}

impl Health {
    /// Liveness: 200, as long as the process can answer. It looks at no check: a restart mends no other system.
    pub fn live(&self) -> HealthResponse {
        HealthResponse {
            status: 200,
            body: live_body(&rfc3339(SystemTime::now())),
        }
    }

    /// The path of the liveness probe.
    pub fn live_path(&self) -> &'static str {
        self.running.paths.live
    }

    /// The path of the readiness probe.
    pub fn ready_path(&self) -> &'static str {
        self.running.paths.ready
    }

    /// Readiness, from the checks' last results: 503 with `error` when a critical check is unhealthy or has not said
    /// anything yet, 503 with `shutting_down` after [`shutdown`](Self::shutdown), 200 with `degraded` when another check
    /// is unhealthy, else 200 with `ok`. A check that has not said anything for three of its intervals and its timeout is
    /// unhealthy.
    pub fn ready(&self) -> HealthResponse {
        let shutting_down = self.running.shutting_down.load(Ordering::Relaxed);
        ready_response(&self.details(), shutting_down, &rfc3339(SystemTime::now()))
    }

    /// From now on the service is not ready, so that nothing new is sent to it while it ends. The checks go on.
    pub fn shutdown(&self) {
        self.running.shutting_down.store(true, Ordering::Relaxed);
    }

    /// All that is known of every check, in written order. For logs and not for public responses: errors may tell
    /// secrets.
    pub fn details(&self) -> Vec<CheckDetail> {
        self.running
            .checks
            .iter()
            .map(|state| {
                let check = state.check();
                let snapshot = state.snapshot();
                CheckDetail {
                    name: check.name,
                    critical: check.critical,
                    status: snapshot.status,
                    duration: snapshot.duration,
                    last_success: snapshot.last_success,
                    last_error: snapshot.last_error,
                }
            })
            .collect()
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health").finish_non_exhaustive()
    }
}

impl fmt::Debug for HealthBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HealthBuilder").finish_non_exhaustive()
    }
}

fn ticks(check: &Check) -> Interval {
    // An interval of nothing is refused by the timer.
    let mut ticks = interval(check.interval.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn run_for_ever(state: &CheckState, mut ticks: Interval, run: Run) {
    let check = state.check();
    loop {
        ticks.tick().await;
        let start = Instant::now();
        // A task of its own, so that a panic is only a failure; ended with the set when the loop is.
        let mut task = JoinSet::new();
        let run = Arc::clone(&run);
        task.spawn(async move { run().await });
        match timeout(check.timeout, task.join_next()).await {
            Ok(finished) => state.record(result(finished), start.elapsed()),
            Err(_) => {
                let error = format!("no answer within {:?}", check.timeout);
                state.record(Err(error), start.elapsed());
                // A check that blocks its thread cannot be ended. It is waited for rather than started again, which
                // would take one thread after the other; meanwhile its result grows old.
                task.shutdown().await;
            }
        }
    }
}

fn result(finished: Option<Result<Said, JoinError>>) -> Said {
    match finished {
        Some(Ok(said)) => said,
        Some(Err(error)) if error.is_panic() => Err(panic_message(error)),
        Some(Err(_)) | None => Err("the check was cancelled".to_owned()),
    }
}

fn panic_message(error: JoinError) -> String {
    let payload = match error.try_into_panic() {
        Ok(payload) => payload,
        Err(error) => return error.to_string(),
    };
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    match message {
        Some(message) => format!("the check panicked: {message}"),
        None => "the check panicked".to_owned(),
    }
}
