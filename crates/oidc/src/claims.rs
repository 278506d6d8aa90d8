//! Claims that we tell and that a client may ask for; levels by the Swedish trust framework.

use crate::{Fault, Scopes, scope};
use domain::Assurance;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// 12 digits (Swedish OpenID Connect Profile 1.0, claims).
pub const PERSONAL_NUMBER: &str = "https://id.oidc.se/claim/personalIdentityNumber";
/// 12 digits, day of birth + 60.
pub const COORDINATION_NUMBER: &str = "https://id.oidc.se/claim/coordinationNumber";
/// 10 digits: of the organisation that the person acts for.
pub const ORG_NUMBER: &str = "https://id.oidc.se/claim/orgNumber";
pub const ORG_NAME: &str = "https://id.oidc.se/claim/orgName";
/// For whom the person acts, as `{"type": "organisation"|"person", "id": …}`: just what AuthZEN takes as `resource`.
pub const PARTY: &str = "urn:behorig:claim:party";

/// Those that can be told, in the order in which discovery lists them.
pub const ALL: [&str; 17] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "sid",
    "name",
    "given_name",
    "family_name",
    "birthdate",
    PERSONAL_NUMBER,
    ORG_NUMBER,
    ORG_NAME,
    PARTY,
];

/// The certified level of the Swedish trust framework (Sweden Connect registry 1.8).
pub fn acr(level: Assurance) -> String {
    format!("http://id.elegnamnden.se/loa/1.0/loa{level}")
}

/// Levels that can be asked for.
pub fn acr_values() -> Vec<String> {
    [Assurance::Level2, Assurance::Level3, Assurance::Level4].map(acr).into()
}

/// The level that an `acr` value names.
fn level(value: &str) -> Option<Assurance> {
    [Assurance::Level2, Assurance::Level3, Assurance::Level4].into_iter().find(|level| acr(*level) == value)
}

/// What a client demands of the level.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcrNeed {
    /// Nothing, or only a wish (`acr_values`).
    #[default]
    None,
    /// One of these, or no login; a value that we do not know can never be met and is left out.
    Essential(BTreeSet<Assurance>),
}

impl AcrNeed {
    pub fn is_met_by(&self, level: Assurance) -> bool {
        match self {
            Self::None => true,
            // A higher level is another value than the one that was asked for (OpenID Connect Core §5.5.1.1).
            Self::Essential(levels) => levels.contains(&level),
        }
    }
}

/// What the parameter `claims` asks for (OpenID Connect Core §5.5), as far as it is ours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub id_token: BTreeSet<String>,
    pub userinfo: BTreeSet<String>,
    pub acr: AcrNeed,
}

/// Claims that may be asked for one by one.
const SINGLE: [&str; 9] = [
    "name",
    "given_name",
    "family_name",
    "birthdate",
    PERSONAL_NUMBER,
    COORDINATION_NUMBER,
    ORG_NUMBER,
    ORG_NAME,
    PARTY,
];

impl Wanted {
    /// # Errors
    /// `invalid_request` where the parameter is no such JSON.
    pub fn parse(text: Option<&str>) -> Result<Self, Fault> {
        const FORM: Fault = Fault::request("claims must be a JSON object with id_token and userinfo.");
        let Some(text) = text else { return Ok(Self::default()) };
        let asked: BTreeMap<String, Value> = serde_json::from_str(text).map_err(|_| FORM)?;
        let part = |name: &str| match asked.get(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(claims)) => Ok(claims.clone()),
            Some(_) => Err(FORM),
        };
        let (id_token, userinfo) = (part("id_token")?, part("userinfo")?);
        let ours = |claims: &Map<String, Value>| {
            claims.keys().filter(|name| SINGLE.contains(&name.as_str())).cloned().collect()
        };
        Ok(Self { id_token: ours(&id_token), userinfo: ours(&userinfo), acr: essential(id_token.get("acr")) })
    }
}

fn essential(acr: Option<&Value>) -> AcrNeed {
    let Some(acr) = acr.filter(|acr| acr["essential"] == json!(true)) else { return AcrNeed::None };
    let one = acr["value"].as_str().into_iter();
    let many = acr["values"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let named: Vec<&str> = one.chain(many).collect();
    if named.is_empty() {
        // Essential without a value: any will do.
        return AcrNeed::None;
    }
    AcrNeed::Essential(named.into_iter().filter_map(level).collect())
}

/// What can be told of a person and of the one acted for. What may not be told is not in it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct About {
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub name: Option<String>,
    /// `YYYY-MM-DD`.
    pub birthdate: Option<String>,
    /// Personal or coordination number, where the catalogue names a legal ground.
    pub number: Option<Number>,
    pub party: Option<Party>,
}

/// It is about a person.
impl std::fmt::Debug for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("About").field("party", &self.party).finish_non_exhaustive()
    }
}

/// One or the other, never both (Swedish profile, `naturalPersonNumber`).
#[derive(Clone, PartialEq, Eq)]
pub enum Number {
    Personal(String),
    Coordination(String),
}

/// Shows the kind, never the number.
impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Personal(_) => "Personal(…)",
            Self::Coordination(_) => "Coordination(…)",
        })
    }
}

/// For whom the person acts.
#[derive(Clone, PartialEq, Eq)]
pub enum Party {
    /// For oneself, under the client's own name of the person.
    Person {
        sub: String,
    },
    Organisation {
        id: String,
        number: Option<String>,
        name: Option<String>,
    },
}

impl std::fmt::Debug for Party {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Person { .. } => "Person",
            Self::Organisation { .. } => "Organisation",
        })
    }
}

/// Where claims are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    IdToken,
    Userinfo,
}

impl About {
    /// The claims for a place: those of the scopes that belong there, and those asked for one by one.
    pub fn claims(&self, scopes: &Scopes, wanted: &Wanted, place: Place) -> Map<String, Value> {
        let single = match place {
            Place::IdToken => &wanted.id_token,
            Place::Userinfo => &wanted.userinfo,
        };
        let names = place == Place::Userinfo && scopes.has(scope::PERSON_INFO);
        let mut told = Map::new();
        let mut tell = |name: &str, by_scope: bool, value: Option<Value>| {
            if let Some(value) = value.filter(|_| by_scope || single.contains(name)) {
                told.insert(name.to_owned(), value);
            }
        };
        let text = |text: &Option<String>| text.clone().map(Value::from);
        tell("name", names, text(&self.name));
        tell("given_name", names, text(&self.given_name));
        tell("family_name", names, text(&self.family_name));
        tell("birthdate", names, text(&self.birthdate));
        let by_number = scopes.has(scope::PERSON_NUMBER);
        match &self.number {
            Some(Number::Personal(number)) => tell(PERSONAL_NUMBER, by_number, Some(number.clone().into())),
            Some(Number::Coordination(number)) => {
                tell(COORDINATION_NUMBER, by_number, Some(number.clone().into()));
            }
            None => {}
        }
        let by_party = scopes.has(scope::PARTY);
        match &self.party {
            Some(Party::Person { sub }) => {
                tell(PARTY, by_party, Some(json!({"type": "person", "id": sub})));
            }
            Some(Party::Organisation { id, number, name }) => {
                tell(PARTY, by_party, Some(json!({"type": "organisation", "id": id})));
                tell(ORG_NUMBER, by_party, text(number));
                tell(ORG_NAME, by_party, text(name));
            }
            None => {}
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About {
            given_name: Some("Elin".into()),
            family_name: Some("Ek".into()),
            name: Some("Elin Ek".into()),
            birthdate: Some("1990-01-01".into()),
            number: Some(Number::Personal("199001012385".into())),
            party: Some(Party::Organisation {
                id: "ab".into(),
                number: Some("4056201108".into()),
                name: Some("Granåsens Åkeri AB".into()),
            }),
        }
    }

    #[test]
    fn no_claim_is_told_that_was_not_asked_for() {
        let told = |scopes: &str, wanted: Option<&str>, place| {
            let claims = about().claims(&Scopes::parse(scopes), &Wanted::parse(wanted).unwrap(), place);
            claims.keys().cloned().collect::<Vec<_>>()
        };
        assert!(told("openid", None, Place::IdToken).is_empty());
        assert!(told("openid", None, Place::Userinfo).is_empty());
        let info = format!("openid {}", scope::PERSON_INFO);
        assert!(told(&info, None, Place::IdToken).is_empty());
        assert_eq!(told(&info, None, Place::Userinfo), ["birthdate", "family_name", "given_name", "name"]);
        let number = format!("openid {}", scope::PERSON_NUMBER);
        assert_eq!(told(&number, None, Place::IdToken), [PERSONAL_NUMBER]);
        let party = format!("openid {}", scope::PARTY);
        assert_eq!(told(&party, None, Place::IdToken), [ORG_NAME, ORG_NUMBER, PARTY]);
        let one = r#"{"id_token":{"name":null,"email":null},"userinfo":{"given_name":{"essential":true}}}"#;
        assert_eq!(told("openid", Some(one), Place::IdToken), ["name"]);
        assert_eq!(told("openid", Some(one), Place::Userinfo), ["given_name"]);
    }

    #[test]
    fn an_essential_level_is_met_by_its_own_value_only() {
        let need =
            |acr: Value| Wanted::parse(Some(&json!({"id_token": {"acr": acr}}).to_string())).unwrap().acr;
        let three = need(json!({"essential": true, "values": [acr(Assurance::Level3)]}));
        assert!(three.is_met_by(Assurance::Level3));
        assert!(!three.is_met_by(Assurance::Level2) && !three.is_met_by(Assurance::Level4));
        assert!(need(json!({"values": [acr(Assurance::Level4)]})).is_met_by(Assurance::Level3));
        let unknown = need(json!({"essential": true, "value": "urn:mace:incommon:iap:silver"}));
        assert!(!unknown.is_met_by(Assurance::Level4));
        for bad in ["", "[]", "x", r#"{"id_token":[]}"#] {
            assert!(Wanted::parse(Some(bad)).is_err(), "{bad}");
        }
    }
}
