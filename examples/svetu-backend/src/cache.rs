//! The cache before the database, in Redis. Without it everything is slower, and nothing fails.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, ConnectionInfo, RedisResult, SetExpiry, SetOptions};

use crate::metrics::{
    CacheOperationsOperation as Operation, CacheOperationsResult as Outcome, Metrics,
    RedisOperationsOperation as Command, RedisOperationsResult as CommandResult,
};

/// So long connecting may take, and an answer after that: together less than the health check may take.
const LIMIT: Duration = Duration::from_millis(200);

/// So long a value is kept, in seconds: also the time that an old value is told if it could not be deleted.
const LIFETIME: u64 = 60;

/// Values by name. What there was already is a hit, when something is set or deleted too.
pub(crate) struct Cache {
    metrics: Arc<Metrics>,
    /// One connection that everybody shares: Redis answers in order, and a connection more would not make it faster.
    redis: ConnectionManager,
}

impl Cache {
    pub(crate) fn new(metrics: Arc<Metrics>, redis: ConnectionInfo) -> RedisResult<Self> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(LIMIT))
            .set_response_timeout(Some(LIMIT))
            // The next command tries again.
            .set_number_of_retries(0);
        Ok(Self {
            metrics,
            redis: ConnectionManager::new_lazy_with_config(Client::open(redis)?, config)?,
        })
    }

    pub(crate) async fn get(&self, name: &str) -> Option<String> {
        let answer = self.redis.clone().get(key(name)).await;
        let found = self.answered(Command::Get, answer).flatten();
        // What Redis could not tell has to come from the database too.
        self.count(Operation::Get, found.is_some());
        found
    }

    pub(crate) async fn set(&self, name: &str, value: &str) {
        let options = SetOptions::default()
            .with_expiration(SetExpiry::EX(LIFETIME))
            .get(true);
        let answer: RedisResult<Option<String>> = self
            .redis
            .clone()
            .set_options(key(name), value, options)
            .await;
        if let Some(before) = self.answered(Command::Set, answer) {
            self.count(Operation::Set, before.is_some());
        }
    }

    pub(crate) async fn delete(&self, name: &str) {
        let answer: RedisResult<u64> = self.redis.clone().del(key(name)).await;
        if let Some(deleted) = self.answered(Command::Del, answer) {
            self.count(Operation::Delete, deleted > 0);
        }
    }

    /// Whether Redis answers.
    pub(crate) async fn ping(&self) -> RedisResult<()> {
        self.redis.clone().ping().await
    }

    fn answered<T>(&self, command: Command, answer: RedisResult<T>) -> Option<T> {
        let result = match answer {
            Ok(_) => CommandResult::Success,
            Err(_) => CommandResult::Error,
        };
        self.metrics.redis_operations_total(command, result).inc();
        answer
            .inspect_err(|error| tracing::debug!(%error, command = command.as_str(), "redis"))
            .ok()
    }

    fn count(&self, operation: Operation, hit: bool) {
        let outcome = if hit { Outcome::Hit } else { Outcome::Miss };
        self.metrics
            .cache_operations_total(operation, outcome)
            .inc();
    }
}

/// Redis may be shared.
fn key(name: &str) -> String {
    format!("svetu:attribute:{name}")
}
