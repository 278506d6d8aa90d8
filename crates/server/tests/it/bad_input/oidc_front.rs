//! What an e-service, or whoever poses as one, sends a visitor's browser with: requests for a login, and for a log-out.

use super::{FORM, OWN};
use crate::support::browser::Page;
use crate::support::client::{
    self, BACK, CHALLENGE, ISSUER, ORIGIN, Signer, aged, authorize, encoded, form, json, now, parameter,
    redeeming, register, request, tokens,
};
use crate::support::house::Engine;
use crate::support::table::Walk;
use crate::support::{Browser, House};
use serde_json::{Value, json};

const HERE: &str = "bad_input/oidc_front.rs::requests_that_a_browser_brings";
/// A handle of the right form that leads to no request.
const NOBODY: &str = "AAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn requests_that_a_browser_brings() {
    let house = House::start(Engine::Sqlite);
    let (till, thief) = (Signer::new(), Signer::new());
    register(&house, "shop", None);
    register(&house, "till", Some(&till));
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta");
    let mut walk = Walk::of(&house, HERE);
    addresses(&mut walk, &mut greta);
    parameters(&mut walk, &mut greta);
    objects(&mut walk, &mut greta, &till, &thief);
    pushed(&mut walk, &mut greta, &till);
    handles(&mut walk, &mut greta);
    policies(&mut walk);
    posted(&mut walk);
    let told = tokens(&house, &mut greta, "shop");
    walk.moved();
    log_outs(&mut walk, &mut greta, &told);
    let secrets = greta.cookies.into_values().chain(house.invitations.clone()).collect::<Vec<_>>();
    walk.finish(&secrets);
}

/// The first link, form or refresh of a page that leads away to somebody who was not registered.
fn leads_out(page: &Page) -> Option<String> {
    let targets = ["href=\"", "action=\"", "src=\"", "url="].into_iter().flat_map(|mark| {
        page.html.split(mark).skip(1).map(|rest| rest.split(['"', '>']).next().unwrap_or_default())
    });
    let away =
        |target: &&str| !target.starts_with('/') || target.starts_with("//") || target.starts_with("/\\");
    targets
        .filter(away)
        .find(|target| target.contains("evil") || target.contains("script:"))
        .map(str::to_owned)
}

/// Nobody is sent to an address that was not registered, to the letter.
fn addresses(walk: &mut Walk<'_>, greta: &mut Browser) {
    let long = format!("{BACK}/{}", "a".repeat(600));
    for (input, name, value) in [
        ("client: none", "client_id", ""),
        ("client: malformed", "client_id", "Shop!"),
        ("client: of nobody", "client_id", "nobody"),
        ("redirect: none", "redirect_uri", ""),
        ("redirect: a foreign site", "redirect_uri", "https://evil.example/back"),
        ("redirect: another path", "redirect_uri", "http://127.0.0.1:9999/other"),
        ("redirect: a slash more", "redirect_uri", "http://127.0.0.1:9999/back/"),
        ("redirect: a query more", "redirect_uri", "http://127.0.0.1:9999/back?to=https://evil.example"),
        ("redirect: a fragment", "redirect_uri", "http://127.0.0.1:9999/back#x"),
        ("redirect: up and down again", "redirect_uri", "http://127.0.0.1:9999/x/../back"),
        ("redirect: another port", "redirect_uri", "http://127.0.0.1:9998/back"),
        (
            "redirect: the registered host as a user",
            "redirect_uri",
            "http://127.0.0.1:9999@evil.example/back",
        ),
        ("redirect: the registered host as a label", "redirect_uri", "http://127.0.0.1.evil.example/back"),
        ("redirect: localhost for 127.0.0.1", "redirect_uri", "http://localhost:9999/back"),
        ("redirect: a back slash", "redirect_uri", "http://127.0.0.1:9999\\@evil.example/back"),
        ("redirect: upper case", "redirect_uri", "HTTP://127.0.0.1:9999/back"),
        ("redirect: a script", "redirect_uri", "javascript:alert(1)"),
        ("redirect: data", "redirect_uri", "data:text/html,x"),
        ("redirect: without a host", "redirect_uri", "//evil.example/back"),
        ("redirect: a line break", "redirect_uri", "http://127.0.0.1:9999/back\r\nset-cookie: x=y"),
        ("redirect: 600 characters", "redirect_uri", &long),
        ("redirect: of the way back after log-out", "redirect_uri", "http://127.0.0.1:9999/bye"),
        ("state: a line break", "state", "a\r\nlocation: https://evil.example"),
        ("request_uri: a foreign site", "request_uri", "https://evil.example/request"),
        ("request_uri: malformed", "request_uri", "urn:ietf:params:oauth:request_uri:x"),
        ("request_uri: of nobody", "request_uri", "urn:ietf:params:oauth:request_uri:AAAAAAAAAAAAAAAAAAAAAA"),
        ("request: of a client without keys", "request", "x.y.z"),
    ] {
        let page = authorize(greta, &request("shop", &[(name, value)]));
        walk.meets(input, &page);
        walk.holds(page.header("location").is_none(), &format!("“{input}”: nobody is sent anywhere"));
        walk.holds(
            leads_out(&page).is_none(),
            &format!("“{input}”: the page leads to {:?}", leads_out(&page)),
        );
    }
    let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.example", encoded(&request("shop", &[])));
    let many = (0..41).map(|n| format!("&x{n}=1")).collect::<String>();
    let large = format!("&x={}", "a".repeat(17 * 1024));
    for (input, query) in [
        ("request: a parameter twice", twice),
        ("request: 41 parameters more", format!("{}{many}", encoded(&request("shop", &[])))),
        ("request: 17 KiB", format!("{}{large}", encoded(&request("shop", &[])))),
    ] {
        let page = greta.get_once(&format!("/oauth/authorize?{query}"));
        walk.meets(input, &page);
        walk.holds(page.header("location").is_none(), &format!("“{input}”: nobody is sent anywhere"));
    }
}

/// The client is told, at its registered address, with its state and the name of who answers.
fn parameters(walk: &mut Walk<'_>, greta: &mut Browser) {
    let long = "n".repeat(513);
    let level4 = r#"{"id_token":{"acr":{"essential":true,"value":"http://id.elegnamnden.se/loa/1.0/loa4"}}}"#;
    for (input, name, value) in [
        ("state: 513 characters", "state", long.as_str()),
        ("state: not ASCII", "state", "åäö"),
        ("nonce: 513 characters", "nonce", &long),
        ("nonce: not ASCII", "nonce", "åäö"),
        ("response type: none", "response_type", ""),
        ("response type: token", "response_type", "token"),
        ("response type: code and ID token", "response_type", "code id_token"),
        ("response mode: fragment", "response_mode", "fragment"),
        ("response mode: form_post", "response_mode", "form_post"),
        ("scope: none", "scope", ""),
        ("scope: without openid", "scope", "profile email"),
        ("challenge: none", "code_challenge", ""),
        ("challenge: malformed", "code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"),
        ("challenge: plain", "code_challenge_method", "plain"),
        ("challenge: without its method", "code_challenge_method", ""),
        ("prompt: unknown", "prompt", "create"),
        ("prompt: none and login", "prompt", "none login"),
        ("max_age: negative", "max_age", "-1"),
        ("max_age: no number", "max_age", "1e3"),
        ("max_age: of ten digits and more", "max_age", "99999999999"),
        ("claims: no JSON", "claims", "{"),
        ("claims: a list", "claims", r#"{"id_token":[]}"#),
        ("acr: essential and higher than the login", "claims", level4),
        ("registration", "registration", "{}"),
    ] {
        let page = authorize(greta, &request("shop", &[(name, value)]));
        walk.meets(input, &page);
        let to = page.header("location").unwrap_or_default();
        walk.holds(to.starts_with(&format!("{BACK}?")), &format!("“{input}”: leads to {to}"));
        walk.holds(parameter(&page, "code").is_none(), &format!("“{input}”: no code"));
        let issuer = parameter(&page, "iss");
        walk.holds(issuer.as_deref() == Some("http%3A%2F%2Flocalhost%3A8400"), &format!("“{input}”: iss"));
        let state = if name == "state" { None } else { Some("a%20state") };
        walk.holds(parameter(&page, "state").as_deref() == state, &format!("“{input}”: state"));
    }
    let page = authorize(&mut walk.house.browser(), &request("shop", &[("prompt", "none")]));
    walk.meets("prompt: none, and nobody logged in", &page);
}

/// A signed request counts when it is the client's, for us, of now, and by its registered key.
fn objects(walk: &mut Walk<'_>, greta: &mut Browser, till: &Signer, thief: &Signer) {
    let good = json!({"iss": "till", "aud": ISSUER, "exp": now() + 300, "client_id": "till", "response_type": "code",
        "redirect_uri": BACK, "scope": "openid", "code_challenge": CHALLENGE, "code_challenge_method": "S256"});
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        till.sign(&claims)
    };
    let altered = client::altered(&till.sign(&good), 10);
    for (input, object) in [
        ("request object: malformed", "x.y.z".to_owned()),
        ("request object: signed by nobody", Signer::unsigned(&good)),
        ("request object: signed by another key", thief.sign(&good)),
        ("request object: altered", altered),
        ("request object: of another client", with("iss", json!("shop"))),
        ("request object: for another issuer", with("aud", json!("https://other-issuer.example"))),
        ("request object: expired", with("exp", json!(now() - 60))),
        ("request object: of the future", with("nbf", json!(now() + 600))),
        ("request object: with another in it", with("request_uri", json!("urn:x"))),
        ("request object: 9000 characters", format!("{}{}", till.sign(&good), "a".repeat(9000))),
        (
            "request object: a foreign redirect in it",
            with("redirect_uri", json!("https://evil.example/back")),
        ),
    ] {
        // Whatever stands beside the object counts for nothing.
        let page = authorize(greta, &request("till", &[("request", &object)]));
        walk.meets(input, &page);
        walk.holds(page.header("location").is_none(), &format!("“{input}”: nobody is sent anywhere"));
    }
    let page = authorize(greta, &[("client_id", "till"), ("request", &till.sign(&good))]);
    walk.holds(parameter(&page, "code").is_some(), "a good request object leads to a code");
}

/// A pushed request is its client's, once, for 90 seconds.
fn pushed(walk: &mut Walk<'_>, greta: &mut Browser, till: &Signer) {
    let push = |walk: &mut Walk<'_>| {
        let page = form(walk.house, "/oauth/par", &request("till", &[]), &till.proof("till"));
        assert_eq!(page.status, 201, "{}", page.html);
        walk.moved();
        json(&page)["request_uri"].as_str().unwrap().to_owned()
    };
    let uri = push(walk);
    let page = authorize(greta, &[("client_id", "shop"), ("request_uri", &uri)]);
    walk.meets("request_uri: of another client", &page);
    let page = authorize(greta, &[("client_id", "till"), ("request_uri", &uri)]);
    walk.holds(parameter(&page, "code").is_some(), "its own client's is carried out");
    let page = authorize(greta, &[("client_id", "till"), ("request_uri", &uri)]);
    walk.meets("request_uri: replayed", &page);
    let late = push(walk);
    aged(walk.house, "UPDATE oidc_request SET expires_at = expires_at - 91000000 WHERE used_at IS NULL");
    let page = authorize(greta, &[("client_id", "till"), ("request_uri", &late)]);
    walk.meets("request_uri: expired", &page);
}

/// The address of a request that waits for its visitor.
fn waiting(walk: &mut Walk<'_>, id: &str, changed: &[(&str, &str)]) -> String {
    let page = authorize(&mut walk.house.browser(), &request(id, changed));
    let to = page.header("location").unwrap_or_default();
    walk.moved();
    let (_, next) = to.split_once("next=").unwrap_or_else(|| panic!("no login: {} {to}", page.status));
    next.replace("%2F", "/").replace("%3F", "?").replace("%3D", "=")
}

fn handles(walk: &mut Walk<'_>, greta: &mut Browser) {
    let long = "a".repeat(3000);
    for (input, handle) in [
        ("handle: malformed", "x"),
        ("handle: a path out of it", "..%2F..%2Flogin"),
        ("handle: 3000 characters", long.as_str()),
        ("handle: of nobody", NOBODY),
    ] {
        let page = greta.get_once(&format!("/oauth/authorize/{handle}?chosen=1"));
        walk.meets(input, &page);
        walk.holds(page.header("location").is_none(), &format!("“{input}”: nobody is sent anywhere"));
    }
    let path = waiting(walk, "shop", &[]);
    let page = greta.get_once(&path);
    walk.holds(parameter(&page, "code").is_some(), "whoever logged in goes on with the request");
    let page = greta.get_once(&path);
    walk.meets("handle: replayed", &page);
    let path = waiting(walk, "shop", &[]);
    aged(walk.house, "UPDATE oidc_request SET expires_at = expires_at - 1300000000 WHERE used_at IS NULL");
    let page = greta.get_once(&path);
    walk.meets("handle: expired", &page);
}

/// The page on which somebody logs in lets its forms end at the e-service's origin: at that one, and only for a request of ours.
fn policies(walk: &mut Walk<'_>) {
    let path = waiting(walk, "shop", &[]);
    let targets = |walk: &mut Walk<'_>, next: &str| {
        let page = walk.house.browser().get_once(&format!("/login?next={}", oidc::redirect::encoded(next)));
        let policy = page.header("content-security-policy").unwrap_or_default();
        let found =
            policy.split(';').find_map(|rule| rule.trim().strip_prefix("form-action ")).map(str::to_owned);
        (page, found.unwrap_or_default())
    };
    let own = targets(walk, "/home").1;
    walk.holds(!own.contains("http://127.0.0.1") && own.contains("'self'"), &format!("no e-service: {own}"));
    let (_, found) = targets(walk, &path);
    walk.holds(found == format!("{own} {ORIGIN}"), &format!("exactly the client's origin: {found}"));
    let traversal = format!("{path}/../../../evil");
    for (input, next) in [
        ("next: a request of nobody", format!("/oauth/authorize/{NOBODY}?chosen=1")),
        ("next: a foreign site", "https://evil.example/oauth/authorize/x".to_owned()),
        ("next: a foreign site without scheme", format!("//evil.example{path}")),
        ("next: a back slash", "/\\evil.example".to_owned()),
        ("next: an origin in the handle", "/oauth/authorize/https:%2F%2Fevil.example".to_owned()),
        ("next: a policy in the handle", "/oauth/authorize/x; form-action *".to_owned()),
        ("next: a request with a path after it", traversal.replace("?chosen=1", "")),
    ] {
        let (page, found) = targets(walk, &next);
        walk.meets(input, &page);
        walk.holds(found == own, &format!("“{input}”: {found}"));
        walk.holds(
            leads_out(&page).is_none(),
            &format!("“{input}”: the page leads to {:?}", leads_out(&page)),
        );
    }
}

/// What other sites may post: it becomes the same request by GET, with nothing believed on the way.
fn posted(walk: &mut Walk<'_>) {
    let foreign = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    let form = [foreign[0], foreign[1], FORM];
    let body = encoded(&request("shop", &[("redirect_uri", "https://evil.example/back")]));
    let mut browser = walk.house.browser();
    let page = browser.exactly("POST", "/oauth/authorize", &form, body);
    walk.meets("a form of another site: a login", &page);
    let to = page.header("location").unwrap_or_default();
    walk.holds(to.starts_with("/oauth/authorize?"), &format!("stays here: {to}"));
    let page = browser.exactly(
        "POST",
        "/oauth/logout",
        &form,
        "post_logout_redirect_uri=https%3A%2F%2Fevil.example",
    );
    walk.meets("a form of another site: a log-out", &page);
    walk.holds(page.header("location").is_some_and(|to| to.starts_with("/oauth/logout?")), "stays here");
    let json = [foreign[0], foreign[1], ("content-type", "application/json")];
    let page = browser.exactly("POST", "/oauth/authorize", &json, "{}");
    walk.meets("a login as JSON", &page);
    let page = browser.exactly("POST", "/oauth/authorize", &[OWN[0], FORM], "client_id=shop&client_id=till");
    walk.meets("a login with a parameter twice, as a form", &page);
}

fn log_outs(walk: &mut Walk<'_>, greta: &mut Browser, told: &Value) {
    let hint = told["id_token"].as_str().unwrap();
    let altered = client::altered(hint, 10);
    let forged = Signer::new().sign(&json!({"iss": ISSUER, "aud": "shop", "sid": "x"}));
    for (input, fields) in [
        (
            "log-out: a foreign address",
            vec![("id_token_hint", hint), ("post_logout_redirect_uri", "https://evil.example/")],
        ),
        (
            "log-out: the address of the login",
            vec![("id_token_hint", hint), ("post_logout_redirect_uri", BACK)],
        ),
        ("log-out: a hint of another client", vec![("id_token_hint", hint), ("client_id", "till")]),
        ("log-out: a hint that was altered", vec![("id_token_hint", altered.as_str())]),
        ("log-out: a hint of another key", vec![("id_token_hint", forged.as_str())]),
        ("log-out: a hint that is none", vec![("id_token_hint", "x")]),
        ("log-out: a client of nobody", vec![("client_id", "nobody"), ("post_logout_redirect_uri", BACK)]),
    ] {
        let page = greta.get_once(&format!("/oauth/logout?{}", encoded(&fields)));
        walk.meets(input, &page);
        walk.holds(page.header("location").is_none(), &format!("“{input}”: nobody is sent anywhere"));
    }
    // Without proof that this very session is meant, the visitor is asked, and is still logged in.
    for (input, fields) in [
        (
            "log-out: without a hint",
            vec![("client_id", "shop"), ("post_logout_redirect_uri", "http://127.0.0.1:9999/bye")],
        ),
        ("log-out: an address without a client", vec![("post_logout_redirect_uri", "https://evil.example/")]),
    ] {
        let page = greta.get_once(&format!("/oauth/logout?{}", encoded(&fields)));
        walk.meets(input, &page);
        walk.holds(page.header("location").as_deref() == Some("/logout"), &format!("“{input}”: is asked"));
    }
    let mut other = walk.house.browser();
    other.log_in(&walk.house.phone, "greta");
    walk.moved();
    let page = other.get_once(&format!("/oauth/logout?{}", encoded(&[("id_token_hint", hint)])));
    walk.meets("log-out: a hint of another session", &page);
    walk.holds(page.header("location").as_deref() == Some("/logout"), "another session is not ended");
    for browser in [&mut *greta, &mut other] {
        let page = browser.get_once("/home");
        walk.holds(
            page.status != 403 && page.header("location").is_none_or(|to| !to.starts_with("/login")),
            "still logged in",
        );
    }
    // The one that it is about ends, and its token with it.
    let code = client::code(greta, "shop");
    let page = greta.get_once(&format!("/oauth/logout?{}", encoded(&[("id_token_hint", hint)])));
    walk.holds(page.status == 303, "logged out");
    walk.moved();
    let page = form(walk.house, "/oauth/token", &redeeming("shop", &code), &[]);
    walk.meets("code: of a session that has ended", &page);
    let token = told["access_token"].as_str().unwrap();
    let page = client::call(
        walk.house,
        "GET",
        "/oauth/userinfo",
        &[("authorization", &format!("Bearer {token}"))],
        "",
    );
    walk.meets("access token: of a session that has ended", &page);
}
