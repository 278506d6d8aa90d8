//! What a client sends, as a whole: the form, the signed object or assertion in it, and what the rules make of all of it. Whoever
//! has a key may sign anything with it, so that here the hostile bytes are signed.

use crate::mutate::{drive, text};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Instant;
use oidc::assertion::{self, LONGEST_LIFE, SKEW};
use oidc::authorize::{Refused, Request};
use oidc::draft::{Draft, FIELDS, Proof};
use oidc::jws::{OwnKey, PublicKeys};
use oidc::logout::Asked;
use oidc::token::{Caller, Grant};
use oidc::{Authentication, Client, ClientId, Params, RedirectUri, Scopes};
use serde_json::{Value, json};

const NOW: Instant = Instant::from_micros(1_795_000_000_000_000);
const ISSUER: &str = "https://e.example";
const TOKEN: &str = "https://e.example/oauth/token";
const BACK: &str = "https://shop.example.se/back";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A client with a key, and the key.
struct Signer {
    pair: EcdsaKeyPair,
    own: OwnKey,
}

impl Signer {
    fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let own = OwnKey { kid: "one".to_owned(), point: pair.public_key().as_ref().try_into().unwrap() };
        Self { pair, own }
    }

    /// A token over these bytes, whatever they are.
    fn sign(&self, payload: &[u8]) -> String {
        let header = json!({"alg": "ES256", "kid": self.own.kid, "typ": "JWT"}).to_string();
        let unsigned = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = self.pair.sign(&SystemRandom::new(), unsigned.as_bytes()).unwrap();
        format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn client(&self) -> Client {
        let set = json!({"keys": [self.own.jwk()]}).to_string();
        let draft = Draft {
            id: "shop".into(),
            service: "example".into(),
            name_sv: "Butiken".into(),
            name_en: "The shop".into(),
            redirect_uris: vec![BACK.into(), "https://shop.example.se/other?a=1".into()],
            proof: Some(Proof::Keys(set)),
            ..Draft::default()
        };
        draft.read(oidc::client::Strictness::Production).unwrap()
    }
}

/// Pairs as a form brings them, not decoded: the decoder has a target of its own.
fn params(input: &[u8]) -> Option<Params> {
    let pairs = text(input)?.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    Params::parse(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).ok()
}

/// Whether a refused request is told to the visitor here, or to the client at an address that it registered.
fn told_where_it_may_be(client: &Client, refused: &Refused) {
    match (refused, refused.location(ISSUER)) {
        (Refused::Here(fault), None) => assert!(!fault.says.is_empty()),
        (Refused::Back { to, .. }, Some(location)) => {
            assert!(client.redirect_uris.contains(to) && location.starts_with(to.as_str()), "{location}");
            assert!(location.bytes().all(|b| b.is_ascii_graphic() && b != b'"'), "{location:?}");
            assert!(
                location.contains("iss=https%3A%2F%2Fe.example") && location.contains("error="),
                "{location}"
            );
        }
        other => panic!("{other:?}"),
    }
}

/// A request that was taken: for a registered address, for a login, with PKCE, and the same when it is read again.
fn taken_rightly(client: &Client, request: &Request) {
    assert!(client.redirect_uris.contains(&request.redirect_uri) && request.client == client.id);
    assert!(request.scopes.has("openid"));
    let location = request.granted("a.code", ISSUER);
    assert!(location.starts_with(request.redirect_uri.as_str()), "{location}");
    assert!(location.bytes().all(|b| b.is_ascii_graphic() && b != b'"'), "{location:?}");
    for word in [&request.state, &request.nonce].into_iter().flatten() {
        assert!(word.len() <= 512 && word.bytes().all(|b| (b' '..=b'~').contains(&b)), "{word:?}");
    }
    assert!(request.ui_locales.len() <= 10);
    let kept: Request = serde_json::from_str(&serde_json::to_string(request).unwrap()).unwrap();
    assert_eq!(kept, *request);
}

#[test]
fn fuzz_authorisation_requests() {
    let client = Signer::new().client();
    let asks = [
        format!(
            "client_id=shop&redirect_uri={BACK}&response_type=code&scope=openid profile&state=abc def&nonce=n\
                 &code_challenge={CHALLENGE}&code_challenge_method=S256&prompt=login select_account&max_age=60&ui_locales=sv en"
        ),
        format!(
            "client_id=shop&redirect_uri=https://shop.example.se/other?a=1&response_type=code&response_mode=query&scope=openid\
                 &code_challenge={CHALLENGE}&code_challenge_method=S256&prompt=none&claims={{\"userinfo\":{{\"name\":null}}}}"
        ),
    ];
    // The second holds a query in its address, and an equals sign in a value: split at the first one only.
    drive("authorisation requests", 1, &asks, |input| {
        let Some(sent) = params(input) else { return false };
        let checked = Request::check(&client, &sent, ISSUER, NOW);
        match &checked {
            Ok(request) => taken_rightly(&client, request),
            Err(refused) => told_where_it_may_be(&client, refused),
        }
        checked.is_ok()
    });
}

#[test]
fn fuzz_request_objects() {
    let signer = Signer::new();
    let client = signer.client();
    let object = json!({"iss": "shop", "aud": ISSUER, "client_id": "shop", "redirect_uri": BACK, "response_type": "code",
        "scope": "openid", "state": "signed", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "max_age": 60,
        "exp": NOW.seconds() + 60, "nbf": NOW.seconds(), "claims": {"userinfo": {"name": null}}});
    let mut many = object.clone();
    many["aud"] = json!(["https://other.example", "https://e.example/oauth/authorize"]);
    drive("request objects", 1, &[object.to_string(), many.to_string()], |input| {
        let pairs = [
            ("client_id", "shop".to_owned()),
            ("request", signer.sign(input)),
            ("state", "unsigned".to_owned()),
        ];
        // Longer than a request may be.
        let Ok(sent) = Params::parse(pairs.map(|(name, value)| (name.to_owned(), value))) else {
            return false;
        };
        let checked = Request::check(&client, &sent, ISSUER, NOW);
        match &checked {
            Ok(request) => {
                taken_rightly(&client, request);
                let object: Value = serde_json::from_slice(input).unwrap();
                assert_eq!(object["iss"], "shop");
                let said = object["state"].as_str().filter(|state| !state.is_empty());
                assert_eq!(request.state.as_deref(), said, "the object's alone count");
            }
            Err(refused) => told_where_it_may_be(&client, refused),
        }
        checked.is_ok()
    });
}

#[test]
fn fuzz_assertions_of_clients() {
    let signer = Signer::new();
    let client = signer.client();
    let claims = json!({"iss": "shop", "sub": "shop", "aud": ISSUER, "jti": "1", "iat": NOW.seconds(), "exp": NOW.seconds() + 60});
    let mut many = claims.clone();
    many["aud"] = json!([TOKEN, "https://other.example"]);
    many["nbf"] = json!(NOW.seconds());
    drive("assertions of clients", 1, &[claims.to_string(), many.to_string()], |input| {
        let Ok(read) = assertion::verify(&client, &signer.sign(input), &[ISSUER, TOKEN], NOW) else {
            return false;
        };
        let claims: Value = serde_json::from_slice(input).unwrap();
        assert!(claims["iss"] == "shop" && claims["sub"] == "shop", "{claims}");
        let ours = |audience: &Value| audience == ISSUER || audience == TOKEN;
        assert!(
            ours(&claims["aud"]) || claims["aud"].as_array().is_some_and(|all| all.iter().any(ours)),
            "{claims}"
        );
        assert!((1..=200).contains(&read.jti.len()) && claims["jti"] == read.jti.as_str());
        // It counts no longer than it is remembered: or it could be used twice.
        let (exp, now) = (claims["exp"].as_f64().unwrap(), NOW.micros() as f64 / 1e6);
        assert!(exp > now - SKEW.as_secs_f64() && exp <= now + (LONGEST_LIFE + SKEW).as_secs_f64(), "{exp}");
        assert!(read.remember_until.micros() as f64 / 1e6 >= exp + SKEW.as_secs_f64(), "{read:?}");
        assert!(read.remember_until <= NOW + LONGEST_LIFE + SKEW + SKEW + SKEW);
        true
    });
}

#[test]
fn fuzz_token_requests() {
    let signer = Signer::new();
    let token = signer.sign(json!({"iss": "shop", "sub": "shop"}).to_string().as_bytes());
    let kind = assertion::TYPE;
    let asks = [
        format!(
            "grant_type=authorization_code&client_id=shop&code=a.b&redirect_uri={BACK}&code_verifier={CHALLENGE}"
        ),
        format!("grant_type=client_credentials&client_assertion_type={kind}&client_assertion={token}"),
        format!(
            "client_id=shop&client_assertion_type={kind}&client_assertion={token}&token=v.abc&grant_type=client_credentials"
        ),
    ];
    drive("token requests", 1, &asks, |input| {
        let Some(sent) = params(input) else { return false };
        let caller = Caller::parse(&sent);
        if let Ok(caller) = &caller {
            assert_eq!(ClientId::parse(caller.client.as_str()).as_ref(), Ok(&caller.client));
            assert!(sent.get("client_secret").is_none(), "no password is ever taken");
            assert_eq!(caller.assertion.as_deref(), sent.get("client_assertion"));
            let named = sent.get("client_id").is_none_or(|id| id == caller.client.as_str());
            assert!(named && !format!("{caller:?}").contains("eyJ"), "{caller:?}");
        }
        let grant = Grant::parse(&sent);
        if let Ok(Grant::Code { code, redirect_uri, verifier }) = &grant {
            assert!(![code, redirect_uri, verifier].iter().any(|part| part.is_empty()));
            assert!(!format!("{grant:?}").contains(verifier.as_str()), "a verifier is a secret");
        }
        caller.is_ok() && grant.is_ok()
    });
}

#[test]
fn fuzz_log_out_requests() {
    let signer = Signer::new();
    let keys = std::slice::from_ref(&signer.own);
    let hint = json!({"iss": ISSUER, "aud": "shop", "sid": "s", "exp": 1});
    // The whole request, and the hint in it: the first line is signed, the second is the rest of the form.
    let asks = [
        format!("{hint}\npost_logout_redirect_uri={BACK}&state=s&client_id=shop"),
        format!("{hint}\nstate=s"),
    ];
    drive("log-out requests", 1, &asks, |input| {
        let at = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
        let (payload, form) = input.split_at(at);
        let Some(sent) = params(form.get(1..).unwrap_or_default()) else { return false };
        let mut pairs: Vec<_> =
            sent.names().map(|name| (name.to_owned(), sent.get(name).unwrap().to_owned())).collect();
        pairs.push(("id_token_hint".to_owned(), signer.sign(payload)));
        let Ok(sent) = Params::parse(pairs) else { return false };
        let Ok(asked) = Asked::parse(&sent, ISSUER, keys) else { return false };
        let hint: Value = serde_json::from_slice(payload).unwrap();
        assert_eq!(hint["iss"], ISSUER);
        let client = asked.client.unwrap();
        assert_eq!(hint["aud"].as_str(), Some(client.as_str()));
        assert!(sent.get("client_id").is_none_or(|named| named == client.as_str()), "of another client");
        assert_eq!(hint["sid"].as_str(), asked.sid.as_deref());
        assert!(asked.state.is_none_or(|state| state.len() <= 512));
        true
    });
}

#[test]
fn fuzz_registrations_of_clients() {
    let set = json!({"keys": [Signer::new().own.jwk()]}).to_string();
    let lines = [
        "shop",
        "example",
        "Butiken",
        "The shop",
        BACK,
        "https://shop.example.se/left",
        "https://shop.example.se/out",
        "https://shop.example.se/",
        &set,
    ];
    let public = ["app-2", "example", "Appen", "The app", "http://127.0.0.1:8420/back", "", "", "", ""];
    drive("registrations of clients", 1, &[lines.join("\n"), public.join("\n")], |input| {
        let Some(typed) = text(input) else { return false };
        let line = |number: usize| typed.split('\n').nth(number).unwrap_or_default().to_owned();
        let keys = line(8);
        let draft = Draft {
            id: line(0),
            service: line(1),
            name_sv: line(2),
            name_en: line(3),
            redirect_uris: line(4).split(' ').map(str::to_owned).collect(),
            post_logout_redirect_uris: vec![line(5)],
            backchannel_logout_uri: line(6),
            home: line(7),
            proof: Some(if keys.is_empty() { Proof::Public } else { Proof::Keys(keys) }),
            ..Draft::default()
        };
        match draft.read(oidc::client::Strictness::Production) {
            Ok(client) => {
                let kept: Client = serde_json::from_str(&serde_json::to_string(&client).unwrap()).unwrap();
                assert_eq!(kept, client);
                assert_eq!(client.mistakes(oidc::client::Strictness::Production), []);
                let read = |uri: &RedirectUri| RedirectUri::parse(uri.as_str()).as_ref() == Ok(uri);
                assert!(client.redirect_uris.iter().chain(&client.home).all(read));
                if let Authentication::PrivateKeyJwt { keys } = &client.authentication {
                    let text = serde_json::to_string(&keys).unwrap();
                    assert_eq!(PublicKeys::parse(&text).as_ref(), Ok(keys));
                    assert!(!text.contains("\"d\""), "no private half is kept");
                }
                true
            }
            Err(mistakes) => {
                assert!(!mistakes.is_empty(), "a refusal says what to correct");
                for bad in mistakes {
                    assert!(FIELDS.contains(&bad.field), "{bad:?}");
                    assert!(bad.code.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'), "{bad:?}");
                }
                false
            }
        }
    });
    // Scopes are words of a request that are kept: nothing else may stand in them.
    assert!(!Scopes::parse("openid openid  x").to_string().contains("  "));
}
