//! What this installation is: marked at birth, never changed by a running program.

use crate::{Row, StoreError, Tx};
use domain::{Instant, PartyId};
use std::{fmt, str::FromStr};

/// What kind of truth the store holds. Production refuses the sandbox, the movable clock and test roots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    Demo,
    Test,
    Production,
}

/// The one row about the installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    pub environment: Environment,
    /// The log's name in its checkpoints; holds the environment too.
    pub origin: String,
    /// The agency that is the controller.
    pub agency: PartyId,
    /// Which history; 1 at birth, raised by a restore.
    pub epoch: u64,
    pub created_at: Instant,
}

/// Marks the store.
///
/// # Errors
/// [`StoreError::Unique`] if it is marked already.
pub fn create(tx: &mut Tx<'_>, installation: &Installation) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO installation (one, environment, origin, agency, epoch, created_at) VALUES (1, $1, $2, $3, $4, $5)",
        &[
            installation.environment.to_string().into(),
            installation.origin.as_str().into(),
            installation.agency.into(),
            installation.epoch.into(),
            installation.created_at.into(),
        ],
    )?;
    Ok(())
}

/// Begins another history: what was told under an earlier epoch no longer counts.
///
/// # Errors
/// [`StoreError::Refused`] if it is not higher than the one before.
pub fn raise_epoch(tx: &mut Tx<'_>, epoch: u64) -> Result<(), StoreError> {
    let raised =
        tx.execute("UPDATE installation SET epoch = $1 WHERE one = 1 AND epoch < $1", &[epoch.into()])?;
    if raised == 1 { Ok(()) } else { Err(StoreError::Refused("an epoch that is not a later one".into())) }
}

/// The mark; `None` before [`create`].
pub fn find(tx: &mut Tx<'_>) -> Result<Option<Installation>, StoreError> {
    let row = tx.query_opt(
        "SELECT environment, origin, agency, epoch, created_at FROM installation WHERE one = 1",
        &[],
    )?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Installation, StoreError> {
    let environment: String = row.get(0)?;
    Ok(Installation {
        environment: environment.parse().map_err(|e: BadEnvironment| StoreError::Corrupt(e.to_string()))?,
        origin: row.get(1)?,
        agency: row.get(2)?,
        epoch: row.get(3)?,
        created_at: row.get(4)?,
    })
}

/// The word is no environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an environment is demo, test or production")]
pub struct BadEnvironment;

impl FromStr for Environment {
    type Err = BadEnvironment;
    fn from_str(word: &str) -> Result<Self, BadEnvironment> {
        match word {
            "demo" => Ok(Self::Demo),
            "test" => Ok(Self::Test),
            "production" => Ok(Self::Production),
            _ => Err(BadEnvironment),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Demo => "demo",
            Self::Test => "test",
            Self::Production => "production",
        })
    }
}
