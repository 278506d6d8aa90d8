//! Whatever the house can say by a code has words in both languages: letters, refusals, faults of fields, events.
//!
//! The codes are read out of the sources, so that a new one without words fails here and not before a person.

use page::{Lang, Texts, Tr};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Sources that name codes: the use cases and the services.
const SOURCES: [&str; 2] = ["../app/src", "../../services"];

fn sources(from: &[&str]) -> String {
    fn read(folder: &Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, all);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                all.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut all = String::new();
    for folder in from {
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
    }
    all
}

/// What follows `before` in quotation marks, wherever it stands.
fn quoted<'s>(all: &'s str, before: &str) -> BTreeSet<&'s str> {
    all.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Of the services only their texts are missing here; they bring their own.
fn texts() -> Arc<Texts> {
    Texts::new(&web::texts()).unwrap()
}

fn both(texts: &Arc<Texts>) -> [Tr; 2] {
    Lang::ALL.map(|lang| texts.tr(lang))
}

/// Keys without words in some language. Codes of a service's own may have their words in its own files.
fn missing(keys: impl IntoIterator<Item = String>) -> Vec<String> {
    let (texts, of_services) = (texts(), services_words());
    let lacks = |key: &String| {
        both(&texts).iter().any(|tr| !tr.has(key)) && !of_services.contains(&format!("\n{key} ="))
    };
    keys.into_iter().filter(lacks).collect()
}

fn services_words() -> String {
    fn read(folder: &Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, all);
            } else if path.extension().is_some_and(|ending| ending == "ftl") {
                all.push('\n');
                all.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut all = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services"), &mut all);
    all
}

fn key(kind: &str, code: &str) -> String {
    format!("{kind}-{}", code.to_ascii_lowercase().replace(['_', '.'], "-"))
}

// R-004-20, R-004-23: both sides get their letters.
#[test]
fn every_letter_has_a_subject_and_words() {
    let all = sources(&SOURCES);
    let templates =
        quoted(&all, "\"mail-").into_iter().map(|end| format!("mail-{end}")).collect::<BTreeSet<_>>();
    assert!(templates.len() >= 7, "{templates:?}");
    let keys = templates.iter().flat_map(|template| [template.clone(), format!("{template}-subject")]);
    assert_eq!(missing(keys), Vec::<String>::new());
}

#[test]
fn letters_are_filled_in_and_tell_the_reason() {
    let texts = texts();
    for tr in both(&texts) {
        let say = |reason: &str| {
            tr.with(
                "mail-application-returned",
                &[("argument", reason.into()), ("url", "https://e.example".into())],
            )
        };
        let codes = app::application::ReturnReason::ALL.map(|reason| say(reason.code()));
        assert!(codes.iter().all(|text| text.contains("https://e.example/help")), "{codes:?}");
        // A new reason without words of its own would say the same as an unknown one.
        let told: BTreeSet<_> = codes.into_iter().chain([say("unheard_of")]).collect();
        assert_eq!(told.len(), app::application::ReturnReason::ALL.len() + 1);
    }
}

#[test]
fn every_conflict_of_the_house_has_words() {
    let all = sources(&SOURCES);
    let of_app = quoted(&all, "Conflict(\"");
    assert!(of_app.contains("TWO_PERSONS") && of_app.contains("SESSION_ENDED"), "{of_app:?}");
    let of_authority = authority::code::ALL;
    let of_authority = of_authority
        .iter()
        .filter(|code| ["GIVE_", "RULE_", "END_"].iter().any(|begin| code.starts_with(begin)));
    // These two have problem pages of their own.
    let of_app = of_app.into_iter().filter(|code| !["EVIDENCE_REFUSED", "ORDER_NOT_READY"].contains(code));
    let codes: BTreeSet<&str> = of_app.chain(of_authority.copied()).collect();
    assert_eq!(missing(codes.into_iter().map(|code| key("conflict", code))), Vec::<String>::new());
    assert_eq!(missing(["conflict-other".to_owned()]), Vec::<String>::new());
}

#[test]
fn every_fault_of_a_field_has_words() {
    let all = sources(&["../app/src"]);
    let calls = all.split("FieldFault::new(").skip(1).filter_map(|rest| rest.split(')').next());
    let mut codes: BTreeSet<&str> = calls
        .filter_map(|call| call.split('"').rev().nth(1))
        .filter(|code| !code.is_empty() && code.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
        .collect();
    assert!(codes.contains("EMAIL_FORM") && codes.contains("DATE_PAST"), "{codes:?}");
    use ident::IdentError::{Century, Checksum, Date, Digits, Length, Serial, Type};
    codes.extend([Length, Digits, Type, Date, Century, Serial, Checksum].map(ident::IdentError::code));
    assert_eq!(missing(codes.into_iter().map(|code| key("fault", code))), Vec::<String>::new());
}

#[test]
fn every_event_of_the_log_has_words() {
    let all = sources(&["../app/src"]);
    let words = |text: &&str| {
        let parts: Vec<&str> = text.split('.').collect();
        let of_catalogue = ["employer", "platform"].contains(&parts[0]);
        parts.len() == 2
            && !of_catalogue
            && parts
                .iter()
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
    };
    let events: BTreeSet<&str> = all.split('"').filter(words).collect();
    assert!(events.contains("mandate.given") && events.contains("login.done"), "{events:?}");
    assert_eq!(missing(events.into_iter().map(|event| key("event", event))), Vec::<String>::new());
}
