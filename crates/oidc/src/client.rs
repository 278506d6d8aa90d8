//! A registered client (*ansluten e-tjänst*): which addresses, which keys, which service of the catalogue.

use crate::redirect::Place;
use crate::{ErrorCode, Fault, RedirectUri, jws::PublicKeys};
use catalogue::Text;
use domain::fact::ServiceId;
use serde::{Deserialize, Serialize};

/// The id of a client: 3–40 of `a–z`, `0–9` and `-`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a client's id is 3 to 40 of a-z, 0-9 and hyphen, and begins with a letter")]
pub struct BadClientId;

impl ClientId {
    pub fn parse(text: &str) -> Result<Self, BadClientId> {
        let letters = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let begins = text.starts_with(|c: char| c.is_ascii_lowercase());
        if (3..=40).contains(&text.len()) && letters && begins {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadClientId)
        }
    }

    /// The public client of every demo.
    pub fn example() -> Self {
        Self("example-app".to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ClientId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ClientId {
    type Error = BadClientId;
    fn try_from(text: String) -> Result<Self, BadClientId> {
        Self::parse(&text)
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> String {
        id.0
    }
}

/// How a client shows that it is itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub enum Authentication {
    /// By a signed assertion (OpenID Connect Core §9, `private_key_jwt`); these are its public keys.
    PrivateKeyJwt { keys: PublicKeys },
    /// Not at all: a program in its users' hands keeps no secret (RFC 6749 §2.1). It has PKCE.
    Public,
}

/// Which addresses count as registered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loopback {
    /// Those of the list, letter by letter.
    #[default]
    Listed,
    /// Any on this machine's loopback too: for a demo's or test's developers.
    Any,
}

/// The form of the answer of userinfo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserinfoForm {
    #[default]
    Json,
    /// A JWT signed with ES256, as the Swedish profile asks of providers.
    Signed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    pub id: ClientId,
    pub name: Text,
    /// The service of the catalogue whose permissions it may ask about, and which names its ground for personal numbers.
    pub service: ServiceId,
    pub authentication: Authentication,
    pub redirect_uris: Vec<RedirectUri>,
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Where it is told that a session has ended (OpenID Connect Back-Channel Logout 1.0).
    #[serde(default)]
    pub backchannel_logout_uri: Option<RedirectUri>,
    /// Its own start page, for the way back from our pages.
    #[serde(default)]
    pub home: Option<RedirectUri>,
    #[serde(default)]
    pub userinfo: UserinfoForm,
    #[serde(default)]
    pub loopback: Loopback,
}

/// What an installation allows its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// Production: TLS everywhere, but for a public program's own loopback (RFC 8252 §7.3).
    Production,
    /// Demo and test: loopback for all.
    Relaxed,
}

/// Why a client cannot be registered so; `field` as in the form and in `client add`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadClient {
    pub field: &'static str,
    pub code: &'static str,
}

/// The most addresses of one kind.
const ADDRESSES: usize = 10;

impl Client {
    /// What is wrong with it, in the order of the form. Empty: it can be registered.
    pub fn mistakes(&self, strictness: Strictness) -> Vec<BadClient> {
        let mut found = Vec::new();
        let mut bad = |field, code| found.push(BadClient { field, code });
        for (text, field) in [(&self.name.sv, "name_sv"), (&self.name.en, "name_en")] {
            if text.trim().is_empty() || text.chars().count() > 100 || text.chars().any(char::is_control) {
                bad(field, "CLIENT_NAME_FORM");
            }
        }
        let public = self.authentication == Authentication::Public;
        let plain_ok = |place: Place| place == Place::Tls || strictness == Strictness::Relaxed || public;
        let plain = |uri: &RedirectUri| !uri.place().is_ok_and(plain_ok);
        if self.redirect_uris.is_empty() && self.loopback == Loopback::Listed && public {
            bad("redirect_uris", "FIELD_MISSING");
        }
        if self.redirect_uris.len() > ADDRESSES {
            bad("redirect_uris", "TOO_MANY");
        }
        if self.redirect_uris.iter().any(plain) {
            bad("redirect_uris", "REDIRECT_TLS");
        }
        if self.post_logout_redirect_uris.len() > ADDRESSES {
            bad("post_logout_redirect_uris", "TOO_MANY");
        }
        if self.post_logout_redirect_uris.iter().any(plain) {
            bad("post_logout_redirect_uris", "REDIRECT_TLS");
        }
        let plain_always = |uri: &RedirectUri| {
            !uri.place().is_ok_and(|place| place == Place::Tls || strictness == Strictness::Relaxed)
        };
        if self.backchannel_logout_uri.as_ref().is_some_and(plain_always) {
            bad("backchannel_logout_uri", "REDIRECT_TLS");
        }
        if self.home.as_ref().is_some_and(plain_always) {
            bad("home", "REDIRECT_TLS");
        }
        if self.loopback == Loopback::Any && (strictness == Strictness::Production || !public) {
            bad("loopback", "LOOPBACK_ANY");
        }
        found
    }

    /// The address as registered, compared letter by letter; `None` if it is not.
    pub fn redirect(&self, asked: &str) -> Option<RedirectUri> {
        self.registered(&self.redirect_uris, asked)
    }

    /// The same for the way back after log-out.
    pub fn post_logout_redirect(&self, asked: &str) -> Option<RedirectUri> {
        self.registered(&self.post_logout_redirect_uris, asked)
    }

    fn registered(&self, list: &[RedirectUri], asked: &str) -> Option<RedirectUri> {
        if let Some(listed) = list.iter().find(|uri| uri.as_str() == asked) {
            return Some(listed.clone());
        }
        let uri = RedirectUri::parse(asked).ok()?;
        let loopback = self.loopback == Loopback::Any && uri.place() == Ok(Place::Loopback);
        loopback.then_some(uri)
    }

    /// Its public keys.
    ///
    /// # Errors
    /// `unauthorized_client` for a public client: it has none.
    pub fn keys(&self) -> Result<&PublicKeys, Fault> {
        match &self.authentication {
            Authentication::PrivateKeyJwt { keys } => Ok(keys),
            Authentication::Public => {
                Err(Fault::new(ErrorCode::UnauthorizedClient, "A public client cannot authenticate itself."))
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub fn public(redirects: &[&str]) -> Client {
        Client {
            id: ClientId::parse("example-app").unwrap(),
            name: Text { sv: "Exempeltjänsten".into(), en: "The example service".into() },
            service: "example".into(),
            authentication: Authentication::Public,
            redirect_uris: redirects.iter().map(|uri| RedirectUri::parse(uri).unwrap()).collect(),
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            home: None,
            userinfo: UserinfoForm::Json,
            loopback: Loopback::Listed,
        }
    }

    #[test]
    fn an_address_is_compared_letter_by_letter() {
        let client = public(&["https://shop.example.se/back"]);
        assert!(client.redirect("https://shop.example.se/back").is_some());
        for other in [
            "https://shop.example.se/back/",
            "https://shop.example.se/back?x=1",
            "https://shop.example.se/BACK",
            "https://shop.example.se:443/back",
            "http://127.0.0.1:8420/back",
        ] {
            assert_eq!(client.redirect(other), None, "{other}");
        }
        let demo = Client { loopback: Loopback::Any, ..public(&[]) };
        assert!(demo.redirect("http://127.0.0.1:9/x").is_some());
        assert_eq!(demo.redirect("https://127.0.0.1:9/x"), None);
        assert_eq!(demo.redirect("http://shop.example.se/x"), None);
    }

    #[test]
    fn production_wants_tls_and_every_mistake_is_told() {
        let mut client = public(&["http://127.0.0.1:8420/back"]);
        assert_eq!(client.mistakes(Strictness::Production), []);
        client.home = Some(RedirectUri::parse("http://localhost/").unwrap());
        client.loopback = Loopback::Any;
        client.name.en = " ".into();
        let fields = |strictness| client.mistakes(strictness).iter().map(|bad| bad.field).collect::<Vec<_>>();
        assert_eq!(fields(Strictness::Production), ["name_en", "home", "loopback"]);
        assert_eq!(fields(Strictness::Relaxed), ["name_en"]);
    }

    #[test]
    fn an_id_is_a_plain_word() {
        assert!(ClientId::parse("shop-2").is_ok());
        for bad in ["", "ab", "2shop", "Shop", "a b c", "a/b/c", &"a".repeat(41)] {
            assert_eq!(ClientId::parse(bad), Err(BadClientId), "{bad}");
        }
    }
}
