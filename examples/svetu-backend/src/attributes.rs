//! Attributes of goods, on their way from an old model to a unified one. Flags say how far.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cache::Cache;
use crate::metrics::{
    DualWriteOperationsStatus, Flags, Metrics, UnifiedAttributesUsageOperation as Operation,
    UnifiedAttributesUsageVersion as Version,
};
use crate::table::{Table, TooLong};

/// How many characters a value may have.
const OLD_WIDTH: usize = 255;
const UNIFIED_WIDTH: usize = 4096;

/// The attributes, in both models, with the cache before them.
pub(crate) struct Attributes {
    metrics: Arc<Metrics>,
    flags: Flags,
    old: Table,
    unified: Table,
    cache: Cache,
}

impl Attributes {
    pub(crate) fn new(metrics: Arc<Metrics>, flags: Flags) -> Self {
        Self {
            old: Table::new(Arc::clone(&metrics), OLD_WIDTH),
            unified: Table::new(Arc::clone(&metrics), UNIFIED_WIDTH),
            cache: Cache::new(Arc::clone(&metrics)),
            metrics,
            flags,
        }
    }

    /// Every attribute.
    pub(crate) fn list(&self) -> BTreeMap<String, String> {
        let all = |table: &Table| Some(table.all()).filter(|all| !all.is_empty());
        self.ask(all).unwrap_or_default()
    }

    /// The value of an attribute, if there is one.
    pub(crate) fn read(&self, name: &str) -> Option<String> {
        if let Some(value) = self.cache.get(name) {
            return Some(value);
        }
        let value = self.ask(|table| table.get(name))?;
        self.cache.set(name, &value);
        Some(value)
    }

    /// Writes to the model in use, and to the other one as long as both are written. What only the other one refuses is
    /// written all the same.
    pub(crate) fn write(&self, name: &str, value: &str) -> Result<(), TooLong> {
        let (version, table, other) = self.in_use();
        table.put(name, value)?;
        self.used(version, Operation::Write);
        self.cache.delete(name);
        if self.flags.dual_write_attributes() {
            let status = match other.put(name, value) {
                Ok(()) => DualWriteOperationsStatus::Success,
                Err(TooLong { .. }) => DualWriteOperationsStatus::Failure,
            };
            self.metrics.dual_write_operations_total(status).inc();
        }
        Ok(())
    }

    /// Removes an attribute from both models, or it would come back; tells whether there was one.
    pub(crate) fn remove(&self, name: &str) -> bool {
        let (version, table, other) = self.in_use();
        let known = table.delete(name);
        let known_otherwise = other.delete(name);
        self.used(version, Operation::Write);
        self.cache.delete(name);
        known || known_otherwise
    }

    /// Asks the model in use, and the old one if the unified one has no answer.
    fn ask<T>(&self, ask: impl Fn(&Table) -> Option<T>) -> Option<T> {
        let (version, table, other) = self.in_use();
        self.used(version, Operation::Read);
        let answer = ask(table);
        if answer.is_some() || version == Version::V1 || !self.flags.unified_attributes_fallback() {
            return answer;
        }
        self.used(Version::V1, Operation::Read);
        ask(other)
    }

    /// The model in use with its version, and the other one.
    fn in_use(&self) -> (Version, &Table, &Table) {
        if self.flags.use_unified_attributes() {
            (Version::V2, &self.unified, &self.old)
        } else {
            (Version::V1, &self.old, &self.unified)
        }
    }

    fn used(&self, version: Version, operation: Operation) {
        self.metrics
            .unified_attributes_usage(version, operation)
            .inc();
    }
}
