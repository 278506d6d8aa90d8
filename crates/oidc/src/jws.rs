//! Signed tokens (JWS compact, RFC 7515): those of clients are verified with their registered keys, ours are put together
//! here and signed by whoever holds the key.
//!
//! Verification is a library's; which algorithms, which types and which times count is decided here. ES256 and RS256 come
//! in, ES256 goes out; `none` and shared secrets do not exist.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The longest token that is read, in bytes.
pub const LONGEST: usize = 8 * 1024;
/// Keys of one client.
const KEYS: usize = 10;

/// A client's public keys: P-256 or RSA of at least 2048 bits, each with a `kid` of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct PublicKeys(Vec<Jwk>);

/// Why keys cannot be registered; the word is a code with texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    #[error("not a JSON Web Key Set: {{\"keys\": [...]}} with 1 to 10 keys")]
    Form,
    #[error(
        "a private key was sent: send only the public half, and make a new key pair, for this one is no longer secret"
    )]
    Private,
    #[error("each key must be EC on P-256, or RSA of 2048 bits or more")]
    Kind,
    #[error("each key needs a kid of its own, of 1 to 200 characters")]
    Kid,
}

impl BadKeys {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Form => "KEYS_FORM",
            Self::Private => "KEYS_PRIVATE",
            Self::Kind => "KEYS_KIND",
            Self::Kid => "KEYS_KID",
        }
    }
}

impl PublicKeys {
    /// From a JWK Set (RFC 7517 §5).
    ///
    /// # Errors
    /// [`BadKeys`].
    pub fn parse(text: &str) -> Result<Self, BadKeys> {
        serde_json::from_str::<Value>(text).map_err(|_| BadKeys::Form)?.try_into()
    }

    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|key| key.common.key_id.as_deref())
    }

    /// Verifies a token by the key that its header names; times and audience are the caller's to check.
    ///
    /// # Errors
    /// [`NotVerified`], whatever was wrong with it.
    pub fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<T, NotVerified> {
        if token.len() > LONGEST {
            return Err(NotVerified);
        }
        let header = decode_header(token).map_err(|_| NotVerified)?;
        if header.crit.is_some() {
            // Whoever demands that an extension is understood is not understood here (RFC 7515 §4.1.11).
            return Err(NotVerified);
        }
        let named = |key: &&Jwk| header.kid.is_none() || key.common.key_id == header.kid;
        let mut keys = self.0.iter().filter(named);
        // Without a kid there must be one key that can be meant.
        let (Some(key), None) = (keys.next(), keys.next()) else { return Err(NotVerified) };
        let algorithm = match key.algorithm {
            AlgorithmParameters::EllipticCurve(_) => Algorithm::ES256,
            AlgorithmParameters::RSA(_) => Algorithm::RS256,
            _ => return Err(NotVerified),
        };
        verify_with(token, &DecodingKey::from_jwk(key).map_err(|_| NotVerified)?, algorithm)
    }
}

/// A token that is not what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is malformed or its signature does not verify")]
pub struct NotVerified;

fn verify_with<T: DeserializeOwned>(
    token: &str,
    key: &DecodingKey,
    algorithm: Algorithm,
) -> Result<T, NotVerified> {
    let mut rules = Validation::new(algorithm);
    // Times are compared with the clock that the caller passes in, not with the library's.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    decode::<T>(token, key, &rules).map(|token| token.claims).map_err(|_| NotVerified)
}

impl TryFrom<Value> for PublicKeys {
    type Error = BadKeys;

    fn try_from(value: Value) -> Result<Self, BadKeys> {
        let raw = value.get("keys").and_then(Value::as_array).ok_or(BadKeys::Form)?;
        let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
        if raw.iter().any(|key| private.iter().any(|part| key.get(part).is_some())) {
            return Err(BadKeys::Private);
        }
        // A key that the library has no name for is of a kind that we do not take.
        let set: JwkSet = serde_json::from_value(value.clone()).map_err(|_| BadKeys::Kind)?;
        if set.keys.is_empty() || set.keys.len() != raw.len() || set.keys.len() > KEYS {
            return Err(BadKeys::Form);
        }
        for key in &set.keys {
            if !is_strong(key) {
                return Err(BadKeys::Kind);
            }
            let kid = key.common.key_id.as_deref().unwrap_or_default();
            let same = set.keys.iter().filter(|other| other.common.key_id.as_deref() == Some(kid)).count();
            if kid.is_empty() || kid.len() > 200 || kid.chars().any(char::is_control) || same != 1 {
                return Err(BadKeys::Kid);
            }
        }
        Ok(Self(set.keys))
    }
}

fn is_strong(key: &Jwk) -> bool {
    let usable = DecodingKey::from_jwk(key).is_ok();
    usable
        && match &key.algorithm {
            AlgorithmParameters::EllipticCurve(ec) => ec.curve == EllipticCurve::P256,
            AlgorithmParameters::RSA(rsa) => {
                let modulus = URL_SAFE_NO_PAD.decode(&rsa.n).unwrap_or_default();
                let significant = modulus.iter().skip_while(|byte| **byte == 0).count();
                (256..=1024).contains(&significant)
            }
            _ => false,
        }
}

impl From<PublicKeys> for Value {
    fn from(keys: PublicKeys) -> Value {
        json!({"keys": keys.0})
    }
}

/// One of our own public keys on P-256: 65 bytes, uncompressed (SEC 1 §2.3.3), under its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnKey {
    pub kid: String,
    pub point: [u8; 65],
}

impl OwnKey {
    /// As a JSON Web Key (RFC 7517).
    pub fn jwk(&self) -> Value {
        json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid,
            "x": URL_SAFE_NO_PAD.encode(&self.point[1..33]),
            "y": URL_SAFE_NO_PAD.encode(&self.point[33..]),
        })
    }
}

/// Verifies a token of our own, whenever it was made, as the hint of a log-out asks (RP-Initiated Logout 1.0 §2).
///
/// # Errors
/// [`NotVerified`].
pub fn verify_own<T: DeserializeOwned>(keys: &[OwnKey], token: &str) -> Result<T, NotVerified> {
    if token.len() > LONGEST {
        return Err(NotVerified);
    }
    let kid = decode_header(token).map_err(|_| NotVerified)?.kid.ok_or(NotVerified)?;
    let key = keys.iter().find(|key| key.kid == kid).ok_or(NotVerified)?;
    let jwk: Jwk = serde_json::from_value(key.jwk()).map_err(|_| NotVerified)?;
    verify_with(token, &DecodingKey::from_jwk(&jwk).map_err(|_| NotVerified)?, Algorithm::ES256)
}

/// A token of ours before its signature: `header.payload`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned(String);

impl Unsigned {
    /// `typ` is `JWT` but for kinds that have one of their own.
    pub fn new(kid: &str, typ: &str, claims: &Map<String, Value>) -> Self {
        let header = json!({"alg": "ES256", "kid": kid, "typ": typ}).to_string();
        let payload = serde_json::to_vec(claims).unwrap_or_default();
        Self(format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload)))
    }

    /// What is signed.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// With the signature, 64 bytes r ‖ s (RFC 7518 §3.4).
    pub fn signed(self, signature: &[u8; 64]) -> String {
        format!("{}.{}", self.0, URL_SAFE_NO_PAD.encode(signature))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

    pub struct Signer {
        pub pair: EcdsaKeyPair,
        pub own: OwnKey,
    }

    pub fn signer(kid: &str) -> Signer {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = pair.public_key().as_ref().try_into().unwrap();
        Signer { pair, own: OwnKey { kid: kid.to_owned(), point } }
    }

    impl Signer {
        pub fn sign(&self, claims: &Value) -> String {
            let unsigned = Unsigned::new(&self.own.kid, "JWT", claims.as_object().unwrap());
            let signature = self.pair.sign(&SystemRandom::new(), unsigned.bytes()).unwrap();
            unsigned.signed(signature.as_ref().try_into().unwrap())
        }

        pub fn keys(&self) -> PublicKeys {
            json!({"keys": [self.own.jwk()]}).try_into().unwrap()
        }
    }

    #[test]
    fn a_token_is_verified_by_the_key_it_names_and_by_no_other() {
        let (ours, other) = (signer("a"), signer("a"));
        let token = ours.sign(&json!({"sub": "x"}));
        assert_eq!(ours.keys().verify::<Value>(&token).unwrap()["sub"], "x");
        assert!(other.keys().verify::<Value>(&token).is_err());
        assert_eq!(verify_own::<Value>(std::slice::from_ref(&ours.own), &token).unwrap()["sub"], "x");
        assert!(verify_own::<Value>(&[other.own], &token).is_err());
        assert!(signer("b").keys().verify::<Value>(&token).is_err());
        let mut cut: Vec<&str> = token.split('.').collect();
        cut[2] = "";
        assert!(ours.keys().verify::<Value>(&cut.join(".")).is_err());
        let none = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), cut[1]);
        assert!(ours.keys().verify::<Value>(&none).is_err());
        // The public key as a shared secret, the oldest trick.
        let hs = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"a"}"#);
        let tag = aws_lc_rs::hmac::sign(
            &aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &ours.own.point),
            format!("{hs}.{}", cut[1]).as_bytes(),
        );
        let forged = format!("{hs}.{}.{}", cut[1], URL_SAFE_NO_PAD.encode(tag.as_ref()));
        assert!(ours.keys().verify::<Value>(&forged).is_err());
        assert!(ours.keys().verify::<Value>(&format!("{token}{}", "a".repeat(LONGEST))).is_err());
    }

    /// What discovery promises to take beside ES256.
    #[test]
    fn a_token_signed_with_rs256_is_verified_and_an_altered_one_is_not() {
        use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
        use aws_lc_rs::signature::RSA_PKCS1_SHA256;
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let public = pair.public_key();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let jwk = json!({"kty": "RSA", "kid": "r", "n": part(public.modulus().big_endian_without_leading_zero()),
            "e": part(public.exponent().big_endian_without_leading_zero())});
        let keys = PublicKeys::parse(&json!({"keys": [jwk]}).to_string()).unwrap();
        let signed = |algorithm: &str| {
            let text = format!(
                "{}.{}",
                part(json!({"alg": algorithm, "kid": "r"}).to_string().as_bytes()),
                part(br#"{"sub":"x"}"#)
            );
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
            format!("{text}.{}", part(&signature))
        };
        let token = signed("RS256");
        assert_eq!(keys.verify::<Value>(&token).unwrap()["sub"], "x");
        let altered = token.replacen(&part(br#"{"sub":"x"}"#), &part(br#"{"sub":"y"}"#), 1);
        assert!(keys.verify::<Value>(&altered).is_err());
        // The same key under an algorithm that is not taken.
        assert!(keys.verify::<Value>(&signed("RS512")).is_err());
    }

    #[test]
    fn weak_private_and_nameless_keys_are_refused() {
        let good = signer("k").own.jwk();
        let with = |change: &dyn Fn(&mut Value)| {
            let mut key = good.clone();
            change(&mut key);
            PublicKeys::parse(&json!({"keys": [key]}).to_string())
        };
        assert!(with(&|_| {}).is_ok());
        assert_eq!(with(&|key| key["d"] = json!("AA")), Err(BadKeys::Private));
        assert_eq!(with(&|key| drop(key.as_object_mut().unwrap().remove("kid"))), Err(BadKeys::Kid));
        assert_eq!(with(&|key| key["crv"] = json!("P-384")), Err(BadKeys::Kind));
        assert_eq!(with(&|key| key["kty"] = json!("oct")), Err(BadKeys::Kind));
        let rsa = |bytes: usize| {
            let modulus = URL_SAFE_NO_PAD.encode(vec![0xff; bytes]);
            PublicKeys::parse(
                &json!({"keys": [{"kty": "RSA", "n": modulus, "e": "AQAB", "kid": "r"}]}).to_string(),
            )
        };
        assert!(rsa(256).is_ok());
        assert_eq!(rsa(128), Err(BadKeys::Kind));
        assert_eq!(
            PublicKeys::parse(&json!({"keys": [good.clone(), good.clone()]}).to_string()),
            Err(BadKeys::Kid)
        );
        for bad in ["", "{}", r#"{"keys":[]}"#, r#"{"keys":"x"}"#, "[]"] {
            assert_eq!(PublicKeys::parse(bad), Err(BadKeys::Form), "{bad}");
        }
        let keys = signer("k").keys();
        let again: PublicKeys = serde_json::from_str(&serde_json::to_string(&keys).unwrap()).unwrap();
        assert_eq!(keys, again);
    }
}
