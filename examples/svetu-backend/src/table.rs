//! A table of attributes, as one of the two models keeps them.

use std::collections::BTreeMap;
use std::sync::Arc;

use deadpool_postgres::tokio_postgres::types::ToSql;
use deadpool_postgres::tokio_postgres::{Error, Row};

use crate::database::{Database, DatabaseError};
use crate::metrics::DatabaseQueryDurationQueryType as QueryType;

/// Names and values.
pub(crate) struct Table {
    database: Arc<Database>,
    select_all: String,
    select: String,
    update: String,
    insert: String,
    delete: String,
}

impl Table {
    /// The table of this name, which `schema.sql` creates.
    pub(crate) fn new(database: Arc<Database>, table: &'static str) -> Self {
        Self {
            database,
            select_all: format!("SELECT name, value FROM {table} ORDER BY name LIMIT 1000"),
            select: format!("SELECT value FROM {table} WHERE name = $1"),
            update: format!("UPDATE {table} SET value = $2 WHERE name = $1 RETURNING name"),
            // Somebody else may have inserted it meanwhile.
            insert: format!(
                "INSERT INTO {table} (name, value) VALUES ($1, $2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            ),
            delete: format!("DELETE FROM {table} WHERE name = $1 RETURNING name"),
        }
    }

    /// The first thousand.
    pub(crate) async fn all(&self) -> Result<BTreeMap<String, String>, DatabaseError> {
        let rows = self
            .database
            .rows(QueryType::Select, &self.select_all, &[])
            .await?;
        let pair = |row: &Row| Ok::<_, Error>((row.try_get(0)?, row.try_get(1)?));
        Ok(rows.iter().map(pair).collect::<Result<_, _>>()?)
    }

    pub(crate) async fn get(&self, name: &str) -> Result<Option<String>, DatabaseError> {
        let rows = self
            .database
            .rows(QueryType::Select, &self.select, &[&name])
            .await?;
        Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
    }

    pub(crate) async fn put(&self, name: &str, value: &str) -> Result<(), DatabaseError> {
        let parameters: [&(dyn ToSql + Sync); 2] = [&name, &value];
        let rows = self
            .database
            .rows(QueryType::Update, &self.update, &parameters)
            .await?;
        if rows.is_empty() {
            self.database
                .rows(QueryType::Insert, &self.insert, &parameters)
                .await?;
        }
        Ok(())
    }

    /// Tells whether there was such a row.
    pub(crate) async fn delete(&self, name: &str) -> Result<bool, DatabaseError> {
        let rows = self
            .database
            .rows(QueryType::Delete, &self.delete, &[&name])
            .await?;
        Ok(!rows.is_empty())
    }
}
