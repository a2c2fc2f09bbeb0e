//! The expected code, compiled and used.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use monospec_runtime::codegen::v1;
use monospec_runtime::{CheckResult, Health};

#[path = "cases/full/expected.rs"]
mod full;
#[expect(dead_code, reason = "that it compiles is enough")]
#[path = "cases/hostile/expected.rs"]
mod hostile;
#[expect(dead_code, reason = "that it compiles beside the other is enough")]
mod included {
    include!("cases/full/expected.rs");
}
#[path = "cases/minimal/expected.rs"]
mod minimal;

use full::{
    CacheOperationsOperation, CacheOperationsResult, CacheOperationsTier, CacheResult, Flags,
    HttpStatus, Method, Metrics, OutboundCallsLabels, OutboundCallsMethod, TypeMatch,
};

/// Asserts that these lines are in an exposition.
fn assert_lines(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(
            text.lines().any(|l| l == *line),
            "{line}\nis not in\n{text}"
        );
    }
}

#[test]
fn each_method_leads_to_its_series() {
    let metrics = Metrics::new();
    metrics
        .http_requests_total(Method::Post, "/a", HttpStatus(404))
        .inc();
    metrics
        .http_request_duration_seconds(Method::from("PURGE"), "/a")
        .observe(0.05);
    metrics
        .http_responses_total(Method::Get, HttpStatus(201))
        .add(2);
    metrics.cache_lookups_total(CacheResult::Miss).add(3);
    metrics
        .outbound_calls_total(OutboundCallsLabels {
            host: "h",
            method: OutboundCallsMethod::Get,
            r#type: "t",
            status: HttpStatus(500),
        })
        .add(4);
    metrics.queue_length("mail").set(5.0);
    metrics.r#type(TypeMatch::No).set(6.0);
    metrics.registry().set(7.0);
    metrics.default_().set(8.0);
    metrics.database_connections_active().set(9.0);
    metrics.gc_pause_seconds_total().add(0.5);
    metrics.received_bytes_total().add(10);
    metrics.build_info("1.0").set();
    assert_lines(
        &metrics.encode_text(),
        &[
            r#"http_requests_total{method="POST",endpoint="/a",status="404"} 1"#,
            r#"http_requests_total{method="GET",endpoint="/a",status="200"} 0"#,
            r#"http_request_duration_seconds_bucket{method="_OTHER",endpoint="/a",le="0.1"} 1"#,
            r#"http_request_duration_seconds_bucket{method="_OTHER",endpoint="/a",le="0.005"} 0"#,
            r#"http_responses_total{method="GET",status="201"} 2"#,
            r#"cache_lookups_total{result="miss"} 3"#,
            r#"outbound_calls_total{host="h",method="GET",type="t",status="500"} 4"#,
            r#"queue_length{type="mail"} 5"#,
            r#"type{match="no_"} 6"#,
            "registry 7",
            "default 8",
            "database_connections_active 9",
            "db_connections 9",
            "gc_pause_seconds_total 0.5",
            "received_bytes_total 10",
            r#"build_info{version="1.0"} 1"#,
        ],
    );
}

#[test]
fn every_combination_of_closed_labels_has_its_own_series() {
    let metrics = Metrics::default();
    let mut lines = Vec::new();
    for tier in CacheOperationsTier::ALL {
        for operation in CacheOperationsOperation::ALL {
            for result in CacheOperationsResult::ALL {
                let count = lines.len() as u64 + 1;
                metrics
                    .cache_operations_total(*tier, *operation, *result)
                    .add(count);
                let [tier, operation, result] =
                    [tier.as_str(), operation.as_str(), result.as_str()];
                lines.push(format!(
                    "cache_operations_total{{tier=\"{tier}\",operation=\"{operation}\",result=\"{result}\"}} {count}"
                ));
            }
        }
    }
    assert_eq!(lines.len(), 2 * 3 * 3);
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    assert_lines(&metrics.encode_text(), &lines);
}

#[test]
fn texts_become_values() {
    assert_eq!("err".parse(), Ok(CacheOperationsResult::Err));
    assert_eq!("+".parse(), Ok(CacheOperationsResult::Plus));
    let unknown = "x".parse::<CacheOperationsResult>();
    assert_eq!(unknown.map_err(|error| error.label()), Err("result"));
    assert_eq!(Method::from("POST"), Method::Post);
    assert_eq!(Method::from("post"), Method::Other);
}

#[test]
fn instances_are_independent() {
    let (one, other) = (Metrics::new(), Metrics::new());
    let included = included::Metrics::new();
    one.registry().set(1.0);
    included.registry().set(3.0);
    for (text, value) in [
        (one.encode_text(), 1),
        (other.encode_text(), 0),
        (included.encode_text(), 3),
    ] {
        assert_lines(&text, &[&format!("registry {value}")]);
    }
    let flags = Flags::with_defaults(&one);
    let others = Flags::with_defaults(&other);
    flags.set_new_search(false);
    flags.set_type(true);
    assert!(!flags.new_search() && flags.r#type());
    assert!(others.new_search() && !others.r#type());
    assert_eq!(flags.set_by_name("NEW_SEARCH", true), Ok(()));
    assert!(flags.set_by_name("OLD_SEARCH", true).is_err());
    assert_eq!(
        flags.iter().collect::<Vec<_>>(),
        [("NEW_SEARCH", true), ("TYPE", true)]
    );
    assert_lines(
        &one.encode_text(),
        &[r#"feature_flag_status{flag_name="TYPE",enabled="true"} 1"#],
    );
}

#[test]
fn the_process_is_exposed_and_paths_are_known() {
    let metrics = minimal::Metrics::new();
    metrics.jobs_waiting().set(2.0);
    let text = metrics.encode_text();
    assert_lines(&text, &["jobs_waiting 2"]);
    assert_eq!(
        text.contains("process_resident_memory_bytes "),
        cfg!(target_os = "linux")
    );
    let exposition = metrics.scrape(Some("application/openmetrics-text"), None);
    assert!(
        exposition
            .content_type
            .starts_with("application/openmetrics-text;")
    );
    assert!(exposition.body.ends_with(b"# EOF\n"));
    let registry = v1::Exposed::registry(&metrics);
    assert_lines(&registry.encode_text(), &["jobs_waiting 2"]);
    let hash = crate::model("minimal").catalogue.hash();
    assert_lines(
        &text,
        &[&format!("monospec_spec_info{{hash=\"{hash}\"}} 1")],
    );
    assert_eq!(minimal::METRICS_PATH, "/metrics");
    assert_eq!(
        (full::METRICS_PATH, full::HEALTH_LIVE_PATH),
        ("/internal/metrics", "/live")
    );
    assert_eq!(full::HEALTH_READY_PATH, "/ready");
}

/// Checks that borrow what they stand on across an await.
struct App {
    runs: Arc<AtomicUsize>,
    healthy: bool,
}

impl full::HealthChecks for App {
    async fn database(&self) -> CheckResult {
        tokio::task::yield_now().await;
        self.runs.fetch_add(1, Ordering::Relaxed);
        if self.healthy {
            Ok(())
        } else {
            Err("no answer".into())
        }
    }

    async fn open_search(&self) -> CheckResult {
        tokio::time::sleep(Duration::from_millis(1)).await;
        self.runs.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Waits until all checks have said something.
async fn settled(health: &Health) {
    let end = Instant::now() + Duration::from_secs(10);
    while health
        .details()
        .iter()
        .any(|check| check.duration.is_none())
    {
        assert!(Instant::now() < end, "the checks do not run");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_checks_run_on_several_threads() {
    let runs = Arc::new(AtomicUsize::new(0));
    for (healthy, status) in [(true, 200), (false, 503)] {
        let app = App {
            runs: Arc::clone(&runs),
            healthy,
        };
        let metrics = Metrics::new();
        let health = tokio::spawn(async move {
            let health = full::start_health(&metrics, app);
            settled(&health).await;
            assert_lines(
                &metrics.encode_text(),
                &[&format!(
                    "health_check_status{{check=\"database\"}} {}",
                    u8::from(healthy)
                )],
            );
            health
        });
        let health = health.await.expect("the task ends");
        assert_eq!(health.ready().status, status);
        assert_eq!(health.live().status, 200);
        assert!(health.ready().body.contains(r#""open-search":"healthy""#));
        let critical = health.details().into_iter();
        assert_eq!(
            critical
                .map(|check| (check.name, check.critical))
                .collect::<Vec<_>>(),
            [("database", true), ("open-search", false)]
        );
    }
    assert_eq!(runs.load(Ordering::Relaxed), 4);
}
