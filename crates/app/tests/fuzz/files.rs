//! Files that an operator brings back from elsewhere: a backup, the list of erasures. Nothing altered is taken, but for what a
//! power cut may have left of the last line.

use crate::mutate::drive;
use app::SystemEntropy;
use app::erasure::ErasureList;
use domain::{Instant, PartyId};
use keyring::MasterKey;
use std::path::PathBuf;
use std::sync::Arc;
use store::MIGRATIONS;
use store::backup::{self, Backup, BackupError};
use store::installation::{self, Environment, Installation};

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(store::testing::new_folder().unwrap())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[test]
fn fuzz_lists_of_erasures() {
    let (folder, master) = (Folder::new(), MasterKey::generate(&SystemEntropy::new()));
    let path = folder.0.join("erasures");
    for number in 1..=3 {
        let (at, party) = (Instant::from_micros(number.into()), PartyId::from_bytes([number; 16]));
        ErasureList::append(&path, &master, at, party).unwrap();
    }
    let (good, whole) = (std::fs::read(&path).unwrap(), ErasureList::read(&path, &master).unwrap());
    drive("lists of erasures", 2, &[&good], |input| {
        std::fs::write(&path, input).unwrap();
        let Ok(read) = ErasureList::read(&path, &master) else { return false };
        assert!(
            whole.entries().starts_with(read.entries()),
            "nobody is erased who was not, and none is left out"
        );
        // The next erasure follows what was read, and destroys none of it.
        let next = ErasureList::append(&path, &master, Instant::from_micros(9), PartyId::from_bytes([9; 16]))
            .unwrap();
        assert!(next.entries().starts_with(read.entries()));
        assert_eq!(ErasureList::read(&path, &master).unwrap().end(), next.end());
        true
    });
}

#[test]
fn fuzz_backups() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (folder, master) = (Folder::new(), MasterKey::generate(&SystemEntropy::new()));
    let (place, stamp) = (folder.0.join("good"), master.stamp(backup::LABEL));
    runtime.block_on(async {
        let database = store::testing::sqlite().unwrap();
        let store = database.store().await.unwrap();
        let now = Instant::from_micros(1_795_000_000_000_000);
        let mark = Installation {
            environment: Environment::Test,
            origin: "example/behorig/test".into(),
            agency: PartyId::from_bytes([7; 16]),
            epoch: 1,
            created_at: now,
        };
        store.write(move |tx| installation::create(tx, &mark)).await.unwrap();
        backup::write(&store, &[MIGRATIONS], &place, stamp.clone(), now, Arc::new(|_| {})).await.unwrap();
    });
    let good = std::fs::read(&place).unwrap();
    assert!(good.len() < 64 * 1024, "{} bytes are cut", good.len());
    let copy = folder.0.join("copy");
    drive("backups", 4, &[&good], |input| {
        std::fs::write(&copy, input).unwrap();
        match Backup::open(&copy, &stamp, &[MIGRATIONS]) {
            Ok(_) => assert_eq!(input, good, "only what was written is one"),
            Err(error) => assert!(
                !matches!(error, BackupError::Store(_)) && error.code().starts_with("BACKUP_"),
                "{error:?}"
            ),
        }
        input == good
    });
}
