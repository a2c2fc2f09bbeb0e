//! A table of the database, in memory for now.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::metrics::{DatabaseQueryDurationQueryType as QueryType, Metrics};

/// Names and values, as one of the two models keeps them.
pub(crate) struct Table {
    metrics: Arc<Metrics>,
    rows: Mutex<BTreeMap<String, String>>,
    /// How many characters a value may have.
    width: usize,
}

/// A value has more characters than its column takes.
#[derive(Debug)]
pub(crate) struct TooLong {
    width: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value has more than {} characters", self.width)
    }
}

impl Error for TooLong {}

impl Table {
    pub(crate) fn new(metrics: Arc<Metrics>, width: usize) -> Self {
        Self {
            metrics,
            rows: Mutex::default(),
            width,
        }
    }

    pub(crate) fn all(&self) -> BTreeMap<String, String> {
        self.query(QueryType::Select, |rows| rows.clone())
    }

    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.query(QueryType::Select, |rows| rows.get(name).cloned())
    }

    pub(crate) fn put(&self, name: &str, value: &str) -> Result<(), TooLong> {
        if value.chars().count() > self.width {
            return Err(TooLong { width: self.width });
        }
        let known = self.query(QueryType::Update, |rows| {
            rows.get_mut(name)
                .map(|row| value.clone_into(row))
                .is_some()
        });
        if !known {
            self.query(QueryType::Insert, |rows| {
                rows.insert(name.to_owned(), value.to_owned())
            });
        }
        Ok(())
    }

    /// Tells whether there was such a row.
    pub(crate) fn delete(&self, name: &str) -> bool {
        self.query(QueryType::Delete, |rows| rows.remove(name).is_some())
    }

    /// Runs a query on a connection of its own.
    fn query<T>(&self, kind: QueryType, run: impl FnOnce(&mut BTreeMap<String, String>) -> T) -> T {
        let _connection = self.metrics.database_connections_active().track();
        let _timer = self
            .metrics
            .database_query_duration_seconds(kind)
            .start_timer();
        run(&mut self.rows.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
