//! What an e-service is told of a visitor: what it asked for, what the catalogue allows, under a name of its own.

use super::client::{
    ASSERTION, Signer, archive, claims, code_of, enter, fault, params, public, redeeming, register, request,
    userinfo, verified,
};
use crate::support::{ELIN, House, TestDatabase, on_both};
use oidc::claims::PERSONAL_NUMBER;
use oidc::{ErrorCode, scope};
use serde_json::json;

on_both!(
    a_name_is_the_services_own_and_lasts,
    a_number_is_told_only_where_the_catalogue_names_a_ground,
    a_protected_persons_name_is_told_only_with_a_ground,
    the_party_is_told_as_a_decision_takes_it,
    a_token_is_introspected_by_its_own_client_only,
);

async fn a_name_is_the_services_own_and_lasts(db: TestDatabase) {
    let house = House::furnished_beside(db, archive()).await;
    let app = &house.app;
    for (id, service) in [("shop", "example"), ("shop-2", "example"), ("records", "archive")] {
        register(&house, public(id, service)).await;
    }
    let (_, elin) = house.log_in(ELIN).await;
    let sub = |tokens: &app::oidc::Tokens| verified(app, tokens)["sub"].as_str().unwrap().to_owned();
    let here = sub(&enter(app, &elin, "shop", &[]).await);
    let there = sub(&enter(app, &elin, "records", &[]).await);
    assert_ne!(here, there, "two services cannot compare their visitors");
    assert_eq!(here, sub(&enter(app, &elin, "shop-2", &[]).await), "one service, one name");
    let sids: std::collections::BTreeSet<_> = ["shop", "shop-2", "records"].into_iter().collect();
    let mut seen = std::collections::BTreeSet::new();
    for id in sids {
        seen.insert(verified(app, &enter(app, &elin, id, &[]).await)["sid"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen.len(), 3, "nor their sessions");
    app.log_out(&elin).await.unwrap();
    let (_, again) = house.log_in(ELIN).await;
    assert_eq!(here, sub(&enter(app, &again, "shop", &[]).await), "the same at the next login");
    assert_eq!(there, sub(&enter(app, &again, "records", &[]).await));
}

async fn a_number_is_told_only_where_the_catalogue_names_a_ground(db: TestDatabase) {
    let house = House::furnished_beside(db, archive()).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    register(&house, public("records", "archive")).await;
    let (_, elin) = house.log_in(ELIN).await;
    let number = format!("openid {}", scope::PERSON_NUMBER);
    let single =
        json!({"id_token": {PERSONAL_NUMBER: {"essential": true}}, "userinfo": {PERSONAL_NUMBER: null}});
    let single = single.to_string();
    let all = format!("openid {} {}", scope::PERSON_INFO, scope::PERSON_NUMBER);
    for changed in
        [[("scope", number.as_str()), ("claims", "{}")], [("scope", "openid"), ("claims", &single)]]
    {
        // Asked for without a ground: the login is carried out, and nothing of the number is told.
        let tokens = enter(app, &elin, "shop", &changed).await;
        let told = format!("{:?}{:?}", verified(app, &tokens), userinfo(app, &tokens).await);
        assert!(!told.contains(ELIN.number) && !told.contains("personalIdentityNumber"), "{changed:?}");
        let tokens = enter(app, &elin, "records", &changed).await;
        assert_eq!(verified(app, &tokens)[PERSONAL_NUMBER], ELIN.number, "{changed:?}");
        assert_eq!(userinfo(app, &tokens).await[PERSONAL_NUMBER], ELIN.number, "{changed:?}");
    }
    // A ground is no order: what was not asked for is not told.
    let tokens = enter(app, &elin, "records", &[("scope", "openid")]).await;
    assert_eq!(userinfo(app, &tokens).await.keys().collect::<Vec<_>>(), ["sub"]);
    assert!(!verified(app, &tokens).contains_key(PERSONAL_NUMBER));
    // Names come by userinfo, and the day of birth without the rest of the number.
    let tokens = enter(app, &elin, "shop", &[("scope", &all)]).await;
    let told = userinfo(app, &tokens).await;
    assert_eq!(told.keys().collect::<Vec<_>>(), ["birthdate", "family_name", "given_name", "name", "sub"]);
    assert_eq!((&told["name"], &told["birthdate"]), (&json!("Elin Forsman"), &json!("1992-05-05")));
    assert!(!verified(app, &tokens).contains_key("name"));
    // Neither the records nor what they point at hold the number.
    assert!(!format!("{:?}", house.records().await).contains(ELIN.number));
}

async fn a_protected_persons_name_is_told_only_with_a_ground(db: TestDatabase) {
    let house = House::furnished_beside(db, archive()).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    register(&house, public("records", "archive")).await;
    let (_, elin) = house.log_in(ELIN).await;
    let info = format!("openid {}", scope::PERSON_INFO);
    crate::protected::notice(&house, ELIN, "secrecy_marking").await;
    for (client, told) in [("shop", false), ("records", true)] {
        let tokens = enter(app, &elin, client, &[("scope", info.as_str()), ("claims", "{}")]).await;
        let said = format!("{:?}{:?}", verified(app, &tokens), userinfo(app, &tokens).await);
        assert_eq!(said.contains("Forsman"), told, "{client}");
        assert_eq!(said.contains("1992-05-05"), told, "{client}: nor the day of birth");
        assert!(!said.contains("secrecy"), "the mark itself is told to nobody");
    }
}

async fn the_party_is_told_as_a_decision_takes_it(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let tokens = enter(app, &elin, "shop", &[]).await;
    for told in [verified(app, &tokens), userinfo(app, &tokens).await] {
        let party = json!({"type": "organisation", "id": elin.party().to_string()});
        assert_eq!(told["urn:behorig:claim:party"], party);
        assert_eq!(told["https://id.oidc.se/claim/orgNumber"], "4056201108");
        assert_eq!(told["https://id.oidc.se/claim/orgName"], "Granåsens Åkeri AB");
    }
    // Not asked for, not told.
    let tokens = enter(app, &elin, "shop", &[("scope", "openid")]).await;
    assert!(!format!("{:?}", verified(app, &tokens)).contains("org"));
    assert_eq!(userinfo(app, &tokens).await.keys().collect::<Vec<_>>(), ["sub"]);
    // The party of a login is the one that was acted for then; another tab may act for somebody else since.
    let tokens = enter(app, &elin, "shop", &[]).await;
    app.switch_party(&elin, elin.person()).await.unwrap();
    assert_eq!(userinfo(app, &tokens).await["urn:behorig:claim:party"]["type"], "organisation");
}

async fn a_token_is_introspected_by_its_own_client_only(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (till, other) = (Signer::new(), Signer::new());
    register(&house, till.client("till", "example")).await;
    register(&house, other.client("other", "example")).await;
    register(&house, public("shop", "example")).await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let code = code_of(app.authorize(&params(&request("till", &[])), Some(&elin)).await);
    let assertion = till.assertion(&house, "till", "1");
    let mut pairs = redeeming("till", &code);
    pairs.extend([("client_assertion_type", ASSERTION), ("client_assertion", &assertion)]);
    let tokens = app.token(&params(&pairs)).await.unwrap();
    let public_token = enter(app, &elin, "shop", &[]).await;

    let ask = |signer: &Signer, id: &'static str, jti: &str, token: &str| {
        let assertion = signer.assertion(&house, id, jti);
        let params = params(&[
            ("client_id", id),
            ("token", token),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", &assertion),
        ]);
        let app = app.clone();
        async move { app.introspect(&params).await.unwrap().0 }
    };
    let told = ask(&till, "till", "2", &tokens.access_token).await;
    let id = claims(tokens.id_token.as_deref().unwrap());
    assert_eq!(
        (&told["active"], &told["sub"], &told["client_id"]),
        (&json!(true), &id["sub"], &json!("till"))
    );
    assert_eq!(told["urn:behorig:claim:party"]["id"], elin.party().to_string());
    let life = told["exp"].as_i64().unwrap() - told["iat"].as_i64().unwrap();
    assert!((7140..=7200).contains(&life), "{life}");
    // Whatever is not this client's own is inactive, and nothing more is said of it.
    for (n, (signer, id, token)) in [
        (&other, "other", tokens.access_token.as_str()),
        (&till, "till", public_token.access_token.as_str()),
        (&till, "till", tokens.id_token.as_deref().unwrap()),
        (&till, "till", "v.AAAA"),
        (&till, "till", "m.AAAA"),
        (&till, "till", "rubbish"),
    ]
    .into_iter()
    .enumerate()
    {
        let told = ask(signer, id, &format!("n{n}"), token).await;
        assert_eq!(json!(told), json!({"active": false}), "{n}");
    }
    // A public client is anybody.
    let by_public = params(&[("client_id", "shop"), ("token", &public_token.access_token)]);
    assert_eq!(fault(app.introspect(&by_public).await), ErrorCode::UnauthorizedClient);
    app.log_out(&elin).await.unwrap();
    assert_eq!(json!(ask(&till, "till", "9", &tokens.access_token).await), json!({"active": false}));
}
