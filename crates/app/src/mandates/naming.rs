//! The name that is typed beside a number must go with it: so nobody gives authority to a stranger by a slip of the
//! finger, and nobody uses the form to find out what somebody is called. The answer is "no" and nothing more, and after
//! ten of them in a day there is none.

use crate::act::{Act, Want};
use crate::application::SERVICE;
use crate::core::App;
use crate::names::{called, goes_with};
use crate::refusal::{Refusal, Stop};
use crate::session::Visit;
use domain::PartyId;
use ident::PersonalNumber;
use keyring::Keyring;
use store::parties::Identifier;
use store::vault::Field;
use store::{Tx, name_tries};

/// Key of the number of wrong names that one person can type in a day.
const A_DAY: &str = "name_tries_a_day";

impl App {
    /// Refuses a name that does not go with its number, if an e-ID has told it. Nothing is compared for somebody who
    /// may not do what is wanted.
    ///
    /// In a transaction of its own, before that of the act: what is refused is rolled back, and a miss must stay counted.
    pub(super) async fn name_goes(
        &self,
        visit: &Visit,
        want: &Want,
        number: &PersonalNumber,
        typed: &str,
    ) -> Result<(), Refusal> {
        self.require(visit, want).await?;
        let service = visit.known.catalogue.service(SERVICE);
        let most = service.and_then(|service| service.limits.get(A_DAY)).map_or(0, |limit| limit.value);
        let (app, by, number, typed) = (self.clone(), visit.person(), number.clone(), typed.to_owned());
        let answer = self
            .write_plain(move |tx| {
                let now = app.now();
                if name_tries::made(tx, by, now)? >= most {
                    return Ok(Some("NAME_TRIES"));
                }
                if goes(tx, &app.ring(), &number, &typed)? {
                    return Ok(None);
                }
                name_tries::missed(tx, app.entropy(), by, now)?;
                Ok(Some("NAME_NUMBER"))
            })
            .await?;
        match answer {
            None => Ok(()),
            Some(code) => Err(self.refuse_by_rule(visit, want, Refusal::Conflict(code)).await),
        }
    }
}

/// People with protected identity are compared like everybody else: another answer would tell of it.
fn goes(tx: &mut Tx<'_>, ring: &Keyring, number: &PersonalNumber, typed: &str) -> Result<bool, Stop> {
    let Some(holder) = store::parties::find(tx, ring, Identifier::PersonalNumber(number.as_str()))? else {
        return Ok(true);
    };
    let given = store::vault::field(tx, ring, holder, Field::GivenName)?;
    let surname = store::vault::field(tx, ring, holder, Field::Surname)?;
    Ok(match (given, surname) {
        (Some(given), Some(surname)) => goes_with(typed, &given, &surname),
        _ => true,
    })
}

/// What the organisation calls the person from now on.
pub(super) fn call(act: &mut Act<'_, '_>, holder: PartyId, typed: &str) -> Result<(), Stop> {
    let (ring, entropy) = (act.ring.clone(), act.app.entropy());
    let name = called(act.visit.party());
    Ok(store::vault::set_field(act.tx, &ring, entropy, holder, Field::FreeText(&name), typed)?)
}
