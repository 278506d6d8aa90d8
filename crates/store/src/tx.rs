//! The transaction type that repositories and services write their SQL against.
//!
//! SQL is written once, in SQLite's dialect with `$1`, `$2` … as parameters; the PostgreSQL engine translates
//! table definitions. A statement that fails dooms its transaction on both engines alike: whatever the
//! closure makes of the error, nothing of it is kept. What may collide says `ON CONFLICT DO NOTHING`.

use crate::{Row, StoreError, Value};
use std::fmt;

/// What an engine does for a transaction.
pub(crate) trait Statements {
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError>;
    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError>;
    /// Runs the statements of a migration, in this transaction.
    fn define(&mut self, sql: &str) -> Result<(), StoreError>;
    /// Makes every other node's migration wait until this transaction is over.
    fn lock_tables(&mut self) -> Result<(), StoreError>;
    /// The columns of a table in their order; none if there is no such table.
    fn columns(&mut self, table: &str) -> Result<Vec<Column>, StoreError>;
}

/// A column as the engine itself tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// Its place in the primary key, from 1; 0: it is not in it.
    pub(crate) key: u32,
}

/// A transaction under way.
pub struct Tx<'a> {
    statements: &'a mut dyn Statements,
    failed: Option<StoreError>,
    defined: bool,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(statements: &'a mut dyn Statements) -> Self {
        Self { statements, failed: None, defined: false }
    }

    /// The first statement that failed: the transaction will not be kept.
    pub(crate) fn failed(&self) -> Option<&StoreError> {
        self.failed.as_ref()
    }

    /// Whether tables were made or changed.
    pub(crate) fn defined(&self) -> bool {
        self.defined
    }

    fn run<R>(
        &mut self,
        statement: impl FnOnce(&mut dyn Statements) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        statement(self.statements).inspect_err(|error| self.failed = Some(error.clone()))
    }

    /// Runs a statement that changes rows; gives their number.
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        self.run(|s| s.execute(sql, params))
    }

    /// Runs a statement that gives rows; all are read, so say `LIMIT` where their number is not bounded.
    pub fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.run(|s| s.query(sql, params))
    }

    /// As [`Tx::query`], for at most one row.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if there are more.
    pub fn query_opt(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, StoreError> {
        let mut rows = self.query(sql, params)?;
        if rows.len() > 1 {
            return Err(StoreError::Corrupt("more than one row where one at most may be".into()));
        }
        Ok(rows.pop())
    }

    /// As [`Tx::query`], for exactly one row.
    pub(crate) fn query_one(&mut self, sql: &str, params: &[Value]) -> Result<Row, StoreError> {
        self.query_opt(sql, params)?
            .ok_or_else(|| StoreError::Corrupt("a row that must be there is missing".into()))
    }

    pub(crate) fn define(&mut self, sql: &str) -> Result<(), StoreError> {
        self.defined = true;
        self.run(|s| s.define(sql))
    }

    pub(crate) fn lock_tables(&mut self) -> Result<(), StoreError> {
        self.run(|s| s.lock_tables())
    }

    pub(crate) fn columns(&mut self, table: &str) -> Result<Vec<Column>, StoreError> {
        self.run(|s| s.columns(table))
    }
}

impl fmt::Debug for Tx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").field("failed", &self.failed).finish_non_exhaustive()
    }
}
