//! What the example e-service believes, and what it does not: against a provider that answers as it is told to, right or wrong.

#![expect(clippy::unwrap_used, reason = "a test's helpers may panic, as its own lines do")]

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tower::ServiceExt as _;

const HOME: &str = "http://127.0.0.1:1";
const PARTY: &str = "urn:behorig:claim:party";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What the provider says next; the tests make it lie.
struct Says {
    issuer: String,
    key: EcdsaKeyPair,
    kid: &'static str,
    typ: &'static str,
    /// Changed in the claims of the next token.
    lie: Option<(&'static str, Value)>,
    nonce: String,
    userinfo_sub: &'static str,
    decision: (u16, Value),
    asked: Option<Value>,
}

type Provider = Arc<Mutex<Says>>;
/// A fault of the provider's, by name.
type Change = (&'static str, fn(&mut Says));

fn key() -> EcdsaKeyPair {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref()).unwrap()
}

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Seconds since 1970, as the judge of tokens reads them.
fn now() -> u64 {
    jsonwebtoken::get_current_timestamp()
}

impl Says {
    fn token(&self, mut claims: Value) -> String {
        if let Some((name, value)) = &self.lie {
            claims[*name] = value.clone();
        }
        let head = json!({"alg": "ES256", "kid": self.kid, "typ": self.typ}).to_string();
        let signed = format!("{}.{}", b64(head), b64(claims.to_string()));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", b64(signature))
    }

    fn id_token(&self) -> String {
        self.token(json!({
            "iss": self.issuer, "aud": "example-app", "sub": "s1", "sid": "sid1", "nonce": self.nonce,
            "iat": now(), "exp": now() + 300, PARTY: {"type": "organisation", "id": "p1"},
            "https://id.oidc.se/claim/orgName": "Åkeri <b> AB",
        }))
    }

    fn logout_token(&self) -> String {
        self.token(json!({
            "iss": self.issuer, "aud": "example-app", "sub": "s1", "sid": "sid1", "jti": "j", "iat": now(),
            "exp": now() + 120, "events": {EVENT: {}},
        }))
    }
}

async fn provider() -> Provider {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let says = Arc::new(Mutex::new(Says {
        issuer,
        key: key(),
        kid: "k1",
        typ: "JWT",
        lie: None,
        nonce: String::new(),
        userinfo_sub: "s1",
        decision: (200, json!({"decision": true})),
        asked: None,
    }));
    let metadata = |State(says): State<Provider>| async move {
        let issuer = says.lock().unwrap().issuer.clone();
        let at = |path: &str| format!("{issuer}/{path}");
        Json(json!({
            "issuer": issuer, "pushed_authorization_request_endpoint": at("par"),
            "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"), "end_session_endpoint": at("logout"), "jwks_uri": at("keys"),
            "access_evaluation_endpoint": at("evaluation"),
        }))
    };
    let keys = |State(says): State<Provider>| async move {
        let says = says.lock().unwrap();
        let point = says.key.public_key().as_ref();
        let (x, y) = (b64(&point[1..33]), b64(&point[33..]));
        Json(
            json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig", "alg": "ES256", "x": x, "y": y}]}),
        )
    };
    let par = |State(says): State<Provider>, Form(form): Form<HashMap<String, String>>| async move {
        assert_eq!((form["code_challenge_method"].as_str(), form["code_challenge"].len()), ("S256", 43));
        says.lock().unwrap().nonce = form["nonce"].clone();
        Json(json!({"request_uri": format!("urn:{}", form["state"]), "expires_in": 90}))
    };
    let token = |State(says): State<Provider>| async move {
        Json(json!({"access_token": "a", "id_token": says.lock().unwrap().id_token()}))
    };
    let userinfo = |State(says): State<Provider>| async move {
        Json(json!({"sub": says.lock().unwrap().userinfo_sub, "name": "Elin"}))
    };
    let evaluation = |State(says): State<Provider>, Json(asked): Json<Value>| async move {
        let mut says = says.lock().unwrap();
        says.asked = Some(asked);
        (StatusCode::from_u16(says.decision.0).unwrap(), Json(says.decision.1.clone()))
    };
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/.well-known/authzen-configuration", get(metadata))
        .route("/keys", get(keys))
        .route("/par", post(par))
        .route("/token", post(token))
        .route("/userinfo", get(userinfo))
        .route("/evaluation", post(evaluation))
        .with_state(says.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    says
}

/// A browser at the example.
struct Browser {
    shop: Router,
    cookie: String,
}

struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

impl Browser {
    async fn new(provider: &Provider) -> Browser {
        let issuer = provider.lock().unwrap().issuer.clone();
        let config = example::Config { issuer, client_id: "example-app".into(), home: HOME.into() };
        Browser { shop: example::router(config).unwrap(), cookie: String::new() }
    }

    async fn send(&mut self, method: &str, path: &str, form: String) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form)
            .unwrap();
        let answer = self.shop.clone().oneshot(request).await.unwrap();
        let text =
            |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (status, location) = (answer.status(), text(header::LOCATION).to_owned());
        if let Some(cookie) = text(header::SET_COOKIE).split(';').next().filter(|cookie| !cookie.is_empty()) {
            self.cookie = cookie.to_owned();
        }
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        Answer { status, location, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, String::new()).await
    }

    /// Begins a login; gives the `state` that was asked with.
    async fn begin(&mut self) -> String {
        let asked = self.get("/login").await;
        let (_, state) = asked.location.split_once("request_uri=urn%3A").unwrap();
        state.to_owned()
    }

    async fn back(&mut self, provider: &Provider, state: &str) -> Answer {
        let issuer = provider.lock().unwrap().issuer.replace(':', "%3A").replace('/', "%2F");
        self.get(&format!("/back?code=c&state={state}&iss={issuer}")).await
    }

    async fn log_in(&mut self, provider: &Provider) -> Answer {
        let state = self.begin().await;
        self.back(provider, &state).await
    }

    async fn is_inside(&mut self) -> bool {
        self.get("/").await.body.contains("Du företräder")
    }
}

#[tokio::test]
async fn a_login_shows_the_party_and_asks_about_it() {
    let provider = provider().await;
    let mut elin = Browser::new(&provider).await;
    let state = elin.begin().await;
    let before = elin.cookie.clone();
    assert_eq!(elin.back(&provider, &state).await.location, "/");
    assert_ne!(elin.cookie, before, "under a new key");
    let page = elin.get("/").await;
    assert!(page.body.contains("Åkeri &lt;b&gt; AB"), "{}", page.body);
    assert!(page.body.contains("Beställ 10 blanketter"));
    let asked = provider.lock().unwrap().asked.clone().unwrap();
    assert_eq!(asked["resource"], json!({"type": "organisation", "id": "p1"}));
    assert_eq!(
        (&asked["subject"]["id"], &asked["action"]["name"]),
        (&json!("s1"), &json!("example.order.place"))
    );
    let out = elin.send("POST", "/logout", String::new()).await;
    assert!(out.location.contains("id_token_hint=") && out.location.contains("post_logout_redirect_uri="));
    assert!(!elin.is_inside().await);
}

#[tokio::test]
async fn an_answer_to_another_login_logs_nobody_in() {
    let provider = provider().await;
    let issuer = provider.lock().unwrap().issuer.clone();
    let mut elin = Browser::new(&provider).await;
    let mut other = Browser { shop: elin.shop.clone(), cookie: String::new() };
    let foreign = other.begin().await;
    for query in [
        format!("code=c&state=x&iss={issuer}"),
        format!("code=c&state={foreign}&iss={issuer}"),
        format!("code=c&iss={issuer}"),
        "code=c&state=STATE&iss=http://evil.example".to_owned(),
        "code=c&state=STATE".to_owned(),
        format!("error=access_denied&error_description=<b>no&state=STATE&iss={issuer}"),
    ] {
        let state = elin.begin().await;
        let answer = elin
            .get(&format!("/back?{}", query.replace("STATE", &state).replace('<', "%3C").replace('>', "%3E")))
            .await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{query}");
        assert!(!answer.body.contains("<b>"), "{query}");
        assert!(!elin.is_inside().await, "{query}");
    }
    // An answer counts once, and with nothing begun it leads nowhere.
    let state = elin.begin().await;
    elin.back(&provider, &state).await;
    let inside = elin.cookie.clone();
    elin.back(&provider, &state).await;
    assert_eq!(elin.cookie, inside);
    let mut nobody = Browser { shop: elin.shop.clone(), cookie: "example_session=chosen".into() };
    nobody.back(&provider, &state).await;
    nobody.begin().await;
    assert_ne!(nobody.cookie, "example_session=chosen", "a key that we did not give is not taken over");
}

#[tokio::test]
async fn a_token_that_is_not_right_logs_nobody_in() {
    let provider = provider().await;
    let mut elin = Browser::new(&provider).await;
    for lie in [
        ("iss", json!("http://evil.example")),
        ("aud", json!("another")),
        ("exp", json!(now() - 120)),
        ("exp", Value::Null),
        ("sub", Value::Null),
        ("nonce", json!("of another login")),
        ("nonce", Value::Null),
    ] {
        provider.lock().unwrap().lie = Some(lie.clone());
        assert_eq!(elin.log_in(&provider).await.status, StatusCode::BAD_GATEWAY, "{lie:?}");
        assert!(!elin.is_inside().await, "{lie:?}");
    }
    provider.lock().unwrap().lie = None;
    let changes: [Change; 4] = [
        ("a log-out token", |says| says.typ = "logout+jwt"),
        ("an unknown key", |says| says.kid = "k2"),
        ("another person's userinfo", |says| says.userinfo_sub = "s2"),
        ("another key under the same name", |says| says.key = key()),
    ];
    for (what, change) in changes {
        {
            let mut says = provider.lock().unwrap();
            (says.typ, says.kid, says.userinfo_sub) = ("JWT", "k1", "s1");
            change(&mut says);
        }
        assert_eq!(elin.log_in(&provider).await.status, StatusCode::BAD_GATEWAY, "{what}");
        assert!(!elin.is_inside().await, "{what}");
    }
}

#[tokio::test]
async fn only_a_plain_yes_opens_the_page() {
    let provider = provider().await;
    let mut elin = Browser::new(&provider).await;
    elin.log_in(&provider).await;
    let reason = json!({"decision": false, "context": {"reference": "AB1-2", "reason_user": {"sv": "Nej <i>", "en": "No"}}});
    for (status, body, shown) in [
        (200, reason, 403),
        (200, json!({"decision": "true"}), 403),
        (200, json!({}), 403),
        (503, json!({"decision": true}), 502),
        (400, json!({"decision": true}), 502),
    ] {
        provider.lock().unwrap().decision = (status, body.clone());
        for (method, path) in [("GET", "/"), ("POST", "/order")] {
            let page = elin.send(method, path, String::new()).await;
            assert_eq!(page.status.as_u16(), shown, "{body}");
            assert!(!page.body.contains("10 blanketter") && !page.body.contains("med posten"), "{body}");
            assert!(!page.body.contains("<i>"));
        }
    }
    // The provider knows the token no more: nor does the shop know the visitor.
    provider.lock().unwrap().decision = (401, json!({}));
    assert!(elin.get("/").await.body.contains("Du har loggats ut"));
    provider.lock().unwrap().decision = (200, json!({"decision": true}));
    assert!(!elin.is_inside().await);
}

#[tokio::test]
async fn only_a_log_out_token_of_the_provider_ends_a_session() {
    let provider = provider().await;
    let mut elin = Browser::new(&provider).await;
    elin.log_in(&provider).await;
    let mut strange = Browser { shop: elin.shop.clone(), cookie: String::new() };
    for (typ, lie) in [
        ("JWT", None),
        ("logout+jwt", Some(("events", json!({})))),
        ("logout+jwt", Some(("nonce", json!("n")))),
        ("logout+jwt", Some(("sid", Value::Null))),
        ("logout+jwt", Some(("aud", json!("another")))),
        ("logout+jwt", Some(("exp", json!(now() - 120)))),
    ] {
        let token = {
            let mut says = provider.lock().unwrap();
            (says.typ, says.lie) = (typ, lie.clone());
            says.logout_token()
        };
        let told = strange.send("POST", "/backchannel-logout", format!("logout_token={token}")).await;
        assert_eq!(told.status, StatusCode::BAD_REQUEST, "{typ} {lie:?}");
        assert!(elin.is_inside().await, "{typ} {lie:?}");
    }
    assert_eq!(
        strange.send("POST", "/backchannel-logout", String::new()).await.status,
        StatusCode::BAD_REQUEST
    );
    let token = {
        let mut says = provider.lock().unwrap();
        (says.typ, says.lie) = ("logout+jwt", None);
        says.logout_token()
    };
    let told = strange.send("POST", "/backchannel-logout", format!("logout_token={token}")).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(!elin.is_inside().await);
}
