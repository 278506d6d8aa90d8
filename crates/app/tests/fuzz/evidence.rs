//! What the e-ID's provider answers: the answer, the signature in it, the OCSP answer in it. None but the examples themselves
//! may ever verify.

use crate::mutate::{drive, text};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Instant;
use ident::PersonalNumber;
use login::bankid::Completed;
use login::bankid::codes::{FailedHint, PendingHint};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use trust::bankid::{Anchors, Expected, Operation, verify};

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../trust/tests/corpus")
}

/// The good signature of the corpus with its OCSP answer.
fn good() -> (String, Vec<u8>) {
    let read = |name: &str| std::fs::read_to_string(corpus().join(name)).unwrap();
    let case: Value = serde_json::from_str(&read("cases/good.json")).unwrap();
    let certificates: BTreeMap<String, String> = serde_json::from_str(&read("certificates.json")).unwrap();
    let xml = certificates.iter().fold(case["xml"].as_str().unwrap().to_owned(), |xml, (name, base64)| {
        xml.replace(&format!("{{{name}}}"), base64)
    });
    (xml, STANDARD.decode(case["ocsp"].as_str().unwrap()).unwrap())
}

fn verifies(signature: &str, ocsp: &str) -> bool {
    let anchors = Anchors::from_pem(&std::fs::read_to_string(corpus().join("root.pem")).unwrap()).unwrap();
    let case: Value =
        serde_json::from_str(&std::fs::read_to_string(corpus().join("cases/good.json")).unwrap()).unwrap();
    let asked = &case["expected"];
    let now = Instant::from(asked["now"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap());
    let expected = Expected {
        operation: Operation::Identification,
        personal_number: &PersonalNumber::parse(asked["personal_number"].as_str().unwrap()).unwrap(),
        visible: asked["visible"].as_str().map(str::as_bytes),
        non_visible: asked["non_visible"].as_str().map(str::as_bytes),
        policies: &["1.2.3.4.5"],
        relying_party: asked["relying_party"].as_str(),
    };
    verify(signature, ocsp, &expected, &anchors, now).is_ok()
}

#[test]
fn fuzz_signatures() {
    let (xml, ocsp) = good();
    let answer = STANDARD.encode(&ocsp);
    drive("signatures", 4, &[&xml], |input| {
        let verified = verifies(&STANDARD.encode(input), &answer);
        assert_eq!(verified, input == xml.as_bytes(), "only what was signed verifies");
        verified
    });
    let signature = STANDARD.encode(&xml);
    drive("OCSP answers", 4, &[&ocsp], |input| {
        let verified = verifies(&signature, &STANDARD.encode(input));
        assert_eq!(verified, input == ocsp, "only what the responder signed verifies");
        verified
    });
    // The reader alone, on documents of which canonical XML must be a fixed point.
    drive("XML", 2, &["<a xmlns=\"urn:x\" b=\"1\">å &amp; &#13;<c xmlns=\"\"></c></a>", &xml], |input| {
        let Some(document) = trust::xml::text(input).ok().and_then(|text| trust::xml::parse(text).ok())
        else {
            return false;
        };
        let Ok(once) = trust::xml::canonical_form(document.root_element()) else { return false };
        let again = trust::xml::parse(&once).expect("canonical XML is XML");
        assert_eq!(trust::xml::canonical_form(again.root_element()).unwrap(), once);
        true
    });
}

#[test]
fn fuzz_answers_of_the_provider() {
    let answer = json!({"orderRef": "131daac9-16c6-4618-beb0-365768f37288", "status": "complete", "completionData": {
        "user": {"personalNumber": "191212121212", "name": "Tolvan Tolvansson", "givenName": "Tolvan", "surname": "Tolvansson"},
        "device": {"ipAddress": "192.168.0.1", "uhi": "x"}, "bankIdIssueDate": "2026-01-01Z", "risk": "low",
        "signature": "PD94", "ocspResponse": "MII"}});
    drive("completions", 1, &[answer.to_string()], |input| {
        let Ok(read) = Completed::parse(input.to_vec()) else { return false };
        assert!(!format!("{read:?}").contains("1912"), "no number in a log");
        true
    });
    // A code that nobody knows yet is kept, and a text of any kind is one.
    drive("hints", 1, &["outstandingTransaction", "userCancel", "aHintOfTomorrow"], |input| {
        let Some(code) = text(input) else { return false };
        let (pending, failed) = (PendingHint::parse(code), FailedHint::parse(code));
        for shown in [pending.as_str(), failed.as_str()] {
            assert!(shown.len() <= 64 && shown.bytes().all(|b| b.is_ascii_graphic()), "{shown:?} in a log");
        }
        true
    });
}
