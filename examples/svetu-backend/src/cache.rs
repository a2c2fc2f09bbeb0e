//! The cache before the database, in memory for now.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::metrics::{
    CacheOperationsOperation, CacheOperationsResult, Metrics, RedisOperationsOperation,
    RedisOperationsResult,
};

/// Beyond so many entries nothing new is taken.
const CAPACITY: usize = 1000;

/// Values by name. What there was already is a hit, when something is set or deleted too.
pub(crate) struct Cache {
    metrics: Arc<Metrics>,
    entries: Mutex<HashMap<String, String>>,
}

impl Cache {
    pub(crate) fn new(metrics: Arc<Metrics>) -> Self {
        Self {
            metrics,
            entries: Mutex::default(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let found = self.entries().get(name).cloned();
        self.command(
            RedisOperationsOperation::Get,
            RedisOperationsResult::Success,
        );
        self.outcome(CacheOperationsOperation::Get, found.is_some());
        found
    }

    /// A full cache refuses what is new: the value is then read from the database again.
    pub(crate) fn set(&self, name: &str, value: &str) {
        let mut entries = self.entries();
        let known = entries.contains_key(name);
        let taken = known || entries.len() < CAPACITY;
        if taken {
            entries.insert(name.to_owned(), value.to_owned());
        }
        drop(entries);
        let result = if taken {
            RedisOperationsResult::Success
        } else {
            RedisOperationsResult::Error
        };
        self.command(RedisOperationsOperation::Set, result);
        self.outcome(CacheOperationsOperation::Set, known);
    }

    pub(crate) fn delete(&self, name: &str) {
        let known = self.entries().remove(name).is_some();
        self.command(
            RedisOperationsOperation::Del,
            RedisOperationsResult::Success,
        );
        self.outcome(CacheOperationsOperation::Delete, known);
    }

    fn command(&self, operation: RedisOperationsOperation, result: RedisOperationsResult) {
        self.metrics.redis_operations_total(operation, result).inc();
    }

    fn outcome(&self, operation: CacheOperationsOperation, hit: bool) {
        let result = if hit {
            CacheOperationsResult::Hit
        } else {
            CacheOperationsResult::Miss
        };
        self.metrics.cache_operations_total(operation, result).inc();
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
