//! `check --online` against a sound provider and against each fault that it names.

use super::{
    stub::{Stub, certificate},
    world::World,
};
use login::bankid::{Settings, check::Finding};

async fn codes(world: &World, settings: &Settings) -> Vec<&'static str> {
    world.another(settings).check().await.iter().map(Finding::code).collect()
}

#[tokio::test]
async fn a_sound_provider_answers() {
    let world = World::start().await;
    assert_eq!(codes(&world, &world.settings()).await, ["BANKID_ANSWERS"]);
}

#[tokio::test]
async fn a_wrong_root_is_named() {
    let world = World::start().await;
    let settings = Settings { server_roots: certificate("root", 30).root_pem, ..world.settings() };
    assert_eq!(codes(&world, &settings).await, ["BANKID_WRONG_ROOT"]);
    let told = world.another(&settings).check().await[0].to_string();
    assert!(told.contains("production or test"), "{told}");
}

#[tokio::test]
async fn a_refused_client_certificate_is_named() {
    let world = World::start().await;
    let foreign = certificate("foreign", 90);
    let settings = Settings {
        client_certificate: foreign.leaf_pem,
        client_key: foreign.key_pem.into(),
        ..world.settings()
    };
    assert_eq!(codes(&world, &settings).await, ["BANKID_CLIENT_REFUSED"]);
}

#[tokio::test]
async fn an_expired_or_soon_expiring_certificate_is_named() {
    let world = World::start().await;
    let own = |from: i64, to: i64| world.settings_with_certificate_of(&world.relying_party(), from, to);
    let expired = codes(&world, &own(-100, -1)).await;
    assert_eq!(expired, ["BANKID_CERTIFICATE_EXPIRED", "BANKID_CLIENT_REFUSED"]);
    assert_eq!(codes(&world, &own(-1, 10)).await, ["BANKID_CERTIFICATE_EXPIRES_SOON", "BANKID_ANSWERS"]);
    assert_eq!(codes(&world, &own(-1, 90)).await, ["BANKID_ANSWERS"]);
    let future = codes(&world, &own(1, 90)).await;
    assert_eq!(future, ["BANKID_CERTIFICATE_NOT_YET_VALID", "BANKID_CLIENT_REFUSED"]);
}

/// The provider's clock is moved, and its `Date` with it: seen from there, ours is off.
#[tokio::test]
async fn a_clock_that_is_off_is_named() {
    let world = World::start().await;
    assert_eq!(world.control("/clock", serde_json::json!({"advance_seconds": 120})).await.0, 200);
    assert_eq!(codes(&world, &world.settings()).await, ["BANKID_ANSWERS", "BANKID_CLOCK_OFF"]);
}

#[tokio::test]
async fn no_answer_is_named() {
    let world = World::start().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings = Settings { endpoint: format!("https://{closed}/rp/v6.0/"), ..world.settings() };
    assert_eq!(codes(&world, &settings).await, ["BANKID_NO_ANSWER"]);
}

#[tokio::test]
async fn silence_is_named() {
    let world = World::start().await;
    let silent = Stub::silent().await;
    let settings = Settings { endpoint: silent.endpoint(), ..world.settings() };
    assert_eq!(codes(&world, &settings).await, ["BANKID_TIMED_OUT"]);
}

#[tokio::test]
async fn something_else_that_answers_is_named() {
    let world = World::start().await;
    let other = Stub::answering(&["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"]).await;
    let settings = Settings { endpoint: other.endpoint(), ..other.trusted_by(world.settings()) };
    assert_eq!(codes(&world, &settings).await, ["BANKID_UNEXPECTED_ANSWER"]);
}
