//! A registration as somebody typed it, on the page or in `client add`: read as a whole, so that every mistake is told at
//! once and at its field.

use crate::client::{Authentication, BadClient, Client, ClientId, Loopback, Strictness, UserinfoForm};
use crate::jws::PublicKeys;
use crate::redirect::RedirectUri;
use catalogue::Text;

/// With this begin the ids of trials, which nobody else may take.
pub const TRIAL: &str = "trial-";
/// Words that stand in the addresses of our own pages beside ids.
const TAKEN: [&str; 2] = ["register", "trial"];

/// What was typed; an empty text is a field that was left empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    pub id: String,
    pub service: String,
    pub name_sv: String,
    pub name_en: String,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    pub backchannel_logout_uri: String,
    pub home: String,
    /// `None`: not chosen.
    pub proof: Option<Proof>,
    pub userinfo: UserinfoForm,
    pub loopback: Loopback,
}

/// How the client is to show that it is itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    Public,
    /// By keys, whose public halves these are: the text of a JWK Set.
    Keys(String),
}

/// The fields, in the order of the form.
pub const FIELDS: [&str; 11] = [
    "id",
    "service",
    "name_sv",
    "name_en",
    "authentication",
    "keys",
    "redirect_uris",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "home",
    "loopback",
];

impl Draft {
    /// The client that it describes. Whether its service exists is the catalogue's to say.
    ///
    /// # Errors
    /// Every mistake, in the order of the form.
    pub fn read(&self, strictness: Strictness) -> Result<Client, Vec<BadClient>> {
        let mut found = Vec::new();
        let id = self.id(&mut found);
        if self.service.trim().is_empty() {
            found.push(BadClient { field: "service", code: "CHOOSE" });
        }
        for (name, field) in [(&self.name_sv, "name_sv"), (&self.name_en, "name_en")] {
            if name.trim().is_empty() {
                found.push(BadClient { field, code: "FIELD_MISSING" });
            }
        }
        let authentication = self.authentication(&mut found);
        let client = Client {
            // What could not be read stands in for itself only so that the rest is looked at too.
            id: id.unwrap_or_else(ClientId::example),
            name: Text { sv: self.name_sv.trim().to_owned(), en: self.name_en.trim().to_owned() },
            service: self.service.trim().to_owned(),
            authentication: authentication.unwrap_or(Authentication::Public),
            redirect_uris: addresses(&self.redirect_uris, "redirect_uris", &mut found),
            post_logout_redirect_uris: addresses(
                &self.post_logout_redirect_uris,
                "post_logout_redirect_uris",
                &mut found,
            ),
            backchannel_logout_uri: address(
                &self.backchannel_logout_uri,
                "backchannel_logout_uri",
                &mut found,
            ),
            home: address(&self.home, "home", &mut found),
            userinfo: self.userinfo,
            loopback: self.loopback,
        };
        for bad in client.mistakes(strictness) {
            if found.iter().all(|told| told.field != bad.field) {
                found.push(bad);
            }
        }
        found.sort_by_key(|bad| FIELDS.iter().position(|field| *field == bad.field));
        if found.is_empty() { Ok(client) } else { Err(found) }
    }

    fn id(&self, found: &mut Vec<BadClient>) -> Option<ClientId> {
        let typed = self.id.trim();
        let code = match ClientId::parse(typed) {
            Ok(id) if !typed.starts_with(TRIAL) && !TAKEN.contains(&typed) => return Some(id),
            Ok(_) => "CLIENT_ID_RESERVED",
            Err(_) if typed.is_empty() => "FIELD_MISSING",
            Err(_) => "CLIENT_ID_FORM",
        };
        found.push(BadClient { field: "id", code });
        None
    }

    fn authentication(&self, found: &mut Vec<BadClient>) -> Option<Authentication> {
        let bad = match &self.proof {
            Some(Proof::Public) => return Some(Authentication::Public),
            Some(Proof::Keys(text)) if text.trim().is_empty() => {
                BadClient { field: "keys", code: "FIELD_MISSING" }
            }
            Some(Proof::Keys(text)) => match PublicKeys::parse(text) {
                Ok(keys) => return Some(Authentication::PrivateKeyJwt { keys }),
                Err(bad) => BadClient { field: "keys", code: bad.code() },
            },
            None => BadClient { field: "authentication", code: "CHOOSE" },
        };
        found.push(bad);
        None
    }
}

/// The addresses of a list that can be used, each once; a list with one that cannot is told as a whole.
fn addresses(typed: &[String], field: &'static str, found: &mut Vec<BadClient>) -> Vec<RedirectUri> {
    let mut read = Vec::new();
    let mut all_good = true;
    for text in typed.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        match RedirectUri::parse(text) {
            Ok(uri) if read.contains(&uri) => {}
            Ok(uri) => read.push(uri),
            Err(_) => all_good = false,
        }
    }
    if !all_good {
        found.push(BadClient { field, code: "REDIRECT_FORM" });
    }
    read
}

fn address(typed: &str, field: &'static str, found: &mut Vec<BadClient>) -> Option<RedirectUri> {
    addresses(&[typed.to_owned()], field, found).pop()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jws::tests::signer;
    use serde_json::json;

    fn good() -> Draft {
        Draft {
            id: " shop ".into(),
            service: "example".into(),
            name_sv: "Butiken".into(),
            name_en: "The shop".into(),
            redirect_uris: vec!["https://shop.example.se/back".into(), " ".into()],
            proof: Some(Proof::Keys(json!({"keys": [signer("k").own.jwk()]}).to_string())),
            ..Draft::default()
        }
    }

    fn told(draft: &Draft) -> Vec<(&'static str, &'static str)> {
        draft
            .read(Strictness::Production)
            .err()
            .unwrap_or_default()
            .iter()
            .map(|bad| (bad.field, bad.code))
            .collect()
    }

    #[test]
    fn what_was_typed_becomes_a_client() {
        let twice = Draft {
            redirect_uris: vec![
                "https://shop.example.se/back".into(),
                "https://shop.example.se/back ".into(),
            ],
            ..good()
        };
        for draft in [good(), twice] {
            let client = draft.read(Strictness::Production).unwrap();
            assert_eq!(client.id.as_str(), "shop");
            assert_eq!(client.redirect_uris.len(), 1);
            assert_eq!((client.home, client.backchannel_logout_uri), (None, None));
            assert!(matches!(client.authentication, Authentication::PrivateKeyJwt { .. }));
        }
    }

    #[test]
    fn every_mistake_is_told_in_the_order_of_the_form() {
        assert_eq!(
            told(&Draft { redirect_uris: vec!["x".into()], home: "y".into(), ..Draft::default() }),
            [
                ("id", "FIELD_MISSING"),
                ("service", "CHOOSE"),
                ("name_sv", "FIELD_MISSING"),
                ("name_en", "FIELD_MISSING"),
                ("authentication", "CHOOSE"),
                ("redirect_uris", "REDIRECT_FORM"),
                ("home", "REDIRECT_FORM"),
            ]
        );
        let plain = vec!["http://localhost/back".to_owned()];
        assert_eq!(told(&Draft { redirect_uris: plain, ..good() }), [("redirect_uris", "REDIRECT_TLS")]);
        assert_eq!(told(&Draft { name_sv: "a".repeat(101), ..good() }), [("name_sv", "CLIENT_NAME_FORM")]);
    }

    #[test]
    fn ids_and_keys_are_told_by_kind_of_mistake() {
        for (id, code) in [
            ("Shop", "CLIENT_ID_FORM"),
            ("trial-x1", "CLIENT_ID_RESERVED"),
            ("register", "CLIENT_ID_RESERVED"),
        ] {
            assert_eq!(told(&Draft { id: id.into(), ..good() }), [("id", code)]);
        }
        for (keys, code) in [
            ("", "FIELD_MISSING"),
            ("x", "KEYS_FORM"),
            (r#"{"keys":[{"kty":"EC","d":"AA"}]}"#, "KEYS_PRIVATE"),
        ] {
            let draft = Draft { proof: Some(Proof::Keys(keys.into())), ..good() };
            assert_eq!(told(&draft), [("keys", code)]);
        }
    }
}
