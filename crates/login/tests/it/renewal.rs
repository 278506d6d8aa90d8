//! Nobody picks the order up within 30 s: a new one, silently, at most five times and within the page's limit.

use super::{
    stub::Stub,
    world::{World, browser, pending, request, told, verified},
};
use domain::Clock as _;
use login::{Device, Method as _, Purpose, bankid::Settings};
use serde_json::json;
use std::time::Duration;

const PICK_UP: Duration = Duration::from_secs(31);

#[tokio::test]
async fn the_code_goes_on_moving_and_the_old_one_is_dead() {
    let world = World::start().await;
    let mut order = world.login().await;
    let (first, revision) = (order.provider_reference().to_owned(), order.revision());
    let old = order.qr_text(world.clock.now()).unwrap();
    world.clock.advance(PICK_UP);
    assert_eq!(pending(world.poll(&mut order).await), ("waiting_start", "bankid-rfa1"), "nothing is told");
    assert_ne!(order.provider_reference(), first);
    assert!(order.revision() > revision, "to be kept");
    assert_eq!(order.renewals(), 1);
    let new = order.qr_text(world.clock.now()).unwrap();
    assert_eq!(new.split('.').nth(2), Some("0"), "T begins anew");
    let (status, _) = world.control("/phone/scan", json!({"person": "astrid", "qr": old})).await;
    assert!((400..500).contains(&status), "{status}");
    world.scan(&order, "astrid").await;
    world.approve("astrid").await;
    let login = verified(world.poll(&mut order).await);
    assert_eq!(login.provider_reference(), order.provider_reference());
}

#[tokio::test]
async fn it_ends_after_five_renewals() {
    let world = World::start().await;
    for (device, text) in [(Device::Other, "bankid-rfa17b"), (Device::ThisComputer, "bankid-rfa17a")] {
        let mut ask = request(Purpose::Login);
        ask.browser.device = device;
        let mut order = world.bankid.start(&ask).await.unwrap();
        let begun = order.started_at();
        let mut renewals = 0;
        let last = loop {
            // Just past the pick-up time, so that five fit into the page's limit.
            world.clock.advance(Duration::from_secs(28));
            match world.poll(&mut order).await {
                login::Progress::Pending(_) if order.renewals() > renewals => renewals = order.renewals(),
                login::Progress::Pending(_) => {}
                other => break other,
            }
            assert!(world.clock.now().since(begun) < Duration::from_secs(600));
        };
        assert_eq!(told(last), ("expired", text, "hint:startFailed".to_owned()));
        assert!((3..=5).contains(&renewals), "{renewals}");
    }
}

#[tokio::test]
async fn it_ends_at_the_pages_own_limit() {
    let world = World::start().await;
    let mut order = world.login().await;
    world.clock.advance(Duration::from_secs(181));
    assert_eq!(told(world.poll(&mut order).await).1, "bankid-rfa17b");
    assert_eq!(order.renewals(), 0);
    assert_eq!(order.qr_text(world.clock.now()), None);
}

const STARTED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 94\r\n\r\n\
    {\"orderRef\":\"a-1\",\"autoStartToken\":\"b-1\",\"qrStartToken\":\"c-1\",\"qrStartSecret\":\"d-1\",\"new\":1}  ";
const START_FAILED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 65\r\n\r\n\
    {\"orderRef\":\"a-1\",\"status\":\"failed\",\"hintCode\":\"startFailed\"}    ";

/// Without any time passing, so that only the number of renewals counts.
#[tokio::test]
async fn there_are_five_renewals_and_no_sixth() {
    let world = World::start().await;
    let stub = Stub::answering(&[
        STARTED,
        START_FAILED,
        STARTED,
        START_FAILED,
        STARTED,
        START_FAILED,
        STARTED,
        START_FAILED,
        STARTED,
        START_FAILED,
        STARTED,
        START_FAILED,
    ])
    .await;
    let bankid = world.another(&Settings { endpoint: stub.endpoint(), ..stub.trusted_by(world.settings()) });
    let mut order = bankid.start(&request(Purpose::Login)).await.unwrap();
    for renewal in 1..=5 {
        world.later();
        assert_eq!(pending(bankid.poll(&mut order, &browser()).await), ("waiting_start", "bankid-rfa1"));
        assert_eq!(order.renewals(), renewal);
    }
    world.later();
    assert_eq!(told(bankid.poll(&mut order, &browser()).await).2, "hint:startFailed");
    assert_eq!(order.renewals(), 5);
}

#[tokio::test]
async fn a_renewal_that_fails_is_told() {
    let world = World::start().await;
    let stub = Stub::answering(&[STARTED, START_FAILED, "HTTP/1.1 500 x\r\ncontent-length: 0\r\n\r\n"]).await;
    let bankid = world.another(&Settings { endpoint: stub.endpoint(), ..stub.trusted_by(world.settings()) });
    let mut order = bankid.start(&request(Purpose::Login)).await.unwrap();
    world.later();
    let (code, text, cause) = told(bankid.poll(&mut order, &browser()).await);
    assert_eq!((code, text, cause.as_str()), ("provider_down", "bankid-rfa5", "http:500:internalError"));
}
