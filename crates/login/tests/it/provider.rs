//! A failed, slow or lying provider: nothing is believed that has not been verified.

use super::world::{World, failed, pending, request, told, verified};
use login::{Attention, Method as _, Progress, Purpose, bankid::HighestRisk};
use serde_json::json;
use std::time::{Duration, Instant};

/// Lies in the evidence of a completed login, each refused by its own code.
#[tokio::test]
async fn every_lie_is_refused_by_its_code() {
    let world = World::start().await;
    for (lie, cause) in [
        ("wrong_signature", "evidence:SIGNATURE_WRONG"),
        ("revoked", "evidence:OCSP_REVOKED"),
        ("wrong_nonce", "evidence:OCSP_NONCE"),
        ("other_person", "evidence:WRONG_PERSON"),
        ("wrong_policy", "evidence:POLICY_WRONG"),
        ("other_text", "evidence:DATA_MISMATCH"),
        ("other_operation", "evidence:WRONG_OPERATION"),
    ] {
        world.fault(lie).await;
        let mut order = world.scanned_and_approved("astrid").await;
        let failure = failed(world.poll(&mut order).await);
        assert_eq!(failure.cause, cause, "{lie}");
        assert_eq!(
            (failure.outcome.code.as_str(), failure.outcome.text),
            ("unverified", "bankid-unverified")
        );
        assert_eq!(failure.outcome.attention, Attention::SecurityEvent);
        assert!(matches!(world.poll(&mut order).await, Progress::Gone), "{lie}: there is no second try");
    }
    world.logged_in("astrid").await;
}

/// `high` reaches us only where risk is not required; a grade that we do not know counts as high.
#[tokio::test]
async fn a_high_risk_is_stopped() {
    let world = World::start().await;
    world.control("/phone/risk", json!({"person": "astrid", "risk": "moderate"})).await;
    world.logged_in("astrid").await;
    let (status, _) = world.control("/phone/risk", json!({"person": "astrid", "risk": "high"})).await;
    assert!((200..300).contains(&status));
    let mut order = world.scanned_and_approved("astrid").await;
    let (code, text, cause) = told(world.poll(&mut order).await);
    assert_eq!((code, text, cause.as_str()), ("risk_blocked", "bankid-risk-blocked", "evidence:RISK"));

    let strict = world
        .another(&login::bankid::Settings { highest_risk: Some(HighestRisk::Moderate), ..world.settings() });
    let mut order = strict.start(&request(Purpose::Login)).await.unwrap();
    let qr = order.qr_text(domain::Clock::now(&*world.clock)).unwrap();
    world.control("/phone/scan", json!({"person": "astrid", "qr": qr})).await;
    world.control("/phone/approve", json!({"person": "astrid"})).await;
    let (code, _, cause) = told(world.poll(&mut order).await);
    assert_eq!((code, cause.as_str()), ("risk_blocked", "hint:transactionRiskBlocked"));
}

#[tokio::test]
async fn maintenance_is_bridged_and_then_told() {
    let world = World::start().await;
    world.faults("503", 2).await;
    let mut order = world.login().await;
    world.faults("503", 2).await;
    assert_eq!(pending(world.poll(&mut order).await).0, "waiting_start");
    assert_eq!(pending(world.poll(&mut order).await).0, "waiting_start");
    world.scan(&order, "astrid").await;
    world.approve("astrid").await;
    verified(world.poll(&mut order).await);

    world.faults("503", 3).await;
    let failure = world.bankid.start(&request(Purpose::Login)).await.unwrap_err();
    assert_eq!((failure.outcome.code.as_str(), failure.outcome.text), ("provider_down", "bankid-rfa5"));
    assert_eq!(failure.cause, "http:503:maintenance");

    let mut order = world.login().await;
    world.faults("503", 3).await;
    assert_eq!(pending(world.poll(&mut order).await), ("waiting_start", "bankid-rfa1"));
    assert_eq!(pending(world.poll(&mut order).await), ("waiting_start", "bankid-rfa1"));
    // Told, and waited for: it may have been approved in the meantime.
    assert_eq!(pending(world.poll(&mut order).await), ("waiting_start", "bankid-silent"));
    assert_eq!(world.bankid.standing().lately.failed, 10);
    assert!(world.bankid.standing().failing > 0, "questions count as well as beginnings");
    world.scan(&order, "astrid").await;
    world.approve("astrid").await;
    verified(world.poll(&mut order).await);
    assert_eq!(world.bankid.standing().failing, 0);

    let mut order = world.login().await;
    world.faults("503", 4).await;
    for text in ["bankid-rfa1", "bankid-rfa1", "bankid-silent"] {
        assert_eq!(pending(world.poll(&mut order).await).1, text);
    }
    world.clock.advance(login::bankid::PATIENCE);
    assert_eq!(told(world.poll(&mut order).await).2, "http:503:maintenance");
}

/// A no to one order says nothing of the others.
#[tokio::test]
async fn a_no_to_one_order_is_an_answer() {
    let world = World::start().await;
    world.fault("wrong_signature").await;
    let mut order = world.scanned_and_approved("astrid").await;
    failed(world.poll(&mut order).await);
    let mut order = world.scanned_and_approved("bengt").await;
    verified(world.poll(&mut order).await);
    assert_eq!((world.bankid.standing().calls.failed, world.bankid.standing().failing), (0, 0));
    world.fault("garbage").await;
    world.bankid.start(&request(Purpose::Login)).await.unwrap_err();
    assert_eq!(world.bankid.standing().calls.failed, 1);
}

#[tokio::test]
async fn an_internal_error_is_told_at_once() {
    let world = World::start().await;
    for (fault, text, cause) in [
        ("500", "bankid-rfa5", "http:500:internalError"),
        ("408", "bankid-rfa5", "http:408:requestTimeout"),
        ("garbage", "bankid-rfa5", "call:garbage"),
    ] {
        world.fault(fault).await;
        let failure = world.bankid.start(&request(Purpose::Login)).await.unwrap_err();
        assert_eq!((failure.outcome.text, failure.cause.as_str()), (text, cause));
        let mut order = world.login().await;
        world.fault(fault).await;
        let (code, text_at_collect, cause_at_collect) = told(world.poll(&mut order).await);
        assert_eq!(
            (code, text_at_collect, cause_at_collect.as_str()),
            ("provider_down", text, cause),
            "{fault}"
        );
    }
}

/// An error code that does not exist yet survives, with the general text.
#[tokio::test]
async fn an_unknown_error_code_survives() {
    let world = World::start().await;
    world.fault("unknown_error").await;
    let failure = world.bankid.start(&request(Purpose::Login)).await.unwrap_err();
    assert_eq!(failure.outcome.code.as_str(), "provider_down");
    assert!(failure.cause.starts_with("http:"), "{}", failure.cause);
}

#[tokio::test]
async fn a_slow_provider_holds_nobody_up_and_loses_no_login() {
    let world = World::start().await;
    world.fault("slow").await;
    let begun = Instant::now();
    let failure = world.bankid.start(&request(Purpose::Login)).await.unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(7), "{:?}", begun.elapsed());
    assert_eq!((failure.outcome.text, failure.cause.as_str()), ("bankid-rfa5", "call:timed_out"));

    // While an order lives, one late answer is no reason to end it.
    let mut order = world.login().await;
    world.fault("slow").await;
    assert_eq!(pending(world.poll(&mut order).await).0, "waiting_start");
    world.scan(&order, "astrid").await;
    world.approve("astrid").await;
    verified(world.poll(&mut order).await);
}
