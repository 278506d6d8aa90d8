//! The authorisation request (*begäran om inloggning*): what a client asks of a visitor's login, checked before anybody sees it.
//!
//! A fault of client or address is told to the visitor on a page of ours, every other to the client by its registered
//! address (RFC 6749 §4.1.2.1): nobody is sent to a place that was not registered.

use crate::assertion::Audience;
use crate::claims::Wanted;
use crate::pkce::Challenge;
use crate::{Client, ClientId, ErrorCode, Fault, Params, RedirectUri, Scopes, scope};
use domain::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::time::Duration;

/// Life of a pushed request, in seconds (RFC 9126 §2.2).
pub const PUSHED_LIFE: Duration = Duration::from_secs(90);
/// How long a visitor has to log in after the request came.
pub const WAITING_LIFE: Duration = Duration::from_secs(20 * 60);
/// Life of a code (FAPI 2.0 Security Profile §5.3.2.1: at most 60 s).
pub const CODE_LIFE: Duration = Duration::from_secs(60);
/// What the handle of a pushed request begins with (RFC 9126 §2.2).
pub const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:";
/// `state` and `nonce`, in bytes.
const LONGEST_VALUE: usize = 512;

/// What the client wants of the visitor (OpenID Connect Core §3.1.2.1, `prompt`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// No page may be shown.
    None,
    /// Log in anew.
    Login,
    /// Choose again for whom to act.
    SelectAccount,
}

/// A request that has been checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub client: ClientId,
    pub redirect_uri: RedirectUri,
    pub scopes: Scopes,
    pub state: Option<String>,
    pub nonce: Option<String>,
    pub challenge: Challenge,
    pub prompt: BTreeSet<Prompt>,
    /// The login may not be older, in seconds.
    pub max_age: Option<u32>,
    pub wanted: Wanted,
    /// The languages that the client prefers, such as `sv en`; at most ten.
    pub ui_locales: Vec<String>,
}

/// Why a request is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The visitor is told; nobody is sent anywhere.
    Here(Fault),
    /// The client is told, at this registered address.
    Back { to: RedirectUri, state: Option<String>, fault: Fault },
}

impl Refused {
    /// The address by which the client is told; `None` where the visitor is.
    pub fn location(&self, issuer: &str) -> Option<String> {
        match self {
            Self::Here(_) => None,
            Self::Back { to, state, fault } => Some(answer(
                to,
                &[("error", fault.code.word()), ("error_description", fault.says)],
                state.as_deref(),
                issuer,
            )),
        }
    }

    pub fn fault(&self) -> Fault {
        match self {
            Self::Here(fault) | Self::Back { fault, .. } => *fault,
        }
    }
}

/// The answer by redirect: these parameters, `state` as it came, and who answers (RFC 9207).
fn answer(to: &RedirectUri, pairs: &[(&str, &str)], state: Option<&str>, issuer: &str) -> String {
    let mut all = pairs.to_vec();
    all.extend(state.map(|state| ("state", state)));
    all.push(("iss", issuer));
    to.with(&all)
}

impl Request {
    /// Checks what a client sent, at the authorisation endpoint or pushed. `issuer` is ours; `now` the machine's time.
    ///
    /// # Errors
    /// [`Refused`]: whoever may hear of it first.
    pub fn check(client: &Client, sent: &Params, issuer: &str, now: Instant) -> Result<Self, Refused> {
        let object = match sent.get("request") {
            None => None,
            // Before anything is known of where to answer: a broken object is told here.
            Some(token) => Some(request_object(client, token, issuer, now).map_err(Refused::Here)?),
        };
        let params = object.as_ref().unwrap_or(sent);
        let asked = params
            .need("redirect_uri", "redirect_uri is missing: name one of the registered addresses.")
            .map_err(Refused::Here)?;
        let to = client.redirect(asked).ok_or(Refused::Here(Fault::request(
            "redirect_uri is not registered for this client: it must be the same to the letter.",
        )))?;
        let state = params.get("state").map(str::to_owned);
        let request = Self::checked(client, params, &to);
        request.map_err(|fault| Refused::Back {
            to,
            // A state that cannot be taken is not sent on either.
            state: state.filter(|state| fits(state)),
            fault,
        })
    }

    fn checked(client: &Client, params: &Params, to: &RedirectUri) -> Result<Self, Fault> {
        let state = params.get("state").map(str::to_owned);
        if state.as_deref().is_some_and(|state| !fits(state)) {
            return Err(Fault::request("state may have at most 512 printable ASCII characters."));
        }
        if params.get("registration").is_some() {
            return Err(Fault::new(
                ErrorCode::RegistrationNotSupported,
                "registration is not supported: clients are registered by the agency.",
            ));
        }
        match params.get("response_type") {
            Some("code") => {}
            None => return Err(Fault::request("response_type is missing: it must be code.")),
            Some(_) => {
                return Err(Fault::new(ErrorCode::UnsupportedResponseType, "response_type must be code."));
            }
        }
        if params.get("response_mode").is_some_and(|mode| mode != "query") {
            return Err(Fault::request("response_mode must be query, or left out."));
        }
        let scopes = Scopes::parse(params.get("scope").unwrap_or_default());
        if !scopes.has(scope::OPENID) {
            return Err(Fault::new(ErrorCode::InvalidScope, "scope must contain openid."));
        }
        let challenge = Challenge::parse(params.get("code_challenge"), params.get("code_challenge_method"))?;
        let nonce = params.get("nonce").map(str::to_owned);
        if nonce.as_deref().is_some_and(|nonce| !fits(nonce)) {
            return Err(Fault::request("nonce may have at most 512 printable ASCII characters."));
        }
        let max_age = match params.get("max_age").map(str::parse) {
            None => None,
            Some(Ok(seconds)) => Some(seconds),
            Some(Err(_)) => return Err(Fault::request("max_age must be a whole number of seconds.")),
        };
        let locales = params.get("ui_locales").unwrap_or_default().split(' ').filter(|tag| !tag.is_empty());
        Ok(Self {
            client: client.id.clone(),
            redirect_uri: to.clone(),
            scopes,
            state,
            nonce,
            challenge,
            prompt: prompts(params.get("prompt"))?,
            max_age,
            wanted: Wanted::parse(params.get("claims"))?,
            ui_locales: locales.take(10).map(str::to_owned).collect(),
        })
    }

    /// The address that ends the request with a code.
    pub fn granted(&self, code: &str, issuer: &str) -> String {
        answer(&self.redirect_uri, &[("code", code)], self.state.as_deref(), issuer)
    }

    /// The end of the request with a refusal.
    pub fn refused(&self, code: ErrorCode, says: &'static str) -> Refused {
        let (to, state) = (self.redirect_uri.clone(), self.state.clone());
        Refused::Back { to, state, fault: Fault::new(code, says) }
    }
}

fn fits(value: &str) -> bool {
    value.len() <= LONGEST_VALUE && value.bytes().all(|b| (b' '..=b'~').contains(&b))
}

fn prompts(text: Option<&str>) -> Result<BTreeSet<Prompt>, Fault> {
    let mut prompts = BTreeSet::new();
    for word in text.unwrap_or_default().split(' ').filter(|word| !word.is_empty()) {
        match word {
            "none" => drop(prompts.insert(Prompt::None)),
            "login" => drop(prompts.insert(Prompt::Login)),
            "select_account" => drop(prompts.insert(Prompt::SelectAccount)),
            // No consent is asked for: what is told rests on the catalogue, not on the visitor's agreement.
            "consent" => {}
            _ => return Err(Fault::request("prompt may hold none, login, consent and select_account.")),
        }
    }
    if prompts.contains(&Prompt::None) && prompts.len() > 1 {
        return Err(Fault::request("prompt=none stands alone."));
    }
    Ok(prompts)
}

/// The parameters of a signed request object (OpenID Connect Core §6.1; RFC 9101): the object's alone count.
fn request_object(client: &Client, token: &str, issuer: &str, now: Instant) -> Result<Params, Fault> {
    let no = |says| Fault::new(ErrorCode::InvalidRequestObject, says);
    let keys = client.keys().map_err(|_| {
        Fault::new(ErrorCode::RequestNotSupported, "A public client cannot sign a request object.")
    })?;
    let claims: Map<String, Value> = keys.verify(token).map_err(|_| no("request does not verify."))?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(client.id.as_str()) || text("client_id").is_some_and(|id| id != client.id.as_str())
    {
        return Err(no("request must have iss equal to client_id."));
    }
    let audience = claims.get("aud").cloned().and_then(|aud| serde_json::from_value::<Audience>(aud).ok());
    let endpoint = format!("{issuer}{}", crate::discovery::AUTHORIZE);
    if !audience.is_some_and(|aud| aud.has(issuer) || aud.has(&endpoint)) {
        return Err(no("request must have aud equal to the issuer."));
    }
    let exp = claims.get("exp").and_then(Value::as_f64);
    if exp.is_some_and(|exp| exp <= now.micros() as f64 / 1e6 - crate::assertion::SKEW.as_secs_f64()) {
        return Err(no("request has expired."));
    }
    if claims.contains_key("request") || claims.contains_key("request_uri") {
        return Err(no("request holds another request."));
    }
    let pairs = claims.iter().filter_map(|(name, value)| match value {
        Value::String(text) => Some((name.clone(), text.clone())),
        Value::Number(number) => Some((name.clone(), number.to_string())),
        Value::Object(_) if name == "claims" => Some((name.clone(), value.to_string())),
        _ => None,
    });
    Params::parse(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Authentication;
    use crate::client::tests::public;
    use crate::jws::tests::signer;
    use serde_json::json;

    const NOW: Instant = Instant::from_micros(1_795_000_000_000_000);
    const ISSUER: &str = "https://e.example";
    const BACK: &str = "https://shop.example.se/back";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn sent(change: &[(&str, &str)]) -> Params {
        let mut pairs = std::collections::BTreeMap::from([
            ("client_id", "example-app"),
            ("redirect_uri", BACK),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "abc def"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]);
        pairs.extend(change.iter().copied());
        Params::parse(pairs.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned()))).unwrap()
    }

    fn check(change: &[(&str, &str)]) -> Result<Request, Refused> {
        Request::check(&public(&[BACK]), &sent(change), ISSUER, NOW)
    }

    #[test]
    fn a_request_that_is_right_is_answered_with_state_and_issuer() {
        let request = check(&[("prompt", "login consent"), ("max_age", "60"), ("nonce", "n")]).unwrap();
        assert_eq!(request.prompt, BTreeSet::from([Prompt::Login]));
        assert_eq!(
            request.granted("c", ISSUER),
            "https://shop.example.se/back?code=c&state=abc%20def&iss=https%3A%2F%2Fe.example"
        );
        let kept: Request = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
        assert_eq!(kept, request);
    }

    #[test]
    fn nobody_is_sent_to_an_address_that_is_not_registered() {
        for bad in [
            "",
            "https://evil.example/",
            "https://shop.example.se/back/..",
            "https://shop.example.se/back#x",
            "https://shop.example.se.evil.example/back",
            "//shop.example.se/back",
        ] {
            let refused = check(&[("redirect_uri", bad)]).unwrap_err();
            assert_eq!((refused.location(ISSUER), refused.fault().code), (None, ErrorCode::InvalidRequest));
        }
    }

    #[test]
    fn every_other_fault_goes_back_to_the_client() {
        use ErrorCode as E;
        let long = "x".repeat(513);
        for (name, value, code) in [
            ("response_type", "", E::InvalidRequest),
            ("response_type", "token", E::UnsupportedResponseType),
            ("response_type", "code id_token", E::UnsupportedResponseType),
            ("response_mode", "fragment", E::InvalidRequest),
            ("scope", "profile", E::InvalidScope),
            ("code_challenge", "", E::InvalidRequest),
            ("code_challenge_method", "plain", E::InvalidRequest),
            ("state", &long, E::InvalidRequest),
            ("nonce", &long, E::InvalidRequest),
            ("nonce", "å", E::InvalidRequest),
            ("prompt", "none login", E::InvalidRequest),
            ("prompt", "dance", E::InvalidRequest),
            ("max_age", "-1", E::InvalidRequest),
            ("claims", "{", E::InvalidRequest),
            ("registration", "{}", E::RegistrationNotSupported),
        ] {
            let refused = check(&[(name, value)]).unwrap_err();
            assert_eq!(refused.fault().code, code, "{name}={value}");
            let location = refused.location(ISSUER).unwrap();
            assert!(location.starts_with(&format!("{BACK}?error={code}&")), "{location}");
            assert_eq!(location.contains("state=abc"), name != "state", "{location}");
        }
    }

    #[test]
    fn a_signed_object_counts_alone_and_must_be_the_clients_and_for_us() {
        let signer = signer("k");
        let client = Client {
            authentication: Authentication::PrivateKeyJwt { keys: signer.keys() },
            ..public(&[BACK])
        };
        let object = json!({"iss": "example-app", "aud": ISSUER, "client_id": "example-app",
            "redirect_uri": BACK, "response_type": "code", "scope": "openid", "state": "signed",
            "code_challenge": CHALLENGE, "code_challenge_method": "S256", "max_age": 60,
            "claims": {"userinfo": {"name": null}}});
        let asked = |object: &Value| {
            let token = signer.sign(object);
            let sent = sent(&[("request", &token), ("state", "unsigned")]);
            Request::check(&client, &sent, ISSUER, NOW)
        };
        let request = asked(&object).unwrap();
        assert_eq!((request.state.as_deref(), request.max_age), (Some("signed"), Some(60)));
        assert!(request.wanted.userinfo.contains("name"));
        for (claim, value) in [
            ("iss", json!("other")),
            ("client_id", json!("other")),
            ("aud", json!("https://evil.example")),
            ("exp", json!(1_794_000_000)),
            ("request", json!("x")),
            ("request_uri", json!("https://evil.example/")),
        ] {
            let mut object = object.clone();
            object[claim] = value;
            let refused = asked(&object).unwrap_err();
            assert_eq!(refused.fault().code, ErrorCode::InvalidRequestObject, "{claim}");
            assert_eq!(refused.location(ISSUER), None);
        }
        let of_public = Request::check(&public(&[BACK]), &sent(&[("request", "x.y.z")]), ISSUER, NOW);
        assert_eq!(of_public.unwrap_err().fault().code, ErrorCode::RequestNotSupported);
    }
}
