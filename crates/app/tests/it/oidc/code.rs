//! From the request to the tokens: each code once, for its client, with its verifier, in its time, in its session.

use super::client::{
    BACK, ISSUER, PARTY, Signer, VERIFIER, answer, claims, code_of, enter, fault, params, public, redeeming,
    register, request, resumed, told_back, told_here, userinfo, verified,
};
use crate::support::{ELIN, FARID, House, MINUTE, TestDatabase, on_both};
use app::oidc::{Came, Step, Userinfo};
use oidc::client::UserinfoForm;
use oidc::{Client, ErrorCode};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// Where clients push from.
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

on_both!(
    a_public_client_is_entered_with_a_code,
    a_client_with_keys_pushes_its_request,
    a_code_counts_once_for_its_client_with_its_verifier_in_its_time,
    a_token_ends_with_its_session,
    a_request_that_is_wrong_sends_nobody_to_a_foreign_address,
);

async fn a_public_client_is_entered_with_a_code(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    house.forget().await;
    let step = app.authorize(&params(&request("shop", &[])), None).await;
    let Ok(Step::LogIn { handle, service }) = step else { panic!("{step:?}") };
    assert_eq!(service, "example");
    // The policy of the login's pages names where its forms may end: the registered address's origin.
    assert_eq!(app.form_target(&handle).await.unwrap().as_deref(), Some("http://127.0.0.1:9999"));

    let (_, elin) = house.log_in(ELIN).await;
    let step = app.resume(&handle, Some(&elin), Came::Chosen).await;
    let Ok(Step::Done { location }) = &step else { panic!("{step:?}") };
    let answered = answer(location);
    assert_eq!(answered.keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
    assert_eq!((answered["state"].as_str(), answered["iss"].as_str()), ("a state & more", ISSUER));
    // The request has ended: a second click gets no second code, and its pages may send nothing there any more.
    let again = app.resume(&handle, Some(&elin), Came::Chosen).await;
    assert_eq!(told_here(again), ErrorCode::InvalidRequestUri);
    assert_eq!(app.form_target(&handle).await.unwrap(), None);

    let tokens = app.token(&params(&redeeming("shop", &answered["code"]))).await.unwrap();
    let id = verified(app, &tokens);
    let now = domain::Clock::now(house.clock.as_ref()).seconds();
    assert_eq!(
        (id["iss"].clone(), id["aud"].clone(), id["nonce"].clone()),
        (json!(ISSUER), json!("shop"), json!("a nonce"))
    );
    assert_eq!((id["iat"].as_i64(), id["exp"].as_i64()), (Some(now), Some(now + 300)));
    assert_eq!(id["auth_time"].as_i64(), Some(elin.session.opened_at.seconds()));
    assert_eq!(id["acr"], "http://id.elegnamnden.se/loa/1.0/loa3");
    assert_eq!(id["sub"].as_str().map(str::len), Some(22));
    assert_eq!(id["urn:behorig:claim:party"], json!({"type": "person", "id": id["sub"]}));
    let told = json!(id).to_string();
    assert!(
        !told.contains("Elin") && !told.contains(ELIN.number) && !told.contains(&elin.person().to_string())
    );
    assert_eq!(userinfo(app, &tokens).await["sub"], id["sub"]);
    assert_eq!(tokens.scope.as_deref(), Some(PARTY));
    assert_eq!(
        house.news().await,
        [
            "login client.entered Elin@Elin scope=openid urn:behorig:scope:party service=example",
            "login login.done Elin@Elin evidence=1 method=bankid",
        ]
    );
}

async fn a_client_with_keys_pushes_its_request(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let signer = Signer::new();
    register(&house, Client { userinfo: UserinfoForm::Signed, ..signer.client("till", "example") }).await;
    register(&house, public("shop", "example")).await;
    let (_, elin) = house.log_in(ELIN).await;
    let push = |jti: &'static str| {
        let assertion = signer.assertion(&house, "till", jti);
        let mut pairs = request("till", &[]);
        pairs.extend([("client_assertion_type", super::client::ASSERTION), ("client_assertion", &assertion)]);
        let params = params(&pairs);
        async move { app.push(&params, HERE).await }
    };
    let (uri, life) = push("1").await.unwrap();
    assert_eq!(life, Duration::from_secs(90));
    assert_eq!(fault(push("1").await), ErrorCode::InvalidClient, "an assertion counts once");
    assert_eq!(fault(app.push(&params(&request("till", &[])), HERE).await), ErrorCode::InvalidClient);

    // Another client's name does not open it, and uses nothing up.
    let by = |id: &'static str, uri: &str| params(&[("client_id", id), ("request_uri", uri)]);
    let foreign = app.authorize(&by("shop", &uri), Some(&elin)).await;
    assert_eq!(told_here(foreign), ErrorCode::InvalidRequestUri);
    let code = code_of(app.authorize(&by("till", &uri), Some(&elin)).await);
    let again = app.authorize(&by("till", &uri), Some(&elin)).await;
    assert_eq!(told_here(again), ErrorCode::InvalidRequestUri, "used");
    let (late, _) = push("2").await.unwrap();
    house.pass(Duration::from_secs(90));
    let expired = app.authorize(&by("till", &late), Some(&elin)).await;
    assert_eq!(told_here(expired), ErrorCode::InvalidRequestUri, "90 seconds");

    // The code of the first is older than 60 seconds by now.
    let redeem = |code: &str, jti: &str| {
        let assertion = signer.assertion(&house, "till", jti);
        let mut pairs = redeeming("till", code);
        pairs.extend([("client_assertion_type", super::client::ASSERTION), ("client_assertion", &assertion)]);
        params(&pairs)
    };
    assert_eq!(fault(app.token(&redeem(&code, "3")).await), ErrorCode::InvalidGrant);
    let (uri, _) = push("4").await.unwrap();
    let code = code_of(app.authorize(&by("till", &uri), Some(&elin)).await);
    assert_eq!(fault(app.token(&params(&redeeming("till", &code))).await), ErrorCode::InvalidClient);
    assert_eq!(fault(app.token(&redeem(&code, "4")).await), ErrorCode::InvalidClient, "of the push");
    // An assertion that came with a wrong code is used up as well.
    assert_eq!(fault(app.token(&redeem("x", "5")).await), ErrorCode::InvalidGrant);
    assert_eq!(fault(app.token(&redeem(&code, "5")).await), ErrorCode::InvalidClient);
    let tokens = app.token(&redeem(&code, "6")).await.unwrap();
    // This client asked for a signed answer: it says whose and for whom it is.
    let Userinfo::Signed(jwt) = app.userinfo(&tokens.access_token).await.unwrap() else { panic!("signed") };
    let told = claims(&jwt);
    assert_eq!((&told["iss"], &told["aud"]), (&json!(ISSUER), &json!("till")));
    assert_eq!(userinfo(app, &tokens).await["sub"], verified(app, &tokens)["sub"]);
}

async fn a_code_counts_once_for_its_client_with_its_verifier_in_its_time(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    register(&house, public("other", "example")).await;
    let (_, elin) = house.log_in(ELIN).await;
    house.forget().await;
    let code = code_of(app.authorize(&params(&request("shop", &[])), Some(&elin)).await);
    let long = "a".repeat(9000);
    let another_verifier = "a".repeat(43);
    for (why, name, value) in [
        ("of another client", "client_id", "other"),
        ("another address", "redirect_uri", "http://127.0.0.1:9999/other"),
        ("another verifier", "code_verifier", another_verifier.as_str()),
        ("a verifier that is too short", "code_verifier", &VERIFIER[..42]),
        ("the challenge as its verifier", "code_verifier", super::client::CHALLENGE),
        ("one letter off", "code", &format!("{}A", &code[..code.len() - 1])),
        ("cut short", "code", &code[..20]),
        ("no code at all", "code", "abc"),
        ("nine thousand letters", "code", &long),
    ] {
        let mut pairs = redeeming("shop", &code);
        pairs.retain(|(had, _)| *had != name);
        pairs.push((name, value));
        // A last letter may hold no more than unused bits: then it is the same code, and none of ours ends so.
        if why == "one letter off" && code.ends_with('A') {
            continue;
        }
        assert_eq!(fault(app.token(&params(&pairs)).await), ErrorCode::InvalidGrant, "{why}");
    }
    assert_eq!(house.news().await, [""; 0], "nothing was entered");

    // None of that has used it up.
    let tokens = app.token(&params(&redeeming("shop", &code))).await.unwrap();
    assert!(app.userinfo(&tokens.access_token).await.is_ok());
    // A second time: whoever sends it, the first token counts no more, and it is recorded (RFC 6749 §4.1.2).
    assert_eq!(fault(app.token(&params(&redeeming("shop", &code))).await), ErrorCode::InvalidGrant);
    assert_eq!(fault(app.userinfo(&tokens.access_token).await), ErrorCode::InvalidToken);
    let tail = "Elin@Elin scope=openid urn:behorig:scope:party service=example";
    assert_eq!(
        house.news().await,
        [format!("login client.entered {tail}"), format!("refusal client.code_again {tail} fault=us")]
    );

    let late = code_of(app.authorize(&params(&request("shop", &[])), Some(&elin)).await);
    house.pass(Duration::from_secs(59));
    let tokens = app.token(&params(&redeeming("shop", &late))).await;
    assert!(tokens.is_ok(), "{tokens:?}");
    let late = code_of(app.authorize(&params(&request("shop", &[])), Some(&elin)).await);
    house.pass(Duration::from_secs(60));
    assert_eq!(fault(app.token(&params(&redeeming("shop", &late))).await), ErrorCode::InvalidGrant);
}

async fn a_token_ends_with_its_session(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    let (key, elin) = house.log_in(ELIN).await;
    let (_, farid) = house.log_in(FARID).await;
    let tokens = enter(app, &elin, "shop", &[]).await;
    let his = enter(app, &farid, "shop", &[]).await;
    // The session's two hours, less what has passed since the login.
    assert!(tokens.expires_in > 119 * MINUTE && tokens.expires_in <= 120 * MINUTE);

    // By log-out: the token, and a code that was on its way; nobody else's.
    let code = code_of(app.authorize(&params(&request("shop", &[])), Some(&farid)).await);
    app.log_out(&farid).await.unwrap();
    assert_eq!(fault(app.userinfo(&his.access_token).await), ErrorCode::InvalidToken);
    assert_eq!(fault(app.token(&params(&redeeming("shop", &code))).await), ErrorCode::InvalidGrant);
    assert!(app.userinfo(&tokens.access_token).await.is_ok());

    // As long as the session goes on.
    for _ in 0..4 {
        house.pass(15 * MINUTE);
        house.enter(&key).await;
    }
    assert!(app.userinfo(&tokens.access_token).await.is_ok());
    // A token never outlives the session: two hours after the login there is nothing left.
    for _ in 0..3 {
        house.pass(14 * MINUTE);
        house.enter(&key).await;
    }
    let elin = house.enter(&key).await;
    let short = enter(app, &elin, "shop", &[]).await;
    assert!(short.expires_in < 18 * MINUTE, "{:?}", short.expires_in);

    // By disuse.
    let (_, elin) = house.log_in(ELIN).await;
    let tokens = enter(app, &elin, "shop", &[]).await;
    house.pass(29 * MINUTE);
    assert!(app.userinfo(&tokens.access_token).await.is_ok());
    house.pass(MINUTE);
    assert_eq!(fault(app.userinfo(&tokens.access_token).await), ErrorCode::InvalidToken);
}

async fn a_request_that_is_wrong_sends_nobody_to_a_foreign_address(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let signer = Signer::new();
    register(&house, public("shop", "example")).await;
    register(&house, signer.client("till", "example")).await;
    let (_, elin) = house.log_in(ELIN).await;
    house.forget().await;
    for (name, value, code) in [
        ("client_id", "nobody", ErrorCode::InvalidClient),
        ("client_id", "Shop!", ErrorCode::InvalidClient),
        ("client_id", "", ErrorCode::InvalidRequest),
        ("redirect_uri", "", ErrorCode::InvalidRequest),
        ("redirect_uri", "https://evil.example/back", ErrorCode::InvalidRequest),
        ("redirect_uri", "http://127.0.0.1:9999/back/", ErrorCode::InvalidRequest),
        ("redirect_uri", "http://127.0.0.1:9999/back?x=1", ErrorCode::InvalidRequest),
        ("redirect_uri", "http://127.0.0.1:9999/back#x", ErrorCode::InvalidRequest),
        ("redirect_uri", "http://127.0.0.1:9999/../back", ErrorCode::InvalidRequest),
        ("redirect_uri", "http://127.0.0.1:9999@evil.example/back", ErrorCode::InvalidRequest),
        ("redirect_uri", "HTTP://127.0.0.1:9999/back", ErrorCode::InvalidRequest),
        ("redirect_uri", "javascript:alert(1)", ErrorCode::InvalidRequest),
        ("request_uri", "https://evil.example/request", ErrorCode::InvalidRequestUri),
        (
            "request_uri",
            "urn:ietf:params:oauth:request_uri:AAAAAAAAAAAAAAAAAAAAAA",
            ErrorCode::InvalidRequestUri,
        ),
        ("request", "x.y.z", ErrorCode::RequestNotSupported),
    ] {
        let step = app.authorize(&params(&request("shop", &[(name, value)])), Some(&elin)).await;
        assert_eq!(told_here(step), code, "{name}={value}");
    }
    let long = "n".repeat(513);
    for (name, value, word) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        ("response_mode", "form_post", "invalid_request"),
        ("scope", "profile", "invalid_scope"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("nonce", long.as_str(), "invalid_request"),
        ("max_age", "-1", "invalid_request"),
        ("max_age", "soon", "invalid_request"),
        ("prompt", "none login", "invalid_request"),
        ("prompt", "create", "invalid_request"),
        ("claims", "[]", "invalid_request"),
        ("registration", "{}", "registration_not_supported"),
    ] {
        let step = app.authorize(&params(&request("shop", &[(name, value)])), Some(&elin)).await;
        assert_eq!(told_back(step), word, "{name}={value}");
    }
    // A request object counts alone, and only one of now that is this client's and for us.
    let now = domain::Clock::now(house.clock.as_ref()).seconds();
    let good = json!({"iss": "till", "aud": ISSUER, "exp": now + 60, "response_type": "code", "client_id": "till",
        "redirect_uri": BACK, "scope": "openid", "state": "of the object", "code_challenge_method": "S256",
        "code_challenge": super::client::CHALLENGE});
    let object = |claims: &serde_json::Value| {
        let token = signer.sign(claims);
        let params = params(&[("client_id", "till"), ("request", &token), ("state", "of the query")]);
        let (app, elin) = (app.clone(), elin.clone());
        async move { app.authorize(&params, Some(&elin)).await }
    };
    let Ok(Step::Done { location }) = object(&good).await else { panic!("a good object") };
    assert_eq!(answer(&location)["state"], "of the object");
    for (name, value) in [
        ("iss", json!("shop")),
        ("client_id", json!("shop")),
        ("aud", json!("https://evil.example")),
        ("exp", json!(now - 31)),
        ("nbf", json!(now + 31)),
        ("iat", json!(now + 31)),
        ("request_uri", json!("urn:x")),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        assert_eq!(told_here(object(&bad).await), ErrorCode::InvalidRequestObject, "{name}");
    }
    assert_eq!(house.news().await, [""; 0]);
    // What failed left no request behind that could be gone on with.
    let step = resumed(app, app.authorize(&params(&request("shop", &[])), None).await, &elin).await;
    assert!(step.is_ok());
}
