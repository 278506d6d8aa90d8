//! The shape of a catalogue file as TOML, before anything in it is believed. Unknown keys are mistakes.

use crate::{Audience, ConnectionNeed, ContactFor, Data, EarlierAcceptance, RecordClass, Relation, Text};
use domain::fact::MandateKind;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub service: Service,
    #[serde(default)]
    pub terms: Vec<Terms>,
    #[serde(default)]
    pub permission: Vec<Permission>,
    #[serde(default)]
    pub package: Vec<Package>,
    #[serde(default)]
    pub rule: Vec<Rule>,
    #[serde(default)]
    pub deadline: BTreeMap<String, Spanned<Deadline>>,
    #[serde(default)]
    pub limit: BTreeMap<String, Spanned<Limit>>,
    #[serde(default)]
    pub contact: Vec<Contact>,
    #[serde(default)]
    pub method: BTreeMap<String, Spanned<Method>>,
    pub personal_number: Option<PersonalNumber>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Service {
    pub id: Spanned<String>,
    pub name: Text,
    pub description: Text,
    pub audience: Audience,
    pub methods: Vec<Spanned<String>>,
    pub assurance: Spanned<i64>,
    pub connection: ConnectionNeed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Terms {
    pub version: Spanned<String>,
    pub in_force_from: Spanned<String>,
    pub earlier_acceptance: EarlierAcceptance,
    /// The files with the texts.
    pub text: Spanned<Text>,
}

impl Terms {
    pub fn date(&self) -> Option<Date> {
        self.in_force_from.get_ref().parse().ok()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Permission {
    pub id: Spanned<String>,
    pub name: Text,
    pub relation: Relation,
    pub holder: Option<MandateKind>,
    pub assurance: Option<Spanned<i64>>,
    pub record: RecordClass,
    pub data: Data,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Package {
    pub id: Spanned<String>,
    pub name: Text,
    pub permissions: Vec<Spanned<String>>,
}

/// All kinds of rule in one struct: which keys a kind takes is checked afterwards, with the place at hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub id: Spanned<String>,
    pub kind: Spanned<String>,
    pub source: String,
    pub giver: Option<Spanned<String>>,
    pub gives: Option<Vec<Spanned<String>>>,
    pub to_give: Option<Spanned<String>>,
    pub to_end: Option<Spanned<String>>,
    pub steps: Option<Vec<Spanned<String>>>,
    pub package: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deadline {
    pub name: Text,
    pub working_days: Option<u16>,
    pub days: Option<u16>,
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limit {
    pub name: Text,
    pub value: u32,
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contact {
    pub id: Spanned<String>,
    pub help_with: ContactFor,
    pub name: Text,
    pub hours: Text,
    pub telephone: Option<String>,
    pub address: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Method {
    pub name: Text,
    pub assurance: Spanned<i64>,
    pub issuer: Text,
    pub issuer_help: Text,
    pub issuer_terms: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonalNumber {
    pub ground: Spanned<String>,
}
