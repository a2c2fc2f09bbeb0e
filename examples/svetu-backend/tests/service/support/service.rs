//! The service, and what it depends on.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::opensearch::OpenSearch;
use super::postgres::Postgres;
use super::redis::Redis;
use super::{Answer, PATIENCE, Process, ask, wait_for};

/// The families that the spec names itself, by the types that the text exposition gives them.
pub(crate) const FAMILIES: [(&str, &str); 11] = [
    ("http_requests_total", "counter"),
    ("http_request_duration_seconds", "histogram"),
    ("http_requests_in_flight", "gauge"),
    // A counter that is not called one: parsers of OpenMetrics would refuse it as a counter.
    ("unified_attributes_usage", "untyped"),
    ("feature_flag_status", "gauge"),
    ("dual_write_operations_total", "counter"),
    ("cache_operations_total", "counter"),
    ("database_connections_active", "gauge"),
    ("database_query_duration_seconds", "histogram"),
    ("redis_operations_total", "counter"),
    ("health_check_status", "gauge"),
];

/// What the service depends on.
pub(crate) struct Stores {
    pub(crate) postgres: Postgres,
    pub(crate) redis: Redis,
    pub(crate) opensearch: OpenSearch,
}

impl Stores {
    pub(crate) fn start() -> Self {
        Self {
            postgres: Postgres::start(),
            redis: Redis::start(),
            opensearch: OpenSearch::start(),
        }
    }
}

/// A running service.
pub(crate) struct Service {
    pub(crate) process: Process,
    pub(crate) address: String,
}

impl Service {
    /// A service with these stores, and with these variables set.
    pub(crate) fn start(stores: &Stores, environment: &[(&str, &str)]) -> Self {
        Self::try_start(stores, environment).unwrap_or_else(|why| panic!("{why}"))
    }

    pub(crate) fn try_start(
        stores: &Stores,
        environment: &[(&str, &str)],
    ) -> Result<Self, &'static str> {
        let process = Command::new(env!("CARGO_BIN_EXE_svetu-backend"))
            .env_clear()
            .envs([("PORT", "0"), ("SHUTDOWN_DELAY_SECONDS", "1")])
            .env("DATABASE_URL", stores.postgres.url())
            .env("REDIS_URL", stores.redis.url())
            .env("OPENSEARCH_URL", stores.opensearch.url())
            .env("DATA_DIR", env!("CARGO_TARGET_TMPDIR"))
            .env("DATA_MIN_FREE_MIB", "0")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut process = Process(process.expect("the service is started"));
        let stdout = process.0.stdout.take().expect("it is piped");
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        let address = line.trim().strip_prefix("listening on http://");
        match (read, address) {
            (Ok(_), Some(address)) => Ok(Self {
                process,
                address: address.to_owned(),
            }),
            _ => Err("the service does not say where it listens"),
        }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        ask(&self.address, method, path, body).expect("the service answers")
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    pub(crate) fn status(&self, method: &str, path: &str, body: &str) -> u16 {
        self.ask(method, path, body).status
    }

    /// Readiness, once it is this.
    #[track_caller]
    pub(crate) fn ready(&self, status: &str) -> (u16, Value) {
        wait_for(PATIENCE, || {
            let answer = self.get("/health/ready");
            let body = json_of(&answer);
            if body["status"] == status {
                Ok((answer.status, body))
            } else {
                Err(format!("not {status}: {body}"))
            }
        })
    }

    /// Readiness, once it is this and every check has said something.
    #[track_caller]
    pub(crate) fn ready_once_all_is_known(&self, status: &str) -> (u16, Value) {
        wait_for(PATIENCE, || match self.ready(status) {
            (_, body) if body.to_string().contains("pending") => Err(body),
            known => Ok(known),
        })
    }

    /// The value of a series.
    #[track_caller]
    pub(crate) fn value_of(&self, series: &str) -> f64 {
        let text = self.get("/metrics").body;
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        let value = value.unwrap_or_else(|| panic!("{series} is not in\n{text}"));
        value.parse().expect("a number")
    }
}

#[track_caller]
pub(crate) fn json_of(answer: &Answer) -> Value {
    assert_eq!(answer.content_type, "application/json", "{answer:?}");
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}
