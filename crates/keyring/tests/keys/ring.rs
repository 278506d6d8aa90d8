//! The ring as its users see it: sealing, authenticating, looking up and signing, before and after rotations.

use crate::support::{self, Rows, Seeded, at};
use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use keyring::{KeyError, KeyState, Keyring, MasterKey, Purpose, StoredKey, create_missing, rotate};
use proptest::prelude::*;

fn verifies(public: &[u8; 32], data: &[u8], signature: &[u8; 64]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(data, signature).is_ok()
}

#[test]
fn opens_only_what_it_sealed_in_the_same_context() {
    let (rows, entropy) = (Rows::new(1), Seeded::new(2));
    let ring = rows.ring();
    let sealed = ring.seal(Purpose::VaultWrap, b"party/field", b"secret", &entropy).unwrap();
    assert_eq!(ring.unseal(Purpose::VaultWrap, b"party/field", &sealed).unwrap().as_slice(), b"secret");
    let not_authentic = Err(KeyError::NotAuthentic);
    assert_eq!(ring.unseal(Purpose::VaultWrap, b"party/other", &sealed), not_authentic);
    assert_eq!(ring.unseal(Purpose::VaultWrap, b"", &sealed), not_authentic);
    for len in 0..sealed.len() {
        assert!(ring.unseal(Purpose::VaultWrap, b"party/field", &sealed[..len]).is_err(), "{len} bytes");
    }
    // Another purpose does not even have the key.
    assert!(matches!(ring.unseal(Purpose::Forms, b"party/field", &sealed), Err(KeyError::UnknownKey { .. })));
}

#[test]
fn two_seals_of_the_same_differ() {
    let (rows, entropy) = (Rows::new(1), Seeded::new(2));
    let ring = rows.ring();
    let seal = || ring.seal(Purpose::VaultWrap, b"", b"same", &entropy).unwrap();
    assert_ne!(seal(), seal());
}

#[test]
fn too_much_is_refused_before_it_is_sealed() {
    let (rows, entropy) = (Rows::new(1), Seeded::new(2));
    let much = vec![0; keyring::MAX_SEALED_LEN + 1];
    let refused = rows.ring().seal(Purpose::VaultWrap, b"", &much, &entropy);
    assert!(matches!(refused, Err(KeyError::TooLong { .. })));
    assert!(matches!(keyring::seal_with(&[1; 32], b"", &much, &entropy), Err(KeyError::TooLong { .. })));
}

#[test]
fn a_ring_from_before_a_rotation_says_that_it_is_old() {
    let mut rows = Rows::new(1);
    let (old, entropy) = (rows.ring(), Seeded::new(2));
    rows.rotate(Purpose::VaultWrap, 10);
    let new = rows.ring();
    let sealed = new.seal(Purpose::VaultWrap, b"", b"x", &entropy).unwrap();
    let id = Keyring::sealed_under(&sealed).unwrap();
    assert_eq!(&id, new.active_id(Purpose::VaultWrap).unwrap());
    assert_eq!(old.unseal(Purpose::VaultWrap, b"", &sealed), Err(KeyError::UnknownKey { id }));
}

#[test]
fn lookup_keys_turn_with_both_alive() {
    let mut rows = Rows::new(1);
    let before = rows.ring().lookup_hash("personal_number", "191212121212");
    rows.rotate(Purpose::VaultLookup, 10);
    let ring = rows.ring();
    let after = ring.lookup_hashes("personal_number", "191212121212");
    assert_eq!(after, [ring.lookup_hash("personal_number", "191212121212"), before]);
    assert_ne!(after[0], before);
    // An announced key finds nothing yet.
    rows.announce(Purpose::VaultLookup, 20);
    assert_eq!(rows.ring().lookup_hashes("personal_number", "191212121212"), after);
}

#[test]
fn lookups_of_different_kinds_never_meet() {
    let ring = Rows::new(1).ring();
    let hashes = [("a", "bc"), ("ab", "c"), ("", "abc"), ("abc", "")].map(|(k, v)| ring.lookup_hash(k, v));
    for (i, one) in hashes.iter().enumerate() {
        assert!(!hashes[i + 1..].contains(one));
    }
    // Not the form code of the same bytes either, nor that of another installation.
    assert_ne!(ring.lookup_hash("", "abc"), ring.mac(Purpose::VaultLookup, b"\0\0\0\0\0\0\0\0abc"));
    assert_ne!(ring.lookup_hash("a", "bc"), Rows::new(99).ring().lookup_hash("a", "bc"));
}

#[test]
fn codes_verify_under_active_and_retired_keys_only() {
    let mut rows = Rows::new(1);
    let code = rows.ring().mac(Purpose::Forms, b"session 1");
    assert!(rows.ring().verify_mac(Purpose::Forms, b"session 1", &code));
    rows.rotate(Purpose::Forms, 10);
    assert!(rows.ring().verify_mac(Purpose::Forms, b"session 1", &code));
    assert_ne!(rows.ring().mac(Purpose::Forms, b"session 1"), code);
    assert!(!rows.ring().verify_mac(Purpose::Forms, b"session 2", &code));
    assert!(!rows.ring().verify_mac(Purpose::VaultWrap, b"session 1", &code));
    assert!(!rows.ring().verify_mac(Purpose::Forms, b"session 1", &code[..31]));
    assert!(!rows.ring().verify_mac(Purpose::Forms, b"session 1", &[]));
    rows.destroy_retired(Purpose::Forms);
    assert!(!rows.ring().verify_mac(Purpose::Forms, b"session 1", &code));
}

#[test]
fn old_signatures_verify_after_rotation_and_destruction() {
    let mut rows = Rows::new(1);
    let (id, signature) = rows.ring().sign(Purpose::Checkpoint, b"tree 1").unwrap();
    rows.rotate(Purpose::Checkpoint, 10);
    let (new_id, new_signature) = rows.ring().sign(Purpose::Checkpoint, b"tree 2").unwrap();
    rows.destroy_retired(Purpose::Checkpoint);
    let keys = rows.ring().public_keys(Purpose::Checkpoint);
    let find = |id| keys.iter().find(|(of, ..)| of == id).unwrap();
    let (_, state, public) = find(&id);
    assert_eq!(*state, KeyState::Destroyed);
    assert!(verifies(public, b"tree 1", &signature));
    let (_, state, new_public) = find(&new_id);
    assert_eq!(*state, KeyState::Active);
    assert!(verifies(new_public, b"tree 2", &new_signature));
    assert!(!verifies(new_public, b"tree 1", &signature));
}

#[test]
fn only_the_keys_of_checkpoints_and_tokens_sign() {
    let ring = Rows::new(1).ring();
    for purpose in [Purpose::VaultWrap, Purpose::VaultLookup, Purpose::Forms] {
        assert_eq!(ring.sign(purpose, b""), Err(KeyError::DoesNotSign { purpose }));
        assert!(ring.public_keys::<32>(purpose).is_empty());
        assert!(ring.public_keys::<65>(purpose).is_empty());
    }
    assert!(ring.public_keys::<65>(Purpose::Checkpoint).is_empty());
    assert!(ring.public_keys::<32>(Purpose::Tokens).is_empty());
}

#[test]
fn a_token_key_signs_es256() {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    let ring = Rows::new(1).ring();
    let (id, signature) = ring.sign(Purpose::Tokens, b"header.payload").unwrap();
    let (of, state, public) = ring.public_keys::<65>(Purpose::Tokens).remove(0);
    assert_eq!((of, state), (id, KeyState::Active));
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public);
    key.verify(b"header.payload", &signature).unwrap();
    key.verify(b"header.paylode", &signature).unwrap_err();
}

#[test]
fn an_announced_key_is_published_before_it_signs() {
    let mut rows = Rows::new(1);
    rows.announce(Purpose::Checkpoint, 5);
    let announced = rows.rows.last().unwrap().id.clone();
    let ring = rows.ring();
    assert!(
        ring.public_keys::<32>(Purpose::Checkpoint)
            .iter()
            .any(|(id, state, _)| { *id == announced && *state == KeyState::Announced })
    );
    assert_ne!(ring.sign(Purpose::Checkpoint, b"").unwrap().0, announced);
    rows.rotate(Purpose::Checkpoint, 10);
    assert_eq!(rows.ring().sign(Purpose::Checkpoint, b"").unwrap().0, announced);
}

#[test]
fn the_wrong_master_key_is_named_as_such() {
    let rows = Rows::new(1);
    let other = MasterKey::generate(&Seeded::new(77));
    let refused = Keyring::open(&other, &rows.rows).unwrap_err();
    assert!(matches!(refused, KeyError::WrongMasterKey { .. }));
    assert!(refused.to_string().contains("master key"));
    // And it cannot be used to turn a key, which would lock the right one out.
    let turned = rotate(&rows.rows, Purpose::Forms, &other, &Seeded::new(3), at(1));
    assert!(matches!(turned, Err(KeyError::WrongMasterKey { .. })));
}

#[test]
fn a_row_passed_off_as_another_does_not_open() {
    let original = Rows::new(1);
    let checkpoint = original.rows.iter().position(|r| r.purpose == Purpose::Checkpoint).unwrap();
    type Tamper<'a> = &'a dyn Fn(&mut Vec<StoredKey>);
    let tampers: [Tamper; 5] = [
        &|rows| rows[0].id = rows[1].id.clone(),
        &|rows| rows[0].purpose = rows[1].purpose,
        &|rows| rows[0].wrapped = rows[1].wrapped.clone(),
        &|rows| rows[checkpoint].public.as_mut().unwrap()[0] ^= 1,
        &|rows| *rows[0].wrapped.last_mut().unwrap() ^= 1,
    ];
    for (i, tamper) in tampers.iter().enumerate() {
        let mut rows = original.rows.clone();
        tamper(&mut rows);
        let refused = Keyring::open(&original.master, &rows);
        assert!(matches!(refused, Err(KeyError::WrongMasterKey { .. })), "tampering {i}");
    }
    // A public key that was never ours cannot be slipped in as that of a destroyed one.
    let mut rows = original.rows.clone();
    let mut fake = rows[checkpoint].clone();
    fake.state = KeyState::Destroyed;
    fake.public = Some(vec![7; 32]);
    rows.push(fake);
    assert!(matches!(Keyring::open(&original.master, &rows), Err(KeyError::WrongMasterKey { .. })));
}

#[test]
fn a_ring_has_exactly_one_active_key_for_everything() {
    let rows = Rows::new(1);
    for purpose in Purpose::ALL {
        let without: Vec<_> = rows.rows.iter().filter(|r| r.purpose != purpose).cloned().collect();
        let refused = Keyring::open(&rows.master, &without).unwrap_err();
        assert_eq!(refused, KeyError::NoActiveKey { purpose });
        let entropy = Seeded::new(9);
        let made = create_missing(&without, &rows.master, &entropy, at(1)).unwrap();
        assert_eq!(made.iter().map(|r| r.purpose).collect::<Vec<_>>(), [purpose]);
        let twice = [rows.rows.clone(), made].concat();
        assert_eq!(Keyring::open(&rows.master, &twice).unwrap_err(), KeyError::TwoActiveKeys { purpose });
        let turned = rotate(&twice, purpose, &rows.master, &entropy, at(2));
        assert_eq!(turned, Err(KeyError::TwoActiveKeys { purpose }));
    }
}

#[test]
fn nothing_secret_is_printed() {
    let rows = Rows::new(1);
    let text = rows.master.to_text();
    let shown = format!("{:?} {:?} {:?}", rows.master, rows.ring(), rows.rows);
    assert!(shown.contains("MasterKey(redacted)"));
    assert!(!shown.contains(text.as_str()));
    assert!(!format!("{:?}", rows.ring()).contains("HMAC"));
}

#[test]
fn a_ring_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Keyring>();
    shared::<MasterKey>();
}

/// What an earlier release sealed, this one opens. The bytes were computed by another implementation of the forms
/// (HMAC, AES-GCM and Ed25519 of Python's `cryptography`) and never change.
#[test]
fn the_forms_on_disk_stay_readable() {
    let rows = Rows::new(1);
    let ring = rows.ring();
    let sealed = ring.seal(Purpose::VaultWrap, b"aad", b"kept for years", &Seeded::new(2)).unwrap();
    assert_eq!(
        support::hex(&sealed),
        "0263706d6378766232763079661309ac3f4e41512820fbf259922f5e4ccb5748e8d419ea6c6f9b8ff4045bf026bd6d07a27ad9dd38bfad"
    );
    let given = keyring::seal_with(&[7; 32], b"aad", b"kept for years", &Seeded::new(2)).unwrap();
    assert_eq!(
        support::hex(&given),
        "011309ac3f4e41512820fbf2592e8e5402154ed61a8d05c85500061fccb089dfed26fb717b1f7bf1670c63"
    );
    let hash = ring.lookup_hash("personal_number", "191212121212");
    assert_eq!(support::hex(&hash), "374c630e2c9930ee7c140f90590cec1be24439950cda0ca87c1f854d8eebefbf");
    assert_eq!(
        support::hex(&rows.rows[0].wrapped),
        "013ed2b0611e97da9cfe87c83e2f681786471760711cc10425ef7394164b31362aac9282b46cc17f398e92ada03e8308c475ed4f8e70ff4d72704bf362"
    );
    let public = ring.public_keys::<32>(Purpose::Checkpoint)[0].2;
    assert_eq!(support::hex(&public), "db8ac73107de992310d276b6f89683becb17ac9c20800df5be06b51d6b1268ec");
}

#[derive(Debug, Clone)]
enum Act {
    Seal(usize, Vec<u8>, Vec<u8>),
    Announce(usize),
    Rotate(usize),
    Destroy(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let purpose = 0..Purpose::ALL.len();
    let bytes = || prop::collection::vec(any::<u8>(), 0..64);
    prop::collection::vec(
        prop_oneof![
            4 => (purpose.clone(), bytes(), bytes()).prop_map(|(p, aad, plain)| Act::Seal(p, aad, plain)),
            1 => purpose.clone().prop_map(Act::Announce),
            2 => purpose.clone().prop_map(Act::Rotate),
            1 => purpose.prop_map(Act::Destroy),
        ],
        1..24,
    )
}

proptest! {
    /// Whatever is turned, all that was sealed opens until its key is destroyed, and then never again.
    #[test]
    fn sealed_things_survive_rotations(acts in acts(), seed: u64) {
        let (mut rows, entropy) = (Rows::new(seed), Seeded::new(seed ^ 1));
        let mut sealed = Vec::new();
        for (time, act) in acts.into_iter().enumerate() {
            let now = i64::try_from(time).unwrap();
            match act {
                Act::Seal(p, aad, plain) => {
                    let bytes = rows.ring().seal(Purpose::ALL[p], &aad, &plain, &entropy).unwrap();
                    sealed.push((Purpose::ALL[p], aad, plain, bytes));
                }
                Act::Announce(p) => rows.announce(Purpose::ALL[p], now),
                Act::Rotate(p) => rows.rotate(Purpose::ALL[p], now),
                Act::Destroy(p) => rows.destroy_retired(Purpose::ALL[p]),
            }
        }
        let ring = rows.ring();
        for (purpose, aad, plain, bytes) in sealed {
            let id = Keyring::sealed_under(&bytes).unwrap();
            let state = rows.rows.iter().find(|r| r.id == id).unwrap().state;
            match ring.unseal(purpose, &aad, &bytes) {
                Ok(opened) => {
                    prop_assert_eq!(opened.as_slice(), plain.as_slice());
                    prop_assert!(matches!(state, KeyState::Active | KeyState::Retired));
                }
                Err(error) => {
                    prop_assert_eq!(state, KeyState::Destroyed);
                    prop_assert_eq!(error, KeyError::UnknownKey { id });
                }
            }
        }
    }

    #[test]
    fn one_bit_off_never_opens(plain in prop::collection::vec(any::<u8>(), 0..40), bit in any::<prop::sample::Index>()) {
        let (rows, entropy) = (Rows::new(1), Seeded::new(2));
        let ring = rows.ring();
        let mut sealed = ring.seal(Purpose::VaultWrap, b"a", &plain, &entropy).unwrap();
        let bit_of = bit.index(sealed.len() * 8);
        sealed[bit_of / 8] ^= 1 << (bit_of % 8);
        prop_assert!(ring.unseal(Purpose::VaultWrap, b"a", &sealed).is_err());
        let mut given = keyring::seal_with(&[1; 32], b"a", &plain, &entropy).unwrap();
        prop_assert_eq!(given.len(), plain.len() + keyring::SEAL_OVERHEAD);
        let opened = keyring::unseal_with(&[1; 32], b"a", &given).unwrap();
        prop_assert_eq!(opened.as_slice(), plain.as_slice());
        prop_assert_eq!(keyring::unseal_with(&[2; 32], b"a", &given), Err(KeyError::NotAuthentic));
        prop_assert_eq!(keyring::unseal_with(&[1; 32], b"b", &given), Err(KeyError::NotAuthentic));
        let bit_of = bit.index(given.len() * 8);
        given[bit_of / 8] ^= 1 << (bit_of % 8);
        prop_assert_eq!(keyring::unseal_with(&[1; 32], b"a", &given), Err(KeyError::NotAuthentic));
    }

    #[test]
    fn foreign_bytes_never_open(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Rows::new(1).ring().unseal(Purpose::VaultWrap, b"", &bytes).is_err());
        prop_assert!(keyring::unseal_with(&[1; 32], b"", &bytes).is_err());
    }
}
