//! The one writer thread: takes a job and whatever waits behind it, commits once and then answers all. What one of them
//! refuses is undone alone. Groups form while the writer is at work, never by a timer.

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
        // Whoever is about to hand in a job on this processor does it first: one commit costs more than a job.
        std::thread::yield_now();
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
    /// One of them refused what it had begun: all is undone. Several are to be done again, with a savepoint for each.
    Undone,
    /// SQLite undid everything by itself, or the undoing of one job failed: nobody's work is kept.
    Lost(StoreError),
    /// It never began, or the COMMIT failed.
    Failed(StoreError),
}

/// How far a job that refuses is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Undo {
    /// With its whole transaction. Most jobs refuse nothing, and a savepoint keeps a copy of each page that is changed.
    All,
    /// To its own savepoint.
    One,
}

fn run_group(connection: &Connection, mut group: Vec<Box<dyn Work>>, commits: &AtomicU64) {
    let end = match transaction(connection, &mut group, Undo::All) {
        End::Undone if group.len() > 1 => transaction(connection, &mut group, Undo::One),
        end => end,
    };
    match end {
        End::Committed | End::Undone => {
            if matches!(end, End::Committed) {
                commits.fetch_add(1, Ordering::Relaxed);
            }
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

fn transaction(connection: &Connection, group: &mut [Box<dyn Work>], how: Undo) -> End {
    // IMMEDIATE: a command beside a running node is a second writer; waiting comes before reading, not after.
    if let Err(error) = run(connection, "BEGIN IMMEDIATE") {
        return End::Failed(error);
    }
    for job in group.iter_mut() {
        match one(connection, job.as_mut(), how) {
            Ok(Left::Clean) => {}
            Ok(Left::Changes) => {
                undo(connection);
                return End::Undone;
            }
            Err(error) => {
                undo(connection);
                return End::Lost(error);
            }
        }
    }
    match connection.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([])) {
        Ok(_) => End::Committed,
        Err(error) => {
            undo(connection);
            End::Failed(failed_commit(&error))
        }
    }
}

/// What a job left in the transaction that must not be kept.
enum Left {
    Clean,
    Changes,
}

/// Runs one job. `Err`: the whole transaction is lost.
fn one(connection: &Connection, job: &mut dyn Work, how: Undo) -> Result<Left, StoreError> {
    if how == Undo::One {
        run(connection, "SAVEPOINT job")?;
    }
    let before = connection.total_changes();
    let mut session = Session(connection);
    let mut tx = Tx::new(&mut session);
    let ran = job.run(&mut tx);
    let touched = tx.defined() || connection.total_changes() != before;
    // FULL, IOERR, NOMEM, BUSY and INTERRUPT may undo the transaction and not only the statement
    // (https://sqlite.org/lang_transaction.html §3.1): the others' work is gone too.
    if connection.is_autocommit() {
        return Err(match ran {
            Ran::Failed(error) => error,
            _ => StoreError::Refused("a job ended the transaction it runs in".into()),
        });
    }
    if how == Undo::One {
        if ran != Ran::Keep {
            run(connection, "ROLLBACK TO job")?;
        }
        run(connection, "RELEASE job")?;
        return Ok(Left::Clean);
    }
    // A statement that failed may have changed what is not counted.
    let clean = ran == Ran::Keep || (ran == Ran::Undo && !touched);
    Ok(if clean { Left::Clean } else { Left::Changes })
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
