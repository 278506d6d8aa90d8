//! Everything that this e-service says to Behörig, by OpenID Connect and AuthZEN. An e-service in Rust may copy this file.

use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::{StatusCode, Url};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, OnceCell};

/// Who logged in, whom they represent, and to be able to log them out. Personal numbers are not asked for.
const SCOPE: &str = "openid https://id.oidc.se/scope/naturalPersonInfo urn:behorig:scope:party";
const PARTY: &str = "urn:behorig:claim:party";
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What went wrong, for the technical log and for whoever develops; a visitor is asked to try again.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("no answer: {0}")]
    Call(#[from] reqwest::Error),
    #[error("a token that does not verify: {0}")]
    Token(#[from] jsonwebtoken::errors::Error),
    #[error("{0}")]
    Refused(String),
}

fn refused<T>(why: &str) -> Result<T, Fault> {
    Err(Fault::Refused(why.to_owned()))
}

/// A login that has begun: kept in the visitor's own session here, so that nobody else can end it.
#[derive(Debug)]
pub struct Waiting {
    state: String,
    nonce: String,
    verifier: String,
}

/// A visitor who is logged in. No `Debug`: the tokens are secrets.
#[derive(Clone)]
pub struct Login {
    /// The person, by a name that only this e-service gets.
    pub sub: String,
    /// The session at the provider, which a log-out names.
    pub sid: String,
    pub name: String,
    /// The name of the organisation that the person represents; `None` for themselves.
    pub organisation: Option<String>,
    party: Value,
    access_token: String,
    id_token: String,
}

/// The answer to "may they?".
#[derive(Debug)]
pub enum Decision {
    Yes,
    /// Why not, in both languages, and the reference by which the help desk finds it.
    No {
        sv: String,
        en: String,
        reference: String,
    },
    /// The login has ended, here or at the provider.
    LoggedOut,
}

#[derive(Debug)]
pub struct Provider {
    issuer: String,
    client_id: String,
    /// This e-service's own address.
    home: String,
    http: reqwest::Client,
    /// Both metadata documents in one.
    metadata: OnceCell<Map<String, Value>>,
    keys: Mutex<(JwkSet, Option<Instant>)>,
}

impl Provider {
    /// # Errors
    /// Where the client for calls cannot be set up.
    pub fn new(issuer: &str, client_id: &str, home: &str) -> Result<Self, Fault> {
        // A process has one cryptographic provider; whoever comes first names it.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).no_proxy().build()?;
        Ok(Self {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            home: home.to_owned(),
            http,
            metadata: OnceCell::new(),
            keys: Mutex::new((JwkSet { keys: Vec::new() }, None)),
        })
    }

    /// The address of an endpoint. The metadata are asked for once: they change with the issuer's name, and never else.
    async fn at(&self, endpoint: &str) -> Result<&str, Fault> {
        let find = || async {
            let well_known = |name: &str| self.http.get(format!("{}/.well-known/{name}", self.issuer));
            let mut metadata: Map<String, Value> = self.json(well_known("openid-configuration")).await?;
            if metadata.get("issuer").and_then(Value::as_str) != Some(&self.issuer) {
                return refused("the metadata are of another issuer");
            }
            metadata.extend(self.json::<Map<_, _>>(well_known("authzen-configuration")).await?);
            Ok(metadata)
        };
        let metadata = self.metadata.get_or_try_init(find).await?;
        metadata.get(endpoint).and_then(Value::as_str).map_or_else(|| refused("an endpoint is missing"), Ok)
    }

    /// Step 1: pushes the request, and gives the address to which the visitor is sent.
    ///
    /// # Errors
    /// Nothing is kept then: try again.
    pub async fn begin(&self, prompt: Option<&str>) -> Result<(Waiting, String), Fault> {
        let waiting = Waiting { state: random(), nonce: random(), verifier: random() };
        let challenge = digest::digest(&digest::SHA256, waiting.verifier.as_bytes());
        let (challenge, back) = (URL_SAFE_NO_PAD.encode(challenge), self.back());
        let mut request = vec![
            ("client_id", self.client_id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", &back),
            ("scope", SCOPE),
            ("state", &waiting.state),
            ("nonce", &waiting.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        request.extend(prompt.map(|prompt| ("prompt", prompt)));
        let pushed = self.post("pushed_authorization_request_endpoint", &request).await?;
        let uri = pushed["request_uri"].as_str().unwrap_or_default();
        let pairs = [("client_id", self.client_id.as_str()), ("request_uri", uri)];
        let address = with(self.at("authorization_endpoint").await?, &pairs);
        Ok((waiting, address))
    }

    /// Step 2: the visitor came back. The answer must be the provider's, and to this very login.
    ///
    /// # Errors
    /// Nobody is logged in then.
    pub async fn finish(&self, waiting: &Waiting, answer: &HashMap<String, String>) -> Result<Login, Fault> {
        let said = |name: &str| answer.get(name).map_or("", String::as_str);
        if said("state") != waiting.state || said("iss") != self.issuer {
            return refused("the answer is to another login");
        }
        if answer.contains_key("error") {
            return refused(&format!("{}: {}", said("error"), said("error_description")));
        }
        let grant = [
            ("client_id", self.client_id.as_str()),
            ("grant_type", "authorization_code"),
            ("code", said("code")),
            ("redirect_uri", &self.back()),
            ("code_verifier", &waiting.verifier),
        ];
        let tokens = self.post("token_endpoint", &grant).await?;
        let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let (id_token, access_token) = (text(&tokens, "id_token"), text(&tokens, "access_token"));
        let claims = self.verified(&id_token, "JWT").await?;
        if claims["nonce"] != waiting.nonce.as_str() {
            return refused("the ID token was made for another login");
        }
        let userinfo = self.http.get(self.at("userinfo_endpoint").await?).bearer_auth(&access_token);
        let person: Value = self.json(userinfo).await?;
        if person["sub"] != claims["sub"] {
            return refused("userinfo is about another person");
        }
        Ok(Login {
            sub: text(&claims, "sub"),
            sid: text(&claims, "sid"),
            name: text(&person, "name"),
            organisation: claims["https://id.oidc.se/claim/orgName"].as_str().map(str::to_owned),
            party: claims[PARTY].clone(),
            access_token,
            id_token,
        })
    }

    /// Step 3: may the visitor do this for the party? Asked before each page: a mandate can be withdrawn at any time.
    ///
    /// # Errors
    /// No answer is no permission.
    pub async fn decide(&self, login: &Login, permission: &str) -> Result<Decision, Fault> {
        let question = json!({
            "subject": {"type": "person", "id": login.sub},
            "action": {"name": permission},
            "resource": login.party,
        });
        let call = self.http.post(self.at("access_evaluation_endpoint").await?);
        let answer = call.bearer_auth(&login.access_token).json(&question).send().await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            return Ok(Decision::LoggedOut);
        }
        let answer: Value = answer.error_for_status()?.json().await?;
        if answer["decision"] == true {
            return Ok(Decision::Yes);
        }
        let context = &answer["context"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let reason = &context["reason_user"];
        Ok(Decision::No {
            sv: text(&reason["sv"]),
            en: text(&reason["en"]),
            reference: text(&context["reference"]),
        })
    }

    /// Where the provider shows a visitor what is missing, and lets them ask for it. `None` for whoever represents nobody: an
    /// organisation is to be chosen first.
    pub fn ask_at(&self, login: &Login, permission: &str) -> Option<String> {
        match (login.party["type"].as_str(), login.party["id"].as_str()) {
            (Some("organisation"), Some(id)) => {
                Some(with(&format!("{}/for/{id}/may", self.issuer), &[("permission", permission)]))
            }
            _ => None,
        }
    }

    /// Step 4: the address that ends the login at the provider too, and leads back here.
    ///
    /// # Errors
    /// The login here may be ended all the same.
    pub async fn log_out(&self, login: &Login) -> Result<String, Fault> {
        let home = format!("{}/", self.home);
        let pairs = [("id_token_hint", login.id_token.as_str()), ("post_logout_redirect_uri", &home)];
        Ok(with(self.at("end_session_endpoint").await?, &pairs))
    }

    /// The provider says that a login has ended: the `sid` of a log-out token that verifies.
    ///
    /// # Errors
    /// The token is not the provider's, or no log-out token.
    pub async fn told_logout(&self, token: &str) -> Result<String, Fault> {
        let claims = self.verified(token, "logout+jwt").await?;
        match (claims["events"].get(LOGOUT_EVENT), claims.get("nonce"), claims["sid"].as_str()) {
            (Some(_), None, Some(sid)) => Ok(sid.to_owned()),
            _ => refused("no log-out token"),
        }
    }

    /// The claims of a token: its signature, type, issuer, audience and time are right.
    async fn verified(&self, token: &str, typ: &str) -> Result<Value, Fault> {
        let header = decode_header(token)?;
        if header.typ.as_deref() != Some(typ) {
            return refused("a token of another type");
        }
        let key = self.key(header.kid.as_deref().unwrap_or_default()).await?;
        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[&self.client_id]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Ok(decode::<Value>(token, &key, &rules)?.claims)
    }

    /// The provider's key of this name. Keys are changed now and then: one that is unknown is looked for once more, but
    /// strangers cannot make us ask without end.
    async fn key(&self, kid: &str) -> Result<DecodingKey, Fault> {
        let mut kept = self.keys.lock().await;
        let recent = kept.1.is_some_and(|at| at.elapsed() < Duration::from_secs(10));
        if kept.0.find(kid).is_none() && !recent {
            let keys = self.json(self.http.get(self.at("jwks_uri").await?)).await?;
            *kept = (keys, Some(Instant::now()));
        }
        match kept.0.find(kid) {
            Some(key) => Ok(DecodingKey::from_jwk(key)?),
            None => refused("a token signed with an unknown key"),
        }
    }

    async fn post(&self, endpoint: &str, pairs: &[(&str, &str)]) -> Result<Value, Fault> {
        let call = self.http.post(self.at(endpoint).await?);
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        self.json(call.body(encoded(pairs))).await
    }

    /// Makes a call. A refusal says in JSON what to correct.
    async fn json<T: DeserializeOwned>(&self, call: reqwest::RequestBuilder) -> Result<T, Fault> {
        let answer = call.send().await?;
        if answer.status().is_success() {
            return Ok(answer.json().await?);
        }
        let status = answer.status();
        refused(&format!("{status}: {}", answer.text().await?))
    }

    fn back(&self) -> String {
        format!("{}/back", self.home)
    }
}

/// 256 bits that nobody can guess.
pub fn random() -> String {
    let mut bytes = [0; 32];
    // Fails only where the machine has no source of chance; then nothing here may go on.
    match rand::fill(&mut bytes) {
        Ok(()) => URL_SAFE_NO_PAD.encode(bytes),
        Err(_) => std::process::abort(),
    }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let url = Url::parse_with_params("form:", pairs).ok();
    url.and_then(|url| url.query().map(str::to_owned)).unwrap_or_default()
}

fn with(address: &str, pairs: &[(&str, &str)]) -> String {
    format!("{address}?{}", encoded(pairs))
}
