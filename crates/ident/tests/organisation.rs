//! Organisation numbers: the agency's own (public) and synthetic ones.

use ident::OrganisationNumber;
use proptest::prelude::*;

#[test]
fn forms_that_people_write_are_one_number() {
    for text in ["2021005521", "202100-5521", "16202100-5521", "162021005521", " 202100 5521 "] {
        let number = OrganisationNumber::parse(text).unwrap();
        assert_eq!(
            (number.to_string(), number.digits()),
            ("202100-5521".into(), "2021005521".into()),
            "{text}"
        );
    }
}

#[test]
fn each_fault_has_its_code() {
    let table = [
        ("20210055", "IDENT_LENGTH"),
        ("2021005521000", "IDENT_LENGTH"),
        ("202100+5521", "IDENT_DIGITS"),
        ("2021-005521", "IDENT_DIGITS"),
        ("20210O-5521", "IDENT_DIGITS"),
        // A personal number, in both lengths.
        ("121212-1212", "IDENT_TYPE"),
        ("19121212-1212", "IDENT_TYPE"),
        // 302: a natural person in the company register.
        ("302100-5520", "IDENT_TYPE"),
        ("202100-5520", "IDENT_CHECKSUM"),
    ];
    for (text, code) in table {
        assert_eq!(OrganisationNumber::parse(text).unwrap_err().code(), code, "{text}");
    }
}

#[test]
fn json_goes_round_and_its_errors_keep_silent() {
    let number = OrganisationNumber::parse("202100-5521").unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), "\"2021005521\"");
    assert_eq!(serde_json::from_str::<OrganisationNumber>("\"202100-5521\"").unwrap(), number);
    // A personal number that lands here by mistake must not reach a log through the message.
    for text in ["191212121212", "\"191212121212\"", "1.91212121212", "-191212121212"] {
        let said = serde_json::from_str::<OrganisationNumber>(text).unwrap_err().to_string();
        assert!(!said.contains("1212"), "{said}");
    }
}

proptest! {
    #[test]
    fn exactly_one_check_digit_fits(head in "[1-9][0-9][2-9][0-9]{6}") {
        prop_assume!(!head.starts_with("302"));
        let fitting = (0..10).filter(|d| OrganisationNumber::parse(&format!("{head}{d}")).is_ok()).count();
        prop_assert_eq!(fitting, 1);
    }
}
