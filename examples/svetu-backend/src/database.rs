//! PostgreSQL: a pool of connections, the schema, and a limit to the time that anything may take.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::tokio_postgres::error::SqlState;
use deadpool_postgres::tokio_postgres::types::ToSql;
use deadpool_postgres::tokio_postgres::{self, NoTls, Row};
use deadpool_postgres::{BuildError, Manager, Object, Pool, PoolError};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::metrics::{DatabaseQueryDurationQueryType as QueryType, Metrics};

/// The limit of `database_connections_active` in the spec.
const CONNECTIONS: usize = 100;

/// After this time the server ends a statement.
const STATEMENT_LIMIT: Duration = Duration::from_millis(1000);

/// After this time an answer is not waited for any more, and the connection is taken for lost: longer than the server takes to
/// end a statement.
const ANSWER_LIMIT: Duration = Duration::from_millis(1200);

/// After this time a connection is not waited for any more. Together with the answer it is less than the health check may take.
const CONNECTION_LIMIT: Duration = Duration::from_millis(700);

/// Classes of errors that may be over soon: of connections, of resources, and those that an operator or a limit brings about.
const UNAVAILABLE: [&str; 3] = ["08", "53", "57"];

const SCHEMA: &str = include_str!("schema.sql");

/// The database. It need not be there: every query tries again.
pub(crate) struct Database {
    metrics: Arc<Metrics>,
    pool: Pool,
    schema: OnceCell<()>,
}

impl Database {
    pub(crate) fn new(
        metrics: Arc<Metrics>,
        mut config: tokio_postgres::Config,
    ) -> Result<Self, BuildError> {
        let options = config.get_options().unwrap_or_default();
        let limit = STATEMENT_LIMIT.as_millis();
        config.options(format!("{options} -c statement_timeout={limit}"));
        let pool = Pool::builder(Manager::new(config, NoTls)).max_size(CONNECTIONS);
        Ok(Self {
            metrics,
            pool: pool.build()?,
            schema: OnceCell::new(),
        })
    }

    /// The rows that a statement of this kind has or returns.
    pub(crate) async fn rows(
        &self,
        kind: QueryType,
        sql: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, DatabaseError> {
        self.with_connection(async |connection| {
            self.schema
                .get_or_try_init(|| connection.batch_execute(SCHEMA))
                .await?;
            let _timer = self
                .metrics
                .database_query_duration_seconds(kind)
                .start_timer();
            let statement = connection.prepare_cached(sql).await?;
            connection.query(&statement, parameters).await
        })
        .await
    }

    /// Whether the database answers a query.
    pub(crate) async fn ping(&self) -> Result<(), DatabaseError> {
        self.with_connection(async |connection| connection.simple_query("SELECT 1").await)
            .await?;
        Ok(())
    }

    /// Uses a connection of the pool. One that does not answer in time is closed. When the request is given up meanwhile, its
    /// statement may go on for a while, and delays whoever has the connection next.
    async fn with_connection<T>(
        &self,
        work: impl AsyncFnOnce(&Object) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, DatabaseError> {
        let connection = timeout(CONNECTION_LIMIT, self.pool.get())
            .await
            .map_err(|_| DatabaseError::unavailable("no connection in time"))??;
        let _active = self.metrics.database_connections_active().track();
        match timeout(ANSWER_LIMIT, work(&connection)).await {
            Ok(answer) => Ok(answer?),
            Err(_) => {
                drop(Object::take(connection));
                Err(DatabaseError::unavailable("no answer in time"))
            }
        }
    }
}

/// Why the database did not do something. For logs: it may tell secrets.
#[derive(Debug)]
pub(crate) enum DatabaseError {
    /// A value does not fit.
    Refused(tokio_postgres::Error),
    /// It cannot answer now.
    Unavailable(Box<dyn Error + Send + Sync>),
    /// It cannot do this.
    Failed(tokio_postgres::Error),
}

impl DatabaseError {
    fn unavailable(why: &str) -> Self {
        Self::Unavailable(why.into())
    }
}

/// With everything that caused it: errors of PostgreSQL say little themselves.
impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, error): (_, &(dyn Error + 'static)) = match self {
            Self::Refused(error) => ("the database refuses a value", error),
            Self::Unavailable(error) => ("the database is not available", error.as_ref()),
            Self::Failed(error) => ("the database failed", error),
        };
        f.write_str(what)?;
        let mut cause = Some(error);
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl Error for DatabaseError {}

impl From<tokio_postgres::Error> for DatabaseError {
    /// By the [class of the error](https://www.postgresql.org/docs/current/errcodes-appendix.html).
    fn from(error: tokio_postgres::Error) -> Self {
        match error.code().map(SqlState::code) {
            Some(code) if code.starts_with("22") => Self::Refused(error),
            Some(code) if !UNAVAILABLE.iter().any(|class| code.starts_with(class)) => {
                Self::Failed(error)
            }
            // Without a code the connection is what failed.
            _ => Self::Unavailable(error.into()),
        }
    }
}

impl From<PoolError> for DatabaseError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            error => Self::Unavailable(error.into()),
        }
    }
}
