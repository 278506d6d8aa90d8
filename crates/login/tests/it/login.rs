//! Logging in: by the moving code, on the same device, over several nodes.

use super::world::{BROWSER, LOGIN_TEXT, World, browser, pending, request, verified};
use domain::{Assurance, Clock as _};
use login::{
    AddressMatch, BrowserHash, Device, Method as _, Order, Progress, Purpose, VisibleText, text::TextFormat,
};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_person_logs_in_by_scanning_the_code() {
    let world = World::start().await;
    let mut order = world.login().await;
    assert_eq!(pending(world.poll(&mut order).await), ("waiting_start", "bankid-rfa1"));
    world.scan(&order, "astrid").await;
    assert_eq!(pending(world.poll(&mut order).await), ("in_client", "bankid-rfa9-auth"));
    assert_eq!(order.qr_text(world.clock.now()), None, "no code once the app has the order");
    assert_eq!(world.bankid.start_link(&order), None);
    world.approve("astrid").await;
    let login = verified(world.poll(&mut order).await);

    assert_eq!(login.personal_number().as_str(), "199001012385");
    assert_eq!((login.given_name(), login.surname()), ("Astrid", "Alm"));
    assert_eq!((login.method(), login.assurance()), ("bankid", Assurance::Level3));
    assert_eq!(login.order(), order.id());
    assert_eq!(login.provider_reference(), order.provider_reference());
    assert!(login.browser().matches(&BrowserHash::of_key(BROWSER)));
    assert!(world.clock.now().since(login.authenticated_at()) < Duration::from_secs(60));
    assert!(world.clock.now().since(login.verdict().verified_at) < Duration::from_secs(5));
    assert_ne!(login.verdict().root_fingerprint, [0; 32]);
    assert!(!format!("{login:?}").contains("19900101"), "no personal number in Debug");
}

#[tokio::test]
async fn the_evidence_is_kept_byte_for_byte() {
    let world = World::start().await;
    let (_, login) = world.logged_in("astrid").await;
    let answer: serde_json::Value = serde_json::from_slice(login.evidence().answer()).unwrap();
    assert_eq!(answer["completionData"]["user"]["personalNumber"], "199001012385");
    assert_eq!(answer["completionData"]["signature"], login.evidence().signature());
    assert_eq!(answer["completionData"]["ocspResponse"], login.evidence().ocsp());
}

#[tokio::test]
async fn a_person_logs_in_on_the_same_device() {
    let world = World::start().await;
    let mut ask = request(Purpose::Login);
    ask.browser.device = Device::ThisMobile;
    let mut order = world.bankid.start(&ask).await.unwrap();
    assert_eq!(pending(world.poll(&mut order).await), ("waiting_start", "bankid-rfa13"));
    let link = world.bankid.start_link(&order).unwrap();
    assert!(link.starts_with("http://127.0.0.1:") && !world.bankid.starts_official_app());
    let token = link.split(['=', '&']).nth(1).unwrap();
    let (status, _) =
        world.control("/phone/start", json!({"person": "bengt", "autostart_token": token})).await;
    assert_eq!(status, 200);
    world.approve("bengt").await;
    let login = verified(world.poll(&mut order).await);
    assert_eq!(login.surname(), "Berglund Ek");
    assert_eq!(login.address_match(), AddressMatch::Same);
}

#[tokio::test]
async fn a_coordination_number_logs_in() {
    let world = World::start().await;
    let (_, login) = world.logged_in("johan").await;
    assert_eq!(login.personal_number().as_str(), "197010632391");
}

/// The state is sealed in the store between requests: another node goes on where the first one was.
#[tokio::test]
async fn any_node_goes_on_with_the_order() {
    let world = World::start().await;
    let carry = |order: &Order| -> Order {
        let state = serde_json::to_vec(order).unwrap();
        serde_json::from_slice(&state).unwrap()
    };
    let order = carry(&world.login().await);
    world.scan(&order, "astrid").await;
    let other = world.another(&world.settings());
    let mut order = carry(&order);
    world.later();
    assert_eq!(pending(other.poll(&mut order, &browser()).await).0, "in_client");
    world.approve("astrid").await;
    let mut order = carry(&order);
    verified(world.poll(&mut order).await);
}

#[tokio::test]
async fn the_provider_is_asked_at_most_every_two_seconds() {
    let world = World::start().await;
    let mut order = world.login().await;
    assert_eq!(pending(world.poll(&mut order).await).0, "waiting_start");
    let (order_before, revision) = (format!("{order:?}"), order.revision());
    // Were the provider asked, this would strike.
    world.fault("500").await;
    for _ in 0..3 {
        let progress = world.bankid.poll(&mut order, &browser()).await;
        assert_eq!(pending(progress), ("waiting_start", "bankid-rfa1"));
    }
    assert_eq!((format!("{order:?}"), order.revision()), (order_before, revision));
    world.later();
    assert!(matches!(world.bankid.poll(&mut order, &browser()).await, Progress::Failed(_)));
}

#[tokio::test]
async fn a_result_is_handed_out_once() {
    let world = World::start().await;
    let before = world.scanned_and_approved("astrid").await;
    let (mut first, mut second) = (before.clone(), before);
    verified(world.poll(&mut first).await);
    assert!(first.has_ended());
    assert!(matches!(world.poll(&mut first).await, Progress::Gone));
    // Another request of the same browser, with the state as it was before: no fault to show.
    assert!(matches!(world.poll(&mut second).await, Progress::Gone));
    assert!(second.has_ended());
}

/// A login started in one browser and finished in another.
#[tokio::test]
async fn another_browser_gets_nothing_and_takes_nothing_away() {
    let world = World::start().await;
    let mut order = world.scanned_and_approved("astrid").await;
    let thief = BrowserHash::of_key(b"another browser");
    assert!(!order.belongs_to(&thief));
    world.later();
    assert!(matches!(world.bankid.poll(&mut order, &thief).await, Progress::Foreign));
    assert!(!order.has_ended());
    verified(world.poll(&mut order).await);
}

#[tokio::test]
async fn the_return_value_is_the_orders_own() {
    let world = World::start().await;
    let order = world.login().await;
    let state = serde_json::to_value(&order).unwrap();
    let nonce = state["asked"]["return_nonce"].as_str().unwrap();
    assert_eq!(nonce.len(), 32);
    assert!(order.is_return_nonce(nonce));
    for wrong in ["", "0", &nonce[1..], &nonce.replace(nonce.as_bytes()[0] as char, "g")] {
        assert!(!order.is_return_nonce(wrong));
    }
    let other = world.login().await;
    assert!(!other.is_return_nonce(nonce));
    let mut ask = request(Purpose::Login);
    ask.browser.return_to = None;
    assert!(!world.bankid.start(&ask).await.unwrap().is_return_nonce(""));
}

#[tokio::test]
async fn nothing_secret_is_in_debug() {
    let world = World::start().await;
    let order = world.login().await;
    let state = serde_json::to_value(&order).unwrap();
    let shown = format!("{order:?}");
    for secret in ["qr_secret", "qr_token", "start_token"] {
        assert!(!shown.contains(state["provider"][secret].as_str().unwrap()), "{secret}");
    }
    assert_eq!(order.text().as_str(), LOGIN_TEXT);
}

#[tokio::test]
async fn a_text_that_the_provider_does_not_take_reaches_nobody() {
    let world = World::start().await;
    let mut ask = request(Purpose::Login);
    ask.text = VisibleText::for_signature(&"a".repeat(1_126), TextFormat::Plain).unwrap();
    world.fault("500").await;
    let failure = world.bankid.start(&ask).await.unwrap_err();
    assert_eq!((failure.outcome.code.as_str(), failure.cause.as_str()), ("our_fault", "request:too_large"));
}
