//! One connection to PostgreSQL as the transaction type sees it, and PostgreSQL's errors in our words.

use super::dialect;
use crate::{
    Row, StoreError, Value,
    tx::{Column, Statements},
};
use bytes::BytesMut;
use std::{collections::HashMap, error::Error as _, future::Future, time::Duration};
use tokio::runtime::Handle;
use tokio_postgres::{
    Client, Error, NoTls, Statement,
    error::SqlState,
    types::{IsNull, ToSql, Type, to_sql_checked},
};

/// Prepared statements kept per connection.
const STATEMENTS: usize = 512;
/// The server stops a statement after 30 s; if even that answer is missing, the connection is given up.
const SILENCE: Duration = Duration::from_secs(40);
const CONNECT: Duration = Duration::from_secs(5);

/// What every connection is set to. `synchronous_commit = off` would acknowledge what a crash can take back.
const SETTINGS: &str = "SET application_name = 'behorig'; SET client_min_messages = warning; SET timezone = 'UTC'; \
     SET lock_timeout = '5s'; SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

pub(super) struct Session {
    client: Client,
    runtime: Handle,
    statements: HashMap<String, Statement>,
    /// An answer did not come in time: what the server does with this connection is not known.
    silent: bool,
}

impl Session {
    pub(super) async fn connect(config: &tokio_postgres::Config) -> Result<Self, StoreError> {
        let (client, connection) = tokio::time::timeout(CONNECT, config.connect(NoTls))
            .await
            .map_err(|_| StoreError::Unavailable("PostgreSQL does not answer".into()))?
            .map_err(|e| StoreError::Unavailable(cannot_connect(&e)))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = %told(&error), "a connection to PostgreSQL ended");
            }
        });
        let encoding = async {
            client.batch_execute(SETTINGS).await?;
            client.query_one("SHOW server_encoding", &[]).await?.try_get::<_, String>(0)
        };
        let encoding = tokio::time::timeout(CONNECT, encoding)
            .await
            .map_err(|_| StoreError::Unavailable("PostgreSQL does not answer".into()))?
            .map_err(|e| told(&e))?;
        if encoding != "UTF8" {
            return Err(StoreError::Unavailable(format!(
                "the database's encoding is {encoding}: make one with UTF8"
            )));
        }
        Ok(Self { client, runtime: Handle::current(), statements: HashMap::new(), silent: false })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.silent || self.client.is_closed()
    }

    /// BEGIN or ROLLBACK.
    pub(super) fn control(&mut self, sql: &str) -> Result<(), StoreError> {
        wait(&self.runtime, &mut self.silent, self.client.batch_execute(sql))?.map_err(|e| told(&e))
    }

    /// COMMIT. When its answer is lost or the server went down meanwhile, nobody knows the outcome.
    pub(super) fn commit(&mut self) -> Result<(), StoreError> {
        match wait(&self.runtime, &mut self.silent, self.client.batch_execute("COMMIT")) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(match error.code().map(SqlState::code) {
                Some(code) if !code.starts_with("57") && !code.starts_with("08") => told(&error),
                _ => StoreError::Unknown,
            }),
            Err(_) => Err(StoreError::Unknown),
        }
    }

    /// A statement that outlived a change of its table is prepared anew by the next run.
    fn failed(&mut self, sql: &str, error: &Error) -> StoreError {
        let told = told(error);
        if told == StoreError::Conflict {
            self.statements.remove(sql);
        }
        told
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement =
            wait(&self.runtime, &mut self.silent, self.client.prepare(sql))?.map_err(|e| told(&e))?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Statements for Session {
    fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, StoreError> {
        let statement = self.prepare(sql)?;
        wait(&self.runtime, &mut self.silent, self.client.execute_raw(&statement, params))?
            .map_err(|e| self.failed(sql, &e))
    }

    fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.prepare(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|p| p as _).collect();
        let rows = wait(&self.runtime, &mut self.silent, self.client.query(&statement, &params))?
            .map_err(|e| self.failed(sql, &e))?;
        rows.iter().map(row).collect()
    }

    fn define(&mut self, sql: &str) -> Result<(), StoreError> {
        wait(&self.runtime, &mut self.silent, self.client.batch_execute(&dialect::definition(sql)))?.map_err(
            |error| match error.as_db_error() {
                Some(_) if told(&error).is_passing() => told(&error),
                Some(said) => StoreError::Migration(said.message().to_owned()),
                None => told(&error),
            },
        )
    }

    /// One key for all of us; a migration may take longer than a request may. It waits for nodes that migrate, but not
    /// long for a table in use: whoever asks for the table after it waits behind it.
    fn lock_tables(&mut self) -> Result<(), StoreError> {
        let sql = "SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '30min'; \
                   SELECT pg_advisory_xact_lock(7305437211); SET LOCAL lock_timeout = '3s'";
        let until = tokio::time::timeout(Duration::from_secs(70), self.client.batch_execute(sql));
        self.runtime.block_on(until).map_err(|_| silence())?.map_err(|e| told(&e))
    }

    fn columns(&mut self, table: &str) -> Result<Vec<Column>, StoreError> {
        let sql = "SELECT a.attname::text, coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint \
                   FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary \
                   WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
        let rows = self.query(sql, &[table.into()])?;
        rows.iter().map(|row| Ok(Column { name: row.get(0)?, key: row.get(1)? })).collect()
    }
}

/// Waits on a blocking thread, never longer than [`SILENCE`], and not at all after a silence.
fn wait<T>(runtime: &Handle, silent: &mut bool, work: impl Future<Output = T>) -> Result<T, StoreError> {
    if *silent {
        return Err(silence());
    }
    let answer = runtime.block_on(async { tokio::time::timeout(SILENCE, work).await });
    *silent = answer.is_err();
    answer.map_err(|_| silence())
}

fn silence() -> StoreError {
    StoreError::Unavailable("PostgreSQL does not answer".into())
}

fn row(from: &tokio_postgres::Row) -> Result<Row, StoreError> {
    let mut values = Vec::with_capacity(from.len());
    for (column, described) in from.columns().iter().enumerate() {
        let got = match *described.type_() {
            Type::INT8 => from.try_get::<_, Option<i64>>(column).map(|v| v.map(Value::Int)),
            Type::INT4 => from.try_get::<_, Option<i32>>(column).map(|v| v.map(|i| Value::Int(i.into()))),
            Type::INT2 => from.try_get::<_, Option<i16>>(column).map(|v| v.map(|i| Value::Int(i.into()))),
            Type::BOOL => from.try_get::<_, Option<bool>>(column).map(|v| v.map(|b| Value::Int(b.into()))),
            Type::TEXT | Type::VARCHAR | Type::NAME => {
                from.try_get::<_, Option<String>>(column).map(|v| v.map(Value::Text))
            }
            Type::BYTEA => from.try_get::<_, Option<Vec<u8>>>(column).map(|v| v.map(Value::Blob)),
            ref other => {
                return Err(StoreError::Refused(format!("columns of type {other} are not used here")));
            }
        };
        values.push(got.map_err(|e| told(&e))?.unwrap_or(Value::Null));
    }
    Ok(Row::new(values))
}

/// A value goes as the type that the server inferred for its place, or not at all.
impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self, ty) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(i), &Type::INT8) => i.to_sql(ty, out),
            (Value::Int(i), &Type::INT4) => i32::try_from(*i)?.to_sql(ty, out),
            (Value::Int(i), &Type::INT2) => i16::try_from(*i)?.to_sql(ty, out),
            (Value::Int(i), &Type::BOOL) => (*i != 0).to_sql(ty, out),
            (Value::Text(t), &Type::TEXT | &Type::VARCHAR) => t.to_sql(ty, out),
            (Value::Blob(b), &Type::BYTEA) => b.to_sql(ty, out),
            _ => Err(format!("a parameter does not fit its place of type {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// PostgreSQL's error by what the caller can do. Its detail may quote values of a row, so it is never passed on,
/// and neither is the message of an error in data.
fn told(error: &Error) -> StoreError {
    let Some(said) = error.as_db_error() else {
        if error.is_closed() || error.source().is_some_and(|s| s.is::<std::io::Error>()) {
            return StoreError::Unavailable("the connection to PostgreSQL was lost".into());
        }
        return StoreError::Refused("a parameter or column does not fit its type".into());
    };
    let code = said.code().code();
    let table = || said.table().unwrap_or("a table").to_owned();
    match code {
        "40001" | "40P01" => StoreError::Conflict,
        // A prepared statement outlived a change of its table.
        "0A000" if said.routine() == Some("RevalidateCachedQuery") => StoreError::Conflict,
        "55P03" | "57014" | "53300" => StoreError::Busy,
        "53100" => StoreError::Full,
        "23505" => StoreError::Unique { table: table() },
        "25006" => StoreError::Refused("a read tried to write".into()),
        _ if code.starts_with("23") => StoreError::Refused(format!(
            "the rule {} of {} was broken",
            said.constraint().unwrap_or("?"),
            table()
        )),
        _ if code.starts_with("42") => StoreError::Refused(said.message().to_owned()),
        _ if code.starts_with("XX") => StoreError::Corrupt(format!("PostgreSQL error {code}")),
        _ if ["08", "57", "53", "58", "28", "3D"].iter().any(|class| code.starts_with(class)) => {
            StoreError::Unavailable(format!("PostgreSQL error {code}"))
        }
        _ => StoreError::Refused(format!("PostgreSQL error {code}")),
    }
}

/// At connecting time the server's message holds names of ours only, and the operator needs it.
fn cannot_connect(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("PostgreSQL refuses: {}", said.message()),
        None => match error.source() {
            Some(cause) => format!("PostgreSQL cannot be reached: {cause}"),
            None => "PostgreSQL cannot be reached".into(),
        },
    }
}
