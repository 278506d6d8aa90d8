//! Personal and coordination numbers: published test numbers of the Swedish tax agency only.

use ident::{IdentError, PersonalNumber, PersonalNumberKind};
use proptest::prelude::*;

const GOOD: [&str; 7] = [
    "191212121212",
    "195006262546",
    "197010632391",
    "196408233234",
    "198107011481",
    "199001012385",
    "199001022392",
];

#[test]
fn published_test_numbers_are_accepted() {
    for number in GOOD {
        assert_eq!(PersonalNumber::parse(number).unwrap().as_str(), number);
    }
}

#[test]
fn spaces_and_hyphens_do_not_matter() {
    for text in [
        "19121212-1212",
        " 1912 12 12 1212\n",
        "19121212 - 1212",
        "19121212\u{2013}1212",
        "19121212\u{a0}1212",
    ] {
        assert_eq!(PersonalNumber::parse(text).unwrap().as_str(), "191212121212", "{text:?}");
    }
}

#[test]
fn each_fault_has_its_code() {
    let table = [
        ("", "IDENT_LENGTH"),
        ("19121212121", "IDENT_LENGTH"),
        ("1912121212122", "IDENT_LENGTH"),
        ("1212121212", "IDENT_LENGTH"),
        (&"1".repeat(100_000), "IDENT_LENGTH"),
        (&" ".repeat(100_000), "IDENT_LENGTH"),
        ("19121212+1212", "IDENT_DIGITS"),
        ("1912-12121212", "IDENT_DIGITS"),
        ("19121212--1212", "IDENT_DIGITS"),
        ("-191212121212", "IDENT_DIGITS"),
        ("1912121212AB", "IDENT_DIGITS"),
        // Digits of another script are not ours.
        ("19121212121\u{662}", "IDENT_DIGITS"),
        ("162021005521", "IDENT_TYPE"),
        ("165566304928", "IDENT_TYPE"),
        ("190000000000", "IDENT_DATE"),
        ("19901301-1111", "IDENT_DATE"),
        ("190002291111", "IDENT_DATE"),
        ("199004311111", "IDENT_DATE"),
        ("197010602391", "IDENT_DATE"),
        ("197010922391", "IDENT_DATE"),
        ("170001011111", "IDENT_CENTURY"),
        ("210001011111", "IDENT_CENTURY"),
        ("191212120002", "IDENT_SERIAL"),
        ("196903261687", "IDENT_CHECKSUM"),
        ("19900101-1111", "IDENT_CHECKSUM"),
    ];
    for (text, code) in table {
        assert_eq!(PersonalNumber::parse(text).unwrap_err().code(), code, "{:.20}", text);
    }
}

#[test]
fn kind_tells_coordination_numbers_apart() {
    assert_eq!(PersonalNumber::parse("197010632391").unwrap().kind(), PersonalNumberKind::Coordination);
    assert_eq!(PersonalNumber::parse("191212121212").unwrap().kind(), PersonalNumberKind::Personal);
}

#[test]
fn ten_digits_get_their_century() {
    let table = [
        ("121212-1212", (2026, 11, 23), Ok("201212121212")),
        ("121212+1212", (2026, 11, 23), Ok("191212121212")),
        ("1212121212", (2026, 11, 23), Ok("201212121212")),
        // In 2012 the one born in 1912 turns 100: plus from New Year's Day, the hyphen is the newborn's.
        ("121212+1212", (2012, 1, 1), Ok("191212121212")),
        ("121212-1212", (2011, 12, 31), Ok("191212121212")),
        ("121212-1212", (2012, 12, 12), Ok("201212121212")),
        ("121212-1212", (2012, 12, 11), Err(IdentError::Century)),
        ("121212+1212", (2011, 12, 31), Err(IdentError::Century)),
        ("500626-2546", (2026, 11, 23), Ok("195006262546")),
        ("701063-2391", (2026, 11, 23), Ok("197010632391")),
        ("19701063-2391", (2026, 11, 23), Ok("197010632391")),
        ("19701063-2391", (1970, 10, 2), Err(IdentError::Century)),
        ("19701063-2391", (1970, 10, 3), Ok("197010632391")),
        ("19701063+2391", (2026, 11, 23), Err(IdentError::Digits)),
        ("202100-5521", (2026, 11, 23), Err(IdentError::Type)),
        ("900101-1111", (2026, 11, 23), Err(IdentError::Checksum)),
        ("500626-2546", (-1, 1, 1), Err(IdentError::Century)),
    ];
    for (text, today, expected) in table {
        let read = PersonalNumber::parse_typed(text, today);
        assert_eq!(read.as_ref().map(|n| n.as_str()).map_err(|e| *e), expected, "{text} on {today:?}");
    }
}

#[test]
fn nothing_prints_the_last_four() {
    let number = PersonalNumber::parse("191212121212").unwrap();
    assert_eq!(number.masked(), "19121212-••••");
    assert_eq!(number.to_string(), "19121212-••••");
    assert_eq!(
        format!("{number:?} {:?}", Some(&number)),
        "PersonalNumber(19121212-••••) Some(PersonalNumber(19121212-••••))"
    );
}

proptest! {
    #[test]
    fn one_wrong_digit_is_always_found(which in 0..GOOD.len(), at in 2usize..12, other in 1u8..10) {
        let mut digits = GOOD[which].as_bytes().to_vec();
        digits[at] = b'0' + (digits[at] - b'0' + other) % 10;
        prop_assert!(PersonalNumber::parse(std::str::from_utf8(&digits).unwrap()).is_err());
    }

    #[test]
    fn any_text_is_answered_and_what_is_accepted_is_canonical(text in "[0-9 +-]{8,16}|\\PC{0,50}") {
        let read = [PersonalNumber::parse(&text), PersonalNumber::parse_typed(&text, (2026, 11, 23))];
        for number in read.into_iter().flatten() {
            prop_assert_eq!(number.as_str().len(), 12);
            prop_assert_eq!(PersonalNumber::parse(number.as_str()), Ok(number.clone()));
        }
    }

    #[test]
    fn errors_do_not_repeat_what_was_typed(tail in "[1-9]{4}") {
        let text = format!("19121212-{tail}");
        if let Err(e) = PersonalNumber::parse(&text) {
            let said = format!("{e} {e:?}");
            prop_assert!(!said.contains(&tail) && !said.contains("1912"));
        }
    }
}
