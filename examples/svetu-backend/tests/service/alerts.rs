//! Every alert that can be brought about fires in a real Prometheus, and is over when what brought it about is. The rules are the
//! committed ones in a hurry: two seconds stand for a minute.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::monitoring::prometheus::{Prometheus, Rules};
use crate::monitoring::{JOB, wait_for_scrapes};
use crate::support::{Process, Service, Stores, load, wait_for};

/// So long an alert may take to fire or to be over: its window, what it waits for, and a lot more.
const LIMIT: Duration = Duration::from_secs(120);

/// What a service is asked for on a good day.
const GOOD_DAY: &str = "read=85,write=10,list=5";

#[test]
fn alerts_fire_and_are_over() {
    thread::scope(|scope| {
        for story in [
            database_is_stopped,
            requests_fail_and_take_long,
            flags_are_flipped_and_writes_are_refused,
            redis_and_then_the_service_are_gone,
            connections_run_out,
        ] {
            scope.spawn(story);
        }
    });
}

fn database_is_stopped() {
    let mut scene = Scene::start();
    let load = scene.load(GOOD_DAY);
    scene.is_quiet();
    scene.stores.postgres.stop();
    let alert = scene.fires("HighErrorRate", "critical");
    assert!(
        alert["labels"]["endpoint"]
            .as_str()
            .is_some_and(|e| e.starts_with("/api/"))
    );
    scene.stores.postgres.run();
    scene.is_over();
    drop(load);
}

fn requests_fail_and_take_long() {
    let scene = Scene::start();
    let load = scene.load(GOOD_DAY);
    scene.is_quiet();
    scene.put("/admin/chaos", r#"{"error_ratio":0.2,"delay_ms":1200}"#);
    scene.fires("SlowResponses", "critical");
    scene.fires("HighErrorRate", "critical");
    scene.fires("SlowResponses", "warning");
    scene.put("/admin/chaos", r#"{"delay_ms":600}"#);
    wait_for(LIMIT, || match scene.firing()? {
        firing if firing == names(&[("SlowResponses", "warning")]) => Ok(()),
        firing => Err(format!("{firing:?}")),
    });
    scene.put("/admin/chaos", "{}");
    scene.is_over();
    drop(load);
}

fn flags_are_flipped_and_writes_are_refused() {
    let scene = Scene::start();
    let load = scene.load(GOOD_DAY);
    // A change is seen against ten minutes ago, that is twenty seconds.
    wait_for_scrapes(&scene.prometheus, 25);
    scene.is_quiet();
    scene.put("/admin/flags/UNIFIED_ATTRIBUTES_FALLBACK", "false");
    let alert = scene.fires("FeatureFlagChanged", "info");
    assert_eq!(alert["labels"]["flag_name"], "UNIFIED_ATTRIBUTES_FALLBACK");
    scene.is_over();
    drop(load);

    scene.put("/admin/flags/UNIFIED_ATTRIBUTES_FALLBACK", "true");
    let load = scene.load("miss=80,long=20");
    scene.fires("FeatureFlagChanged", "info");
    scene.fires("DualWriteFailures", "warning");
    scene.fires("LowCacheHitRate", "warning");
    drop(load);
    let load = scene.load(GOOD_DAY);
    scene.is_over();
    drop(load);
}

fn redis_and_then_the_service_are_gone() {
    let mut scene = Scene::start();
    let load = scene.load(GOOD_DAY);
    scene.is_quiet();
    scene.stores.redis.stop();
    scene.fires("RedisErrors", "warning");
    scene.fires("LowCacheHitRate", "warning");
    scene.stores.redis.run();
    scene.is_over();
    drop(load);

    let Scene {
        prometheus,
        service,
        stores,
    } = scene;
    let Service { process, address } = service;
    drop(process);
    let alert = fires(&prometheus, "ServiceDown", "critical");
    let labels = json!({
        "alertname": "ServiceDown",
        "instance": address,
        "job": JOB,
        "service": JOB,
        "severity": "critical",
        "team": "platform",
    });
    assert_eq!(alert["labels"], labels);
    let summary = "svetu-backend does not answer Prometheus";
    assert_eq!(alert["annotations"]["summary"], summary);
    let port = address.rsplit(':').next().expect("a port");
    // Somebody else's request may be sent from this port right now.
    let service = wait_for(LIMIT, || Service::try_start(&stores, &[("PORT", port)]));
    Scene {
        prometheus,
        service,
        stores,
    }
    .is_over();
}

fn connections_run_out() {
    let scene = Scene::start();
    let load = load::start(
        &scene.service.address,
        &["--rate", "200", "--connections", "250", "--mix", "list"],
    );
    scene.is_quiet();
    let table = scene.stores.postgres.lock("attributes_v2");
    let alert = scene.fires("DatabaseConnectionsExhausted", "critical");
    let summary = alert["annotations"]["summary"].as_str().expect("text");
    assert!(
        summary.contains(" of 100 database connections"),
        "{summary}"
    );
    drop(table);
    scene.is_over();
    drop(load);
}

/// A service with all that it needs, and a Prometheus that watches it.
struct Scene {
    prometheus: Prometheus,
    service: Service,
    stores: Stores,
}

impl Scene {
    fn start() -> Self {
        let stores = Stores::start();
        let service = Service::start(&stores, &[("CHAOS", "true")]);
        load::fill(&service.address);
        Self {
            prometheus: Prometheus::start(&service.address, Rules::Hurried),
            service,
            stores,
        }
    }

    fn load(&self, mix: &str) -> Process {
        load::start(&self.service.address, &["--rate", "40", "--mix", mix])
    }

    fn put(&self, path: &str, body: &str) {
        assert_eq!(self.service.status("PUT", path, body), 204, "{path}");
    }

    /// A window and more has passed, and nothing fires.
    fn is_quiet(&self) {
        wait_for_scrapes(&self.prometheus, 15);
        self.is_over();
    }

    fn firing(&self) -> Result<BTreeSet<(String, String)>, String> {
        Ok(self
            .prometheus
            .alerts()?
            .iter()
            .filter_map(firing)
            .collect())
    }

    /// Nothing fires any more.
    #[track_caller]
    fn is_over(&self) {
        wait_for(LIMIT, || match self.firing()? {
            firing if firing.is_empty() => Ok(()),
            firing => Err(format!("{firing:?}")),
        });
    }

    #[track_caller]
    fn fires(&self, name: &str, severity: &str) -> Value {
        fires(&self.prometheus, name, severity)
    }
}

/// Waits until this alert fires.
#[track_caller]
fn fires(prometheus: &Prometheus, name: &str, severity: &str) -> Value {
    let wanted = (name.to_owned(), severity.to_owned());
    wait_for(LIMIT, || {
        let alerts = prometheus.alerts()?;
        let alert = alerts
            .iter()
            .find(|alert| firing(alert).as_ref() == Some(&wanted));
        alert
            .cloned()
            .ok_or_else(|| format!("{wanted:?} is not among {alerts:?}"))
    })
}

/// The name and severity of an alert that fires.
fn firing(alert: &Value) -> Option<(String, String)> {
    let label = |name: &str| Some(alert["labels"][name].as_str()?.to_owned());
    (alert["state"] == "firing").then_some((label("alertname")?, label("severity")?))
}

fn names(alerts: &[(&str, &str)]) -> BTreeSet<(String, String)> {
    let owned = |(name, severity): &(&str, &str)| ((*name).to_owned(), (*severity).to_owned());
    alerts.iter().map(owned).collect()
}
