//! E-services are connected, tried and switched off: by an officer, and by the operator's commands.

use crate::support::{
    ASTRID, BENGT, CECILIA, House, MINUTE, TestDatabase, TestEntropy, code, invalid, not_allowed, on_both,
};
use app::oidc::{
    Operator, Outcome, Step, TrialStep, TrialView, add_client, find_client, list_clients, preview_client,
    switch_off_client,
};
use app::{App, Refusal, Stop, Visit};
use oidc::client::Strictness;
use oidc::draft::Proof;
use oidc::{ClientId, Draft, Params};

on_both!(
    an_officer_connects_an_e_service_and_switches_it_off,
    the_operator_does_the_same_by_command,
    a_trial_walks_the_whole_way_on_two_nodes_and_leaves_no_client,
    a_trial_tells_what_failed,
    a_trial_is_its_officers_alone_and_ends_by_itself,
);

/// RFC 7515, appendix A.3: the public half.
const JWKS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"shop-1",
  "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

fn draft(id: &str, proof: Proof) -> Draft {
    Draft {
        id: id.into(),
        service: "example".into(),
        name_sv: "Butiken".into(),
        name_en: "The shop".into(),
        redirect_uris: vec!["https://shop.example.se/back".into()],
        backchannel_logout_uri: "https://shop.example.se/bye".into(),
        proof: Some(proof),
        ..Draft::default()
    }
}

fn with_key(id: &str) -> Draft {
    draft(id, Proof::Keys(JWKS.into()))
}

fn id(text: &str) -> ClientId {
    ClientId::parse(text).unwrap()
}

fn is_not_found<T: std::fmt::Debug>(result: Result<T, Refusal>) -> bool {
    matches!(result, Err(Refusal::NotFound))
}

async fn an_officer_connects_an_e_service_and_switches_it_off(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    house.forget().await;
    assert_eq!(app.client_strictness(), Strictness::Relaxed);

    // An administrator of an employer has nothing to do with it.
    assert_eq!(not_allowed(app.clients(&cecilia).await), ["NO_MANDATE"]);
    assert_eq!(not_allowed(app.register_client(&cecilia, with_key("shop")).await), ["NO_MANDATE"]);
    house.forget().await;

    // Every mistake at once, the unknown service among them.
    let wrong = Draft {
        id: "Shop".into(),
        service: "cafe".into(),
        redirect_uris: vec!["shop".into()],
        proof: Some(Proof::Keys("{}".into())),
        ..with_key("x")
    };
    assert_eq!(
        invalid(app.register_client(&astrid, wrong).await),
        [
            ("id", "CLIENT_ID_FORM"),
            ("service", "UNKNOWN_SERVICE"),
            ("keys", "KEYS_FORM"),
            ("redirect_uris", "REDIRECT_FORM")
        ]
    );
    assert!(app.clients(&astrid).await.unwrap().is_empty());
    house.forget().await;

    app.register_client(&astrid, with_key("shop")).await.unwrap();
    assert_eq!(
        house.news().await,
        ["change client.registered Astrid@Exempelmyndigheten platform.client.manage:yes service=example"]
    );
    assert_eq!(code(app.register_client(&astrid, with_key("shop")).await), "CLIENT_EXISTS");
    let shop = app.client(&astrid, &id("shop")).await.unwrap();
    assert_eq!((shop.client.name.en.as_str(), shop.disabled_at), ("The shop", None));
    house.forget().await;

    app.disable_client(&astrid, &id("shop")).await.unwrap();
    assert_eq!(
        house.news().await,
        ["change client.disabled Astrid@Exempelmyndigheten platform.client.manage:yes"]
    );
    assert!(app.client(&astrid, &id("shop")).await.unwrap().disabled_at.is_some());
    assert_eq!(code(app.disable_client(&astrid, &id("shop")).await), "CLIENT_DISABLED");
    assert!(is_not_found(app.disable_client(&astrid, &id("nobody")).await));
    // Its id stays taken: records name it.
    assert_eq!(code(app.register_client(&astrid, with_key("shop")).await), "CLIENT_EXISTS");
}

async fn the_operator_does_the_same_by_command(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (store, clock) = (house.app.store(), house.clock.clone());
    let by =
        || Operator { clock: clock.clone(), wall: clock.clone(), entropy: std::sync::Arc::new(TestEntropy) };
    let add = |draft: Draft| {
        let Operator { clock, wall, entropy } = by();
        async move { add_client(store, draft, clock, wall, entropy).await }
    };
    let catalogue = (*house.app.known().catalogue).clone();
    preview_client(store, with_key("shop"), catalogue.clone()).await.unwrap();
    assert!(list_clients(store).await.unwrap().is_empty(), "a look registers nothing");
    add(with_key("shop")).await.unwrap();
    add(draft("app", Proof::Public)).await.unwrap();
    let refused = |done: Result<(), Stop>| match done {
        Err(Stop::No(refusal)) => refusal,
        other => panic!("a refusal is expected: {other:?}"),
    };
    assert_eq!(code::<()>(Err(refused(add(with_key("shop")).await))), "CLIENT_EXISTS");
    let seen = refused(preview_client(store, with_key("shop"), catalogue).await);
    assert_eq!(code::<()>(Err(seen)), "CLIENT_EXISTS");
    let none = Draft { service: "cafe".into(), ..with_key("cafe") };
    assert_eq!(invalid::<()>(Err(refused(add(none).await))), [("service", "UNKNOWN_SERVICE")]);
    let ids = |views: Vec<app::oidc::ClientView>| -> Vec<String> {
        views.iter().map(|view| view.client.id.to_string()).collect()
    };
    assert_eq!(ids(list_clients(store).await.unwrap()), ["app", "shop"]);
    assert!(find_client(store, &id("nobody")).await.unwrap().is_none());

    switch_off_client(store, &id("shop"), by()).await.unwrap();
    assert!(find_client(store, &id("shop")).await.unwrap().unwrap().disabled_at.is_some());
    let again = refused(switch_off_client(store, &id("shop"), by()).await);
    assert_eq!(code::<()>(Err(again)), "CLIENT_DISABLED");
    assert!(is_not_found::<()>(Err(refused(switch_off_client(store, &id("nobody"), by()).await))));
    assert_eq!(
        house.news().await,
        [
            "system client.disabled –@Exempelmyndigheten",
            "system client.registered –@Exempelmyndigheten service=example",
            "system client.registered –@Exempelmyndigheten service=example",
        ]
    );
}

/// The parameters of an address.
fn params(address: &str) -> Params {
    let decode = |text: &str| {
        let (mut out, mut bytes) = (Vec::new(), text.bytes());
        while let Some(byte) = bytes.next() {
            out.push(match byte {
                b'%' => {
                    let hex = [bytes.next().unwrap(), bytes.next().unwrap()];
                    u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
                }
                byte => byte,
            });
        }
        String::from_utf8(out).unwrap()
    };
    let pairs = address.split_once('?').unwrap().1.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap();
        (decode(name), decode(value))
    });
    Params::parse(pairs).unwrap()
}

/// The visitor follows the trial's way to the login and comes back with what that gives.
async fn through(app: &App, visit: &Visit, trial: &TrialView) -> Params {
    let next = trial.next.as_deref().expect("a way on");
    match app.authorize(&params(next), Some(visit)).await {
        Ok(Step::Done { location }) => {
            assert!(
                location.contains(&format!("/clients/{}/trial/{}/back?", trial.of, trial.id)),
                "{location}"
            );
            params(&location)
        }
        other => panic!("a code is expected: {other:?}"),
    }
}

fn steps(trial: &TrialView) -> Vec<TrialStep> {
    trial.taken.iter().map(|taken| taken.step).collect()
}

async fn live(app: &App, trial: &TrialView) -> bool {
    find_client(app.store(), &trial.id).await.unwrap().is_some()
}

async fn a_trial_walks_the_whole_way_on_two_nodes_and_leaves_no_client(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let other = house.node("second").await;
    let (key, astrid) = house.log_in_for_other(ASTRID).await;
    app.register_client(&astrid, with_key("shop")).await.unwrap();
    app.register_client(&astrid, draft("app", Proof::Public)).await.unwrap();
    let signed = Draft { userinfo: oidc::client::UserinfoForm::Signed, ..with_key("signed") };
    app.register_client(&astrid, signed).await.unwrap();
    house.forget().await;

    for tried in ["shop", "app", "signed"] {
        let trial = app.begin_trial(&astrid, &id(tried)).await.unwrap();
        assert!(!trial.over && live(app, &trial).await, "{:?}", trial.taken);
        assert_eq!(steps(&trial), TrialStep::ALL[..4]);
        // It is no e-service: no list shows it, and nobody but it has its key.
        assert_eq!(app.clients(&astrid).await.unwrap().len(), 3);
        // The way back leads to another node.
        let visit = house.enter_at(&other, &key).await;
        let back = through(&other, &visit, &trial).await;
        let done = other.end_trial(&visit, &trial.id, &back).await.unwrap();
        assert!(done.taken.iter().all(|taken| taken.outcome == Outcome::Good), "{:?}", done.taken);
        assert_eq!(steps(&done), TrialStep::ALL);
        assert!(done.over && done.next.is_none() && !live(app, &trial).await);

        let said = format!("{:?}", done.taken);
        assert!(said.contains("given_name") && said.contains("urn:behorig:claim:party"), "{said}");
        for personal in ["Astrid", "Alm", ASTRID.number] {
            assert!(!said.contains(personal), "{personal} was kept: {said}");
        }
        // Looked at again, and come back to again: nothing more happens.
        house.forget().await;
        assert_eq!(app.trial(&astrid, &trial.id).await.unwrap().taken, done.taken);
        assert_eq!(app.end_trial(&astrid, &trial.id, &back).await.unwrap().taken, done.taken);
        assert_eq!(house.news().await, Vec::<String>::new());
    }
}

async fn a_trial_tells_what_failed(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    app.register_client(&astrid, with_key("shop")).await.unwrap();
    let ended = async |change: &[(&str, &str)]| {
        let trial = app.begin_trial(&astrid, &id("shop")).await.unwrap();
        let good = through(app, &astrid, &trial).await;
        house.forget().await;
        let kept = good.names().filter(|name| change.iter().all(|(other, _)| other != name));
        let pairs = kept.map(|name| (name.to_owned(), good.get(name).unwrap().to_owned()));
        let changed = change.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let back = Params::parse(pairs.chain(changed)).unwrap();
        let done = app.end_trial(&astrid, &trial.id, &back).await.unwrap();
        assert!(done.over && !live(app, &trial).await);
        let last = done.taken.last().unwrap();
        (last.step, last.outcome.clone(), house.news().await)
    };
    let wrong = |code: &str, about: &str| Outcome::Wrong { code: code.into(), about: about.into() };
    let (step, outcome, news) = ended(&[("state", "another")]).await;
    assert_eq!((step, outcome), (TrialStep::Login, wrong("STATE", "state")));
    assert_eq!(
        news,
        ["change client.trial_ended Astrid@Exempelmyndigheten platform.client.manage:yes result=login"]
    );
    let (step, outcome, _) = ended(&[("iss", "https://evil.example")]).await;
    assert_eq!((step, outcome), (TrialStep::Login, wrong("ISSUER", "iss")));
    let (step, outcome, _) =
        ended(&[("code", ""), ("error", "access_denied"), ("error_description", "No.")]).await;
    let told = Outcome::Told { code: "access_denied".into(), says: "No.".into() };
    assert_eq!((step, outcome), (TrialStep::Login, told));
    let (step, outcome, _) = ended(&[("code", "")]).await;
    assert_eq!((step, outcome), (TrialStep::Login, wrong("CLAIM", "code")));
    let (step, outcome, _) = ended(&[("code", "made-up")]).await;
    assert!(
        step == TrialStep::Code && matches!(&outcome, Outcome::Told { code, .. } if code == "invalid_grant"),
        "{step:?} {outcome:?}"
    );

    // One that is switched off is not tried further, and no client is made for it.
    app.disable_client(&astrid, &id("shop")).await.unwrap();
    house.forget().await;
    let trial = app.begin_trial(&astrid, &id("shop")).await.unwrap();
    assert!(trial.over && trial.next.is_none() && !live(app, &trial).await);
    assert_eq!(steps(&trial), [TrialStep::Registration]);
    assert_eq!(trial.taken[0].outcome, wrong("CLIENT_DISABLED", "client_id"));
    assert_eq!(
        house.news().await,
        [
            "change client.trial_begun Astrid@Exempelmyndigheten platform.client.manage:yes result=registration"
        ]
    );
    assert!(is_not_found(app.begin_trial(&astrid, &id("nobody")).await));
}

async fn a_trial_is_its_officers_alone_and_ends_by_itself(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (key, astrid) = house.log_in_for_other(ASTRID).await;
    let (_, bengt) = house.log_in_for_other(BENGT).await;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    app.register_client(&astrid, with_key("shop")).await.unwrap();
    assert_eq!(not_allowed(app.begin_trial(&cecilia, &id("shop")).await), ["NO_MANDATE"]);
    let trial = app.begin_trial(&astrid, &id("shop")).await.unwrap();
    let back = through(app, &astrid, &trial).await;
    assert!(is_not_found(app.trial(&bengt, &trial.id).await));
    assert!(is_not_found(app.end_trial(&bengt, &trial.id, &back).await));
    assert_eq!(not_allowed(app.end_trial(&cecilia, &trial.id, &back).await), ["NO_MANDATE"]);
    assert!(app.trial(&astrid, &trial.id).await.is_ok());

    house.pass(10 * MINUTE);
    let astrid = house.enter(&key).await;
    assert!(is_not_found(app.trial(&astrid, &trial.id).await));
    assert!(is_not_found(app.end_trial(&astrid, &trial.id, &back).await));
    // The row goes with the next round of forgetting.
    house.pass(MINUTE);
    crate::support::eventually("the trial to be forgotten", || async {
        house.wake();
        (!live(app, &trial).await).then_some(())
    })
    .await;
}
