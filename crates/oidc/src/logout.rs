//! Log-out (*utloggning*): what a client asks at the front (RP-Initiated Logout 1.0), and the token by which others are
//! told at the back (Back-Channel Logout 1.0).

use crate::assertion::Audience;
use crate::jws::{OwnKey, verify_own};
use crate::{ClientId, Fault, Params};
use domain::Instant;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Life of a log-out token (Back-Channel Logout 1.0 §2.4 recommends two minutes).
pub const TOKEN_LIFE: Duration = Duration::from_secs(2 * 60);
/// The type of its header.
pub const TYP: &str = "logout+jwt";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The claims of a log-out token, made at the machine's time `now`.
pub fn claims(
    issuer: &str,
    client: &ClientId,
    subject: &str,
    sid: &str,
    jti: &str,
    now: Instant,
) -> Map<String, Value> {
    let claims = json!({
        "iss": issuer, "aud": client.as_str(), "sub": subject, "sid": sid, "jti": jti,
        "iat": now.seconds(), "exp": (now + TOKEN_LIFE).seconds(), "events": {EVENT: {}},
    });
    match claims {
        Value::Object(claims) => claims,
        _ => Map::new(),
    }
}

/// What a client asks when it sends its visitor to log out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub client: Option<ClientId>,
    /// The client's name of the session that the hint is about; `None` without a hint of ours.
    pub sid: Option<String>,
    pub back: Option<String>,
    pub state: Option<String>,
}

#[derive(Deserialize)]
struct Hint {
    iss: String,
    aud: Audience,
    sid: String,
}

impl Asked {
    /// # Errors
    /// `invalid_request` for a hint that is not ours, or of another client than the one named.
    pub fn parse(params: &Params, issuer: &str, keys: &[OwnKey]) -> Result<Self, Fault> {
        let named = match params.get("client_id").map(ClientId::parse) {
            Some(Ok(client)) => Some(client),
            Some(Err(_)) => return Err(Fault::request("client_id is not one of ours.")),
            None => None,
        };
        let (client, sid) = match params.get("id_token_hint") {
            None => (named, None),
            Some(token) => {
                let hint: Hint = verify_own(keys, token)
                    .map_err(|_| Fault::request("id_token_hint is not an ID token of ours."))?;
                let audience = match &hint.aud {
                    Audience::One(one) => ClientId::parse(one).ok(),
                    Audience::Many(_) => None,
                };
                if hint.iss != issuer || audience.is_none() {
                    return Err(Fault::request("id_token_hint is not an ID token of ours."));
                }
                if named.is_some() && named != audience {
                    return Err(Fault::request("id_token_hint is of another client."));
                }
                (audience, Some(hint.sid))
            }
        };
        let state = params.get("state").filter(|state| state.len() <= 512).map(str::to_owned);
        let back = params.get("post_logout_redirect_uri").map(str::to_owned);
        Ok(Self { client, sid, back, state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jws::tests::signer;

    #[test]
    fn a_hint_is_ours_whenever_it_was_made_and_of_the_client_named() {
        let ours = signer("k");
        let hint = json!({"iss": "https://e.example", "aud": "shop", "sid": "s", "exp": 1});
        let asked = |token: &str, client: Option<&str>| {
            let pairs = [("id_token_hint", Some(token)), ("client_id", client)];
            let pairs = pairs.into_iter().filter_map(|(n, v)| Some((n.to_owned(), v?.to_owned())));
            Asked::parse(&Params::parse(pairs).unwrap(), "https://e.example", std::slice::from_ref(&ours.own))
        };
        let found = asked(&ours.sign(&hint), None).unwrap();
        assert_eq!((found.client.unwrap().as_str(), found.sid.as_deref()), ("shop", Some("s")));
        assert!(asked(&ours.sign(&hint), Some("shop")).is_ok());
        assert!(asked(&ours.sign(&hint), Some("other")).is_err());
        assert!(asked(&signer("k").sign(&hint), None).is_err());
        assert!(asked("x", None).is_err());
        let mut foreign = hint.clone();
        foreign["iss"] = json!("https://evil.example");
        assert!(asked(&ours.sign(&foreign), None).is_err());
    }

    #[test]
    fn a_log_out_token_has_its_event_and_no_nonce() {
        let client = ClientId::parse("shop").unwrap();
        let told = claims("https://e.example", &client, "u", "s", "j", Instant::from_micros(0));
        assert!(told["events"][EVENT].is_object() && !told.contains_key("nonce"));
    }
}
