//! What a client is told of a person and of the party: read from the vault when it is needed, and no more of it.

use super::subject_word;
use crate::core::{App, Known};
use crate::refusal::Stop;
use ::oidc::claims::{About, Number, Party, Place, Wanted};
use ::oidc::{Client, Scopes};
use domain::PartyId;
use ident::{PersonalNumber, PersonalNumberKind};
use store::Tx;
use store::vault::Field;

/// What must be read from the vault for an answer: nothing is opened that is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Needed {
    pub names: bool,
    pub number: bool,
    pub party: bool,
}

impl Needed {
    pub fn is_nothing(self) -> bool {
        !(self.names || self.number || self.party)
    }

    pub fn of(scopes: &Scopes, wanted: &Wanted, places: &[Place]) -> Self {
        use ::oidc::{claims, scope};
        let any = |names: &[&str]| {
            places.iter().any(|place| {
                let single = match place {
                    Place::IdToken => &wanted.id_token,
                    Place::Userinfo => &wanted.userinfo,
                };
                names.iter().any(|name| single.contains(*name))
            })
        };
        let info = scopes.has(scope::PERSON_INFO) && places.contains(&Place::Userinfo);
        Self {
            names: info || any(&["name", "given_name", "family_name", "birthdate"]),
            number: scopes.has(scope::PERSON_NUMBER)
                || any(&[claims::PERSONAL_NUMBER, claims::COORDINATION_NUMBER]),
            party: scopes.has(scope::PARTY) || any(&[claims::PARTY, claims::ORG_NUMBER, claims::ORG_NAME]),
        }
    }
}

/// The party as a client is told of it.
pub(super) fn party_claim(
    tx: &mut Tx<'_>,
    app: &App,
    subject: &[u8; 16],
    person: PartyId,
    party: PartyId,
) -> Result<Party, Stop> {
    if party == person {
        return Ok(Party::Person { sub: subject_word(subject) });
    }
    let ring = app.ring();
    let mut text = |field| -> Result<Option<String>, Stop> {
        Ok(store::vault::field(tx, &ring, party, field)?.map(|plain| plain.as_str().to_owned()))
    };
    Ok(Party::Organisation {
        id: party.to_string(),
        number: text(Field::OrganisationNumber)?,
        name: text(Field::DisplayName)?,
    })
}

/// What may be told of a person to a client; only what is needed is read.
#[expect(clippy::too_many_arguments, reason = "one private place where what is told is put together")]
pub(super) fn about(
    tx: &mut Tx<'_>,
    app: &App,
    known: &Known,
    client: &Client,
    subject: &[u8; 16],
    person: PartyId,
    party: Option<PartyId>,
    need: Needed,
) -> Result<About, Stop> {
    let ring = app.ring();
    let mut about = About::default();
    let text = |tx: &mut Tx<'_>, field| -> Result<Option<String>, Stop> {
        Ok(store::vault::field(tx, &ring, person, field)?.map(|plain| plain.as_str().to_owned()))
    };
    let ground = known.catalogue.service(&client.service).is_some_and(|s| s.personal_number.is_some());
    // The name of a person with protected identity goes the way of the number: by a ground in law.
    let hidden = need.names && !ground && !store::protected::marked(tx, &ring, &[person])?.is_empty();
    let need = Needed { names: need.names && !hidden, ..need };
    let number = match need.names || (need.number && ground) {
        true => text(tx, Field::PersonalNumber)?.and_then(|digits| PersonalNumber::parse(&digits).ok()),
        false => None,
    };
    if need.names {
        about.given_name = text(tx, Field::GivenName)?;
        about.family_name = text(tx, Field::Surname)?;
        about.name = text(tx, Field::DisplayName)?;
        about.birthdate = number.as_ref().map(|number| {
            let (year, month, day) = number.birth_date();
            format!("{year:04}-{month:02}-{day:02}")
        });
    }
    if need.number && ground {
        // Told only where the catalogue names the legal ground.
        about.number = number.map(|number| match number.kind() {
            PersonalNumberKind::Coordination => Number::Coordination(number.as_str().to_owned()),
            PersonalNumberKind::Personal => Number::Personal(number.as_str().to_owned()),
        });
    }
    if let (true, Some(party)) = (need.party, party) {
        about.party = Some(party_claim(tx, app, subject, person, party)?);
    }
    Ok(about)
}
