//! The life of an order: hints, times, retention, one order per person, filters.

use crate::bed::{Bed, Order};
use serde_json::json;

async fn named(bed: &Bed, number: &str) -> Order {
    bed.order("auth", json!({"endUserIp": "127.0.0.1", "requirement": {"personalNumber": number}})).await
}

const ASTRID: &str = "199001012385";

#[tokio::test]
async fn by_qr_the_hints_go_outstanding_user_sign_complete() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    assert_eq!(bed.hint(&order).await, "pending outstandingTransaction");
    bed.scan("astrid", &order).await;
    assert_eq!(bed.hint(&order).await, "pending userSign");
    assert_eq!(bed.ok("/phone/approve", json!({"person": "astrid"})).await, json!({"status": "complete"}));
    let answer = bed.collect(&order).await;
    assert_eq!(answer["orderRef"].as_str(), Some(order.text("orderRef")));
    assert_eq!(answer["status"], "complete");
    assert!(answer.get("hintCode").is_none());
}

#[tokio::test]
async fn by_autostart_the_hint_is_started_first() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    bed.ok("/phone/start", json!({"person": "astrid", "autostart_token": order.text("autoStartToken")}))
        .await;
    assert_eq!(bed.hint(&order).await, "pending started");
    assert_eq!(bed.hint(&order).await, "pending userSign");
}

#[tokio::test]
async fn a_completion_is_handed_out_once() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    bed.complete("astrid", &order).await;
    assert!(bed.is_unknown(&order).await);
}

#[tokio::test]
async fn an_order_must_be_picked_up_within_30_seconds() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    bed.advance(28).await;
    assert_eq!(bed.hint(&order).await, "pending outstandingTransaction");
    bed.advance(2).await;
    assert_eq!(bed.hint(&order).await, "failed startFailed");
    let scan = json!({"person": "astrid", "qr": order.qr(30)});
    assert_eq!(bed.refused("/phone/scan", scan).await, (409, "ORDER_OVER".into()));
    // Known until 3 min 10 s after its start.
    bed.advance(158).await;
    assert_eq!(bed.hint(&order).await, "failed startFailed");
    bed.advance(2).await;
    assert!(bed.is_unknown(&order).await);
}

#[tokio::test]
async fn a_picked_up_order_lives_three_minutes() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    bed.scan("astrid", &order).await;
    bed.advance(178).await;
    assert_eq!(bed.hint(&order).await, "pending userSign");
    bed.advance(2).await;
    assert_eq!(bed.refused("/phone/approve", json!({"person": "astrid"})).await, (409, "NO_ORDER".into()));
    assert_eq!(bed.hint(&order).await, "failed expiredTransaction");
    // Known for five minutes after it failed.
    bed.advance(298).await;
    assert_eq!(bed.hint(&order).await, "failed expiredTransaction");
    bed.advance(2).await;
    assert!(bed.is_unknown(&order).await);
}

#[tokio::test]
async fn a_completed_order_waits_three_minutes() {
    let bed = Bed::new().await;
    let (kept, lost) = (bed.auth().await, bed.auth().await);
    for (person, order) in [("astrid", &kept), ("bengt", &lost)] {
        bed.scan(person, order).await;
        bed.ok("/phone/approve", json!({"person": person})).await;
    }
    bed.advance(178).await;
    assert_eq!(bed.hint(&kept).await, "complete");
    bed.advance(2).await;
    assert!(bed.is_unknown(&lost).await);
}

#[tokio::test]
async fn a_cancelled_order_is_forgotten() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    bed.scan("astrid", &order).await;
    let reference = json!({"orderRef": order.text("orderRef")});
    assert_eq!(bed.call("cancel", reference.clone()).await, (200, json!({})));
    assert!(bed.is_unknown(&order).await);
    assert_eq!(bed.refused("/phone/approve", json!({"person": "astrid"})).await, (409, "NO_ORDER".into()));
    let (status, answer) = bed.call("cancel", reference).await;
    assert_eq!((status, answer["errorCode"].as_str()), (400, Some("invalidParameters")));
}

#[tokio::test]
async fn a_second_order_for_a_named_person_ends_both() {
    let bed = Bed::new().await;
    let first = named(&bed, ASTRID).await;
    let again = json!({"endUserIp": "127.0.0.1", "requirement": {"personalNumber": ASTRID}});
    let (status, answer) = bed.call("auth", again.clone()).await;
    assert_eq!((status, answer["errorCode"].as_str()), (400, Some("alreadyInProgress")));
    assert_eq!(bed.hint(&first).await, "failed cancelled");
    // Nothing is left in the way.
    assert_eq!(bed.call("auth", again).await.0, 200);
}

#[tokio::test]
async fn an_order_in_hand_counts_as_in_progress() {
    let bed = Bed::new().await;
    let first = bed.auth().await;
    bed.scan("astrid", &first).await;
    let body = json!({"endUserIp": "127.0.0.1", "requirement": {"personalNumber": ASTRID}});
    assert_eq!(bed.call("auth", body).await.1["errorCode"], "alreadyInProgress");
    assert_eq!(bed.hint(&first).await, "failed cancelled");
}

#[tokio::test]
async fn picking_up_a_new_order_cancels_the_old_one() {
    let bed = Bed::new().await;
    let (old, new) = (bed.auth().await, bed.auth().await);
    bed.scan("astrid", &old).await;
    bed.scan("astrid", &new).await;
    assert_eq!(bed.hint(&old).await, "failed cancelled");
    assert_eq!(bed.hint(&new).await, "pending userSign");
}

#[tokio::test]
async fn an_order_for_a_named_person_is_for_nobody_else() {
    let bed = Bed::new().await;
    let order = named(&bed, ASTRID).await;
    let scan = |person: &str| json!({"person": person, "qr": order.qr(0)});
    assert_eq!(bed.refused("/phone/scan", scan("bengt")).await, (409, "WRONG_PERSON".into()));
    bed.ok("/phone/scan", scan("astrid")).await;
}

#[tokio::test]
async fn a_named_person_whose_app_does_not_come_is_no_client() {
    let bed = Bed::new().await;
    let order = named(&bed, ASTRID).await;
    assert_eq!(bed.hint(&order).await, "pending outstandingTransaction");
    bed.advance(20).await;
    assert_eq!(bed.hint(&order).await, "pending noClient");
}

#[tokio::test]
async fn a_policy_filter_is_kept() {
    let bed = Bed::new().await;
    let policies =
        |list: &[&str]| json!({"endUserIp": "127.0.0.1", "requirement": {"certificatePolicies": list}});
    for list in [&["1.2.3.4.10"][..], &["1.2.752.78.1.5"], &["1.2.752.*"]] {
        let order = bed.order("auth", policies(list)).await;
        let scan = json!({"person": "astrid", "qr": order.qr(0)});
        assert_eq!(bed.refused("/phone/scan", scan).await, (409, "NO_MATCHING_BANKID".into()), "{list:?}");
    }
    for list in [&["1.2.3.4.25"][..], &["1.2.3.4.10", "1.2.3.*"]] {
        let order = bed.order("auth", policies(list)).await;
        bed.scan("astrid", &order).await;
    }
}

#[tokio::test]
async fn risk_is_told_and_blocked() {
    let bed = Bed::new().await;
    bed.ok("/phone/risk", json!({"person": "astrid", "risk": "high"})).await;
    let told = bed.order("auth", json!({"endUserIp": "127.0.0.1", "returnRisk": true})).await;
    assert_eq!(bed.complete("astrid", &told).await["risk"], "high");
    let silent = bed.auth().await;
    assert!(bed.complete("astrid", &silent).await.get("risk").is_none());
    let strict =
        bed.order("auth", json!({"endUserIp": "127.0.0.1", "requirement": {"risk": "moderate"}})).await;
    bed.scan("astrid", &strict).await;
    let approved = bed.ok("/phone/approve", json!({"person": "astrid"})).await;
    assert_eq!(approved, json!({"status": "failed", "hint": "transactionRiskBlocked"}));
    assert_eq!(bed.hint(&strict).await, "failed transactionRiskBlocked");
}

#[tokio::test]
async fn a_document_check_is_confirmed_only_where_asked_for() {
    let bed = Bed::new().await;
    let asked = bed.order("auth", json!({"endUserIp": "127.0.0.1", "requirement": {"mrtd": true}})).await;
    assert_eq!(bed.complete("astrid", &asked).await["stepUp"], json!({"mrtd": true}));
    let not_asked = bed.auth().await;
    assert!(bed.complete("astrid", &not_asked).await.get("stepUp").is_none());
}

#[tokio::test]
async fn injected_trouble_strikes_so_often_and_no_more() {
    let bed = Bed::new().await;
    for (fault, status, code) in [
        ("503", 503, "maintenance"),
        ("500", 500, "internalError"),
        ("408", 408, "requestTimeout"),
        ("unknown_error", 400, "sandboxNewCode"),
    ] {
        bed.ok("/fault", json!({"next": fault, "count": 2})).await;
        for _ in 0..2 {
            let (got, answer) = bed.call("auth", json!({"endUserIp": "127.0.0.1"})).await;
            assert_eq!((got, answer["errorCode"].as_str()), (status, Some(code)));
        }
        bed.auth().await;
    }
    bed.ok("/fault", json!({"next": "garbage"})).await;
    let url = format!("{}auth", bed.sandbox.bankid_url());
    let request = bed.rp.post(url).header("content-type", "application/json").body("{\"endUserIp\":\"::1\"}");
    let answer = request.send().await.expect("answer");
    assert_eq!(answer.status(), 200);
    assert!(answer.json::<serde_json::Value>().await.is_err());
}

#[tokio::test]
async fn a_slow_answer_is_slow_and_right() {
    let bed = Bed::new().await;
    bed.ok("/fault", json!({"next": "slow"})).await;
    let before = std::time::Instant::now();
    bed.auth().await;
    assert!(before.elapsed() >= std::time::Duration::from_secs(8));
}

#[tokio::test]
async fn waiting_faults_can_be_taken_back() {
    let bed = Bed::new().await;
    bed.ok("/fault", json!({"next": "500", "count": 1000})).await;
    assert_eq!(bed.refused("/fault", json!({"next": "500"})).await, (422, "TOO_MANY".into()));
    let url = format!("{}/fault", bed.sandbox.control_url());
    assert_eq!(bed.http.delete(url).send().await.expect("answer").status(), 204);
    bed.auth().await;
}
