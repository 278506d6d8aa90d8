//! An older copy is restored under running nodes: another epoch, nobody logged in, the erased erased, the log provable.

use crate::support::{CECILIA, DAVID, ELIN, House, KARIN, TestDatabase, TestEntropy, eventually, on_both};
use activity::note::read_keys;
use app::erasure::{ErasureList, Means, NotErased, Whom, before_serving, erase};
use app::log::Judged;
use app::mandates::NewMandate;
use app::restore::{Done, NotRestored, Restore, restore};
use app::session::{Entry, SecretKey};
use app::{App, Want, backup};
use domain::{Clock, PartyId};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::MIGRATIONS;
use store::backup::{Backup, LABEL, Onto};
use store::installation::Environment;
use store::testing::new_folder;

on_both!(
    an_older_copy_begins_another_history,
    the_log_goes_on_and_what_was_lost_is_told_from_what_was_forged,
    who_was_erased_since_is_erased_in_the_copy_too,
    a_person_is_erased_once_and_only_when_nothing_hangs_on_it,
);

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn means(house: &House) -> Means {
    let clock: Arc<dyn Clock> = house.clock.clone();
    Means {
        master: Arc::new(house.master()),
        clock: clock.clone(),
        wall: clock,
        entropy: Arc::new(TestEntropy),
    }
}

async fn copied(house: &House, place: &Path) -> Backup {
    let clock: Arc<dyn Clock> = house.clock.clone();
    let (store, master) = (house.app.store(), house.master());
    let clocks = (clock.clone(), clock);
    backup::make(store, &[MIGRATIONS], &master, place, clocks, Arc::new(TestEntropy), Arc::new(|_| {}))
        .await
        .unwrap();
    Backup::open(place, &master.stamp(LABEL), &[MIGRATIONS]).unwrap()
}

async fn restored(house: &House, backup: &Backup, erasures: ErasureList) -> Result<Done, NotRestored> {
    let wanted = Restore {
        backup: backup.clone(),
        onto: Onto::Anything,
        environment: Environment::Demo,
        erasures,
        known: Vec::new(),
    };
    restore(house.app.store(), &[MIGRATIONS], wanted, means(house), Arc::new(|_| {})).await
}

async fn signed(house: &House) -> String {
    eventually("a checkpoint over everything", || async {
        house.wake();
        let size = house.app.status().await.unwrap();
        let (at, note) = house.app.read(|tx| Ok(store::log::latest_checkpoint(tx)?)).await.unwrap()?;
        (size.log_waiting == 0 && at == size.log_size).then_some(note)
    })
    .await
}

async fn may(app: &App, house: &House, key: &SecretKey) -> bool {
    let visit = house.enter_at(app, key).await;
    app.decide(&visit, &Want::to("employer.sickness_report.create", visit.party())).allowed
}

// R-004-48 (part)
async fn an_older_copy_begins_another_history(db: TestDatabase) {
    let house = House::furnished(db).await;
    let folder = Folder(new_folder().unwrap());
    let (elin_key, elin) = house.log_in_for_other(ELIN).await;
    let second = house.node("second").await;
    assert!(may(&second, &house, &elin_key).await);
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let new = NewMandate {
        number: DAVID.number(),
        name: DAVID.name.to_owned(),
        email: DAVID.email(),
        permission: "employer.user".to_owned(),
        last_day: None,
        need: "Sköter lönerna.".to_owned(),
    };
    house.app.give_mandate(&cecilia, "employer", new).await.unwrap();
    let sent = || async { (house.app.status().await.unwrap().mail_waiting == 0).then_some(()) };
    eventually("the letters to leave", sent).await;
    let letters = house.inbox().await.len();
    assert!(letters > 0);
    let backup = copied(&house, &folder.0.join("a")).await;
    // After the copy: Elin logs out, and the keys of forms are turned, so that versions of keys say nothing.
    house.app.log_out(&elin).await.unwrap();
    let (cecilia_key, _) = house.log_in_for_other(CECILIA).await;
    house.wake();
    let before = house.app.status().await.unwrap().head;
    house.pass(Duration::from_secs(60));

    let done = restored(&house, &backup, ErasureList::default()).await.unwrap();
    assert_eq!(done.replaced.as_ref().unwrap().head, before);
    assert_eq!((done.sessions_ended, done.letters_waiting), (2, 0), "as the copy holds them");
    assert_eq!(done.epoch, u64::try_from(house.clock.now().seconds()).unwrap());
    // Every node sees it at its next question: the session that the copy holds is ended, the later one is unknown.
    for app in [&house.app, &second] {
        assert!(matches!(app.enter(&elin_key).await.unwrap(), Entry::Ended));
        assert!(matches!(app.enter(&cecilia_key).await.unwrap(), Entry::None));
        let known = app.latest().await.unwrap();
        assert_eq!((known.head.epoch, known.head.seq), (done.epoch, backup.manifest.seq));
        assert!(known.head > before, "what was told of the former life is older than anything of this one");
    }
    // Life goes on, on both.
    let (elin_key, _) = house.log_in_for_other(ELIN).await;
    assert!(may(&second, &house, &elin_key).await);
    assert_eq!(
        second.ring().active_id(keyring::Purpose::Checkpoint).unwrap(),
        house.app.ring().active_id(keyring::Purpose::Checkpoint).unwrap()
    );
    // What had been sent is not sent anew.
    eventually("no letter to wait", sent).await;
    assert_eq!(house.inbox().await.len(), letters);
    // The same copy once more is another life once more.
    let again = restored(&house, &backup, ErasureList::default()).await.unwrap();
    assert!(again.epoch > done.epoch);
    // A production configuration does not take a demo's copy.
    let wanted = Restore {
        backup,
        onto: Onto::Anything,
        environment: Environment::Production,
        erasures: ErasureList::default(),
        known: Vec::new(),
    };
    let refused = restore(house.app.store(), &[MIGRATIONS], wanted, means(&house), Arc::new(|_| {})).await;
    assert_eq!(refused.unwrap_err().code(), "BACKUP_OTHER_MARK");
    assert_eq!(house.app.latest().await.unwrap().head.epoch, again.epoch);
}

// R-004-48 (part)
async fn the_log_goes_on_and_what_was_lost_is_told_from_what_was_forged(db: TestDatabase) {
    let house = House::furnished(db).await;
    let folder = Folder(new_folder().unwrap());
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let note = |name: &'static str| {
        let (app, elin) = (house.app.clone(), elin.clone());
        async move {
            let want = Want::to("employer.sickness_report.create", elin.party());
            app.write(&elin, want, move |act| {
                act.record("note.written", Some(name.to_owned()), &[], &[]);
                Ok(act.reference.clone())
            })
            .await
            .unwrap()
        }
    };
    let kept = note("kept").await;
    let early = signed(&house).await;
    let backup = copied(&house, &folder.0.join("a")).await;
    let lost = note("lost").await;
    let late = signed(&house).await;
    let old_keys = read_keys(&house.app.log_keys().join("\n")).unwrap();
    let receipt = |reference: activity::Reference| {
        let app = house.app.clone();
        async move { app::log::prove(app.store(), &reference).await.unwrap().unwrap() }
    };
    let (kept, lost) = (receipt(kept).await, receipt(lost).await);

    restored(&house, &backup, ErasureList::default()).await.unwrap();
    let fresh = signed(&house).await;
    let keys = app::log::keys_of(house.app.store(), &house.master()).await.unwrap();
    let saved = |name: &str, note: &String| (name.to_owned(), note.clone());
    let all = vec![saved("early", &early), saved("late", &late), saved("fresh", &fresh)];
    let report = app::log::verify(house.app.store(), keys.clone(), all, house.clock.as_ref()).await.unwrap();
    assert!(report.is_sound(), "{report}");
    assert_eq!((report.restores.len(), report.lost.len()), (1, 1), "{report}");
    assert!(report.to_string().contains("the saved checkpoint late covers"), "{report}");
    // Receipts: one whose record came with the copy, one whose record was lost, and two that are forged.
    let store = house.app.store();
    let judged = app::log::judge(store, kept.clone(), &keys).await.unwrap();
    assert!(matches!(judged, Judged::Held(_)), "{judged:?}");
    let judged = app::log::judge(store, lost.clone(), &keys).await.unwrap();
    assert!(
        matches!(&judged, Judged::Lost(proven, _) if proven.record.object.as_deref() == Some("lost")),
        "{judged:?}"
    );
    let forged = activity::Receipt { body: lost.body.replace("lost", "lust"), ..lost.clone() };
    assert!(matches!(app::log::judge(store, forged, &keys).await.unwrap(), Judged::Refused(_)));
    let foreign = activity::Receipt { checkpoint: fresh.clone(), ..lost.clone() };
    assert!(matches!(app::log::judge(store, foreign, &keys).await.unwrap(), Judged::Refused(_)));
    // Outside, by the keys of that time, it holds as before.
    assert!(lost.verify(&old_keys).is_ok());
    // A receipt of the new life, and then a second restore from the same copy.
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let want = Want::to("employer.sickness_report.create", elin.party());
    let new = house
        .app
        .write(&elin, want, |act| {
            act.record("note.written", None, &[], &[]);
            Ok(act.reference.clone())
        })
        .await
        .unwrap();
    signed(&house).await;
    let new = receipt(new).await;
    assert!(matches!(app::log::judge(store, new.clone(), &keys).await.unwrap(), Judged::Held(_)));
    // Somebody who has the store writes its place anew: no restore explains that.
    let (position, other) = (new.index, [9u8; 32]);
    let altered = store
        .write(move |tx| {
            let tile = activity::tiles::TileId::in_tree(0, 0, store::log::tree(tx)?.size).unwrap();
            let mut bytes = store::log::tile(tx, tile)?;
            let at = usize::try_from(position * 32).unwrap();
            bytes[at..at + 32].copy_from_slice(&other);
            tx.execute("UPDATE log_tile SET hashes = $1 WHERE level = 0 AND number = 0", &[bytes.into()])
        })
        .await;
    assert_eq!(altered.unwrap_or_else(|e: store::StoreError| panic!("{e}")), 1);
    let judged = app::log::judge(store, new, &keys).await.unwrap();
    assert!(matches!(judged, Judged::Denied(_)), "{judged:?}");
}

async fn who_was_erased_since_is_erased_in_the_copy_too(db: TestDatabase) {
    let house = House::furnished(db).await;
    let folder = Folder(new_folder().unwrap());
    let list = folder.0.join("erasures.list");
    let means = means(&house);
    // Karin has logged in and has no right anywhere.
    let (_, karin) = house.log_in(KARIN).await;
    let person = karin.person();
    let backup = copied(&house, &folder.0.join("a")).await;
    house.forget().await;
    let erased = erase(house.app.store(), Whom::Number(KARIN.number()), &list, &means).await.unwrap();
    assert_eq!(erased, person);
    assert!(house.app.name(person).await.is_err());
    assert_eq!(house.new_records().await.len(), 1);
    let name_in = |house: &House| {
        let app = house.app.clone();
        async move { app.name(person).await.map(|name| name.name) }
    };
    // Without the list the copy would know Karin again; a node that has the right list erases before it serves.
    restored(&house, &backup, ErasureList::default()).await.unwrap();
    assert_eq!(name_in(&house).await.unwrap(), "Karin Lind");
    assert_eq!(before_serving(house.app.store(), &list, &means).await.unwrap(), 1);
    assert!(name_in(&house).await.is_err());
    assert_eq!(before_serving(house.app.store(), &list, &means).await.unwrap(), 0, "once");
    // With the list it is done in the restore itself, and recorded.
    house.pass(Duration::from_secs(5));
    let read = ErasureList::read(&list, &means.master).unwrap();
    let done = restored(&house, &backup, read).await.unwrap();
    assert_eq!(done.erased, 1);
    assert!(name_in(&house).await.is_err());
    let told = house.records().await;
    let told: Vec<_> = told.iter().filter(|record| record.event == "party.erased").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].object, Some(format!("party:{person}")));
    // A list that is older than the store is no list: nobody is served by it.
    std::fs::remove_file(&list).unwrap();
    let refused = before_serving(house.app.store(), &list, &means).await.unwrap_err();
    assert_eq!(refused.code(), "ERASURES_BEHIND");
    let copy = copied(&house, &folder.0.join("b")).await;
    let refused = restored(&house, &copy, ErasureList::default()).await.unwrap_err();
    assert_eq!(refused.code(), "ERASURES_BEHIND");
}

async fn a_person_is_erased_once_and_only_when_nothing_hangs_on_it(db: TestDatabase) {
    let house = House::furnished(db).await;
    let folder = Folder(new_folder().unwrap());
    let list = folder.0.join("erasures.list");
    let means = means(&house);
    let store = house.app.store();
    let refused = erase(store, Whom::Number(CECILIA.number()), &list, &means).await.unwrap_err();
    assert!(matches!(refused, NotErased::InUse { facts: 1.. }), "{refused:?}");
    let refused = erase(store, Whom::Number(DAVID.number()), &list, &means).await.unwrap_err();
    assert!(matches!(refused, NotErased::Unknown), "{refused:?}");
    let refused = erase(store, Whom::Party(house.app.agency()), &list, &means).await.unwrap_err();
    assert!(matches!(refused, NotErased::NoPerson), "{refused:?}");
    let refused = erase(store, Whom::Party(PartyId::from_bytes([1; 16])), &list, &means).await.unwrap_err();
    assert!(matches!(refused, NotErased::Unknown), "{refused:?}");
    assert!(!list.exists(), "a refusal writes nothing");
    let (key, visit) = house.log_in(KARIN).await;
    erase(store, Whom::Party(visit.person()), &list, &means).await.unwrap();
    assert!(
        matches!(house.app.enter(&key).await.unwrap(), Entry::Ended),
        "who was logged in is not any more"
    );
    let refused = erase(store, Whom::Party(visit.person()), &list, &means).await.unwrap_err();
    assert!(matches!(refused, NotErased::Unknown), "{refused:?}");
    // Somebody who logs in again is a new person.
    let (_, again) = house.log_in(KARIN).await;
    assert_ne!(again.person(), visit.person());
}
