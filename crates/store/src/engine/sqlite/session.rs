//! One SQLite connection as the transaction type sees it, and SQLite's errors in our words.

use crate::{
    Row, StoreError, Value,
    tx::{Column, Statements},
};
use rusqlite::{Connection, ErrorCode, ToSql, ffi, types::ToSqlOutput, types::ValueRef};
use std::borrow::Cow;

pub(super) struct Session<'a>(pub(super) &'a Connection);

impl Statements for Session<'_> {
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.0.prepare_cached(&numbered(sql)).map_err(|e| told(&e))?;
        let rows = statement.execute(rusqlite::params_from_iter(params)).map_err(|e| told(&e))?;
        Ok(rows as u64)
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut statement = self.0.prepare_cached(&numbered(sql)).map_err(|e| told(&e))?;
        let columns = statement.column_count();
        let mut answer = Vec::new();
        let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(|e| told(&e))?;
        while let Some(row) = rows.next().map_err(|e| told(&e))? {
            let values = (0..columns)
                .map(|column| row.get_ref(column).map_err(|e| told(&e)).and_then(value))
                .collect::<Result<_, _>>()?;
            answer.push(Row::new(values));
        }
        Ok(answer)
    }

    fn define(&mut self, sql: &str) -> Result<(), StoreError> {
        self.0.execute_batch(sql).map_err(|error| match told(&error) {
            StoreError::Refused(text) => StoreError::Migration(text),
            other => other,
        })
    }

    /// BEGIN IMMEDIATE has locked the file already.
    fn lock_tables(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn columns(&mut self, table: &str) -> Result<Vec<Column>, StoreError> {
        let sql = "SELECT name, pk FROM pragma_table_info($1) ORDER BY cid";
        let rows = self.query(sql, &[table.into()])?;
        rows.iter().map(|row| Ok(Column { name: row.get(0)?, key: row.get(1)? })).collect()
    }
}

/// A statement without parameters and rows, such as those around a transaction; planned once for each connection.
pub(super) fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql).and_then(|mut s| s.execute([])).map(drop).map_err(|e| told(&e))
}

/// `$1` is a name to SQLite, numbered by where it first stands; `?1` is a number.
fn numbered(sql: &str) -> Cow<'_, str> {
    // The one writer holds every row: there is nothing to share.
    let sql = sql.strip_suffix(" FOR SHARE").unwrap_or(sql);
    if sql.contains('$') { Cow::Owned(sql.replace('$', "?")) } else { Cow::Borrowed(sql) }
}

fn value(from: ValueRef<'_>) -> Result<Value, StoreError> {
    Ok(match from {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(i) => Value::Int(i),
        ValueRef::Text(t) => Value::Text(
            String::from_utf8(t.to_vec()).map_err(|_| StoreError::Corrupt("a text is not UTF-8".into()))?,
        ),
        ValueRef::Blob(b) => Value::Blob(b.to_vec()),
        ValueRef::Real(_) => {
            return Err(StoreError::Refused("floating-point numbers are not used here".into()));
        }
    })
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(i) => ValueRef::Integer(*i),
            Value::Text(t) => ValueRef::Text(t.as_bytes()),
            Value::Blob(b) => ValueRef::Blob(b),
        }))
    }
}

/// SQLite's error by what the caller can do. Its texts name tables and columns, never values.
pub(super) fn told(error: &rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(failure, text) = error else {
        return StoreError::Refused(match error {
            rusqlite::Error::InvalidParameterCount(given, wanted) => {
                format!("{given} parameters where {wanted} are wanted")
            }
            rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
            _ => "SQLite cannot run it".into(),
        });
    };
    let text = text.clone().unwrap_or_else(|| format!("SQLite error {}", failure.extended_code));
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Corrupt("the database file".into())
        }
        ErrorCode::ConstraintViolation => match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID => StoreError::Unique { table: unique_table(&text) },
            _ => StoreError::Refused(text),
        },
        ErrorCode::Unknown | ErrorCode::ReadOnly | ErrorCode::TypeMismatch | ErrorCode::TooBig => {
            StoreError::Refused(text)
        }
        _ => StoreError::Unavailable(text),
    }
}

/// The table out of `UNIQUE constraint failed: table.column, table.column`.
fn unique_table(text: &str) -> String {
    let columns = text.rsplit(": ").next().unwrap_or(text);
    columns.split('.').next().unwrap_or(columns).to_owned()
}
