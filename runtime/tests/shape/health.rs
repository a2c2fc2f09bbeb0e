//! Health checks, on tokio's paused time where time matters.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use monospec_runtime::{CheckResult, CheckStatus, Health, HealthResponse};
use tokio::time::sleep;

use crate::generated::{HealthChecks, Metrics, start_health};
use crate::{lines, value};

/// What a check does next.
#[derive(Clone, Copy)]
enum Act {
    Succeed,
    Fail,
    Hang,
    Panic,
    FailWithAPanic,
}

/// An error that cannot be told.
#[derive(Debug)]
struct Unspeakable;

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("hunter2")
    }
}

impl std::error::Error for Unspeakable {}

/// Checks that do as they are told.
#[derive(Clone, Default)]
struct Puppet {
    database: Arc<AtomicU8>,
    opensearch: Arc<AtomicU8>,
    runs: Arc<AtomicUsize>,
    ended: Arc<AtomicUsize>,
}

struct CountEnd(Arc<AtomicUsize>);

impl Drop for CountEnd {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Puppet {
    fn tell(which: &AtomicU8, act: Act) {
        which.store(act as u8, Ordering::Relaxed);
    }

    async fn act(&self, which: &AtomicU8) -> CheckResult {
        self.runs.fetch_add(1, Ordering::Relaxed);
        let _end = CountEnd(Arc::clone(&self.ended));
        sleep(Duration::from_millis(100)).await;
        match which.load(Ordering::Relaxed) {
            0 => Ok(()),
            1 => Err("password=hunter2 was refused".into()),
            2 => std::future::pending().await,
            3 => panic!("hunter2"),
            _ => Err(Unspeakable.into()),
        }
    }
}

impl HealthChecks for Puppet {
    async fn database(&self) -> CheckResult {
        self.act(&self.database).await
    }

    async fn opensearch(&self) -> CheckResult {
        self.act(&self.opensearch).await
    }
}

/// The body with a timestamp in place of the real one, whose form is checked.
fn body(response: &HealthResponse) -> String {
    let (before, rest) = response
        .body
        .split_once(r#""timestamp":""#)
        .expect("a timestamp");
    let (timestamp, after) = rest.split_at(20);
    let form: String = timestamp
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert_eq!(form, "0000-00-00T00:00:00Z");
    format!(r#"{before}"timestamp":"T{after}"#)
}

fn ready(health: &Health) -> (u16, String) {
    let response = health.ready();
    assert!(!response.body.contains("hunter2"));
    (response.status, body(&response))
}

fn answer(status: &str, database: &str, opensearch: &str) -> String {
    format!(
        r#"{{"status":"{status}","timestamp":"T","checks":{{"database":"{database}","opensearch":"{opensearch}"}}}}"#
    )
}

#[tokio::test(start_paused = true)]
async fn from_pending_to_ready() {
    let metrics = Metrics::new();
    let health = start_health(&metrics, Puppet::default());
    assert_eq!(ready(&health), (503, answer("error", "pending", "pending")));
    assert_eq!(lines(&metrics.encode_text(), "health_"), [""; 0]);
    sleep(Duration::from_millis(150)).await;
    assert_eq!(ready(&health), (200, answer("ok", "healthy", "healthy")));
    let live = health.live();
    assert_eq!(live.status, 200);
    assert_eq!(body(&live), r#"{"status":"ok","timestamp":"T"}"#);
}

#[tokio::test(start_paused = true)]
async fn checks_run_at_the_same_time_and_in_their_interval() {
    let puppet = Puppet::default();
    let _health = start_health(&Metrics::new(), puppet.clone());
    sleep(Duration::from_millis(150)).await;
    assert_eq!(puppet.runs.load(Ordering::Relaxed), 2);
    sleep(Duration::from_secs(30)).await;
    assert_eq!(puppet.runs.load(Ordering::Relaxed), 6);
}

#[tokio::test(start_paused = true)]
async fn a_critical_check_fails_after_its_threshold() {
    let metrics = Metrics::new();
    let puppet = Puppet::default();
    let health = start_health(&metrics, puppet.clone());
    sleep(Duration::from_secs(1)).await;
    Puppet::tell(&puppet.database, Act::Fail);
    sleep(Duration::from_secs(30)).await;
    assert_eq!(ready(&health).0, 200);
    sleep(Duration::from_secs(15)).await;
    assert_eq!(
        ready(&health),
        (503, answer("error", "unhealthy", "healthy"))
    );
    let details = health.details();
    assert_eq!(details[0].name, "database");
    assert!(details[0].critical);
    assert_eq!(details[0].status, CheckStatus::Unhealthy);
    assert_eq!(
        details[0].last_error.as_deref(),
        Some("password=hunter2 was refused")
    );
    assert_eq!(details[1].last_error, None);
    assert!(!metrics.encode_text().contains("hunter2"));
    Puppet::tell(&puppet.database, Act::Succeed);
    sleep(Duration::from_secs(15)).await;
    assert_eq!(ready(&health), (200, answer("ok", "healthy", "healthy")));
}

#[tokio::test(start_paused = true)]
async fn another_check_only_degrades() {
    let puppet = Puppet::default();
    Puppet::tell(&puppet.opensearch, Act::Fail);
    let health = start_health(&Metrics::new(), puppet);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(
        ready(&health),
        (200, answer("degraded", "healthy", "unhealthy"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_check_that_hangs_is_ended_and_has_failed() {
    let puppet = Puppet::default();
    Puppet::tell(&puppet.database, Act::Hang);
    let health = start_health(&Metrics::new(), puppet.clone());
    sleep(Duration::from_millis(1_900)).await;
    assert_eq!(ready(&health), (503, answer("error", "pending", "healthy")));
    sleep(Duration::from_millis(200)).await;
    assert_eq!(
        ready(&health),
        (503, answer("error", "unhealthy", "healthy"))
    );
    assert_eq!(
        health.details()[0].last_error.as_deref(),
        Some("no answer within 2s")
    );
    assert_eq!(puppet.ended.load(Ordering::Relaxed), 2);
    Puppet::tell(&puppet.database, Act::Succeed);
    sleep(Duration::from_secs(15)).await;
    assert_eq!(ready(&health), (200, answer("ok", "healthy", "healthy")));
}

#[tokio::test(start_paused = true)]
async fn a_check_that_panics_has_failed_and_runs_again() {
    for act in [Act::Panic, Act::FailWithAPanic] {
        let puppet = Puppet::default();
        Puppet::tell(&puppet.database, act);
        let health = start_health(&Metrics::new(), puppet.clone());
        sleep(Duration::from_secs(1)).await;
        assert_eq!(
            ready(&health),
            (503, answer("error", "unhealthy", "healthy"))
        );
        assert_eq!(
            health.details()[0].last_error.as_deref(),
            Some("the check panicked: hunter2")
        );
        Puppet::tell(&puppet.database, Act::Succeed);
        sleep(Duration::from_secs(15)).await;
        assert_eq!(ready(&health), (200, answer("ok", "healthy", "healthy")));
    }
}

#[test]
#[should_panic(expected = "timers are disabled")]
fn without_timers_checks_do_not_start() {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(async {
        let _health = start_health(&Metrics::new(), Puppet::default());
    });
}

#[tokio::test(start_paused = true)]
async fn during_shutdown_it_is_alive_and_not_ready() {
    let health = start_health(&Metrics::new(), Puppet::default());
    sleep(Duration::from_secs(1)).await;
    health.clone().shutdown();
    assert_eq!(
        ready(&health),
        (503, answer("shutting_down", "healthy", "healthy"))
    );
    assert_eq!(health.live().status, 200);
}

#[tokio::test(start_paused = true)]
async fn the_last_handle_ends_the_checks() {
    let metrics = Metrics::new();
    let puppet = Puppet::default();
    let health = start_health(&metrics, puppet.clone());
    let clone = health.clone();
    sleep(Duration::from_secs(1)).await;
    drop(health);
    sleep(Duration::from_secs(15)).await;
    assert_eq!(puppet.runs.load(Ordering::Relaxed), 4);
    drop(clone);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(puppet.runs.load(Ordering::Relaxed), 4);
    // What the checks last said is too old to be believed.
    let status = r#"health_check_status{check="database"}"#;
    assert_eq!(value(&metrics.encode_text(), status), 0.0);
}

#[tokio::test(start_paused = true)]
async fn health_is_exposed() {
    let metrics = Metrics::new();
    let puppet = Puppet::default();
    Puppet::tell(&puppet.opensearch, Act::Fail);
    let _health = start_health(&metrics, puppet);
    sleep(Duration::from_millis(150)).await;
    let text = metrics.encode_text();
    let expected = r#"# HELP health_check_status Whether the health check is healthy.
# TYPE health_check_status gauge
health_check_status{check="database"} 1
health_check_status{check="opensearch"} 0
"#;
    assert!(text.contains(expected), "{text}");
    let duration = value(
        &text,
        r#"health_check_duration_seconds{check="opensearch"}"#,
    );
    assert!((0.1..0.15).contains(&duration), "{duration}");
    let successes = lines(&text, "health_check_last_success_timestamp_seconds");
    assert_eq!(successes.len(), 1);
    let last = r#"health_check_last_success_timestamp_seconds{check="database"}"#;
    assert!(value(&text, last) > 1.7e9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checks_run_on_many_threads() {
    let health = start_health(&Metrics::new(), Puppet::default());
    let ready = tokio::spawn(async move {
        for _ in 0..500 {
            if health.ready().status == 200 {
                return true;
            }
            sleep(Duration::from_millis(10)).await;
        }
        false
    });
    assert!(ready.await.expect("no panic"));
}
