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
use std::future::Future;
use store::vault::Field;

/// Key of the number of wrong names that one person can type in a day.
const A_DAY: &str = "name_tries_a_day";
const NO_MATCH: &str = "NAME_NUMBER";

impl App {
    /// Does `work`, in which a name is compared, as one of the visitor's tries of the day. A try whose name went with the
    /// number is not counted.
    pub(super) async fn naming<T>(
        &self,
        visit: &Visit,
        want: &Want,
        work: impl Future<Output = Result<T, Refusal>>,
    ) -> Result<T, Refusal> {
        let known = self.known();
        let most = known.catalogue.service(SERVICE).and_then(|service| service.limits.get(A_DAY));
        let most = most.map_or(0, |limit| limit.value);
        let (app, person) = (self.clone(), visit.person());
        let begun = self
            .write_plain(move |tx| Ok(store::name_tries::begin(tx, app.entropy(), person, most, app.now())?))
            .await?;
        let Some(tried) = begun else {
            return Err(self.refuse_by_rule(visit, want, Refusal::Conflict("NAME_TRIES")).await);
        };
        let done = work.await;
        if matches!(done, Err(Refusal::Conflict(NO_MATCH))) {
            self.write_plain(move |tx| Ok(store::name_tries::miss(tx, tried)?)).await?;
        } else {
            // What was given is given, whether or not the count could be taken back just now.
            let ended = self.write_plain(move |tx| Ok(store::name_tries::end(tx, tried)?)).await;
            if ended.is_err() {
                tracing::warn!(
                    "a try of a name is counted for a minute although the name went with its number"
                );
            }
        }
        done
    }
}

/// The name goes with the person's own, if an e-ID has told it; it is what the organisation calls the person from now on.
///
/// People with protected identity are compared like everybody else: another answer would tell of it.
pub(super) fn agrees(act: &mut Act<'_, '_>, holder: PartyId, typed: &str) -> Result<(), Stop> {
    let (ring, entropy) = (act.ring.clone(), act.app.entropy());
    let given = store::vault::field(act.tx, &ring, holder, Field::GivenName)?;
    let surname = store::vault::field(act.tx, &ring, holder, Field::Surname)?;
    if let (Some(given), Some(surname)) = (given, surname)
        && !goes_with(typed, &given, &surname)
    {
        return Err(Refusal::Conflict(NO_MATCH).into());
    }
    let name = called(act.visit.party());
    Ok(store::vault::set_field(act.tx, &ring, entropy, holder, Field::FreeText(&name), typed)?)
}
