//! An e-service of the tests: its registration, its key, and its calls as a program sends them.

use super::browser::Page;
use super::house::House;
use super::{Browser, eventually};
use app::oidc::NewClient;
use app::{SystemClock, SystemEntropy};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use catalogue::Text;
use domain::Clock as _;
use oidc::client::{Loopback, UserinfoForm};
use oidc::jws::{OwnKey, Unsigned};
use oidc::{Authentication, Client, ClientId, RedirectUri};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The public address of every installation of the tests, whatever port it listens on.
pub const ISSUER: &str = "http://localhost:8400";
pub const BACK: &str = "http://127.0.0.1:9999/back";
pub const ORIGIN: &str = "http://127.0.0.1:9999";
// RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// The key of a client.
pub struct Signer {
    pair: EcdsaKeyPair,
    own: OwnKey,
    calls: AtomicU32,
}

impl Signer {
    pub fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = pair.public_key().as_ref().try_into().unwrap();
        Self { pair, own: OwnKey { kid: "one".to_owned(), point }, calls: AtomicU32::new(0) }
    }

    pub fn sign(&self, claims: &Value) -> String {
        let unsigned = Unsigned::new(&self.own.kid, "JWT", claims.as_object().unwrap());
        let signature = self.pair.sign(&SystemRandom::new(), unsigned.bytes()).unwrap();
        unsigned.signed(signature.as_ref().try_into().unwrap())
    }

    /// The same claims, signed by nobody.
    pub fn unsigned(claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.", part(&json!({"alg": "none", "kid": "one"})), part(claims))
    }

    /// The claims of a good assertion, for one call.
    pub fn claims(&self, id: &str) -> Value {
        let jti = self.calls.fetch_add(1, Ordering::Relaxed).to_string();
        json!({"iss": id, "sub": id, "aud": ISSUER, "jti": jti, "iat": now(), "exp": now() + 60})
    }

    /// A good assertion, for one call, as the fields of a form.
    pub fn proof(&self, id: &str) -> Vec<(&'static str, String)> {
        asserted(self.sign(&self.claims(id)))
    }

    /// The public half, as a client registers it.
    pub fn key_set(&self) -> Value {
        json!({"keys": [self.own.jwk()]})
    }

    fn authentication(&self) -> Authentication {
        Authentication::PrivateKeyJwt { keys: self.key_set().try_into().unwrap() }
    }
}

/// The two fields that an assertion takes.
pub fn asserted(assertion: String) -> Vec<(&'static str, String)> {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    vec![("client_assertion_type", kind.to_owned()), ("client_assertion", assertion)]
}

/// The text with one letter changed, so many letters before its end.
pub fn altered(text: &str, before_end: usize) -> String {
    let at = text.len() - before_end;
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

/// Seconds since 1970, by this machine's clock.
pub fn now() -> i64 {
    SystemClock.now().seconds()
}

/// Registers a client of the employers' service, as the operator's command does: public, or with a key.
pub fn register(house: &House, id: &str, signer: Option<&Signer>) {
    let uri = |text: &str| RedirectUri::parse(text).unwrap();
    let client = Client {
        id: ClientId::parse(id).unwrap(),
        name: Text { sv: "Kassan".to_owned(), en: "The till".to_owned() },
        service: "employer".to_owned(),
        authentication: signer.map_or(Authentication::Public, Signer::authentication),
        redirect_uris: vec![uri(BACK)],
        post_logout_redirect_uris: vec![uri("http://127.0.0.1:9999/bye")],
        backchannel_logout_uri: None,
        home: None,
        userinfo: UserinfoForm::Json,
        loopback: Loopback::Listed,
    };
    let path = house.folder.join("data/behorig.db");
    house.phone.block_on(async {
        let store = store::Store::open(&store::StoreUrl::Sqlite(path)).await.unwrap();
        let entropy = Arc::new(SystemEntropy::new());
        let new = NewClient { client, ends_at: None };
        app::oidc::add_client(&store, new, Arc::new(SystemClock), Arc::new(SystemClock), entropy)
            .await
            .unwrap();
    });
}

/// A form or a query, encoded.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", oidc::redirect::encoded(name), oidc::redirect::encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// What a request for a login holds, with these in the place of others; an empty one is left out.
pub fn request<'p>(id: &'p str, changed: &[(&'p str, &'p str)]) -> Vec<(&'p str, &'p str)> {
    let mut fields = vec![
        ("client_id", id),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("scope", "openid urn:behorig:scope:party"),
        ("state", "a state"),
        ("nonce", "a nonce"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changed {
        fields.retain(|(had, _)| had != name);
        fields.push((name, value));
    }
    fields.retain(|(_, value)| !value.is_empty());
    fields
}

/// What the redeeming of a code holds.
pub fn redeeming<'p>(id: &'p str, code: &'p str) -> Vec<(&'p str, &'p str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ]
}

/// A program's call: no cookie, no sign of a browser.
pub fn call(house: &House, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
    house.browser().exactly(method, path, headers, body)
}

/// A form that a program posts, with what proves the client.
pub fn form(house: &House, path: &str, fields: &[(&str, &str)], proof: &[(&'static str, String)]) -> Page {
    let proof = proof.iter().map(|(name, value)| (*name, value.as_str()));
    let all: Vec<_> = fields.iter().copied().chain(proof).collect();
    call(house, "POST", path, &[FORM], &encoded(&all))
}

/// JSON that a program posts, with its token.
pub fn ask(house: &House, path: &str, token: &str, body: &str) -> Page {
    let bearer = format!("Bearer {token}");
    call(house, "POST", path, &[("content-type", "application/json"), ("authorization", &bearer)], body)
}

pub fn authorize(browser: &mut Browser, fields: &[(&str, &str)]) -> Page {
    browser.get_once(&format!("/oauth/authorize?{}", encoded(fields)))
}

/// A parameter of the address that a page leads to.
pub fn parameter(page: &Page, name: &str) -> Option<String> {
    let to = page.header("location")?;
    let (_, query) = to.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")).map(str::to_owned))
}

/// A code for the visitor of this browser.
pub fn code(browser: &mut Browser, id: &str) -> String {
    let page = authorize(browser, &request(id, &[]));
    parameter(&page, "code")
        .unwrap_or_else(|| panic!("no code: {} {:?}", page.status, page.header("location")))
}

pub fn json(page: &Page) -> Value {
    serde_json::from_str(&page.html).unwrap_or_else(|_| panic!("no JSON: {} {}", page.status, page.html))
}

/// The tokens of a whole entrance at a public client.
pub fn tokens(house: &House, browser: &mut Browser, id: &str) -> Value {
    let code = code(browser, id);
    let page = form(house, "/oauth/token", &redeeming(id, &code), &[]);
    assert_eq!(page.status, 200, "{}", page.html);
    json(&page)
}

/// Waits for a row of the store to be as a statement makes it: what real time would have done.
pub fn aged(house: &House, sql: &str) {
    let path = house.folder.join("data/behorig.db");
    eventually("the store to be free", || {
        let store = rusqlite::Connection::open(&path).ok()?;
        store.execute(sql, []).ok().filter(|rows| *rows > 0)
    });
}
