//! The transport: pinned roots, our certificate, bounded answers, no redirects, both key exchanges.

use super::{
    stub::{Stub, certificate, dropping_large_hellos},
    world::{World, pending, request, verified},
};
use login::{
    FaultClass, Method as _, Purpose,
    bankid::{BankId, Environment, Settings, SetupError, StartLink, client::Client},
};

async fn start_cause(bankid: &BankId) -> String {
    bankid.start(&request(Purpose::Login)).await.unwrap_err().cause
}

#[tokio::test]
async fn no_other_root_is_trusted() {
    let world = World::start().await;
    let bankid =
        world.another(&Settings { server_roots: certificate("root", 30).root_pem, ..world.settings() });
    let failure = bankid.start(&request(Purpose::Login)).await.unwrap_err();
    assert_eq!(failure.cause, "tls:wrong_root");
    assert_eq!((failure.outcome.fault, failure.outcome.text), (FaultClass::Us, "bankid-our-fault"));
}

#[tokio::test]
async fn the_provider_refuses_a_foreign_certificate() {
    let world = World::start().await;
    let foreign = certificate("foreign", 90);
    let bankid = world.another(&Settings {
        client_certificate: foreign.leaf_pem,
        client_key: foreign.key_pem.into(),
        ..world.settings()
    });
    assert_eq!(start_cause(&bankid).await, "tls:client_refused");
}

/// An order belongs to the certificate that it was started with (another one gives `invalidParameters`).
#[tokio::test]
async fn another_relying_party_cannot_collect() {
    let world = World::start().await;
    let mut order = world.scanned_and_approved("astrid").await;
    let party = sandbox::RelyingParty { name: "Annan".into(), number: "4056201108".into() };
    let other = world.another(&world.settings_with_certificate_of(&party, -1, 90));
    let mut stolen = order.clone();
    world.later();
    let progress = other.poll(&mut stolen, &super::world::browser()).await;
    assert!(matches!(progress, login::Progress::Gone), "{progress:?}");
    verified(world.poll(&mut order).await);
}

#[tokio::test]
async fn mistakes_in_the_configuration_are_named() {
    let world = World::start().await;
    let make = |settings: Settings| {
        BankId::new(settings, world.clock.clone(), std::sync::Arc::new(super::world::SystemEntropy)).err()
    };
    let foreign = certificate("foreign", 90);
    assert_eq!(
        make(Settings { client_key: foreign.key_pem.into(), ..world.settings() }),
        Some(SetupError::KeyMismatch)
    );
    for endpoint in ["http://127.0.0.1/rp/v6.0/", "https://127.0.0.1/rp/v5.1/", "127.0.0.1", ""] {
        let settings = Settings { endpoint: endpoint.into(), ..world.settings() };
        assert_eq!(make(settings), Some(SetupError::Endpoint), "{endpoint}");
    }
    assert_eq!(
        make(Settings { relying_party: "1234".into(), ..world.settings() }),
        Some(SetupError::RelyingParty)
    );
    assert!(matches!(
        make(Settings { signing_roots: "x".into(), ..world.settings() }),
        Some(SetupError::Anchors(_))
    ));
}

#[tokio::test]
async fn production_starts_the_official_app_only() {
    let world = World::start().await;
    let make = |start_link| {
        let settings = Settings { environment: Environment::Production, start_link, ..world.settings() };
        BankId::new(settings, world.clock.clone(), std::sync::Arc::new(super::world::SystemEntropy)).err()
    };
    assert_eq!(make(world.settings().start_link), Some(SetupError::StartLink));
    assert_eq!(make(StartLink::official()), None);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let world = World::start().await;
    let stub = Stub::answering(&[
        "HTTP/1.1 307 x\r\nlocation: https://127.0.0.1:1/rp/v6.0/auth\r\ncontent-length: 0\r\n\r\n",
    ])
    .await;
    let bankid = world.another(&Settings { endpoint: stub.endpoint(), ..stub.trusted_by(world.settings()) });
    assert_eq!(start_cause(&bankid).await, "http:307:307");
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let world = World::start().await;
    let stub = Stub::endless().await;
    let bankid = world.another(&Settings { endpoint: stub.endpoint(), ..stub.trusted_by(world.settings()) });
    assert_eq!(start_cause(&bankid).await, "call:garbage");
    assert!(stub.bytes_sent() < 64 * Client::MOST_BYTES);
}

#[tokio::test]
async fn the_request_is_exactly_what_the_interface_takes() {
    let world = World::start().await;
    let stub = Stub::answering(&["HTTP/1.1 503 x\r\ncontent-length: 0\r\n\r\n"]).await;
    let bankid = world.another(&Settings { endpoint: stub.endpoint(), ..stub.trusted_by(world.settings()) });
    assert_eq!(start_cause(&bankid).await, "http:503:maintenance");
    let heard = stub.heard();
    assert_eq!(heard.len(), 3, "tried again silently, and no more");
    let head = heard[0].to_ascii_lowercase();
    assert!(head.starts_with("post /rp/v6.0/auth http/1.1\r\n"), "{head}");
    assert!(head.contains("\r\ncontent-type: application/json\r\n"), "no charset: {head}");
    let body = heard[0].split("\r\n\r\n").nth(1).unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["endUserIp"], "127.0.0.1");
    assert!(body["returnUrl"].as_str().unwrap().starts_with("http://localhost:8400/login/bankid/return?n="));
    assert_eq!(body["requirement"]["certificatePolicies"][1], "1.2.3.4.25");
    assert_eq!(body["web"]["referringDomain"], "localhost");
    assert_eq!(body["web"]["deviceIdentifier"].as_str().unwrap().len(), 64);
    assert_eq!(body["returnRisk"], true);
}

/// A provider that went away at the first hello: that was no reason to do without post-quantum for ever.
#[tokio::test]
async fn post_quantum_is_tried_again() {
    let world = World::start().await;
    let (proxy, hellos) = dropping_large_hellos(world.sandbox.bankid, 1).await;
    let bankid = world.another(&Settings {
        endpoint: format!("https://127.0.0.1:{}/rp/v6.0/", proxy.port()),
        ..world.settings()
    });
    let hellos = || hellos.load(std::sync::atomic::Ordering::SeqCst);
    for _ in 0..Client::AGAIN {
        assert_eq!(bankid.check().await.first().map(|found| found.code()), Some("BANKID_ANSWERS"));
        assert_eq!(hellos(), 1, "by the classical exchange");
    }
    for _ in 0..3 {
        assert_eq!(bankid.check().await.first().map(|found| found.code()), Some("BANKID_ANSWERS"));
        assert!(hellos() > 1, "and from then on by the other");
    }
}

/// A network that drops the larger post-quantum hello: the login works all the same.
#[tokio::test]
async fn the_classical_key_exchange_is_the_way_out() {
    let world = World::start().await;
    let (proxy, dropped) = dropping_large_hellos(world.sandbox.bankid, usize::MAX).await;
    let bankid = world.another(&Settings {
        endpoint: format!("https://127.0.0.1:{}/rp/v6.0/", proxy.port()),
        ..world.settings()
    });
    let mut order = bankid.start(&request(Purpose::Login)).await.unwrap();
    assert_eq!(dropped.load(std::sync::atomic::Ordering::SeqCst), 1, "post-quantum was tried first, once");
    world.later();
    assert_eq!(pending(bankid.poll(&mut order, &super::world::browser()).await).0, "waiting_start");
    world.scan(&order, "astrid").await;
    world.approve("astrid").await;
    world.later();
    verified(bankid.poll(&mut order, &super::world::browser()).await);
    assert_eq!(dropped.load(std::sync::atomic::Ordering::SeqCst), 1);
}
