//! Client assertions (`private_key_jwt`; RFC 7523 §3, OpenID Connect Core §9): each is for us, short-lived and used once.

use crate::{Client, ErrorCode, Fault};
use domain::Instant;
use serde::Deserialize;
use std::time::Duration;

/// The type that goes with an assertion.
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest life of an assertion that is taken: an hour, which libraries choose when nobody tells them otherwise
/// (Authlib does). It counts once all the same, and is remembered until its own end.
pub const LONGEST_LIFE: Duration = Duration::from_secs(60 * 60);
/// How far the client's clock may differ from ours.
pub const SKEW: Duration = Duration::from_secs(30);

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    iat: Option<f64>,
    jti: Option<String>,
}

/// One audience or several (RFC 7519 §4.1.3).
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    pub fn has(&self, wanted: &str) -> bool {
        match self {
            Self::One(one) => one == wanted,
            Self::Many(many) => many.iter().any(|one| one == wanted),
        }
    }
}

/// An assertion that is the client's and for us. Whether it was used before is the store's to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    pub jti: String,
    /// Until when its `jti` must be remembered.
    pub remember_until: Instant,
}

/// Verifies an assertion at the machine's time `now`. `audiences`: the issuer and the endpoint that was called.
///
/// # Errors
/// `invalid_client`, with what to correct.
pub fn verify(client: &Client, token: &str, audiences: &[&str], now: Instant) -> Result<Assertion, Fault> {
    let no = |says| Fault::new(ErrorCode::InvalidClient, says);
    let claims: Claims = client.keys()?.verify(token).map_err(|_| {
        no("client_assertion does not verify: sign it with ES256 or RS256 by a key that is registered, and name the key by kid.")
    })?;
    if claims.iss != client.id.as_str() || claims.sub != client.id.as_str() {
        return Err(no("client_assertion must have iss and sub equal to client_id."));
    }
    if !audiences.iter().any(|audience| claims.aud.has(audience)) {
        return Err(no(
            "client_assertion has another audience: use the issuer, or the address of this endpoint.",
        ));
    }
    let (at, skew) = (now.micros() as f64 / 1e6, SKEW.as_secs_f64());
    if !claims.exp.is_finite() || claims.exp <= at - skew {
        return Err(no(
            "client_assertion has expired: make a new one for each call, and set the clock right.",
        ));
    }
    if claims.exp > at + LONGEST_LIFE.as_secs_f64() + skew {
        return Err(no("client_assertion lives too long: one hour at most."));
    }
    if claims.nbf.is_some_and(|nbf| nbf > at + skew) || claims.iat.is_some_and(|iat| iat > at + skew) {
        return Err(no("client_assertion is of the future: set the clock right."));
    }
    let jti = claims.jti.filter(|jti| (1..=200).contains(&jti.len()));
    let Some(jti) = jti else {
        return Err(no("client_assertion needs a jti of its own, of at most 200 characters."));
    };
    // `exp` is at most an hour ahead and half a minute back, as was seen above.
    let left = Duration::from_secs_f64((claims.exp - at).max(0.0));
    Ok(Assertion { jti, remember_until: now + left + SKEW + SKEW })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Authentication;
    use crate::client::tests::public;
    use crate::jws::tests::{Signer, signer};
    use serde_json::{Value, json};

    const NOW: Instant = Instant::from_micros(1_795_000_000_000_000);
    const AUDIENCES: [&str; 2] = ["https://e.example", "https://e.example/oauth/token"];

    fn client(signer: &Signer) -> Client {
        Client { authentication: Authentication::PrivateKeyJwt { keys: signer.keys() }, ..public(&[]) }
    }

    fn good() -> Value {
        json!({"iss": "example-app", "sub": "example-app", "aud": "https://e.example", "jti": "1",
               "iat": 1_795_000_000, "exp": 1_795_000_060})
    }

    #[test]
    fn one_that_is_right_is_taken_and_remembered_past_its_end() {
        let signer = signer("k");
        let assertion = verify(&client(&signer), &signer.sign(&good()), &AUDIENCES, NOW).unwrap();
        assert_eq!(assertion.jti, "1");
        assert!(assertion.remember_until.seconds() > 1_795_000_060 + 30);
        // The longest that is taken, and one of which the clocks alone say that it is over.
        for exp in [1_795_003_600, 1_794_999_980] {
            let mut claims = good();
            claims["exp"] = json!(exp);
            let assertion = verify(&client(&signer), &signer.sign(&claims), &AUDIENCES, NOW).unwrap();
            assert!(assertion.remember_until.seconds() > exp + 30, "{exp}");
        }
        let mut many = good();
        many["aud"] = json!(["x", "https://e.example/oauth/token"]);
        assert!(verify(&client(&signer), &signer.sign(&many), &AUDIENCES, NOW).is_ok());
    }

    #[test]
    fn each_claim_must_be_right() {
        let signer = signer("k");
        let client = client(&signer);
        for (claim, value) in [
            ("iss", json!("other")),
            ("sub", json!("other")),
            ("aud", json!("https://evil.example")),
            ("aud", json!([])),
            ("exp", json!(1_794_999_900)),
            ("exp", json!(1_795_009_000)),
            ("exp", json!("soon")),
            ("exp", Value::Null),
            ("nbf", json!(1_795_000_100)),
            ("iat", json!(1_795_000_100)),
            ("jti", json!("")),
            ("jti", Value::Null),
            ("jti", json!("x".repeat(201))),
        ] {
            let mut claims = good();
            claims[claim] = value.clone();
            let fault = verify(&client, &signer.sign(&claims), &AUDIENCES, NOW).unwrap_err();
            assert_eq!(fault.code, ErrorCode::InvalidClient, "{claim} {value}");
        }
        let foreign = crate::jws::tests::signer("k").sign(&good());
        assert!(verify(&client, &foreign, &AUDIENCES, NOW).is_err());
        assert_eq!(
            verify(&public(&[]), &foreign, &AUDIENCES, NOW).unwrap_err().code,
            ErrorCode::UnauthorizedClient
        );
    }
}
