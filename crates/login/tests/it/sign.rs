//! Signing: the bytes that were shown, by the person who is logged in.

use super::world::{World, browser, request, told};
use ident::PersonalNumber;
use login::{
    Completion, Method as _, Order, Progress, Purpose, StartRequest, VerifiedSignature, VisibleText,
    bankid::{Completed, verify_login, verify_signature},
    text::TextFormat,
};
use serde_json::json;

const TEXT: &str = "Sjukanmälan\r\n\r\nAnställd: Hassan Ivarsson\r\nFörsta sjukdag: 2026-11-02\r\n";

fn signing(number: &str) -> StartRequest {
    let signer = PersonalNumber::parse(number).unwrap();
    StartRequest {
        text: VisibleText::for_signature(TEXT, TextFormat::Plain).unwrap(),
        ..request(Purpose::Signature { signer })
    }
}

async fn signed(world: &World) -> (Order, Box<VerifiedSignature>) {
    let mut order = world.bankid.start(&signing("199205052385")).await.unwrap();
    world.scan(&order, "elin").await;
    world.approve("elin").await;
    match world.poll(&mut order).await {
        Progress::Completed(Completion::Signature(signature)) => (order, signature),
        other => panic!("no signature: {other:?}"),
    }
}

#[tokio::test]
async fn the_signed_bytes_are_the_bytes_that_were_shown() {
    let world = World::start().await;
    let (order, signature) = signed(&world).await;
    assert_eq!(signature.signed_text(), TEXT.as_bytes());
    assert_eq!(signature.personal_number().as_str(), "199205052385");
    assert_eq!(signature.order(), order.id());
    // The long text is in the evidence, as base64 in the signed document.
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let xml = String::from_utf8(STANDARD.decode(signature.evidence().signature()).unwrap()).unwrap();
    assert!(xml.contains(&STANDARD.encode(TEXT)));
}

#[tokio::test]
async fn the_state_of_a_signature_shows_no_personal_number() {
    let world = World::start().await;
    let order = world.bankid.start(&signing("199205052385")).await.unwrap();
    assert!(!format!("{order:?}").contains("19920505"));
    let state = serde_json::to_string(&order).unwrap();
    assert!(state.contains("199205052385"), "the caller seals it");
}

/// Whoever reads the text first, as the page asks, still finds the way into the app.
#[tokio::test]
async fn code_and_start_link_stay_until_the_app_has_the_order() {
    let world = World::start().await;
    let mut order = world.bankid.start(&signing("199205052385")).await.unwrap();
    world.clock.advance(std::time::Duration::from_secs(25));
    assert!(matches!(world.poll(&mut order).await, login::Progress::Pending(_)));
    assert_eq!(serde_json::to_value(&order).unwrap()["provider"]["hint"], "noClient");
    assert!(order.qr_text(domain::Clock::now(&*world.clock)).is_some());
    assert!(world.bankid.start_link(&order).is_some());
}

#[tokio::test]
async fn only_the_named_person_can_pick_it_up() {
    let world = World::start().await;
    let order = world.bankid.start(&signing("199205052385")).await.unwrap();
    let qr = order.qr_text(domain::Clock::now(&*world.clock)).unwrap();
    let (status, _) = world.control("/phone/scan", json!({"person": "farid", "qr": qr})).await;
    assert!((400..500).contains(&status), "{status}");
}

/// The provider let somebody else sign: whatever it says, nothing is signed.
#[tokio::test]
async fn a_signature_by_somebody_else_is_refused() {
    let world = World::start().await;
    let (order, signature) = signed(&world).await;
    let mut state = serde_json::to_value(&order).unwrap();
    state["asked"]["purpose"]["Signature"]["signer"] = "199001012385".into();
    let order: Order = serde_json::from_value(state).unwrap();
    let answer = Completed::parse(signature.evidence().answer().to_vec()).unwrap();
    let refused = verify_signature(
        &order,
        &browser(),
        &answer,
        world.bankid.rules(),
        domain::Clock::now(&*world.clock),
    )
    .unwrap_err();
    assert_eq!(
        (refused.outcome.code.as_str(), refused.outcome.text),
        ("wrong_person", "bankid-wrong-person")
    );
}

#[tokio::test]
async fn a_signature_is_no_login_and_a_login_no_signature() {
    let world = World::start().await;
    let now = || domain::Clock::now(&*world.clock);
    let rules = world.bankid.rules();
    let (order, signature) = signed(&world).await;
    let answer = Completed::parse(signature.evidence().answer().to_vec()).unwrap();
    assert_eq!(
        verify_login(&order, &browser(), &answer, rules, now()).unwrap_err().cause,
        "evidence:PURPOSE"
    );

    let (order, login) = world.logged_in("elin").await;
    let answer = Completed::parse(login.evidence().answer().to_vec()).unwrap();
    assert_eq!(
        verify_signature(&order, &browser(), &answer, rules, now()).unwrap_err().cause,
        "evidence:PURPOSE"
    );
    // Even with the state turned into the other purpose: it is in the signed data.
    let mut state = serde_json::to_value(&order).unwrap();
    state["asked"]["purpose"] = json!({"Signature": {"signer": "199205052385"}});
    let order: Order = serde_json::from_value(state).unwrap();
    assert!(verify_signature(&order, &browser(), &answer, rules, now()).is_err());
}

/// A second order that names the same person: the provider refuses it and ends the first.
#[tokio::test]
async fn two_signatures_at_once_end_each_other() {
    let world = World::start().await;
    let mut first = world.bankid.start(&signing("199205052385")).await.unwrap();
    let second = world.bankid.start(&signing("199205052385")).await.unwrap_err();
    assert_eq!((second.outcome.code.as_str(), second.outcome.text), ("cancelled_other", "bankid-rfa4"));
    assert_eq!(second.outcome.attention, login::Attention::SecurityEvent);
    assert_eq!(second.cause, "http:400:alreadyInProgress");
    let (code, text, cause) = told(world.poll(&mut first).await);
    assert_eq!((code, text, cause.as_str()), ("cancelled_other", "bankid-rfa3", "hint:cancelled"));
}
