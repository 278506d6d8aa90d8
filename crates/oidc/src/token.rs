//! The token endpoint: what is asked for (RFC 6749 §4.1.3, §4.4.2), and the ID token that is answered.

use crate::claims::{self, About, Place, Wanted};
use crate::{ClientId, ErrorCode, Fault, Params, Scopes, assertion};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Assurance, Instant};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Life of an ID token (Swedish OpenID Connect Profile 1.0: at most five minutes).
pub const ID_TOKEN_LIFE: Duration = Duration::from_secs(5 * 60);
/// The longest life of a visitor's access token; it ends with the session if that ends earlier.
pub const ACCESS_LIFE: Duration = Duration::from_secs(60 * 60);
/// Life of a machine's access token.
pub const MACHINE_LIFE: Duration = Duration::from_secs(5 * 60);

/// Who calls, as far as the call itself says.
#[derive(Clone, PartialEq, Eq)]
pub struct Caller {
    pub client: ClientId,
    /// The assertion that is to prove it; `None` of a public client.
    pub assertion: Option<String>,
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Caller({})", self.client)
    }
}

impl Caller {
    /// Reads the client and its assertion out of a form.
    ///
    /// # Errors
    /// `invalid_client` for passwords, other kinds of assertion, and where nobody is named.
    pub fn parse(params: &Params) -> Result<Self, Fault> {
        let no = |says| Fault::new(ErrorCode::InvalidClient, says);
        if params.get("client_secret").is_some() {
            return Err(no("client_secret is not taken: authenticate with private_key_jwt."));
        }
        let assertion = match (params.get("client_assertion_type"), params.get("client_assertion")) {
            (None, None) => None,
            (Some(assertion::TYPE), Some(token)) => Some(token.to_owned()),
            (Some(_), Some(_)) => return Err(no("client_assertion_type must be that of a JWT bearer.")),
            _ => return Err(no("client_assertion and client_assertion_type go together.")),
        };
        let named = params.get("client_id").map(ClientId::parse);
        let client = match (named, &assertion) {
            (Some(Ok(client)), _) => client,
            (Some(Err(_)), _) => return Err(no("client_id is not one of ours.")),
            // RFC 7521 §4.2: the assertion names the client; it is verified by that client's keys afterwards.
            (None, Some(token)) => claimed(token).ok_or(no("client_id is missing."))?,
            (None, None) => return Err(no("client_id is missing.")),
        };
        Ok(Self { client, assertion })
    }
}

/// Whom an assertion says it is from; proves nothing.
fn claimed(token: &str) -> Option<ClientId> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&payload).ok()?;
    ClientId::parse(claims["sub"].as_str()?).ok()
}

/// What a client wants at the token endpoint.
#[derive(Clone, PartialEq, Eq)]
pub enum Grant {
    Code { code: String, redirect_uri: String, verifier: String },
    ClientCredentials,
}

/// Codes and verifiers are secrets.
impl std::fmt::Debug for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code { .. } => "Code",
            Self::ClientCredentials => "ClientCredentials",
        })
    }
}

impl Grant {
    /// # Errors
    /// `unsupported_grant_type`; `invalid_request` for what is missing.
    pub fn parse(params: &Params) -> Result<Self, Fault> {
        match params.need("grant_type", "grant_type is missing.")? {
            "authorization_code" => Ok(Self::Code {
                code: params.need("code", "code is missing.")?.to_owned(),
                redirect_uri: params
                    .need("redirect_uri", "redirect_uri is missing: send the same as in the request.")?
                    .to_owned(),
                verifier: params.need("code_verifier", "code_verifier is missing (PKCE).")?.to_owned(),
            }),
            "client_credentials" => Ok(Self::ClientCredentials),
            _ => Err(Fault::new(
                ErrorCode::UnsupportedGrantType,
                "grant_type must be authorization_code or client_credentials.",
            )),
        }
    }
}

/// What an ID token tells.
#[derive(Debug, Clone)]
pub struct IdToken<'a> {
    pub issuer: &'a str,
    pub client: &'a ClientId,
    pub subject: &'a str,
    /// When the person logged in.
    pub auth_time: Instant,
    pub assurance: Assurance,
    pub nonce: Option<&'a str>,
    /// The client's name of the session, for log-out.
    pub sid: &'a str,
    pub access_token: &'a str,
    pub about: &'a About,
    pub scopes: &'a Scopes,
    pub wanted: &'a Wanted,
}

impl IdToken<'_> {
    /// The claims of the token, issued at the machine's time `now`.
    pub fn claims(&self, now: Instant) -> Map<String, Value> {
        let mut told = self.about.claims(self.scopes, self.wanted, Place::IdToken);
        let own = json!({
            "iss": self.issuer,
            "sub": self.subject,
            "aud": self.client.as_str(),
            "iat": now.seconds(),
            "exp": (now + ID_TOKEN_LIFE).seconds(),
            "auth_time": self.auth_time.seconds(),
            "acr": claims::acr(self.assurance),
            "sid": self.sid,
            "at_hash": half_hash(self.access_token),
        });
        if let Value::Object(own) = own {
            told.extend(own);
        }
        if let Some(nonce) = self.nonce {
            told.insert("nonce".to_owned(), nonce.into());
        }
        told
    }
}

/// The left half of SHA-256 (OpenID Connect Core §3.1.3.6, `at_hash`).
fn half_hash(text: &str) -> String {
    let hash = digest(&SHA256, text.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(list: &[(&str, &str)]) -> Params {
        Params::parse(list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))).unwrap()
    }

    #[test]
    fn a_caller_is_named_once_and_never_by_password() {
        let caller = Caller::parse(&params(&[("client_id", "shop")])).unwrap();
        assert_eq!((caller.client.as_str(), caller.assertion), ("shop", None));
        let token = format!("x.{}.y", URL_SAFE_NO_PAD.encode(r#"{"sub":"shop"}"#));
        let by_token = [("client_assertion", token.as_str()), ("client_assertion_type", assertion::TYPE)];
        assert_eq!(Caller::parse(&params(&by_token)).unwrap().client.as_str(), "shop");
        for bad in [
            &[][..],
            &[("client_id", "shop"), ("client_secret", "x")],
            &[("client_id", "Shop!")],
            &[("client_id", "shop"), ("client_assertion", "x")],
            &[("client_id", "shop"), ("client_assertion", "x"), ("client_assertion_type", "saml")],
            &[("client_assertion", "x.y.z"), ("client_assertion_type", assertion::TYPE)],
        ] {
            assert_eq!(Caller::parse(&params(bad)).unwrap_err().code, ErrorCode::InvalidClient, "{bad:?}");
        }
    }

    #[test]
    fn a_grant_is_whole_or_refused() {
        let whole = [
            ("grant_type", "authorization_code"),
            ("code", "c"),
            ("redirect_uri", "r"),
            ("code_verifier", "v"),
        ];
        assert!(Grant::parse(&params(&whole)).is_ok());
        for left_out in 1..4 {
            let mut part = whole.to_vec();
            part.remove(left_out);
            assert_eq!(Grant::parse(&params(&part)).unwrap_err().code, ErrorCode::InvalidRequest);
        }
        for other in ["password", "refresh_token", "implicit"] {
            let fault = Grant::parse(&params(&[("grant_type", other)])).unwrap_err();
            assert_eq!(fault.code, ErrorCode::UnsupportedGrantType);
        }
    }

    #[test]
    fn the_half_hash_is_the_one_of_the_standard() {
        // OpenID Connect Core, appendix A.3: the access token and its at_hash.
        assert_eq!(half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
