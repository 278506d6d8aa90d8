//! Announced → active → retired → destroyed, and no other way.

use crate::support::{Rows, Seeded, at};
use keyring::{KeyError, KeyState, Keyring, MasterKey, Purpose, StoredKey, rotate};
use proptest::prelude::*;

fn step(key: StoredKey, to: KeyState, master: &MasterKey) -> Result<StoredKey, KeyError> {
    match to {
        KeyState::Announced => unreachable!("no key becomes announced"),
        KeyState::Active => key.activate(at(1)),
        KeyState::Retired => key.retire(at(2)),
        KeyState::Destroyed => key.destroy(master, &Seeded::new(5)),
    }
}

proptest! {
    #[test]
    fn only_the_next_step_is_taken(steps in prop::collection::vec(1_usize..4, 0..12), purpose in 0_usize..5) {
        let entropy = Seeded::new(1);
        let master = MasterKey::generate(&entropy);
        let mut key = StoredKey::announce(Purpose::ALL[purpose], &master, &entropy, at(0)).unwrap();
        for to in steps {
            let from = KeyState::ALL.iter().position(|s| *s == key.state).unwrap();
            let to_state = KeyState::ALL[to];
            match step(key.clone(), to_state, &master) {
                Ok(next) => {
                    prop_assert_eq!(to, from + 1);
                    prop_assert_eq!(next.state, to_state);
                    prop_assert_eq!(&next.public, &key.public);
                    key = next;
                }
                Err(error) => {
                    prop_assert_ne!(to, from + 1);
                    let wrong = KeyError::WrongOrder { id: key.id.clone(), from: key.state, to: to_state };
                    prop_assert_eq!(error, wrong);
                }
            }
        }
    }
}

#[test]
fn each_step_leaves_its_date() {
    let rows = Rows::new(1);
    let changed = rotate(&rows.rows, Purpose::Forms, &rows.master, &Seeded::new(2), at(10)).unwrap();
    let [old, new] = changed.as_slice() else { panic!("two rows change") };
    assert_eq!((old.state, old.activated_at, old.retired_at), (KeyState::Retired, Some(at(0)), Some(at(10))));
    assert_eq!((new.state, new.activated_at, new.retired_at), (KeyState::Active, Some(at(10)), None));
    assert_eq!((old.created_at, new.created_at), (at(0), at(10)));
}

#[test]
fn the_oldest_announced_key_is_next() {
    let mut rows = Rows::new(1);
    rows.announce(Purpose::Checkpoint, 7);
    rows.announce(Purpose::Checkpoint, 3);
    rows.announce(Purpose::Forms, 1);
    let oldest = rows.rows.iter().find(|r| r.created_at == at(3)).unwrap().id.clone();
    let changed = rotate(&rows.rows, Purpose::Checkpoint, &rows.master, &Seeded::new(2), at(10)).unwrap();
    assert_eq!((&changed[1].id, changed[1].created_at), (&oldest, at(3)));
}

#[test]
fn a_destroyed_key_keeps_no_secret() {
    let mut rows = Rows::new(1);
    let secret_len = rows.rows[0].wrapped.len();
    rows.rotate(Purpose::VaultWrap, 1);
    rows.destroy_retired(Purpose::VaultWrap);
    let gone = rows.rows.iter().find(|r| r.state == KeyState::Destroyed).unwrap();
    assert_eq!(gone.wrapped.len(), secret_len - 32);
    // Written back as alive, it does not open.
    let mut revived = gone.clone();
    revived.state = KeyState::Retired;
    let others = rows.rows.iter().filter(|r| r.id != gone.id).cloned();
    let all: Vec<_> = others.chain([revived]).collect();
    assert!(matches!(Keyring::open(&rows.master, &all), Err(KeyError::WrongMasterKey { .. })));
}

#[test]
fn nothing_is_destroyed_under_a_wrong_master_key() {
    let mut rows = Rows::new(1);
    rows.rotate(Purpose::Forms, 1);
    let retired = rows.rows.iter().find(|r| r.state == KeyState::Retired).unwrap().clone();
    let other = MasterKey::generate(&Seeded::new(77));
    assert!(matches!(retired.destroy(&other, &Seeded::new(3)), Err(KeyError::WrongMasterKey { .. })));
}
