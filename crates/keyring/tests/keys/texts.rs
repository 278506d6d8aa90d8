//! What is written to files and columns, and read again.

use crate::support::Seeded;
use keyring::{KeyId, KeyState, MasterKey, Purpose};
use proptest::prelude::*;

#[test]
fn a_master_key_is_one_line_of_text() {
    let key = MasterKey::generate(&Seeded::new(1));
    let text = key.to_text();
    assert_eq!(text.len(), 44);
    for form in [text.to_string(), format!("{}\n", *text), format!("  {}\r\n", *text)] {
        assert_eq!(*MasterKey::from_text(&form).unwrap().to_text(), *text);
    }
}

#[test]
fn what_is_not_a_master_key_is_refused() {
    let good = MasterKey::generate(&Seeded::new(1)).to_text();
    let long = "A".repeat(1 << 20);
    // 33 and 31 bytes have 44 characters too.
    let bad = ["", "x", &good[1..], &good[..43], &long, &"A".repeat(44), &("A".repeat(42) + "=="), "å"];
    for text in bad {
        assert!(MasterKey::from_text(text).is_err(), "{text:.60}");
    }
    assert!(MasterKey::from_text(&format!("{}\n{}", *good, *good)).is_err());
    // The error repeats nothing of the file.
    assert!(!MasterKey::from_text(&good[1..]).unwrap_err().to_string().contains(&good[1..9]));
}

#[test]
fn words_stand_for_themselves() {
    for purpose in Purpose::ALL {
        assert_eq!(purpose.to_string().parse(), Ok(purpose));
    }
    for state in KeyState::ALL {
        assert_eq!(state.to_string().parse(), Ok(state));
    }
    assert!("Active".parse::<KeyState>().is_err());
    assert!("active".parse::<Purpose>().is_err());
}

proptest! {
    #[test]
    fn key_ids_are_short_and_printable(seed: u64) {
        let id = KeyId::new(&Seeded::new(seed));
        prop_assert_eq!(id.as_str().len(), KeyId::LEN);
        prop_assert!(id.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        prop_assert_eq!(id.to_string().parse(), Ok(id.clone()));
        prop_assert!(id.to_string().to_uppercase().parse::<KeyId>().is_err() || id.as_str().bytes().all(|b| b.is_ascii_digit()));
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>()) {
        let _ = MasterKey::from_text(&text);
        if let Ok(id) = text.parse::<KeyId>() {
            prop_assert_eq!(id.as_str(), text);
        }
    }
}
