//! Clients that prove themselves by a key: each assertion once, on all nodes; and clients that were switched off.

use super::client::{
    ASSERTION, ISSUER, Signer, enter, fault, params, public, redeeming, register, request, told_here,
};
use super::decisions::machine;
use crate::support::{ASTRID, ELIN, House, MINUTE, TestDatabase, on_both};
use domain::Clock as _;
use oidc::authzen::Semantic;
use oidc::{ClientId, ErrorCode};
use serde_json::json;

on_both!(
    an_assertion_counts_once_on_all_nodes,
    a_machine_has_a_token_of_its_own,
    a_client_switched_off_is_nobody
);

async fn an_assertion_counts_once_on_all_nodes(db: TestDatabase) {
    let house = House::furnished(db).await;
    let second = house.idle_node("second").await;
    let signer = Signer::new();
    register(&house, signer.client("till", "example")).await;
    register(&house, signer.client("desk", "example")).await;
    let calling = |id: &str, assertion: &str| {
        let pairs = [
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", assertion),
        ];
        params(&pairs)
    };
    let assertion = signer.assertion(&house, "till", "1");
    let call = calling("till", &assertion);
    // At the same moment on both nodes, eight times: one gets in.
    let calls: Vec<_> = (0..8)
        .map(|n| {
            let (node, call) = (if n % 2 == 0 { house.app.clone() } else { second.clone() }, call.clone());
            tokio::spawn(async move { node.token(&call).await.is_ok() })
        })
        .collect();
    let mut let_in = 0;
    for call in calls {
        let_in += u32::from(call.await.unwrap());
    }
    assert_eq!(let_in, 1);
    // Its jti is that client's own: another client may have the same.
    assert!(second.token(&calling("desk", &signer.assertion(&house, "desk", "1"))).await.is_ok());
    // It is remembered as long as it could be believed, whatever is forgotten meanwhile.
    let now = house.clock.now().seconds();
    let long =
        signer.sign(&json!({"iss": "till", "sub": "till", "aud": ISSUER, "jti": "2", "exp": now + 3600}));
    assert!(second.token(&calling("till", &long)).await.is_ok());
    house.pass(59 * MINUTE);
    let replayed = second.token(&calling("till", &long)).await;
    assert_eq!(fault(replayed), ErrorCode::InvalidClient);
    let now = house.clock.now().seconds();
    for (name, value) in [
        ("iss", json!("desk")),
        ("sub", json!("desk")),
        ("aud", json!("https://another-issuer.example")),
        ("exp", json!(now - 31)),
        ("exp", json!(now + 3631)),
        ("iat", json!(now + 31)),
        ("nbf", json!(now + 31)),
        ("jti", json!("")),
    ] {
        let mut claims =
            json!({"iss": "till", "sub": "till", "aud": ISSUER, "jti": "3", "iat": now, "exp": now + 60});
        claims[name] = value.clone();
        let refused = house.app.token(&calling("till", &signer.sign(&claims))).await;
        assert_eq!(fault(refused), ErrorCode::InvalidClient, "{name}={value}");
    }
    // The token endpoint as audience is good, with its whole address only.
    let at = |aud: &str, jti: &str| {
        signer.sign(&json!({"iss": "till", "sub": "till", "aud": aud, "jti": jti, "exp": now + 60}))
    };
    assert!(house.app.token(&calling("till", &at(&format!("{ISSUER}/oauth/token"), "4"))).await.is_ok());
    let refused = house.app.token(&calling("till", &at(&format!("{ISSUER}/oauth/authorize"), "5"))).await;
    assert_eq!(fault(refused), ErrorCode::InvalidClient);
}

async fn a_machine_has_a_token_of_its_own(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let signer = Signer::new();
    register(&house, signer.client("till", "example")).await;
    register(&house, public("shop", "example")).await;
    house.forget().await;
    let assertion = signer.assertion(&house, "till", "1");
    let pairs = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", &assertion),
    ];
    // The assertion names the client: client_id may be left out (RFC 7521 §4.2).
    let tokens = app.token(&params(&pairs)).await.unwrap();
    assert_eq!((tokens.expires_in, &tokens.id_token), (5 * MINUTE, &None));
    assert_eq!(fault(app.userinfo(&tokens.access_token).await), ErrorCode::InvalidToken, "nobody logged in");
    let by_public = params(&[("grant_type", "client_credentials"), ("client_id", "shop")]);
    assert_eq!(fault(app.token(&by_public).await), ErrorCode::UnauthorizedClient);
    let assertion = signer.assertion(&house, "till", "2");
    let pairs = [
        ("token", tokens.access_token.as_str()),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", &assertion),
    ];
    let told = app.introspect(&params(&pairs)).await.unwrap().0;
    assert_eq!((&told["active"], &told["sub"]), (&json!(true), &json!("till")));
    for (grant, code) in [
        ("password", ErrorCode::UnsupportedGrantType),
        ("refresh_token", ErrorCode::UnsupportedGrantType),
        ("", ErrorCode::InvalidRequest),
    ] {
        assert_eq!(
            fault(app.token(&params(&[("grant_type", grant), ("client_id", "shop")])).await),
            code,
            "{grant}"
        );
    }
    assert_eq!(house.news().await, [""; 0], "a machine's token is no login");
}

async fn a_client_switched_off_is_nobody(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let second = house.idle_node("second").await;
    let signer = Signer::new();
    register(&house, signer.client("till", "example")).await;
    register(&house, public("shop", "example")).await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let (_, elin) = house.log_in(ELIN).await;
    let tokens = enter(app, &elin, "shop", &[]).await;
    let machines = machine(&house, &signer, "till", "1").await;
    let waiting = app.authorize(&params(&request("shop", &[])), None).await;
    let Ok(app::oidc::Step::LogIn { handle, .. }) = &waiting else { panic!("{waiting:?}") };
    let code = super::client::code_of(app.authorize(&params(&request("shop", &[])), Some(&elin)).await);
    for id in ["shop", "till"] {
        app.disable_client(&astrid, &ClientId::parse(id).unwrap()).await.unwrap();
    }
    // At the next call, on the other node too.
    for node in [&second, app] {
        let step = node.authorize(&params(&request("shop", &[])), Some(&elin)).await;
        assert_eq!(told_here(step), ErrorCode::InvalidClient, "nobody is sent back to it");
        assert_eq!(
            told_here(node.resume(handle, Some(&elin), app::oidc::Came::Chosen).await),
            ErrorCode::InvalidClient
        );
        assert_eq!(node.form_target(handle).await.unwrap(), None);
        assert_eq!(fault(node.token(&params(&redeeming("shop", &code))).await), ErrorCode::InvalidClient);
        assert_eq!(fault(node.userinfo(&tokens.access_token).await), ErrorCode::InvalidToken);
        for token in [&tokens.access_token, &machines] {
            let asked = app::oidc::Asked { questions: Vec::new(), semantic: Semantic::ExecuteAll };
            assert_eq!(fault(node.evaluate(token, asked).await), ErrorCode::InvalidToken);
        }
    }
}
