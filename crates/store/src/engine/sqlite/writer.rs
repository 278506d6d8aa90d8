//! The one writer thread: takes a job and whatever waits behind it, runs each under a savepoint of its own, commits
//! once and then answers all. Groups form while the writer is at work, never by a timer.

use super::session::{Session, run, told};
use crate::{
    StoreError, Tx,
    work::{Ran, Work},
};
use rusqlite::{Connection, ErrorCode};
use std::sync::{
    atomic::{AtomicU64, Ordering},
    mpsc::Receiver,
};

/// Jobs that share one commit, at most: bounds what one sync can lose and how long the first one waits.
const GROUP: usize = 64;

/// Works until every sender is gone.
pub(super) fn serve(connection: Connection, jobs: &Receiver<Box<dyn Work>>, commits: &AtomicU64) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            match jobs.try_recv() {
                Ok(next) => group.push(next),
                Err(_) => break,
            }
        }
        run_group(&connection, group, commits);
    }
}

/// How a group's transaction ended.
enum End {
    Committed,
    /// SQLite undid everything by itself, or the undoing of one job failed: nobody's work is kept.
    Lost(StoreError),
    /// It never began, or the COMMIT failed.
    Failed(StoreError),
}

fn run_group(connection: &Connection, mut group: Vec<Box<dyn Work>>, commits: &AtomicU64) {
    match transaction(connection, &mut group) {
        End::Committed => {
            commits.fetch_add(1, Ordering::Relaxed);
            for job in group {
                job.answer(Ok(()));
            }
        }
        End::Lost(error) if group.len() > 1 => {
            tracing::warn!(%error, jobs = group.len(), "a group of writes was rolled back; running them one by one");
            for job in group {
                run_group(connection, vec![job], commits);
            }
        }
        End::Lost(error) | End::Failed(error) => {
            tracing::warn!(%error, jobs = group.len(), "writes were not kept");
            for job in group {
                job.answer(Err(error.clone()));
            }
        }
    }
}

fn transaction(connection: &Connection, group: &mut [Box<dyn Work>]) -> End {
    // IMMEDIATE: a command beside a running node is a second writer; waiting comes before reading, not after.
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        return End::Failed(told(&error));
    }
    for job in group.iter_mut() {
        if let Err(error) = one(connection, job.as_mut()) {
            undo(connection);
            return End::Lost(error);
        }
    }
    match connection.execute_batch("COMMIT") {
        Ok(()) => End::Committed,
        Err(error) => {
            undo(connection);
            End::Failed(failed_commit(&error))
        }
    }
}

/// Runs one job under its savepoint. `Err`: the whole transaction is lost.
fn one(connection: &Connection, job: &mut dyn Work) -> Result<(), StoreError> {
    run(connection, "SAVEPOINT job")?;
    let mut session = Session(connection);
    let ran = job.run(&mut Tx::new(&mut session));
    // FULL, IOERR, NOMEM, BUSY and INTERRUPT may undo the transaction and not only the statement
    // (https://sqlite.org/lang_transaction.html §3.1): the others' work is gone too.
    if connection.is_autocommit() {
        return Err(match ran {
            Ran::Failed(error) => error,
            _ => StoreError::Refused("a job ended the transaction it runs in".into()),
        });
    }
    if ran != Ran::Keep {
        run(connection, "ROLLBACK TO job")?;
    }
    run(connection, "RELEASE job")
}

fn undo(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(error = %told(&error), "a transaction could not be rolled back");
    }
}

/// After a failed write or sync of the log nobody can say whether a recovery would find the commit.
fn failed_commit(error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::SystemIoFailure) => StoreError::Unknown,
        _ => told(error),
    }
}
