//! Relayed, stolen and replayed completions: what is true for one order opens nothing for another.

use super::world::{World, browser};
use domain::Clock as _;
use login::{
    BrowserHash, Order,
    bankid::{Completed, Environment, Settings, StartLink, verify_login},
};

struct Case {
    world: World,
    order: Order,
    answer: Vec<u8>,
}

impl Case {
    async fn new() -> Self {
        let world = World::start().await;
        let (order, login) = world.logged_in("astrid").await;
        Self { order, answer: login.evidence().answer().to_vec(), world }
    }

    fn verify(&self, order: &Order, answer: Vec<u8>, browser: &BrowserHash) -> Result<(), String> {
        let answer = Completed::parse(answer).map_err(|_| "form".to_owned())?;
        verify_login(order, browser, &answer, self.world.bankid.rules(), self.world.clock.now())
            .map(|_| ())
            .map_err(|failure| failure.cause)
    }

    fn changed(&self, change: impl FnOnce(&mut serde_json::Value)) -> Order {
        let mut state = serde_json::to_value(&self.order).unwrap();
        change(&mut state);
        serde_json::from_value(state).unwrap()
    }

    fn answer_with(&self, change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
        let mut answer = serde_json::from_slice(&self.answer).unwrap();
        change(&mut answer);
        serde_json::to_vec(&answer).unwrap()
    }
}

#[tokio::test]
async fn the_same_evidence_verifies_again() {
    let case = Case::new().await;
    assert_eq!(case.verify(&case.order, case.answer.clone(), &browser()), Ok(()));
}

/// An attacker who got hold of a completion cannot use it for an order or browser of his own, not even with
/// the references exchanged: order, browser, purpose, service, text and nonce are in the signed data.
#[tokio::test]
async fn a_completion_opens_nothing_for_another_order() {
    let case = Case::new().await;
    let other = case.world.login().await;
    assert_eq!(case.verify(&other, case.answer.clone(), &browser()), Err("evidence:ORDER".into()));

    let reference = case.order.provider_reference().to_owned();
    let mut state = serde_json::to_value(&other).unwrap();
    state["provider"]["reference"] = reference.into();
    let other: Order = serde_json::from_value(state).unwrap();
    assert_eq!(case.verify(&other, case.answer.clone(), &browser()), Err("evidence:DATA_MISMATCH".into()));
}

#[tokio::test]
async fn each_bound_value_is_compared() {
    let case = Case::new().await;
    let thief = BrowserHash::of_key(b"thief");
    assert_eq!(case.verify(&case.order, case.answer.clone(), &thief), Err("evidence:BROWSER".into()));
    let stolen = case.changed(|s| s["asked"]["browser"] = serde_json::to_value(thief).unwrap());
    let mismatch = Err("evidence:DATA_MISMATCH".to_owned());
    assert_eq!(case.verify(&stolen, case.answer.clone(), &thief), mismatch);
    for (part, field, value) in [
        ("asked", "id", "00000000-0000-4000-8000-000000000000"),
        ("asked", "service", "dental"),
        ("provider", "nonce", "00000000000000000000000000000000"),
    ] {
        let order = case.changed(|s| s[part][field] = value.into());
        assert_eq!(case.verify(&order, case.answer.clone(), &browser()), mismatch, "{field}");
    }
    let order = case.changed(|s| s["asked"]["text"]["text"] = "another text".into());
    assert_eq!(case.verify(&order, case.answer.clone(), &browser()), mismatch);
}

#[tokio::test]
async fn what_is_beside_the_signature_proves_nothing() {
    let case = Case::new().await;
    let person = case.answer_with(|a| a["completionData"]["user"]["personalNumber"] = "199001022392".into());
    assert_eq!(case.verify(&case.order, person, &browser()), Err("evidence:WRONG_PERSON".into()));
    for number in ["", "1", "9001012385", "1990010123850", "199001012386", "<x>"] {
        let person = case.answer_with(|a| a["completionData"]["user"]["personalNumber"] = number.into());
        assert_eq!(
            case.verify(&case.order, person, &browser()),
            Err("evidence:PERSONAL_NUMBER".into()),
            "{number}"
        );
    }
    // A name in the answer is no name of the person's: the certificate's is taken.
    let named = case.answer_with(|a| a["completionData"]["user"]["surname"] = "Somebody".into());
    let answer = Completed::parse(named).unwrap();
    let login =
        verify_login(&case.order, &browser(), &answer, case.world.bankid.rules(), case.world.clock.now())
            .unwrap();
    assert_eq!(login.surname(), "Alm");
    for risk in ["high", "HIGH", "extreme", ""] {
        let risky = case.answer_with(|a| a["completionData"]["risk"] = risk.into());
        assert_eq!(case.verify(&case.order, risky, &browser()), Err("evidence:RISK".into()), "{risk}");
    }
    for risk in ["low", "LOW", "moderate"] {
        let risky = case.answer_with(|a| a["completionData"]["risk"] = risk.into());
        assert_eq!(case.verify(&case.order, risky, &browser()), Ok(()), "{risk}");
    }
}

#[tokio::test]
async fn other_roots_other_relying_party_other_environment_are_refused() {
    let mut case = Case::new().await;
    let ours = case.world.settings();
    let mut check = |settings: Settings| {
        case.world.bankid = case.world.another(&settings);
        case.verify(&case.order, case.answer.clone(), &browser())
            .map_err(|cause| cause.replace("evidence:", ""))
    };
    assert_eq!(check(ours.clone()), Ok(()));
    assert_eq!(
        check(Settings { relying_party: "2021005521".into(), ..ours.clone() }),
        Err("WRONG_RELYING_PARTY".into())
    );
    let production =
        Settings { environment: Environment::Production, start_link: StartLink::official(), ..ours.clone() };
    assert_eq!(check(production), Err("POLICY_WRONG".into()), "test policies are nothing in production");
    let other_roots = Settings { signing_roots: ours.server_roots.clone(), ..ours };
    assert_eq!(check(other_roots), Err("CHAIN_UNTRUSTED".into()));
}
