//! The e-service's part in a trial: it calls what an e-service calls, and looks at the answers as it should.

use super::key::Key;
use super::{Kept, Step, Taken};
use crate::core::App;
use crate::oidc::{Asked, Denied, Userinfo};
use crate::refusal::Refusal;
use crate::session::sha256;
use ::oidc::authzen::{Action, Context, Entity, Question, Semantic};
use ::oidc::claims::{ORG_NAME, ORG_NUMBER, PARTY};
use ::oidc::jws::{OwnKey, verify_own};
use ::oidc::redirect::encoded;
use ::oidc::{Params, assertion, discovery, scope};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use std::net::Ipv4Addr;

/// Claims whose values are no person's, and tell a reader something.
const SHOWN: [&str; 7] = ["iss", "sub", "aud", "acr", ORG_NUMBER, ORG_NAME, PARTY];
/// Life of an assertion, in seconds.
const ASSERTION_LIFE: i64 = 60;

pub(super) struct Robot<'a> {
    app: &'a App,
    kept: &'a Kept,
}

/// A step that failed, or machinery of ours that did.
enum Failed {
    Step(Box<Taken>),
    Us(Refusal),
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Us(refusal)
    }
}

impl App {
    pub(super) fn robot<'a>(&'a self, kept: &'a Kept) -> Robot<'a> {
        Robot { app: self, kept }
    }
}

impl Robot<'_> {
    /// Pushes the request for a login; gives the address that the visitor goes to.
    pub async fn push(&self) -> Result<(Taken, Option<String>), Refusal> {
        let scopes = scope::ALL.join(" ");
        let challenge = URL_SAFE_NO_PAD.encode(sha256(self.kept.verifier.as_bytes()));
        let own = [
            ("response_type", "code"),
            ("redirect_uri", self.back()),
            ("scope", &scopes),
            ("state", &self.kept.state),
            ("nonce", &self.kept.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let taken = Taken::new(Step::Push)
            .sent(&[("POST", discovery::PUSH), ("response_type", "code"), ("scope", &scopes)])
            .sent(&[("code_challenge_method", "S256"), ("redirect_uri", self.back())]);
        let taken = self.with_proof(taken);
        match self.app.push(&self.form(&own)?, Ipv4Addr::LOCALHOST.into()).await {
            Ok((uri, life)) => {
                let next = format!(
                    "{}?client_id={}&request_uri={}",
                    discovery::AUTHORIZE,
                    self.kept.client.id,
                    encoded(&uri)
                );
                let taken = taken.came("request_uri", "").came("expires_in", life.as_secs().to_string());
                Ok((taken, Some(next)))
            }
            Err(denied) => Ok((failed(taken, denied)?, None)),
        }
    }

    /// Everything after the visitor has come back; the last step may have failed.
    pub async fn come_back(&self, back: &Params) -> Result<Vec<Taken>, Refusal> {
        let mut all = Vec::new();
        match self.walk(back, &mut all).await {
            Ok(()) => Ok(all),
            Err(Failed::Step(taken)) => {
                all.push(*taken);
                Ok(all)
            }
            Err(Failed::Us(refusal)) => Err(refusal),
        }
    }

    async fn walk(&self, back: &Params, all: &mut Vec<Taken>) -> Result<(), Failed> {
        let (taken, code) = good(self.code(back))?;
        all.push(taken);
        let taken = self.with_proof(Taken::new(Step::Code).sent(&[
            ("POST", discovery::TOKEN),
            ("grant_type", "authorization_code"),
            ("code", ""),
            ("code_verifier", ""),
        ]));
        let form = self.form(&[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", self.back()),
            ("code_verifier", &self.kept.verifier),
        ])?;
        let tokens = match self.app.token(&form).await {
            Ok(tokens) => tokens,
            Err(denied) => return Err(Failed::Step(failed(taken, denied)?.into())),
        };
        all.push(
            taken
                .came("access_token", "")
                .came("id_token", "")
                .came("expires_in", tokens.expires_in.as_secs().to_string())
                .came("scope", tokens.scope.unwrap_or_default()),
        );
        let keys = self.app.token_keys();
        let (taken, subject) = good(self.id_token(&keys, tokens.id_token.as_deref().unwrap_or_default()))?;
        all.push(taken);
        let (taken, party) = good(self.userinfo(&keys, &tokens.access_token, &subject).await?)?;
        all.push(taken);
        all.push(good(self.decision(&tokens.access_token, &subject, party).await?)?.0);
        Ok(())
    }

    /// The code that the visitor brought.
    fn code(&self, back: &Params) -> (Taken, Option<String>) {
        let taken = Taken::new(Step::Login)
            .sent(&[("GET", discovery::AUTHORIZE), ("client_id", self.kept.client.id.as_str())])
            .came("iss", back.get("iss").unwrap_or_default())
            .came("state", "");
        if back.get("state") != Some(&self.kept.state) {
            return (taken.wrong("STATE", "state"), None);
        }
        if back.get("iss") != Some(self.app.issuer()) {
            return (taken.wrong("ISSUER", "iss"), None);
        }
        if let Some(error) = back.get("error") {
            return (taken.told(error, back.get("error_description").unwrap_or_default()), None);
        }
        match back.get("code") {
            Some(code) => (taken.came("code", ""), Some(code.to_owned())),
            None => (taken.wrong("CLAIM", "code"), None),
        }
    }

    /// Verifies the ID token as OpenID Connect Core §3.1.3.7 wants it; gives the subject.
    fn id_token(&self, keys: &[OwnKey], token: &str) -> (Taken, Option<String>) {
        let taken = Taken::new(Step::IdToken).sent(&[("GET", discovery::KEYS)]);
        let Ok(claims) = verify_own::<Map<String, Value>>(keys, token) else {
            return (taken.wrong("NOT_VERIFIED", "id_token"), None);
        };
        let taken = shown(taken, &claims);
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        let expected = [
            ("iss", self.app.issuer()),
            ("aud", self.kept.client.id.as_str()),
            ("nonce", self.kept.nonce.as_str()),
        ];
        if let Some((name, _)) = expected.into_iter().find(|(name, wanted)| text(name) != *wanted) {
            return (taken.wrong("CLAIM", name), None);
        }
        let now = self.app.wall_now().seconds();
        if claims.get("exp").and_then(Value::as_i64).is_none_or(|exp| exp <= now) {
            return (taken.wrong("CLAIM", "exp"), None);
        }
        match ["sub", "acr"].into_iter().find(|name| text(name).is_empty()) {
            Some(missing) => (taken.wrong("CLAIM", missing), None),
            None => (taken, Some(text("sub").to_owned())),
        }
    }

    /// Asks userinfo; gives the party, as AuthZEN takes it.
    async fn userinfo(
        &self,
        keys: &[OwnKey],
        token: &str,
        subject: &str,
    ) -> Result<(Taken, Option<Entity>), Failed> {
        let taken = Taken::new(Step::Userinfo).sent(&[("GET", discovery::USERINFO), ("authorization", "")]);
        let claims = match self.app.userinfo(token).await {
            Ok(Userinfo::Json(claims)) => claims,
            Ok(Userinfo::Signed(jwt)) => match verify_own(keys, &jwt) {
                Ok(claims) => claims,
                Err(_) => return Ok((taken.wrong("NOT_VERIFIED", "userinfo"), None)),
            },
            Err(denied) => return Ok((failed(taken, denied)?, None)),
        };
        let taken = shown(taken, &claims);
        if claims.get("sub").and_then(Value::as_str) != Some(subject) {
            return Ok((taken.wrong("CLAIM", "sub"), None));
        }
        let party = claims.get(PARTY).cloned().and_then(|party| serde_json::from_value(party).ok());
        Ok(match party {
            Some(party) => (taken, Some(party)),
            None => (taken.wrong("CLAIM", PARTY), None),
        })
    }

    /// Asks whether the visitor may do the first thing of the service; whatever the answer, it was one.
    async fn decision(
        &self,
        token: &str,
        subject: &str,
        party: Entity,
    ) -> Result<(Taken, Option<()>), Failed> {
        let known = self.app.latest().await?;
        let service = known.catalogue.service(&self.kept.client.service);
        let permission = service.and_then(|service| service.permissions.keys().next()).cloned();
        let permission = permission.unwrap_or_default();
        let taken = Taken::new(Step::Decision).sent(&[
            ("POST", ::oidc::authzen::EVALUATION),
            ("subject", subject),
            ("action", &permission),
            ("resource", &format!("{} {}", party.kind, party.id)),
        ]);
        let question = Question {
            subject: Entity { kind: "person".to_owned(), id: subject.to_owned() },
            action: Action { name: permission },
            resource: party,
            context: Context::default(),
        };
        let asked = Asked { questions: vec![Ok(question)], semantic: Semantic::ExecuteAll };
        let verdict = match self.app.evaluate(token, asked).await {
            Ok(verdicts) => verdicts.into_iter().next(),
            Err(denied) => return Ok((failed(taken, denied)?, None)),
        };
        let Some(verdict) = verdict else { return Ok((taken.wrong("CLAIM", "decision"), None)) };
        let mut taken = taken.came("decision", verdict.allowed.to_string());
        for missing in &verdict.missing {
            taken = taken.came("code", missing.code);
        }
        // Where nobody can mend it, the question itself was wrong.
        match verdict.missing.iter().find(|missing| missing.mender.is_none()) {
            Some(wrong) => Ok((taken.wrong("QUESTION", wrong.code), None)),
            None => Ok((taken, Some(()))),
        }
    }

    fn back(&self) -> &str {
        self.kept.client.redirect_uris.first().map(|uri| uri.as_str()).unwrap_or_default()
    }

    fn with_proof(&self, taken: Taken) -> Taken {
        let taken = taken.sent(&[("client_id", self.kept.client.id.as_str())]);
        match self.kept.key {
            Some(_) => taken.sent(&[("client_assertion_type", assertion::TYPE), ("client_assertion", "")]),
            None => taken,
        }
    }

    /// A form with the client's proof of itself, made anew for each call.
    fn form(&self, own: &[(&str, &str)]) -> Result<Params, Refusal> {
        let id = self.kept.client.id.as_str();
        let mut pairs: Vec<(String, String)> =
            own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        pairs.push(("client_id".to_owned(), id.to_owned()));
        if let Some(key) = &self.kept.key {
            pairs.push(("client_assertion_type".to_owned(), assertion::TYPE.to_owned()));
            pairs.push(("client_assertion".to_owned(), self.assertion(key, id)));
        }
        // Ours are never too many.
        Params::parse(pairs).map_err(|_| Refusal::Broken(self.app.reference()))
    }

    fn assertion(&self, key: &Key, id: &str) -> String {
        let mut jti = [0; 16];
        self.app.entropy().fill(&mut jti);
        let now = self.app.wall_now().seconds();
        let claims = json!({
            "iss": id, "sub": id, "aud": self.app.issuer(), "iat": now, "exp": now + ASSERTION_LIFE,
            "jti": URL_SAFE_NO_PAD.encode(jti),
        });
        // An empty assertion is refused like any other that is wrong.
        claims.as_object().and_then(|claims| key.sign(claims)).unwrap_or_default()
    }
}

/// What came of a step that went well.
fn good<T>((taken, found): (Taken, Option<T>)) -> Result<(Taken, T), Failed> {
    match found {
        Some(found) => Ok((taken, found)),
        None => Err(Failed::Step(taken.into())),
    }
}

fn failed(taken: Taken, denied: Denied) -> Result<Taken, Refusal> {
    match denied {
        Denied::Fault(fault) => Ok(taken.told(fault.code.word(), fault.says)),
        Denied::Refused(refusal) => Err(refusal),
    }
}

/// Every claim by name; with its value only where that is no person's.
fn shown(taken: Taken, claims: &Map<String, Value>) -> Taken {
    claims.iter().fold(taken, |taken, (name, value)| {
        let value = match value {
            _ if !SHOWN.contains(&name.as_str()) => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        taken.came(name, value)
    })
}
