//! A client of the tests: its registration, its keys, and the steps that it takes.

use crate::support::{CECILIA, House, Person, TestEntropy};
use app::mandates::NewMandate;
use app::oidc::{Came, Denied, NewClient, NotAuthorized, Step, Tokens, Userinfo};
use app::{App, Visit};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use catalogue::{Source, Text};
use domain::Clock as _;
use oidc::client::{Loopback, UserinfoForm};
use oidc::jws::{OwnKey, PublicKeys, Unsigned};
use oidc::{Authentication, Client, ClientId, ErrorCode, Params, RedirectUri};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub const ISSUER: &str = "http://localhost:8400";
pub const BACK: &str = "http://127.0.0.1:9999/back";
// RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
pub const PARTY: &str = "openid urn:behorig:scope:party";

pub type Pairs<'p> = Vec<(&'p str, &'p str)>;

pub fn params(pairs: &[(&str, &str)]) -> Params {
    Params::parse(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))).unwrap()
}

/// A public client of the service `example`, or of another.
pub fn public(id: &str, service: &str) -> Client {
    let uri = |text: &str| RedirectUri::parse(text).unwrap();
    Client {
        id: ClientId::parse(id).unwrap(),
        name: Text { sv: "Exempeltjänsten".to_owned(), en: "The example service".to_owned() },
        service: service.to_owned(),
        authentication: Authentication::Public,
        redirect_uris: vec![uri(BACK)],
        post_logout_redirect_uris: vec![uri("http://127.0.0.1:9999/")],
        backchannel_logout_uri: None,
        home: None,
        userinfo: UserinfoForm::Json,
        loopback: Loopback::Listed,
    }
}

/// The keys of a client.
pub struct Signer {
    pair: EcdsaKeyPair,
    own: OwnKey,
}

impl Signer {
    pub fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = pair.public_key().as_ref().try_into().unwrap();
        Self { pair, own: OwnKey { kid: "one".to_owned(), point } }
    }

    pub fn keys(&self) -> PublicKeys {
        json!({"keys": [self.own.jwk()]}).try_into().unwrap()
    }

    /// A client that proves itself with these keys.
    pub fn client(&self, id: &str, service: &str) -> Client {
        Client { authentication: Authentication::PrivateKeyJwt { keys: self.keys() }, ..public(id, service) }
    }

    pub fn sign(&self, claims: &Value) -> String {
        let unsigned = Unsigned::new(&self.own.kid, "JWT", claims.as_object().unwrap());
        let signature = self.pair.sign(&SystemRandom::new(), unsigned.bytes()).unwrap();
        unsigned.signed(signature.as_ref().try_into().unwrap())
    }

    /// A good assertion for one call.
    pub fn assertion(&self, house: &House, id: &str, jti: &str) -> String {
        let now = house.clock.now().seconds();
        self.sign(&json!({"iss": id, "sub": id, "aud": ISSUER, "jti": jti, "iat": now, "exp": now + 60}))
    }
}

/// A second service, where the catalogue names a ground for personal numbers.
pub fn archive() -> Vec<Source> {
    let text = include_str!("../../../../../catalogue/example.toml")
        .replace("example.", "archive.")
        .replace("id = \"example\"", "id = \"archive\"")
        .replace("employers_administrators_give", "employers_administrators_give_archive");
    let text = format!("{text}\n[personal_number]\nground = \"3 kap. 10 § dataskyddslagen (2018:218)\"\n");
    vec![Source { file: "archive.toml".to_owned(), text }]
}

/// Registers it, as the operator's command does.
pub async fn register(house: &House, client: Client) {
    let new = NewClient { client, ends_at: None };
    let entropy = std::sync::Arc::new(TestEntropy);
    let (clock, wall) = (house.clock.clone(), house.clock.clone());
    app::oidc::add_client(house.app.store(), new, clock, wall, entropy).await.unwrap();
}

/// A whole request for a login, with these parameters beside or instead.
pub fn request<'p>(id: &'p str, changed: &[(&'p str, &'p str)]) -> Pairs<'p> {
    let mut pairs = vec![
        ("client_id", id),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("scope", PARTY),
        ("state", "a state & more"),
        ("nonce", "a nonce"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changed {
        pairs.retain(|(had, _)| had != name);
        pairs.push((name, value));
    }
    pairs
}

/// The parameters of an address that answers a request, which must be the registered one.
pub fn answer(location: &str) -> BTreeMap<String, String> {
    let query = location.strip_prefix(BACK).and_then(|rest| rest.strip_prefix('?')).expect(location);
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The code in the answer to a request that was carried out.
#[track_caller]
pub fn code_of(step: Result<Step, NotAuthorized>) -> String {
    match step {
        Ok(Step::Done { location }) => answer(&location)["code"].clone(),
        other => panic!("a code is expected: {other:?}"),
    }
}

/// The error word that the client is told by redirect, its state beside it.
#[track_caller]
pub fn told_back(step: Result<Step, NotAuthorized>) -> String {
    match step {
        Err(NotAuthorized::Back { location }) => {
            let answer = answer(&location);
            assert_eq!(answer["iss"], ISSUER, "who answers is told (RFC 9207)");
            assert_eq!(answer.get("state").map(String::as_str), Some("a state & more"));
            assert!(!answer.contains_key("code"));
            answer["error"].clone()
        }
        other => panic!("a redirect with an error is expected: {other:?}"),
    }
}

/// The fault that the visitor is told, because nobody is to be sent anywhere.
#[track_caller]
pub fn told_here(step: Result<Step, NotAuthorized>) -> ErrorCode {
    match step {
        Err(NotAuthorized::Here { fault, .. }) => fault.code,
        other => panic!("a fault told here is expected: {other:?}"),
    }
}

/// The fault by which a client's call was refused.
#[track_caller]
pub fn fault<T: std::fmt::Debug>(result: Result<T, Denied>) -> ErrorCode {
    match result {
        Err(Denied::Fault(fault)) => fault.code,
        other => panic!("a refusal by protocol is expected: {other:?}"),
    }
}

/// What a client sends to redeem a code.
pub fn redeeming<'p>(id: &'p str, code: &'p str) -> Pairs<'p> {
    vec![
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ]
}

/// A visitor's entrance at a public client, from request to tokens.
pub async fn enter(app: &App, visit: &Visit, id: &str, changed: &[(&str, &str)]) -> Tokens {
    let step = app.authorize(&params(&request(id, changed)), Some(visit)).await;
    let code = code_of(step);
    app.token(&params(&redeeming(id, &code))).await.unwrap()
}

/// The claims of a token, without a look at its signature.
pub fn claims(token: &str) -> Map<String, Value> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

/// The claims of an ID token, verified by the keys that are published now.
pub fn verified(app: &App, tokens: &Tokens) -> Map<String, Value> {
    oidc::jws::verify_own(&app.token_keys(), tokens.id_token.as_deref().unwrap()).unwrap()
}

pub async fn userinfo(app: &App, tokens: &Tokens) -> Map<String, Value> {
    match app.userinfo(&tokens.access_token).await.unwrap() {
        Userinfo::Json(claims) => claims,
        Userinfo::Signed(jwt) => oidc::jws::verify_own(&app.token_keys(), &jwt).unwrap(),
    }
}

/// The next step for a request that waited while its visitor logged in.
pub async fn resumed(
    app: &App,
    step: Result<Step, NotAuthorized>,
    visit: &Visit,
) -> Result<Step, NotAuthorized> {
    match step {
        Ok(Step::LogIn { handle, service }) => {
            assert_eq!(service, "example");
            app.resume(&handle, Some(visit), Came::Chosen).await
        }
        other => panic!("a login is expected: {other:?}"),
    }
}

/// Cecilia gives a person a package of the service; her organisation, and her visit.
pub async fn given(house: &House, person: Person, package: &str) -> (domain::FactId, Visit) {
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let new = NewMandate {
        number: person.number(),
        name: person.name.to_owned(),
        email: person.email(),
        permission: package.to_owned(),
        last_day: None,
        need: "Beställer blanketter.".to_owned(),
    };
    let id = house.app.give_mandate(&cecilia, "employer", new).await.unwrap();
    (id, cecilia)
}
