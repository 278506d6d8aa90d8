//! Every code has a text in both languages, and the table is the issuer's.

use super::*;
use fluent_bundle::{FluentBundle, FluentResource};
use std::collections::BTreeSet;

const SITUATIONS: [Situation; 6] = {
    use Device::{Other, ThisComputer, ThisMobile};
    use Operation::{Identification, Signing};
    [
        Situation { operation: Identification, device: Other },
        Situation { operation: Identification, device: ThisComputer },
        Situation { operation: Identification, device: ThisMobile },
        Situation { operation: Signing, device: Other },
        Situation { operation: Signing, device: ThisComputer },
        Situation { operation: Signing, device: ThisMobile },
    ]
};

fn bundle(ftl: &str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::default();
    bundle
        .add_resource(FluentResource::try_new(ftl.to_owned()).expect("sound Fluent"))
        .expect("no key twice");
    bundle
}

fn keys(ftl: &str) -> BTreeSet<&str> {
    ftl.lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split_once(" ="))
        .map(|(key, _)| key)
        .collect()
}

fn every_outcome() -> Vec<Outcome> {
    let mut all = vec![unverified(), wrong_person(), risk_blocked()];
    for situation in SITUATIONS {
        all.push(not_started(situation));
        all.push(silent(&PendingHint::Started, situation));
        all.extend(PendingHint::KNOWN.iter().map(|hint| pending(hint, situation)));
        all.extend(FailedHint::KNOWN.iter().map(|hint| failed(hint, situation)));
        all.push(pending(&PendingHint::Other("new".into()), situation));
        all.push(failed(&FailedHint::Other("new".into()), situation));
    }
    for code in ErrorCode::KNOWN.iter().cloned().chain([ErrorCode::Other("new".into())]) {
        for status in [400, 418, 500, 502] {
            all.push(call(&CallError::Refused { status, code: code.clone() }));
        }
    }
    let tls = CallError::Tls(super::super::tls::TlsFault::Other);
    all.extend([CallError::TimedOut, CallError::Unreachable, CallError::Garbage, tls].iter().map(call));
    all
}

#[test]
fn every_mapped_key_has_a_text_in_both_languages() {
    let (sv, en) = (bundle(TEXTS_SV), bundle(TEXTS_EN));
    for outcome in every_outcome() {
        assert!(sv.has_message(outcome.text), "{} in Swedish", outcome.text);
        assert!(en.has_message(outcome.text), "{} in English", outcome.text);
    }
    assert_eq!(keys(TEXTS_SV), keys(TEXTS_EN), "the same keys in both");
    assert!(keys(TEXTS_SV).iter().all(|key| sv.has_message(key)));
}

/// Message numbers RFA1–RFA30 of the issuer's list that an implementation must be able to show.
#[test]
fn every_message_of_the_issuer_has_a_text() {
    let keys = keys(TEXTS_SV);
    for number in (1..=30).filter(|n| ![7, 10, 11, 12, 14].contains(n)) {
        let key = format!("bankid-rfa{number}");
        assert!(keys.iter().any(|k| k.starts_with(&key)), "{key}");
    }
}

#[test]
fn the_codes_mean_what_the_table_says() {
    let here = SITUATIONS[0];
    let table = [
        (failed(&FailedHint::UserCancel, here), "cancelled_by_user", "bankid-rfa6"),
        (failed(&FailedHint::Cancelled, here), "cancelled_other", "bankid-rfa3"),
        (failed(&FailedHint::ExpiredTransaction, here), "expired", "bankid-rfa8"),
        (failed(&FailedHint::StartFailed, here), "expired", "bankid-rfa17b"),
        (failed(&FailedHint::StartFailed, SITUATIONS[1]), "expired", "bankid-rfa17a"),
        (failed(&FailedHint::CertificateErr, here), "id_unusable", "bankid-rfa16"),
        (failed(&FailedHint::NotSupportedByUserApp, here), "client_too_old", "bankid-app-too-old"),
        (failed(&FailedHint::TransactionRiskBlocked, here), "risk_blocked", "bankid-risk-blocked"),
        (failed(&FailedHint::Other("x".into()), here), "provider_down", "bankid-rfa22"),
        (pending(&PendingHint::OutstandingTransaction, here), "waiting_start", "bankid-rfa1"),
        (pending(&PendingHint::OutstandingTransaction, SITUATIONS[2]), "waiting_start", "bankid-rfa13"),
        (pending(&PendingHint::Started, SITUATIONS[1]), "in_client", "bankid-rfa15a"),
        (pending(&PendingHint::UserSign, SITUATIONS[3]), "in_client", "bankid-rfa9-sign"),
        (pending(&PendingHint::Other("x".into()), here), "in_client", "bankid-rfa21-auth"),
    ];
    for (outcome, code, text) in table {
        assert_eq!((outcome.code.as_str(), outcome.text), (code, text));
    }
}

#[test]
fn faults_and_retries_are_those_of_the_table() {
    let refused = |status, code| call(&CallError::Refused { status, code });
    let already = refused(400, ErrorCode::AlreadyInProgress);
    assert_eq!((already.text, already.attention), ("bankid-rfa4", Attention::SecurityEvent));
    for code in [
        ErrorCode::InvalidParameters,
        ErrorCode::Unauthorized,
        ErrorCode::NotFound,
        ErrorCode::MethodNotAllowed,
        ErrorCode::UnsupportedMediaType,
    ] {
        let outcome = refused(400, code);
        assert_eq!(
            (outcome.fault, outcome.retry, outcome.attention),
            (FaultClass::Us, Retry::Never, Attention::Alarm)
        );
    }
    assert_eq!(refused(503, ErrorCode::Maintenance).retry, Retry::Silently);
    assert_eq!(refused(500, ErrorCode::InternalError).retry, Retry::ByPerson);
    assert_eq!(refused(408, ErrorCode::RequestTimeout).retry, Retry::ByPerson);
    assert_eq!(refused(418, ErrorCode::Other("teapot".into())).text, "bankid-rfa22");
    assert_eq!(failed(&FailedHint::StartFailed, SITUATIONS[0]).retry, Retry::Renew);
    assert_eq!(failed(&FailedHint::UserDeclinedCall, SITUATIONS[0]).attention, Attention::SecurityEvent);
}
