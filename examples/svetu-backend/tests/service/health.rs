//! Health checks, at the pace of the spec, of servers that are stopped, paused and brought back.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::opensearch::SILENT;
use crate::support::service::json_of;
use crate::support::{Answer, PATIENCE, Service, Stores, generated, load, read};

/// What the spec says of every check.
struct Pace {
    interval: Duration,
    failures: u32,
}

impl Pace {
    fn read() -> Self {
        let spec = read(&generated("../spec/monospec.yaml"));
        let spec: Value = serde_saphyr::from_str(&spec).expect("YAML");
        let defaults = &spec["health"]["defaults"];
        let interval = defaults["interval"].as_str().expect("text");
        let interval = interval.strip_suffix('s').expect("seconds");
        let failures = defaults["failure_threshold"].as_u64().expect("a number");
        Self {
            interval: Duration::from_secs(interval.parse().expect("a number")),
            failures: failures.try_into().expect("a small number"),
        }
    }

    /// The runs that have to fail, less the time before the first of them.
    fn least_to_notice(&self) -> Duration {
        self.interval * (self.failures - 1)
    }

    /// As many runs and one more, and the patience that a busy machine needs.
    fn most_to_notice(&self) -> Duration {
        self.interval * (self.failures + 1) + PATIENCE
    }
}

/// Something that can happen to what the service depends on.
struct Fault {
    what: &'static str,
    /// The checks that fail of it, in the order of the spec.
    fails: &'static [&'static str],
    /// The status of readiness then, and its word.
    becomes: (u16, &'static str),
    happens: fn(&mut Stores),
    ends: fn(&mut Stores),
}

const FAULTS: [Fault; 4] = [
    Fault {
        what: "PostgreSQL is stopped, Redis is paused",
        fails: &["database", "redis"],
        becomes: (503, "error"),
        happens: |stores| {
            stores.postgres.stop();
            stores.redis.pause();
        },
        ends: |stores| {
            stores.postgres.run();
            stores.redis.resume();
        },
    },
    Fault {
        what: "PostgreSQL is paused, Redis is stopped",
        fails: &["database", "redis"],
        becomes: (503, "error"),
        happens: |stores| {
            stores.postgres.pause();
            stores.redis.stop();
        },
        ends: |stores| {
            stores.postgres.resume();
            stores.redis.run();
        },
    },
    Fault {
        what: "OpenSearch is red",
        fails: &["opensearch"],
        becomes: (200, "degraded"),
        happens: |stores| stores.opensearch.set("red"),
        ends: |stores| stores.opensearch.set("yellow"),
    },
    Fault {
        what: "OpenSearch is silent",
        fails: &["opensearch"],
        becomes: (200, "degraded"),
        happens: |stores| stores.opensearch.set(SILENT),
        ends: |stores| stores.opensearch.set("green"),
    },
];

#[test]
fn faults_are_noticed_when_the_spec_says_and_no_answer_waits_for_them() {
    let pace = Pace::read();
    thread::scope(|scope| {
        for fault in &FAULTS {
            scope.spawn(|| fault.is_noticed(&pace));
        }
    });
}

impl Fault {
    fn is_noticed(&self, pace: &Pace) {
        let mut stores = Stores::start();
        let service = Service::start(&stores, &[]);
        let mut watch = Watch::new(&service);
        watch.until(PATIENCE, 200, "ok", &[]);

        let start = Instant::now();
        (self.happens)(&mut stores);
        let (status, word) = self.becomes;
        watch.until(pace.most_to_notice(), status, word, self.fails);
        let noticed = start.elapsed();
        assert!(
            noticed >= pace.least_to_notice(),
            "{}: {noticed:?}",
            self.what
        );
        for check in self.fails {
            let series = format!("health_check_status{{check=\"{check}\"}}");
            assert_eq!(service.value_of(&series), 0.0);
        }

        (self.ends)(&mut stores);
        // One success is enough.
        watch.until(pace.interval * 2 + PATIENCE, 200, "ok", &[]);
        watch.was_answered_at_once(self.what);
    }
}

/// Readiness, and whatever else is answered without the stores, asked all the time.
struct Watch<'s> {
    service: &'s Service,
    latencies: Vec<Duration>,
}

impl<'s> Watch<'s> {
    fn new(service: &'s Service) -> Self {
        Self {
            service,
            latencies: Vec::new(),
        }
    }

    /// Asks until it says this and these checks fail, for a limited time.
    fn until(&mut self, limit: Duration, status: u16, word: &str, failing: &[&str]) {
        let end = Instant::now() + limit;
        loop {
            for path in ["/health/live", "/metrics", "/admin/flags"] {
                assert_eq!(self.timed(path).status, 200, "{path}");
            }
            let answer = self.timed("/health/ready");
            // Neither where something is nor what it said is for everybody.
            for secret in ["127.0.0.1", "refused", "time", "answer", "closed"] {
                let body = answer.body.replace("timestamp", "");
                assert!(!body.contains(secret), "{body}");
            }
            let body = json_of(&answer);
            let checks = body["checks"].as_object().expect("checks").iter();
            let unhealthy = checks.filter(|(_, status)| *status != "healthy");
            let as_expected = unhealthy.map(|(name, _)| name).eq(failing);
            if (answer.status, &body["status"]) == (status, &word.into()) && as_expected {
                return;
            }
            assert!(Instant::now() < end, "after {limit:?}: {answer:?}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn timed(&mut self, path: &str) -> Answer {
        let start = Instant::now();
        let answer = self.service.get(path);
        self.latencies.push(start.elapsed());
        answer
    }

    /// A check that hangs takes seconds, and for as long as the fault lasts there always is one that hangs.
    fn was_answered_at_once(mut self, meanwhile: &str) {
        self.latencies.sort_unstable();
        let most = self.latencies[self.latencies.len() * 9 / 10];
        assert!(most < Duration::from_millis(100), "{meanwhile}: {most:?}");
    }
}

#[test]
fn who_asks_for_health_asks_nobody_else() {
    let stores = Stores::start();
    let service = Service::start(&stores, &[]);
    service.ready("ok");
    let asked = || (stores.redis.pings(), stores.opensearch.asked());
    let (pings, searches) = asked();
    let start = Instant::now();
    let arguments = [
        "--rate",
        "0",
        "--requests",
        "10000",
        "--mix",
        "/health/ready",
    ];
    let output = load::run(&service.address, &arguments);
    let runs = start.elapsed().as_secs() / Pace::read().interval.as_secs() + 1;
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(report.contains("  200    10000\n"), "{report}");
    let (more_pings, more_searches) = asked();
    for more in [more_pings - pings, more_searches - searches] {
        assert!(u64::from(more) <= runs, "{more} checks in\n{report}");
    }
}
