//! The demo people and organisations of `people.toml`.
//!
//! Personal numbers come from the tax agency's published test series; organisations are synthetic.

use crate::SandboxError;
use serde::{Deserialize, Serialize};

const SOURCE: &str = include_str!("../people.toml");

/// A text in both languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub sv: String,
    pub en: String,
}

/// The language of a text or page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Sv,
    En,
}

impl Text {
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Sv => &self.sv,
            Lang::En => &self.en,
        }
    }
}

/// Whether a person's BankID works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankIdState {
    #[default]
    Usable,
    /// Revoked by its bank: every approval ends in `certificateErr`.
    Unusable,
}

/// Where a person stands in the demo's story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// At the agency.
    Agency,
    /// At an employer, or about to be.
    Employer,
    /// For themselves, or the one whom a report is about.
    Private,
}

impl std::fmt::Debug for Former {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Former(…)")
    }
}

/// How the population register protects a person (*skyddade personuppgifter*).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// *Sekretessmarkering*.
    SecrecyMarking,
    /// *Skyddad folkbokföring*.
    ProtectedRegistration,
}

/// An identity that a person had before *fingerade personuppgifter*. It is in no list: nobody logs in by it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    pub given_name: String,
    pub surname: String,
    pub personal_number: String,
}

/// A person of the demo. Debug prints the id alone.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Stable short name, also in URLs and logs: never a personal number.
    pub id: String,
    pub given_name: String,
    pub surname: String,
    /// Personnummer or samordningsnummer, 12 digits.
    pub personal_number: String,
    pub group: Group,
    pub role: Text,
    pub situation: Text,
    #[serde(default)]
    pub bankid: BankIdState,
    /// What the population register tells of the person.
    pub protection: Option<Protection>,
    pub former: Option<Former>,
}

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.surname)
    }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person({})", self.id)
    }
}

/// An organisation of the demo.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    pub id: String,
    pub name: String,
    /// Organisationsnummer, 10 digits.
    pub number: String,
}

/// All demo people and organisations.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    #[serde(rename = "person")]
    people: Vec<Person>,
    #[serde(rename = "organisation")]
    organisations: Vec<Organisation>,
}

impl People {
    /// Reads the committed list.
    pub fn load() -> Result<Self, SandboxError> {
        let wrong = |what: String| SandboxError::People { what };
        let people: Self = toml::from_str(SOURCE).map_err(|e| wrong(e.to_string()))?;
        for (n, person) in people.people.iter().enumerate() {
            if people.people[..n]
                .iter()
                .any(|p| p.id == person.id || p.personal_number == person.personal_number)
            {
                return Err(wrong(format!("{} stands twice", person.id)));
            }
        }
        Ok(people)
    }

    pub fn all(&self) -> &[Person] {
        &self.people
    }

    pub fn organisations(&self) -> &[Organisation] {
        &self.organisations
    }

    pub fn get(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|p| p.id == id)
    }

    pub fn by_number(&self, personal_number: &str) -> Option<&Person> {
        self.people.iter().find(|p| p.personal_number == personal_number)
    }

    pub fn organisation(&self, id: &str) -> Option<&Organisation> {
        self.organisations.iter().find(|o| o.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_right() {
        let people = People::load().expect("the committed list");
        assert!(people.all().len() >= 16);
        for person in people.all() {
            let number = ident::PersonalNumber::parse(&person.personal_number).expect(&person.id);
            assert_eq!(number.as_str(), person.personal_number);
            if let Some(former) = &person.former {
                assert!(ident::PersonalNumber::parse(&former.personal_number).is_ok(), "{}", person.id);
                assert!(people.by_number(&former.personal_number).is_none(), "{}", person.id);
            }
        }
        for organisation in people.organisations() {
            ident::OrganisationNumber::parse(&organisation.number).expect(&organisation.id);
            assert!(organisation.number.starts_with('4'), "{} could be somebody's", organisation.id);
        }
    }
}
