//! Taking a backup (*säkerhetskopia*) of a running installation: one file, and a record that a copy of everything was made.

use crate::log::hex;
use crate::refusal::Stop;
use activity::{Record, RecordClass};
use domain::{Clock, Entropy};
use keyring::MasterKey;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use store::backup::{BackupError, LABEL, Manifest, Progress};
use store::{MigrationSet, Store, StoreError};

/// What is told on the way.
pub type Told = Arc<dyn Fn(Progress) + Send + Sync>;

/// Writes a backup to `place` and records that it was made. The record comes after the copy, and is not in it.
///
/// # Errors
/// As [`store::backup::write`]; no file is left behind. The store may be at work meanwhile.
pub async fn make(
    store: &Store,
    sets: &[MigrationSet],
    master: &MasterKey,
    place: &Path,
    (clock, wall): (Arc<dyn Clock>, Arc<dyn Clock>),
    entropy: Arc<dyn Entropy>,
    told: Told,
) -> Result<Manifest, BackupError> {
    let manifest = store::backup::write(store, sets, place, master.stamp(LABEL), wall.now(), told).await?;
    let detail = BTreeMap::from([
        ("epoch".to_owned(), manifest.epoch.to_string()),
        ("seq".to_owned(), manifest.seq.to_string()),
        ("size".to_owned(), manifest.log_size.to_string()),
        ("root".to_owned(), manifest.log_root.clone()),
    ]);
    store
        .write(move |tx| {
            let agency = store::installation::find(tx)?.map(|installation| installation.agency);
            let record = Record {
                party: agency,
                detail: detail.clone(),
                ..Record::new(entropy.as_ref(), clock.now(), RecordClass::System, "backup.made")
            };
            store::records::append(tx, &record, entropy.as_ref())
        })
        .await?;
    Ok(manifest)
}

/// The name of a backup that is put into a folder: which log, when, and how far it goes.
pub fn file_name(origin: &str, now: domain::Instant, head: domain::Freshness) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    let time = now.to_string().chars().filter(|c| !matches!(c, ':' | '-')).collect::<String>();
    let time = time.split('.').next().unwrap_or_default().trim_end_matches('Z').to_owned();
    let origin: String = origin.chars().map(plain).collect();
    format!("{origin}-{time}Z-epoch{}-seq{}.backup", head.epoch, head.seq)
}

/// A backup by its name.
pub fn short_name(name: &[u8; 32]) -> String {
    hex(name).chars().take(16).collect()
}

impl From<BackupError> for Stop {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Store(error) => Stop::Store(error),
            other => Stop::Store(StoreError::Refused(format!("{}: {other}", other.code()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Freshness, Instant, Seq};

    #[test]
    fn a_backup_is_named_by_its_log_and_its_moment() {
        let now = Instant::from_micros(1_768_478_400_123_456);
        let head = Freshness { epoch: 1, seq: Seq(42) };
        assert_eq!(
            file_name("localhost:8400/behorig/test", now, head),
            "localhost-8400-behorig-test-20260115T120000Z-epoch1-seq42.backup"
        );
    }
}
