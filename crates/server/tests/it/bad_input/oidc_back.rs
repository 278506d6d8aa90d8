//! What programs send: pushed requests, codes, verifiers, assertions and tokens that are malformed, replayed, expired, foreign,
//! of another client or of the future.

use crate::support::browser::Page;
use crate::support::client::{
    FORM, ISSUER, Signer, aged, altered, asserted, call, code, encoded, form, json, now, redeeming, register,
    request, tokens,
};
use crate::support::house::Engine;
use crate::support::table::Walk;
use crate::support::{Browser, House};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const HERE: &str = "bad_input/oidc_back.rs::calls_of_clients";

#[test]
fn calls_of_clients() {
    let house = House::start(Engine::Sqlite);
    let (till, desk) = (Signer::new(), Signer::new());
    register(&house, "shop", None);
    register(&house, "other", None);
    register(&house, "till", Some(&till));
    register(&house, "desk", Some(&desk));
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta");
    // A code grows old by real time alone, while the other rows are walked.
    let old = (code(&mut greta, "shop"), Instant::now());
    let mut walk = Walk::of(&house, HERE);
    forms(&mut walk);
    assertions(&mut walk, &till, &desk);
    pushes(&mut walk, &till);
    codes(&mut walk, &mut greta);
    let visitor = tokens(&house, &mut greta, "shop");
    walk.moved();
    bearers(&mut walk, &visitor);
    introspections(&mut walk, &mut greta, &till, &desk);
    std::thread::sleep(Duration::from_secs(61).saturating_sub(old.1.elapsed()));
    let page = form(&house, "/oauth/token", &redeeming("shop", &old.0), &[]);
    walk.meets("code: expired", &page);
    let secrets = greta.cookies.into_values().chain(house.invitations.clone()).collect::<Vec<_>>();
    walk.finish(&secrets);
}

/// A refusal by protocol is JSON that nobody keeps.
fn meets(walk: &mut Walk<'_>, input: &str, page: &Page) {
    walk.meets(input, page);
    let kind = page.header("content-type").unwrap_or_default();
    walk.holds(kind.starts_with("application/json"), &format!("“{input}”: {kind}"));
    walk.holds(page.header("cache-control").as_deref() == Some("no-store"), &format!("“{input}”: kept"));
    walk.holds(page.header("set-cookie").is_none(), &format!("“{input}”: a cookie"));
}

fn forms(walk: &mut Walk<'_>) {
    let large = format!("grant_type=client_credentials&x={}", "x".repeat(66_000));
    let many = (0..41).map(|n| format!("x{n}=1&")).collect::<String>();
    for (input, kind, body) in [
        ("token call: JSON", "application/json", "{}"),
        ("token call: no type", "", "grant_type=client_credentials"),
        ("token call: larger than a form", FORM.1, large.as_str()),
        ("token call: 41 parameters", FORM.1, &many),
        ("token call: a parameter twice", FORM.1, "client_id=shop&client_id=other"),
        ("token call: control characters", FORM.1, "client_id=shop%00"),
        ("token call: empty", FORM.1, ""),
        ("grant: none", FORM.1, "client_id=shop"),
        ("grant: password", FORM.1, "client_id=shop&grant_type=password&username=a&password=b"),
        ("grant: a refresh token", FORM.1, "client_id=shop&grant_type=refresh_token&refresh_token=x"),
        (
            "grant: client credentials of a public client",
            FORM.1,
            "client_id=shop&grant_type=client_credentials",
        ),
        ("caller: none", FORM.1, "grant_type=client_credentials"),
        ("caller: of nobody", FORM.1, "client_id=nobody&grant_type=client_credentials"),
        ("caller: malformed", FORM.1, "client_id=..%2F..&grant_type=client_credentials"),
        (
            "caller: a password in the form",
            FORM.1,
            "client_id=till&client_secret=x&grant_type=client_credentials",
        ),
    ] {
        let headers: &[(&str, &str)] = if kind.is_empty() { &[] } else { &[("content-type", kind)] };
        let page = call(walk.house, "POST", "/oauth/token", headers, body);
        meets(walk, input, &page);
    }
    let basic = [FORM, ("authorization", "Basic dGlsbDp4")];
    let page = call(walk.house, "POST", "/oauth/token", &basic, "grant_type=client_credentials");
    meets(walk, "caller: a password in the header", &page);
    let page = call(walk.house, "GET", "/oauth/token?grant_type=client_credentials", &[], "");
    walk.meets("token call: by GET", &page);
}

fn assertions(walk: &mut Walk<'_>, till: &Signer, desk: &Signer) {
    let with = |name: &str, value: Value| {
        let mut claims = till.claims("till");
        claims[name] = value;
        asserted(till.sign(&claims))
    };
    let without = |name: &str| with(name, Value::Null);
    let altered_one = altered(&till.sign(&till.claims("till")), 10);
    let mut saml = till.proof("till");
    saml[0].1 = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer".to_owned();
    let credentials = [("client_id", "till"), ("grant_type", "client_credentials")];
    for (input, proof) in [
        ("assertion: none", Vec::new()),
        ("assertion: malformed", asserted("x.y.z".to_owned())),
        ("assertion: signed by nobody", asserted(Signer::unsigned(&till.claims("till")))),
        ("assertion: by another client's key", asserted(desk.sign(&till.claims("till")))),
        ("assertion: altered", asserted(altered_one)),
        ("assertion: of another kind", saml),
        ("assertion: without its kind", till.proof("till").split_off(1)),
        ("assertion: of another client", desk.proof("desk")),
        ("assertion: by one client about another", with("sub", json!("desk"))),
        ("assertion: for another issuer", with("aud", json!("https://other-issuer.example"))),
        (
            "assertion: for the authorisation endpoint",
            with("aud", json!(format!("{ISSUER}/oauth/authorize"))),
        ),
        ("assertion: for nobody", with("aud", json!([]))),
        ("assertion: expired", with("exp", json!(now() - 60))),
        ("assertion: without an end", without("exp")),
        ("assertion: good for two hours", with("exp", json!(now() + 7200))),
        ("assertion: issued in the future", with("iat", json!(now() + 300))),
        ("assertion: valid in the future", with("nbf", json!(now() + 300))),
        ("assertion: without a jti", without("jti")),
        ("assertion: a jti of 201 characters", with("jti", json!("j".repeat(201)))),
        ("assertion: 9000 characters", asserted("a".repeat(9000))),
    ] {
        let page = form(walk.house, "/oauth/token", &credentials, &proof);
        meets(walk, input, &page);
    }
    let proof = till.proof("till");
    let page = form(walk.house, "/oauth/token", &credentials, &proof);
    walk.holds(page.status == 200, &format!("a good assertion: {}", page.html));
    for (input, path) in [
        ("assertion: replayed", "/oauth/token"),
        ("assertion: replayed at another endpoint", "/oauth/introspect"),
    ] {
        let page = form(walk.house, path, &[credentials[0], credentials[1], ("token", "x")], &proof);
        meets(walk, input, &page);
    }
    let page = form(
        walk.house,
        "/oauth/token",
        &[("client_id", "shop"), credentials[1]],
        &asserted(till.sign(&till.claims("shop"))),
    );
    meets(walk, "assertion: of a public client", &page);
}

fn pushes(walk: &mut Walk<'_>, till: &Signer) {
    for (input, changed) in [
        ("push: a foreign redirect", ("redirect_uri", "https://evil.example/back")),
        ("push: without a challenge", ("code_challenge", "")),
        ("push: a challenge in plain", ("code_challenge_method", "plain")),
        ("push: a request_uri", ("request_uri", "urn:ietf:params:oauth:request_uri:AAAAAAAAAAAAAAAAAAAAAA")),
        ("push: without openid", ("scope", "profile")),
        ("push: another response type", ("response_type", "token")),
        ("push: a request object that is none", ("request", "x.y.z")),
    ] {
        let page = form(walk.house, "/oauth/par", &request("till", &[changed]), &till.proof("till"));
        meets(walk, input, &page);
    }
    let page = form(walk.house, "/oauth/par", &request("till", &[]), &[]);
    meets(walk, "push: without an assertion", &page);
    let page = form(walk.house, "/oauth/par", &request("shop", &[]), &till.proof("till"));
    meets(walk, "push: for another client", &page);
}

fn codes(walk: &mut Walk<'_>, greta: &mut Browser) {
    let code = code(greta, "shop");
    let machine = format!("m.{code}");
    let verifier = "a".repeat(43);
    let long = "a".repeat(9000);
    let changed = altered(&code, 30);
    for (input, name, value) in [
        ("code: none", "code", ""),
        ("code: malformed", "code", "x"),
        ("code: altered", "code", changed.as_str()),
        ("code: cut short", "code", &code[..40]),
        ("code: 9000 characters", "code", &long),
        ("code: a token in its place", "code", &machine),
        ("code: of another client", "client_id", "other"),
        ("verifier: none", "code_verifier", ""),
        ("verifier: another", "code_verifier", &verifier),
        ("verifier: the challenge", "code_verifier", crate::support::client::CHALLENGE),
        ("verifier: 42 characters", "code_verifier", &crate::support::client::VERIFIER[..42]),
        ("redirect at the token endpoint: none", "redirect_uri", ""),
        ("redirect at the token endpoint: another", "redirect_uri", "http://127.0.0.1:9999/other"),
    ] {
        let mut fields = redeeming("shop", &code);
        fields.retain(|(had, _)| *had != name);
        fields.push((name, value));
        let page = form(walk.house, "/oauth/token", &fields, &[]);
        meets(walk, input, &page);
    }
    let page = form(walk.house, "/oauth/token", &redeeming("shop", &code), &[]);
    walk.holds(page.status == 200, &format!("none of that used it up: {}", page.html));
    let token = json(&page)["access_token"].as_str().unwrap_or_default().to_owned();
    walk.moved();
    let page = form(walk.house, "/oauth/token", &redeeming("shop", &code), &[]);
    meets(walk, "code: replayed", &page);
    let page = userinfo(walk, &format!("Bearer {token}"));
    meets(walk, "access token: of a code that was replayed", &page);
}

fn userinfo(walk: &Walk<'_>, authorization: &str) -> Page {
    call(walk.house, "GET", "/oauth/userinfo", &[("authorization", authorization)], "")
}

fn bearers(walk: &mut Walk<'_>, visitor: &Value) {
    let token = visitor["access_token"].as_str().unwrap();
    let id_token = visitor["id_token"].as_str().unwrap();
    let long = "v".repeat(9000);
    let changed = altered(token, 10);
    walk.holds(userinfo(walk, &format!("bearer {token}")).status == 200, "a good token is taken");
    for (input, header) in [
        ("access token: malformed", "Bearer x".to_owned()),
        ("access token: of nobody", "Bearer v.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()),
        ("access token: altered", format!("Bearer {changed}")),
        ("access token: 9000 characters", format!("Bearer {long}")),
        ("access token: an ID token in its place", format!("Bearer {id_token}")),
        ("access token: another scheme", format!("DPoP {token}")),
        ("access token: a password", "Basic dGlsbDp4".to_owned()),
        ("access token: without its scheme", token.to_owned()),
    ] {
        let page = userinfo(walk, &header);
        meets(walk, input, &page);
        let challenge = page.header("www-authenticate").unwrap_or_default();
        walk.holds(
            challenge.starts_with("Bearer error=\"invalid_token\""),
            &format!("“{input}”: {challenge}"),
        );
    }
    let page = call(walk.house, "GET", "/oauth/userinfo", &[], "");
    meets(walk, "access token: none", &page);
    let bearer = format!("Bearer {token}");
    let page = call(
        walk.house,
        "GET",
        "/oauth/userinfo",
        &[("authorization", &bearer), ("authorization", &bearer)],
        "",
    );
    meets(walk, "access token: twice", &page);
    let page = call(walk.house, "GET", &format!("/oauth/userinfo?access_token={token}"), &[], "");
    meets(walk, "access token: in the address", &page);
    aged(walk.house, "UPDATE oidc_token SET expires_at = expires_at - 7200000000");
    let page = userinfo(walk, &bearer);
    meets(walk, "access token: expired", &page);
}

fn introspections(walk: &mut Walk<'_>, greta: &mut Browser, till: &Signer, desk: &Signer) {
    let visitor = tokens(walk.house, greta, "shop");
    walk.moved();
    let machine = form(
        walk.house,
        "/oauth/token",
        &[("client_id", "desk"), ("grant_type", "client_credentials")],
        &desk.proof("desk"),
    );
    let machine = json(&machine)["access_token"].as_str().unwrap().to_owned();
    for (input, token) in [
        ("introspection: another client's token", visitor["access_token"].as_str().unwrap()),
        ("introspection: another machine's token", machine.as_str()),
        ("introspection: an ID token", visitor["id_token"].as_str().unwrap()),
        ("introspection: rubbish", "x"),
    ] {
        let page = form(
            walk.house,
            "/oauth/introspect",
            &[("client_id", "till"), ("token", token)],
            &till.proof("till"),
        );
        meets(walk, input, &page);
        walk.holds(json(&page) == json!({"active": false}), &format!("“{input}”: {}", page.html));
    }
    let page = form(walk.house, "/oauth/introspect", &[("client_id", "till")], &till.proof("till"));
    meets(walk, "introspection: no token", &page);
    let token = visitor["access_token"].as_str().unwrap();
    let page = form(walk.house, "/oauth/introspect", &[("client_id", "shop"), ("token", token)], &[]);
    meets(walk, "introspection: by a public client", &page);
    let bearer = [FORM, ("authorization", &*format!("Bearer {token}"))];
    let page = call(walk.house, "POST", "/oauth/introspect", &bearer, &encoded(&[("token", token)]));
    meets(walk, "introspection: by the token itself", &page);
    // A machine's token is nobody's login.
    let page = userinfo(walk, &format!("Bearer {machine}"));
    meets(walk, "access token: a machine's", &page);
}
