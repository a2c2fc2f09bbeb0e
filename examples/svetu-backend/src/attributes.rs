//! Attributes of goods, on their way from an old model to a unified one. Flags say how far.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cache::Cache;
use crate::database::{Database, DatabaseError};
use crate::metrics::{
    DualWriteOperationsStatus, Flags, Metrics, UnifiedAttributesUsageOperation as Operation,
    UnifiedAttributesUsageVersion as Version,
};
use crate::table::Table;

/// The attributes, in both models, with the cache before them.
pub(crate) struct Attributes {
    metrics: Arc<Metrics>,
    flags: Flags,
    old: Table,
    unified: Table,
    cache: Arc<Cache>,
}

impl Attributes {
    pub(crate) fn new(
        metrics: Arc<Metrics>,
        flags: Flags,
        database: &Arc<Database>,
        cache: Arc<Cache>,
    ) -> Self {
        Self {
            metrics,
            flags,
            old: Table::new(Arc::clone(database), "attributes_v1"),
            unified: Table::new(Arc::clone(database), "attributes_v2"),
            cache,
        }
    }

    /// Every attribute.
    pub(crate) async fn list(&self) -> Result<BTreeMap<String, String>, DatabaseError> {
        for (version, table) in self.sources() {
            self.used(version, Operation::Read);
            let all = table.all().await?;
            if !all.is_empty() {
                return Ok(all);
            }
        }
        Ok(BTreeMap::new())
    }

    /// The value of an attribute, if there is one.
    pub(crate) async fn read(&self, name: &str) -> Result<Option<String>, DatabaseError> {
        if let Some(value) = self.cache.get(name).await {
            return Ok(Some(value));
        }
        for (version, table) in self.sources() {
            self.used(version, Operation::Read);
            if let Some(value) = table.get(name).await? {
                self.cache.set(name, &value).await;
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Writes to the model in use, and to the other one as long as both are written. What only the other one refuses is
    /// written all the same.
    pub(crate) async fn write(&self, name: &str, value: &str) -> Result<(), DatabaseError> {
        let (version, table, other) = self.in_use();
        table.put(name, value).await?;
        self.used(version, Operation::Write);
        self.cache.delete(name).await;
        if self.flags.dual_write_attributes() {
            let status = match other.put(name, value).await {
                Ok(()) => DualWriteOperationsStatus::Success,
                Err(error) => {
                    tracing::warn!(%error, "an attribute is in one model only");
                    DualWriteOperationsStatus::Failure
                }
            };
            self.metrics.dual_write_operations_total(status).inc();
        }
        Ok(())
    }

    /// Removes an attribute from both models, or it would come back; tells whether there was one.
    pub(crate) async fn remove(&self, name: &str) -> Result<bool, DatabaseError> {
        let (version, table, other) = self.in_use();
        let known = table.delete(name).await?;
        let known_otherwise = other.delete(name).await?;
        self.used(version, Operation::Write);
        self.cache.delete(name).await;
        Ok(known || known_otherwise)
    }

    /// Whom to ask: the model in use, and the old one if the unified one has no answer.
    fn sources(&self) -> impl Iterator<Item = (Version, &Table)> {
        let (version, table, other) = self.in_use();
        let fallback = version == Version::V2 && self.flags.unified_attributes_fallback();
        let fallback = fallback.then_some((Version::V1, other));
        [(version, table)].into_iter().chain(fallback)
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
