//! A backup taken under writers holds one moment; it comes back whole on either engine, or not at all.

use crate::support::{NOTES, Random, World, add_note, at, note_ids, on_both, world};
use domain::{Freshness, PartyId, Seq};
use keyring::{MasterKey, Stamp};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use store::{
    MIGRATIONS, MigrationSet, Store,
    backup::{self, Backup, BackupError, Manifest, Onto, Progress},
    installation::{self, Environment, Installation},
    parties::{self, Identifier},
    testing::{self, TestDatabase},
    vault::{self, Field},
};

on_both!(
    what_is_there_comes_back_on_either_engine,
    writers_go_on_and_the_copy_is_of_one_moment,
    a_file_that_is_not_whole_is_refused_before_anything_is_touched,
    an_installation_is_replaced_only_when_told_so_and_wholly_or_not_at_all,
    a_backup_of_an_earlier_release_is_brought_up_to_date,
    tables_of_a_newer_release_are_neither_copied_nor_overwritten,
);

const SETS: [MigrationSet; 2] = [MIGRATIONS, NOTES];

struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(testing::new_folder().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn stamp(master: &MasterKey) -> Stamp {
    master.stamp(backup::LABEL)
}

/// An installation with a person, keys, a record, notes.
async fn installed(db: TestDatabase) -> World {
    let world = world(db).await;
    world.store.migrate(&SETS).await.unwrap();
    let rows = world.rows.clone();
    world
        .write(move |tx, keys| {
            let version = store::keys::version(tx)?;
            store::keys::save(tx, version, &rows)?;
            let agency = parties::find_or_create(
                tx,
                keys,
                &Random,
                Identifier::OrganisationNumber("2021005521"),
                at(0),
            )?;
            vault::set_field(tx, keys, &Random, agency, Field::DisplayName, "Myndigheten å ä ö")?;
            installation::create(
                tx,
                &Installation {
                    environment: Environment::Test,
                    origin: "example/behorig/test".into(),
                    agency,
                    epoch: 1,
                    created_at: at(0),
                },
            )?;
            for _ in 0..3 {
                let seq = store::seq::take(tx)?;
                let record = activity::Record {
                    seq: Some(seq),
                    ..activity::Record::new(&Random, at(0), activity::RecordClass::Change, "note.written")
                };
                store::records::append(tx, &record, &Random)?;
            }
            store::log::advance(tx, 100)?;
            // More than two pages, and rows that are larger than others.
            for id in 0..2500i64 {
                let blob = vec![7u8; usize::try_from(id % 97).unwrap()];
                let text = format!("note {id}");
                tx.execute(
                    "INSERT INTO note (id, text, blob) VALUES ($1, $2, $3)",
                    &[(id - 1000).into(), text.into(), blob.into()],
                )?;
            }
            Ok(())
        })
        .await
        .unwrap();
    world
}

async fn write(world: &World, place: &Path) -> Result<Manifest, BackupError> {
    backup::write(&world.store, &SETS, place, stamp(&world.master), at(5), Arc::new(|_| {})).await
}

async fn load(store: &Store, backup: &Backup, onto: Onto) -> Result<Option<backup::Existing>, BackupError> {
    let backup = backup.clone();
    store.write(move |tx| backup::load(tx, &backup, &SETS, onto, &|_| {})).await
}

async fn what_is_there_comes_back_on_either_engine(db: TestDatabase) {
    let folder = Folder::new();
    let world = installed(db).await;
    let manifest = write(&world, &folder.file("a")).await.unwrap();
    assert_eq!((manifest.epoch, manifest.seq, manifest.log_size), (1, Seq(3), 3));
    assert_eq!(folder.names(), ["a"], "nothing but the backup");
    let backup = Backup::open(&folder.file("a"), &stamp(&world.master), &SETS).unwrap();
    assert_eq!(backup.manifest, manifest);
    for other in [testing::sqlite().unwrap(), testing::postgres().await.unwrap()] {
        let there = other.open().await.unwrap();
        assert_eq!(load(&there, &backup, Onto::Empty).await, Ok(None));
        // Every row of every table, by what a backup of the copy says of itself.
        let again = folder.file("again");
        let copy = backup::write(&there, &SETS, &again, stamp(&world.master), at(6), Arc::new(|_| {}))
            .await
            .unwrap();
        assert_eq!(copy.parts, manifest.parts);
        assert_eq!((copy.steps, copy.log_root), (manifest.steps.clone(), manifest.log_root.clone()));
        std::fs::remove_file(again).unwrap();
        // And it works: tables are up to date, keys open, people are found.
        assert_eq!(there.migrate(&SETS).await, Ok(Vec::new()));
        let keys = world.keys.clone();
        let name = there
            .read(move |tx| {
                let found = parties::find(tx, &keys, Identifier::OrganisationNumber("2021005521"))?.unwrap();
                vault::field(tx, &keys, found, Field::DisplayName)
            })
            .await;
        assert_eq!(name.unwrap().unwrap().as_str(), "Myndigheten å ä ö");
    }
}

async fn writers_go_on_and_the_copy_is_of_one_moment(db: TestDatabase) {
    let folder = Folder::new();
    let world = installed(db).await;
    // In the middle of the reading, a change is committed: it is not waited with, and it is not in the copy.
    let (wants, wanted) = std::sync::mpsc::channel::<()>();
    let (done, is_done) = std::sync::mpsc::channel::<()>();
    let (is_done, told) = (Mutex::new(is_done), Arc::new(Mutex::new(Vec::new())));
    let seen = told.clone();
    let progress = move |progress: Progress| {
        let first = {
            let mut told = seen.lock().unwrap();
            told.push(progress);
            told.len() == 3
        };
        if first {
            wants.send(()).unwrap();
            is_done.lock().unwrap().recv_timeout(std::time::Duration::from_secs(10)).unwrap();
        }
    };
    let store = world.store.clone();
    let writer = tokio::task::spawn_blocking(move || {
        wanted.recv().unwrap();
        let written = tokio::runtime::Handle::current().block_on(async {
            store
                .write(|tx| {
                    store::seq::take(tx)?;
                    tx.execute("UPDATE note SET text = 'later' WHERE id < 0", &[])
                })
                .await
        });
        done.send(()).unwrap();
        written
    });
    let place = folder.file("a");
    let manifest =
        backup::write(&world.store, &SETS, &place, stamp(&world.master), at(5), Arc::new(progress))
            .await
            .unwrap();
    assert_eq!(writer.await.unwrap(), Ok(1000));
    let told = told.lock().unwrap().clone();
    assert!(
        told.windows(2).all(|two| two[0].rows <= two[1].rows && two[0].tables <= two[1].tables),
        "{told:?}"
    );
    let last = told.last().unwrap();
    assert_eq!((last.tables, last.rows), (last.of, manifest.rows()));
    let there = testing::sqlite().unwrap();
    let copy = there.open().await.unwrap();
    let backup = Backup::open(&place, &stamp(&world.master), &SETS).unwrap();
    load(&copy, &backup, Onto::Empty).await.unwrap();
    let later = |store: &Store| {
        let store = store.clone();
        async move {
            let rows = store
                .read(|tx| {
                    let later = tx.query("SELECT id FROM note WHERE text = 'later'", &[])?.len();
                    Ok::<_, store::StoreError>((store::seq::head(tx)?, later))
                })
                .await;
            rows.unwrap()
        }
    };
    assert_eq!(later(&copy).await, (Freshness { epoch: 1, seq: Seq(3) }, 0));
    assert_eq!(later(&world.store).await, (Freshness { epoch: 1, seq: Seq(4) }, 1000));
}

async fn a_file_that_is_not_whole_is_refused_before_anything_is_touched(db: TestDatabase) {
    let folder = Folder::new();
    let world = installed(db).await;
    let place = folder.file("a");
    write(&world, &place).await.unwrap();
    let refused = write(&world, &place).await.unwrap_err();
    assert_eq!(refused.code(), "BACKUP_EXISTS");
    assert_eq!(folder.names(), ["a"]);
    let good = std::fs::read(&place).unwrap();
    let code = |bytes: &[u8], stamp: &Stamp, sets: &[MigrationSet]| {
        let bad = folder.file("bad");
        std::fs::write(&bad, bytes).unwrap();
        Backup::open(&bad, stamp, sets).err().map(|error| error.code())
    };
    let own = stamp(&world.master);
    assert_eq!(code(&good, &own, &SETS), None);
    for cut in [good.len() - 1, good.len() - 60, good.len() / 2, 40, 17] {
        assert_eq!(code(&good[..cut], &own, &SETS), Some("BACKUP_DAMAGED"), "cut at {cut}");
    }
    for cut in [0, 5, 14] {
        assert_eq!(code(&good[..cut], &own, &SETS), Some("BACKUP_NOT_ONE"), "cut at {cut}");
    }
    // One bit anywhere before the stamp, which is the last line.
    for place in (20..good.len() - 64).step_by(good.len() / 40) {
        let mut bad = good.clone();
        bad[place] ^= 4;
        assert!(matches!(code(&bad, &own, &SETS), Some("BACKUP_DAMAGED")), "byte {place}");
    }
    let mut stamped = good.clone();
    *stamped.last_mut().unwrap() ^= 1;
    assert_eq!(code(&stamped, &own, &SETS), Some("BACKUP_FOREIGN"));
    assert_eq!(code(&good, &stamp(&MasterKey::generate(&Random)), &SETS), Some("BACKUP_FOREIGN"));
    assert_eq!(code(&[&good[..], b"more"].concat(), &own, &SETS), Some("BACKUP_DAMAGED"));
    assert_eq!(code(&[b"behorig-backup 2", &good[16..]].concat(), &own, &SETS), Some("BACKUP_NEWER"));
    assert_eq!(code(b"SQLite format 3\0 and more", &own, &SETS), Some("BACKUP_NOT_ONE"));
    // A program that does not know all its tables.
    assert_eq!(code(&good, &own, &SETS[..1]), Some("BACKUP_NEWER"));
    let nowhere = Backup::open(&folder.file("nothing"), &own, &SETS).unwrap_err();
    assert_eq!(nowhere.code(), "BACKUP_FILE");
}

async fn an_installation_is_replaced_only_when_told_so_and_wholly_or_not_at_all(db: TestDatabase) {
    let folder = Folder::new();
    let world = installed(db).await;
    let place = folder.file("a");
    write(&world, &place).await.unwrap();
    add_note(&world.store, 77_777, "after the backup").await.unwrap();
    let backup = Backup::open(&place, &stamp(&world.master), &SETS).unwrap();
    let refused = load(&world.store, &backup, Onto::Empty).await;
    assert_eq!(refused, Err(BackupError::NotEmpty { epoch: 1, seq: 3 }));
    // The file was altered after it was checked: half of it has been loaded when that is found.
    let good = std::fs::read(&place).unwrap();
    let mut bad = good.clone();
    let last = good.len() - 20_000;
    bad[last] ^= 1;
    std::fs::write(&place, bad).unwrap();
    let refused = load(&world.store, &backup, Onto::Anything).await;
    assert!(matches!(refused, Err(BackupError::Damaged { .. })), "{refused:?}");
    assert!(note_ids(&world.store).await.contains(&77_777), "as it was");
    std::fs::write(&place, &good).unwrap();
    // Stopped in the middle, when most of it is there already.
    let stopped = {
        let backup = backup.clone();
        world.store.write(move |tx| {
            backup::load(tx, &backup, &SETS, Onto::Anything, &|progress: Progress| {
                assert!(progress.rows < 2000, "the power goes");
            })
        })
    };
    assert_eq!(stopped.await, Err(BackupError::Store(store::StoreError::Panicked)));
    assert!(note_ids(&world.store).await.contains(&77_777), "as it was");
    // A second node that is at work meanwhile.
    let second = world.db.open().await.unwrap();
    assert_eq!(note_ids(&second).await.len(), 2501);
    let was = load(&world.store, &backup, Onto::Anything).await.unwrap().unwrap();
    assert_eq!((was.head.seq, was.tree.size), (Seq(3), 3));
    assert_eq!(note_ids(&world.store).await.len(), 2500);
    assert_eq!(note_ids(&second).await.len(), 2500);
    add_note(&second, 88_888, "goes on").await.unwrap();
}

async fn a_backup_of_an_earlier_release_is_brought_up_to_date(db: TestDatabase) {
    let folder = Folder::new();
    let early = [MigrationSet { owner: "test", ..NOTES }];
    // The store as the release before had it: without the last of its migrations.
    let before =
        MigrationSet { migrations: &MIGRATIONS.migrations[..MIGRATIONS.migrations.len() - 1], ..MIGRATIONS };
    let sets = [before, early[0]];
    let store = db.open().await.unwrap();
    store.migrate(&sets).await.unwrap();
    let agency = PartyId::from_bytes([7; 16]);
    store
        .write(move |tx| {
            tx.execute("INSERT INTO note (id, text) VALUES (1, 'old')", &[])?;
            installation::create(
                tx,
                &Installation {
                    environment: Environment::Test,
                    origin: "example/behorig/test".into(),
                    agency,
                    epoch: 1,
                    created_at: at(0),
                },
            )
        })
        .await
        .unwrap();
    let master = MasterKey::generate(&Random);
    let place = folder.file("a");
    // The program that makes it may be newer than the tables.
    backup::write(&store, &SETS, &place, stamp(&master), at(5), Arc::new(|_| {})).await.unwrap();
    let backup = Backup::open(&place, &stamp(&master), &SETS).unwrap();
    load(&store, &backup, Onto::Anything).await.unwrap();
    assert_eq!(store.migrate(&SETS).await, Ok(Vec::new()), "nothing is missing");
    assert_eq!(note_ids(&store).await, [1]);
    assert_eq!(store.read(store::erasures::applied).await, Ok(store::erasures::Applied::NONE));
}

async fn tables_of_a_newer_release_are_neither_copied_nor_overwritten(db: TestDatabase) {
    let folder = Folder::new();
    let world = installed(db).await;
    let place = folder.file("a");
    write(&world, &place).await.unwrap();
    // To a program without the notes, this store is of a newer release.
    let older = [MIGRATIONS];
    let copied =
        backup::write(&world.store, &older, &folder.file("b"), stamp(&world.master), at(5), Arc::new(|_| {}))
            .await;
    assert_eq!(copied, Err(BackupError::StoreNewer));
    assert_eq!(folder.names(), ["a"]);
    let backup = Backup::open(&place, &stamp(&world.master), &SETS).unwrap();
    let refused =
        world.store.write(move |tx| backup::load(tx, &backup, &older, Onto::Anything, &|_| {})).await;
    assert_eq!(refused, Err(BackupError::StoreNewer));
}

/// No table is forgotten: what the migrations make is what the engine has, and each can be read page by page.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_every_table() {
    let db = testing::sqlite().unwrap();
    let folder = Folder::new();
    let world = installed(db).await;
    let manifest = write(&world, &folder.file("a")).await.unwrap();
    let mut copied: Vec<_> = manifest.parts.iter().map(|part| part.table.clone()).collect();
    copied.push("migration".into());
    copied.sort();
    let there: Vec<String> = world
        .store
        .read(|tx| {
            let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
            tx.query(sql, &[])?.iter().map(|row| row.get(0)).collect::<Result<_, store::StoreError>>()
        })
        .await
        .unwrap();
    assert_eq!(copied, there);
}
