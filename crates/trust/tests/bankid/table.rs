//! File × expected code, and what a good signature tells.

use crate::corpus::{anchors, cases, folder};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::fs;
use trust::bankid::{AnchorError, Anchors, Operation};
use trust::xml::{canonical_form, parse, text};

#[test]
fn every_case_gets_its_code() {
    let cases = cases();
    assert!(cases.len() >= 140, "the corpus is not whole: {}", cases.len());
    let wrong: Vec<_> = cases
        .values()
        .map(|case| (&case.name, &case.code, case.verify().map_or_else(|fault| fault.code(), |_| "OK")))
        .filter(|(_, code, found)| code != found)
        .collect();
    assert!(wrong.is_empty(), "case, wanted, found: {wrong:#?}");
}

#[test]
fn every_fault_but_one_has_a_case() {
    let codes: std::collections::BTreeSet<_> = cases().into_values().map(|case| case.code).collect();
    let all = [
        "BASE64",
        "XML_MALFORMED",
        "XML_DTD",
        "XML_COMMENT",
        "XML_INSTRUCTION",
        "XML_CDATA",
        "XML_PREFIX",
        "XML_STRUCTURE",
        "XML_DUPLICATE_ID",
        "XML_ALGORITHM",
        "DIGEST_MISMATCH",
        "SIGNATURE_WRONG",
        "CERTIFICATE_MALFORMED",
        "CHAIN_UNTRUSTED",
        "CHAIN_EXPIRED",
        "POLICY_WRONG",
        "KEY_USAGE",
        "OCSP_MALFORMED",
        "OCSP_STATUS",
        "OCSP_RESPONDER",
        "OCSP_SIGNATURE",
        "OCSP_CERT_ID",
        "OCSP_REVOKED",
        "OCSP_UNKNOWN",
        "OCSP_NONCE",
        "OCSP_STALE",
        "DATA_MISMATCH",
        "WRONG_PERSON",
        "WRONG_OPERATION",
        "WRONG_RELYING_PARTY",
    ];
    // TOO_LARGE is below: such files do not belong in a repository.
    assert_eq!(all.into_iter().filter(|code| !codes.contains(*code)).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn too_large_is_refused_and_large_is_not() {
    let good = &cases()["good"];
    let code = |signature: &str, ocsp: &str| good.verify_these(signature, ocsp).unwrap_err().code();
    assert_eq!(code(&"A".repeat(800_000), &good.ocsp), "TOO_LARGE");
    assert_eq!(code(&good.signature, &"A".repeat(100_000)), "TOO_LARGE");
    // 300 kB of base64 in the document pass the reader: what is wrong is then that it was changed.
    let fat = format!("<usrNonVisibleData>{}</usrNonVisibleData><srvInfo>", "A".repeat(300_000));
    let xml = good.xml.as_ref().unwrap().replace("<srvInfo>", &fat);
    assert_eq!(code(&STANDARD.encode(xml), &good.ocsp), "DIGEST_MISMATCH");
    let certificate = format!("<X509Certificate>{}", "A".repeat(40_000));
    let xml = good.xml.as_ref().unwrap().replacen("<X509Certificate>", &certificate, 1);
    assert_eq!(code(&STANDARD.encode(xml), &good.ocsp), "DIGEST_MISMATCH");
}

#[test]
fn a_verified_signature_tells_who_what_and_when() {
    let cases = cases();
    let verified = cases["good"].verify().unwrap();
    assert_eq!(verified.personal_number().as_str(), "191212121212");
    assert_eq!((verified.given_name(), verified.surname()), ("Tolvan", "Tolvansson"));
    assert_eq!(verified.display_name(), "Tolvan Tolvansson");
    assert_eq!(verified.signed_at().to_string(), "2026-06-01T10:00:00Z");
    assert_eq!(verified.policy(), "1.2.3.4.5");
    assert_eq!(verified.operation(), Operation::Identification);
    assert_eq!(verified.visible(), cases["good"].wanted.visible.as_deref().map(str::as_bytes));
    assert_eq!(verified.non_visible(), cases["good"].wanted.non_visible.as_deref().map(str::as_bytes));
    assert!(verified.relying_party().contains("serialNumber=2021005521"));
    assert_eq!(verified.nonce(), [0; 20]);
    assert_eq!(Some(verified.root_fingerprint()), anchors().fingerprints().next());
    let serial = verified.certificate_serial();
    assert!(serial.len() >= 2 && serial.bytes().all(|b| b.is_ascii_hexdigit()));

    let shown = format!("{verified:?}");
    assert!(!shown.contains("Tolvan") && !shown.contains("1912") && !shown.contains("login"), "{shown}");

    let signed = cases["good-signing"].verify().unwrap();
    assert_eq!((signed.operation(), signed.non_visible()), (Operation::Signing, None));
}

/// Vectors by libxml2.
#[test]
fn canonical_forms_are_those_of_another_tool() {
    let vectors: Vec<(String, String)> =
        serde_json::from_str(&fs::read_to_string(folder().join("canonical.json")).unwrap()).unwrap();
    assert!(vectors.len() >= 10);
    for (document, canonical) in vectors {
        let document = parse(text(document.as_bytes()).unwrap()).unwrap();
        assert_eq!(canonical_form(document.root_element()).unwrap(), canonical);
    }
}

#[test]
fn anchors_are_roots_and_nothing_else() {
    let root = fs::read_to_string(folder().join("root.pem")).unwrap();
    let certificates = fs::read_to_string(folder().join("certificates.json")).unwrap();
    let certificates: std::collections::BTreeMap<String, String> =
        serde_json::from_str(&certificates).unwrap();
    let person =
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", certificates["Tolvan"]);
    let table = [
        (String::new(), AnchorError::Empty),
        ("no PEM at all".to_owned(), AnchorError::Empty),
        (root.replace("CERTIFICATE", "PRIVATE KEY"), AnchorError::Empty),
        (root.replace("END CERTIFICATE", "END"), AnchorError::Pem),
        (root.replacen("MII", "***", 1), AnchorError::Pem),
        (format!("{root}{person}"), AnchorError::NotARoot(2)),
        (root.repeat(9), AnchorError::TooMany),
    ];
    for (pem, error) in table {
        assert_eq!(Anchors::from_pem(&pem).unwrap_err(), error);
    }
    assert_eq!(Anchors::from_pem(&format!("{root}{root}")).unwrap().fingerprints().count(), 2);
}
