//! What e-services and their visitors' browsers send: questions, keys, tokens, addresses, parameters.

use crate::mutate::{drive, text};
use app::{SystemClock, oidc::Handle};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use domain::Clock as _;
use oidc::authzen::{self, Call, Question};
use oidc::claims::Wanted;
use oidc::jws::{OwnKey, PublicKeys, Unsigned};
use oidc::{ClientId, Params, RedirectUri};
use serde_json::{Value, json};

fn written(question: &Question) -> Vec<u8> {
    let entity = |entity: &authzen::Entity| json!({"type": entity.kind, "id": entity.id});
    let context = question.context.at_least_seq.map_or(json!({}), |seq| json!({"at_least_seq": seq}));
    json!({"subject": entity(&question.subject), "action": {"name": question.action.name},
           "resource": entity(&question.resource), "context": context})
    .to_string()
    .into_bytes()
}

#[test]
fn fuzz_questions() {
    let one = json!({"subject": {"type": "person", "id": "s"}, "action": {"name": "a.b"},
                     "resource": {"type": "organisation", "id": "o"}, "context": {"at_least_seq": 7}});
    let mut many = one.clone();
    many["evaluations"] = json!([{}, {"action": {"name": "c.d"}}, 7]);
    many["options"] = json!({"evaluations_semantic": "deny_on_first_deny"});
    drive("questions", 1, &[one.to_string(), many.to_string()], |input| {
        let call = authzen::many(input);
        match &call {
            Ok(Call::One(question)) => assert_eq!(authzen::one(input).as_ref(), Ok(question)),
            Ok(Call::Many(questions, _)) => assert!((1..=authzen::MOST).contains(&questions.len())),
            Err(_) => {}
        }
        if let Ok(question) = authzen::one(input) {
            assert_eq!(authzen::one(&written(&question)), Ok(question));
        }
        call.is_ok()
    });
}

/// A key, its public half as a client registers it, and a token that verifies.
fn signed() -> (PublicKeys, String, String) {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let own = OwnKey { kid: "one".to_owned(), point: pair.public_key().as_ref().try_into().unwrap() };
    let set = json!({"keys": [own.jwk()]}).to_string();
    let now = SystemClock.now().seconds();
    let claims =
        json!({"iss": "shop", "sub": "shop", "aud": "https://x.example", "jti": "1", "exp": now + 600});
    let unsigned = Unsigned::new("one", "JWT", claims.as_object().unwrap());
    let signature = pair.sign(&SystemRandom::new(), unsigned.bytes()).unwrap();
    let token = unsigned.signed(signature.as_ref().try_into().unwrap());
    (PublicKeys::parse(&set).unwrap(), set, token)
}

#[test]
fn fuzz_keys_and_tokens() {
    let (keys, set, token) = signed();
    drive("keys of clients", 1, &[&set], |input| {
        let Some(read) = text(input).and_then(|text| PublicKeys::parse(text).ok()) else { return false };
        assert!(read.kids().all(|kid| (1..=200).contains(&kid.chars().count())), "a kid of its own");
        let again: PublicKeys = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
        assert_eq!(again, read);
        // Whoever chose the keys may send any token with them.
        drop(read.verify::<Value>(&token));
        true
    });
    drive("tokens of clients", 1, &[&token], |input| {
        let verified = text(input).is_some_and(|text| keys.verify::<Value>(text).is_ok());
        assert_eq!(verified, input == token.as_bytes(), "only what was signed verifies");
        verified
    });
}

#[test]
fn fuzz_addresses_and_parameters() {
    let good = ["https://shop.example.se/back?a=1", "http://127.0.0.1:9999/back", "http://[::1]:1/x"];
    drive("redirect addresses", 1, &good, |input| {
        let Some(read) = text(input).and_then(|text| RedirectUri::parse(text).ok()) else { return false };
        assert_eq!(read.as_str().as_bytes(), input, "compared letter by letter, so kept letter by letter");
        assert!(read.as_str().starts_with(read.origin()), "{}", read.origin());
        // The origin goes into a header of policy, and the address into one that leads there.
        let told = read.with(&[("state", "a b&c=d\r\n")]);
        assert!(told.bytes().all(|b| b.is_ascii_graphic() && b != b'"'), "{told}");
        assert!(!read.origin().contains([';', ',', '\'', ' ', '*']), "{}", read.origin());
        assert!(told.ends_with("state=a%20b%26c%3Dd%0D%0A"), "{told}");
        true
    });
    drive("names of clients", 1, &["shop", "example-app"], |input| {
        let Some(read) = text(input).and_then(|text| ClientId::parse(text).ok()) else { return false };
        assert_eq!(read.as_str().as_bytes(), input);
        assert!(read.as_str().bytes().all(|b| b.is_ascii_graphic()));
        true
    });
    let claims = json!({"id_token": {"acr": {"essential": true, "values": ["http://id.elegnamnden.se/loa/1.0/loa3"]}},
                        "userinfo": {"name": null, "given_name": {"essential": true}}});
    drive("claims", 1, &[claims.to_string()], |input| {
        let Some(read) = text(input).and_then(|text| Wanted::parse(Some(text)).ok()) else { return false };
        let again: Wanted = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
        assert_eq!(again, read);
        true
    });
    drive("handles", 1, &["AAAAAAAAAAAAAAAAAAAAAA"], |input| {
        let Some(read) = text(input).and_then(Handle::parse) else { return false };
        assert_eq!(Handle::parse(read.as_str()).unwrap().as_str(), read.as_str());
        assert!(read.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        true
    });
    // Pairs as a form brings them, through every reader of parameters.
    let form = "grant_type=authorization_code&client_id=shop&code=x&redirect_uri=https://a.se/b&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let leave = "id_token_hint=x.y.z&post_logout_redirect_uri=https://a.se/b&state=s&client_id=shop&token=x";
    drive("parameters", 1, &[form, leave], |input| {
        let Some(text) = text(input) else { return false };
        let pairs = text.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let Ok(params) = Params::parse(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))) else {
            return false;
        };
        drop(oidc::pkce::Challenge::parse(params.get("code_challenge"), params.get("code_challenge_method")));
        drop(oidc::Scopes::parse(params.get("code").unwrap_or_default()));
        true
    });
}
