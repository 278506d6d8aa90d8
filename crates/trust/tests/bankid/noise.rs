//! Random changes of a good signature: never accepted, never a panic.

use crate::corpus::{Case, cases};
use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use std::sync::LazyLock;

static GOOD: LazyLock<Case> = LazyLock::new(|| cases().remove("good").unwrap());

/// Replaces, removes or inserts a byte.
fn disturbed(bytes: &[u8], at: usize, kind: u8, byte: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = at % bytes.len();
    match kind {
        0 => bytes[at] = byte,
        1 => drop(bytes.remove(at)),
        _ => bytes.insert(at, byte),
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_document_is_refused(at in 0usize..20_000, kind in 0u8..3, byte in any::<u8>()) {
        let xml = GOOD.xml.as_ref().unwrap().as_bytes();
        let changed = disturbed(xml, at, kind, byte);
        prop_assume!(changed != xml);
        // The nonce alone would refuse every one of these, so the codes are also asked for below.
        prop_assert!(GOOD.verify_these(&STANDARD.encode(changed), &GOOD.ocsp).is_err());
    }

    #[test]
    fn a_changed_answer_is_refused(at in 0usize..4_000, kind in 0u8..3, byte in any::<u8>()) {
        let der = STANDARD.decode(&GOOD.ocsp).unwrap();
        let changed = disturbed(&der, at, kind, byte);
        prop_assume!(changed != der);
        let verdict = GOOD.verify_these(&GOOD.signature, &STANDARD.encode(&changed));
        prop_assert!(verdict.is_err(), "byte {} of the answer", at % der.len());
    }

    #[test]
    fn changed_base64_is_refused(at in 0usize..20_000, kind in 0u8..3, byte in 0x20u8..0x7f) {
        for (signature, ocsp) in [
            (String::from_utf8(disturbed(GOOD.signature.as_bytes(), at, kind, byte)).unwrap(), GOOD.ocsp.clone()),
            (GOOD.signature.clone(), String::from_utf8(disturbed(GOOD.ocsp.as_bytes(), at, kind, byte)).unwrap()),
        ] {
            if signature != GOOD.signature || ocsp != GOOD.ocsp {
                prop_assert!(GOOD.verify_these(&signature, &ocsp).is_err());
            }
        }
    }

    #[test]
    fn any_text_is_answered(signature in "\\PC{0,200}", ocsp in "[A-Za-z0-9+/]{0,200}") {
        prop_assert!(GOOD.verify_these(&signature, &ocsp).is_err());
        prop_assert!(GOOD.verify_these(&STANDARD.encode(&signature), &ocsp).is_err());
        prop_assert!(GOOD.verify_these(&GOOD.signature, &ocsp).is_err());
    }
}

/// Without the nonce's help: each changed byte inside the signed elements is found by digest or signature, so no
/// later check is ever asked about a changed document.
#[test]
fn every_byte_that_is_signed_counts() {
    let xml = GOOD.xml.as_ref().unwrap();
    for element in ["SignedInfo", "KeyInfo", "bankIdSignedData"] {
        let from = xml.find(&format!("<{element} ")).unwrap();
        let to = xml.find(&format!("</{element}>")).unwrap();
        for at in (from..to).step_by(13) {
            let mut bytes = xml.clone().into_bytes();
            bytes[at] = if bytes[at] == b'a' { b'b' } else { b'a' };
            let code = GOOD.verify_these(&STANDARD.encode(bytes), &GOOD.ocsp).unwrap_err().code();
            let early =
                code.starts_with("XML_") || ["DIGEST_MISMATCH", "SIGNATURE_WRONG", "BASE64"].contains(&code);
            assert!(early, "{code} for byte {at} in {element}");
        }
    }
}
