//! The phone: codes, refusals, forced hints.

use crate::bed::{Bed, qr};
use serde_json::json;

#[tokio::test]
async fn the_phone_shows_who_asks_for_what() {
    let bed = Bed::new().await;
    let order = bed
        .order(
            "sign",
            json!({
                "endUserIp": "127.0.0.1",
                "userVisibleData": crate::bed::b64("Jag anmäler <b>sjukdom</b>"),
                "returnUrl": "http://localhost:8400/back#nonce"
            }),
        )
        .await;
    let shown = bed.ok("/phone/scan", json!({"person": "elin", "qr": order.qr(1)})).await;
    assert_eq!(
        shown,
        json!({
            "order": "sign",
            "relying_party": "Exempelmyndigheten",
            "text": "Jag anmäler <b>sjukdom</b>",
            "return_url": "http://localhost:8400/back#nonce"
        })
    );
}

#[tokio::test]
async fn codes_that_are_not_right_are_refused() {
    let bed = Bed::new().await;
    let (order, other) = (bed.auth().await, bed.auth().await);
    let token = order.text("qrStartToken");
    let foreign = "00000000-0000-4000-8000-000000000000";
    for (text, status, code) in [
        (String::new(), 422, "QR_SYNTAX"),
        ("https://example.se".to_owned(), 422, "QR_SYNTAX"),
        ("x".repeat(10_000), 422, "QR_SYNTAX"),
        (order.qr(0).to_uppercase(), 422, "QR_SYNTAX"),
        (qr(foreign, order.text("qrStartSecret"), 0), 422, "QR_FOREIGN"),
        (qr(order.text("autoStartToken"), order.text("qrStartSecret"), 0), 422, "QR_FOREIGN"),
        (qr(token, other.text("qrStartSecret"), 0), 422, "QR_WRONG"),
        (order.qr(0).replace(".0.", ".1."), 422, "QR_WRONG"),
        (order.qr(9), 409, "QR_STALE"),
    ] {
        let (got, said) = bed.refused("/phone/scan", json!({"person": "astrid", "qr": text})).await;
        assert_eq!((got, said.as_str()), (status, code), "{}", &text[..text.len().min(100)]);
    }
    bed.advance(10).await;
    let scan = json!({"person": "astrid", "qr": order.qr(0)});
    assert_eq!(bed.refused("/phone/scan", scan).await, (409, "QR_STALE".into()));
    bed.ok("/phone/scan", json!({"person": "astrid", "qr": order.qr(10)})).await;
}

#[tokio::test]
async fn an_order_is_picked_up_once() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    bed.scan("astrid", &order).await;
    for person in ["astrid", "bengt"] {
        let scan = json!({"person": person, "qr": order.qr(0)});
        assert_eq!(bed.refused("/phone/scan", scan).await, (409, "ALREADY_PICKED_UP".into()));
        let start = json!({"person": person, "autostart_token": order.text("autoStartToken")});
        assert_eq!(bed.refused("/phone/start", start).await, (409, "ALREADY_PICKED_UP".into()));
    }
    bed.ok("/phone/approve", json!({"person": "astrid"})).await;
    let scan = json!({"person": "astrid", "qr": order.qr(0)});
    assert_eq!(bed.refused("/phone/scan", scan).await, (409, "ORDER_OVER".into()));
    assert_eq!(bed.refused("/phone/approve", json!({"person": "astrid"})).await, (409, "NO_ORDER".into()));
}

#[tokio::test]
async fn wrong_tokens_and_persons_are_refused() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    let start = |person: &str, token: &str| json!({"person": person, "autostart_token": token});
    let refused = bed.refused("/phone/start", start("astrid", "x")).await;
    assert_eq!(refused, (422, "TOKEN_SYNTAX".into()));
    let refused = bed.refused("/phone/start", start("astrid", order.text("orderRef"))).await;
    assert_eq!(refused, (422, "TOKEN_FOREIGN".into()));
    let refused = bed.refused("/phone/start", start("nobody", order.text("autoStartToken"))).await;
    assert_eq!(refused, (404, "UNKNOWN_PERSON".into()));
    for path in ["/phone/approve", "/phone/refuse"] {
        assert_eq!(bed.refused(path, json!({"person": "nobody"})).await, (404, "UNKNOWN_PERSON".into()));
        assert_eq!(bed.refused(path, json!({"person": "astrid"})).await, (409, "NO_ORDER".into()));
    }
}

#[tokio::test]
async fn declining_is_user_cancel() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    bed.scan("astrid", &order).await;
    bed.ok("/phone/refuse", json!({"person": "astrid"})).await;
    assert_eq!(bed.hint(&order).await, "failed userCancel");
}

#[tokio::test]
async fn a_blocked_bankid_is_certificate_err() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    bed.scan("leif", &order).await;
    let approved = bed.ok("/phone/approve", json!({"person": "leif"})).await;
    assert_eq!(approved, json!({"status": "failed", "hint": "certificateErr"}));
    assert_eq!(bed.hint(&order).await, "failed certificateErr");
}

#[tokio::test]
async fn any_hint_can_be_forced() {
    let bed = Bed::new().await;
    for hint in ["expiredTransaction", "notSupportedByUserApp", "somethingNobodyKnows"] {
        let order = bed.auth().await;
        bed.scan("astrid", &order).await;
        bed.ok("/phone/fault", json!({"person": "astrid", "hint": hint})).await;
        assert_eq!(bed.hint(&order).await, format!("failed {hint}"));
    }
    let order = bed.auth().await;
    bed.scan("astrid", &order).await;
    bed.ok("/phone/fault", json!({"person": "astrid", "hint": "userMrtd", "status": "pending"})).await;
    assert_eq!(bed.hint(&order).await, "pending userMrtd");
    assert_eq!(bed.hint(&order).await, "pending userMrtd");
    bed.ok("/phone/approve", json!({"person": "astrid"})).await;
    assert_eq!(bed.hint(&order).await, "complete");
    let bad = json!({"person": "astrid", "hint": "no words"});
    assert_eq!(bed.refused("/phone/fault", bad).await, (422, "HINT".into()));
}
