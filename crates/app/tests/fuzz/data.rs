//! Numbers of people and organisations, and names that strangers choose.

use crate::mutate::{drive, text};
use ident::{OrganisationNumber, PersonalNumber};

#[test]
fn fuzz_numbers() {
    let people = ["199205052385", "191212121212", "197010632391"];
    drive("personal numbers", 1, &people, |input| {
        let Some(read) = text(input).and_then(|text| PersonalNumber::parse(text).ok()) else { return false };
        assert_eq!(PersonalNumber::parse(read.as_str()).unwrap(), read);
        assert!(read.as_str().len() == 12 && read.as_str().bytes().all(|b| b.is_ascii_digit()));
        for shown in [format!("{read:?}"), format!("{read}")] {
            let masked = shown.contains("••••") && !shown.ends_with(&read.as_str()[8..]);
            assert!(masked && !shown.contains(read.as_str()), "a number is never shown whole");
        }
        true
    });
    let typed = ["19920505-2385", "920505-2385", "199205052385", "19 920505 2385", "121212+1212"];
    drive("personal numbers, typed", 1, &typed, |input| {
        let Some(typed) = text(input) else { return false };
        let Ok(read) = PersonalNumber::parse_typed(typed, (2026, 6, 1)) else { return false };
        assert_eq!(PersonalNumber::parse(read.as_str()).unwrap(), read);
        true
    });
    drive("organisation numbers", 1, &["4056201108", "405620-1108"], |input| {
        let Some(read) = text(input).and_then(|text| OrganisationNumber::parse(text).ok()) else {
            return false;
        };
        assert_eq!(OrganisationNumber::parse(&read.to_string()).unwrap(), read);
        true
    });
}

#[test]
fn fuzz_reference_codes() {
    let code = activity::Reference::new(&app::SystemEntropy::new());
    drive("reference codes", 1, &[code.to_string()], |input| {
        let Some(read) = text(input).and_then(|text| text.parse::<activity::Reference>().ok()) else {
            return false;
        };
        assert_eq!(read.to_string().parse::<activity::Reference>().unwrap(), read);
        true
    });
}
