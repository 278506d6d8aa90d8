//! Everything that can end an order on the person's side.

use super::world::{World, pending, told};
use login::{Method as _, Progress, bankid::codes::FailedHint};

#[tokio::test]
async fn the_person_says_no() {
    let world = World::start().await;
    let mut order = world.login().await;
    world.scan(&order, "astrid").await;
    world.refuse("astrid").await;
    let (code, text, cause) = told(world.poll(&mut order).await);
    assert_eq!((code, text, cause.as_str()), ("cancelled_by_user", "bankid-rfa6", "hint:userCancel"));
    assert!(order.has_ended() && matches!(world.poll(&mut order).await, Progress::Gone));
}

#[tokio::test]
async fn the_person_cancels_on_the_page() {
    let world = World::start().await;
    let mut order = world.login().await;
    let stale = order.clone();
    world.scan(&order, "astrid").await;
    world.bankid.cancel(&mut order).await.unwrap();
    assert!(order.has_ended() && matches!(world.poll(&mut order).await, Progress::Gone));
    let (status, _) = world.control("/phone/approve", serde_json::json!({"person": "astrid"})).await;
    assert!((400..500).contains(&status), "the phone has nothing left to approve: {status}");
    // Twice, and by a request that does not know of the first: no failure.
    world.bankid.cancel(&mut order).await.unwrap();
    world.bankid.cancel(&mut stale.clone()).await.unwrap();
}

/// Every failed hint of the interface, and one that does not exist yet.
#[tokio::test]
async fn every_failed_hint_has_its_text() {
    let world = World::start().await;
    let hints = FailedHint::KNOWN.iter().filter(|hint| **hint != FailedHint::StartFailed);
    for hint in hints.map(FailedHint::as_str).chain(["somethingNew"]) {
        let mut order = world.login().await;
        world.scan(&order, "astrid").await;
        world.hint("astrid", hint, "failed").await;
        let (code, text, cause) = told(world.poll(&mut order).await);
        let expected = match hint {
            "expiredTransaction" => ("expired", "bankid-rfa8"),
            "certificateErr" => ("id_unusable", "bankid-rfa16"),
            "userCancel" => ("cancelled_by_user", "bankid-rfa6"),
            "cancelled" => ("cancelled_other", "bankid-rfa3"),
            "userDeclinedCall" => ("cancelled_by_user", "bankid-call-declined"),
            "notSupportedByUserApp" => ("client_too_old", "bankid-app-too-old"),
            "transactionRiskBlocked" => ("risk_blocked", "bankid-risk-blocked"),
            "mrtdVerificationFailed" => ("id_unusable", "bankid-rfa26"),
            "facialRecognitionFailed" => ("id_unusable", "bankid-rfa27"),
            "nfcNotSupportedByDevice" => ("client_too_old", "bankid-rfa28"),
            "multipleBankIdsOnDevice" => ("id_unusable", "bankid-rfa29"),
            "stepUpFailed" => ("id_unusable", "bankid-rfa30"),
            "somethingNew" => ("provider_down", "bankid-rfa22"),
            other => panic!("a hint without a row here: {other}"),
        };
        assert_eq!((code, text), expected, "{hint}");
        assert_eq!(cause, format!("hint:{hint}"));
    }
}

/// Every pending hint of the interface, and one that does not exist yet: the order goes on.
#[tokio::test]
async fn every_pending_hint_has_its_text() {
    let world = World::start().await;
    let mut order = world.login().await;
    world.scan(&order, "astrid").await;
    for (hint, text) in [
        ("started", "bankid-rfa15b"),
        ("userMrtd", "bankid-rfa23"),
        ("userCallConfirm", "bankid-call-confirm"),
        ("userSign", "bankid-rfa9-auth"),
        ("processing", "bankid-rfa21-auth"),
        ("userStepUp", "bankid-rfa25"),
        ("userFace", "bankid-rfa24"),
        ("somethingNew", "bankid-rfa21-auth"),
    ] {
        world.hint("astrid", hint, "pending").await;
        assert_eq!(pending(world.poll(&mut order).await), ("in_client", text), "{hint}");
    }
}

#[tokio::test]
async fn an_order_that_is_never_approved_expires() {
    let world = World::start().await;
    let mut order = world.login().await;
    world.scan(&order, "astrid").await;
    assert_eq!(pending(world.poll(&mut order).await).0, "in_client");
    world.clock.advance(std::time::Duration::from_secs(181));
    let (code, text, _) = told(world.poll(&mut order).await);
    assert_eq!((code, text), ("expired", "bankid-rfa8"));
}
