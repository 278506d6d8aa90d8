//! Keys turned under running nodes: what was sealed opens, what was signed verifies.

use crate::support::{
    ASTRID, BENGT, House, MASTER_KEY_OF_ANOTHER, TestDatabase, TestEntropy, eventually, on_both,
};
use activity::checkpoint::Checkpoint;
use activity::note::{VerifierKey, read_keys};
use app::OpenError;
use keyring::Purpose;
use std::sync::Arc;

on_both!(keys_are_turned_under_running_nodes, another_master_key_opens_nothing);

async fn turn(house: &House, purpose: Purpose) {
    let (clock, entropy) = (house.clock.clone(), Arc::new(TestEntropy));
    app::keys::rotate(
        house.app.store(),
        Arc::new(house.master()),
        purpose,
        app::keys::Turn::Safely,
        (clock.clone(), clock),
        entropy,
    )
    .await
    .unwrap();
    eventually("the node to take up the turned key", || async {
        house.wake();
        let app = house.app.clone();
        let stored = house.app.read(move |tx| Ok(store::keys::all(tx)?.1)).await.unwrap();
        let active =
            stored.iter().find(|key| key.purpose == purpose && key.state == keyring::KeyState::Active);
        (app.ring().active_id(purpose).unwrap() == &active.unwrap().id).then_some(())
    })
    .await;
}

async fn signed_checkpoint(house: &House, size: u64) -> String {
    eventually("a checkpoint over everything", || async {
        house.wake();
        let (at, note) = house.app.read(|tx| Ok(store::log::latest_checkpoint(tx)?)).await.unwrap()?;
        (at >= size).then_some(note)
    })
    .await
}

fn trusted(lines: &[String]) -> Vec<VerifierKey> {
    read_keys(&lines.join("\n")).unwrap()
}

async fn keys_are_turned_under_running_nodes(db: TestDatabase) {
    let house = House::empty(db).await;
    let app = house.app.clone();
    let (before, visit) = house.log_in(ASTRID).await;
    let under_way = house.ask(&app).await;
    let old_note = signed_checkpoint(&house, house.records().await.len() as u64).await;
    let old_keys = app.log_keys();
    assert_eq!(old_keys.len(), 1);
    house.forget().await;

    turn(&house, Purpose::VaultWrap).await;
    turn(&house, Purpose::Checkpoint).await;
    let public = app.ring().public_keys::<32>(Purpose::Checkpoint).into_iter();
    let public =
        public.filter(|(_, state, _)| *state == keyring::KeyState::Active).map(|(_, _, public)| public);
    let public = public.map(|public| app::log::hex(&public)).collect::<String>();
    assert_eq!(
        house.news().await,
        [
            format!("system key.turned –@Exempelmyndigheten public={public} purpose=checkpoint").as_str(),
            "system key.turned –@Exempelmyndigheten purpose=vault_wrap",
        ]
    );
    // Old ciphertext: the name in the vault, the evidence, the sealed order under way.
    assert_eq!(app.name(visit.person()).await.unwrap().name, "Astrid Alm");
    assert_eq!(house.enter(&before).await.person(), visit.person());
    let hash = visit.session.evidence;
    let node = app.clone();
    let kept = app.read(move |tx| Ok(store::evidence::get(tx, &node.ring(), hash)?)).await.unwrap().unwrap();
    assert_eq!(store::evidence::hash(&kept.bytes), hash);
    house.approve(&app, &under_way, BENGT).await;
    house.ended(&app, &under_way).await;
    app.finish_login(under_way.id, &under_way.browser).await.unwrap();

    // Old checkpoints verify by the key that stays published; new ones are signed by the new key alone.
    let new_note = signed_checkpoint(&house, house.records().await.len() as u64).await;
    let keys = app.log_keys();
    assert_eq!(keys.len(), 2);
    assert!(keys.contains(&old_keys[0]));
    assert!(Checkpoint::open(&old_note, &trusted(&keys)).is_ok());
    assert!(Checkpoint::open(&new_note, &trusted(&keys)).is_ok());
    assert!(Checkpoint::open(&new_note, &trusted(&old_keys)).is_err());
    let saved = vec![("before.txt".to_owned(), old_note)];
    let report = app::log::verify(app.store(), trusted(&keys), saved, house.clock.as_ref()).await.unwrap();
    assert!(report.is_sound(), "{report}");
    // What everybody can read and what the master key tells are the same keys.
    let kept = app::log::keys_of(app.store(), &house.master()).await.unwrap();
    assert_eq!(kept.iter().map(ToString::to_string).collect::<Vec<_>>(), keys);

    // A node that starts now has both.
    let fresh = house.idle_node("fresh").await;
    assert_eq!(fresh.name(visit.person()).await.unwrap().name, "Astrid Alm");
}

async fn another_master_key_opens_nothing(db: TestDatabase) {
    let house = House::empty(db).await;
    let error = house.open_with(MASTER_KEY_OF_ANOTHER).await.unwrap_err();
    assert!(matches!(error, OpenError::MasterKey(_)), "{error:?}");
    let told = error.to_string();
    assert!(told.contains("cannot be opened with this master key"), "{told}");
    assert!(told.contains("belongs to another installation"), "{told}");
    assert!(!told.contains(MASTER_KEY_OF_ANOTHER));
}
