//! A mandate that was withdrawn a moment ago is gone from every token and every decision, on every node.

use super::client::{
    ASSERTION, Signer, code_of, given, params, public, redeeming, register, request, userinfo,
};
use super::decisions::{about, by, codes};
use crate::support::{ELIN, House, TestDatabase, on_both};
use serde_json::json;

on_both!(a_withdrawn_mandate_is_gone_at_the_next_call_on_every_node);

// R-004-31 (part)
async fn a_withdrawn_mandate_is_gone_at_the_next_call_on_every_node(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    // The second node does no background work: it learns of nothing but by its own calls.
    let second = house.idle_node("second").await;
    let till = Signer::new();
    register(&house, till.client("till", "example")).await;
    register(&house, public("shop", "example")).await;
    let (order, cecilia) = given(&house, ELIN, "example.user").await;
    let (_, elin) = house.log_in_for_other(ELIN).await;

    let code = code_of(app.authorize(&params(&request("till", &[])), Some(&elin)).await);
    let assertion = till.assertion(&house, "till", "1");
    let mut pairs = redeeming("till", &code);
    pairs.extend([("client_assertion_type", ASSERTION), ("client_assertion", &assertion)]);
    let tokens = app.token(&params(&pairs)).await.unwrap();
    let introspected = |node: &app::App, jti: &str| {
        let assertion = till.assertion(&house, "till", jti);
        let params = params(&[
            ("client_id", "till"),
            ("token", &tokens.access_token),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", &assertion),
        ]);
        let node = node.clone();
        async move { node.introspect(&params).await.unwrap().0 }
    };
    let sub = userinfo(app, &tokens).await["sub"].as_str().unwrap().to_owned();
    let organisation = elin.party().to_string();
    let read = about(&sub, "example.order.read", ("organisation", &organisation));
    for (n, node) in [app, &second].into_iter().enumerate() {
        assert_eq!(userinfo(node, &tokens).await["urn:behorig:claim:party"]["id"], organisation);
        assert_eq!(introspected(node, &format!("a{n}")).await["urn:behorig:claim:party"]["id"], organisation);
        assert!(by(node, &tokens.access_token, &read).await.allowed);
    }

    // The one by which she orders: the decision is no at once, and she still acts for her employer otherwise.
    app.end_mandate(&cecilia, "employer", order).await.unwrap();
    for node in [app, &second] {
        let verdict = by(node, &tokens.access_token, &read).await;
        assert!(!verdict.allowed && !codes(&verdict).is_empty(), "{verdict:?}");
        assert!(verdict.as_of.seq >= domain::Seq(4));
        assert!(userinfo(node, &tokens).await.contains_key("urn:behorig:claim:party"));
    }
    // And the last one: the token lives, and has lost the party.
    let left = app.mandates(&cecilia, "employer").await.unwrap();
    let hers = left.iter().find(|mandate| mandate.holder == elin.person()).unwrap().id;
    app.end_mandate(&cecilia, "employer", hers).await.unwrap();
    for (n, node) in [&second, app].into_iter().enumerate() {
        let told = userinfo(node, &tokens).await;
        assert_eq!(told.keys().collect::<Vec<_>>(), ["sub"], "{n}");
        let told = introspected(node, &format!("b{n}")).await;
        assert_eq!(told["active"], json!(true));
        assert!(!told.contains_key("urn:behorig:claim:party"), "{n}");
        assert!(!by(node, &tokens.access_token, &read).await.allowed);
    }
    // A code of before that is redeemed now tells nothing of it either; the login is hers alone.
    let step = second.authorize(&params(&request("shop", &[])), Some(&elin)).await;
    let code = code_of(step);
    let tokens = second.token(&params(&redeeming("shop", &code))).await.unwrap();
    let told = super::client::verified(&second, &tokens);
    assert!(!json!(told).to_string().contains(&organisation));
}
