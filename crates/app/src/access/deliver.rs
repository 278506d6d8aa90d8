//! What comes of a request by number, after its sender has got the answer that everybody gets: it is laid before the
//! organisation's administrators if there are any who can answer, and otherwise lies until it lapses.

use super::Body;
use super::ask::typed_number;
use super::kind::{ACCESS_REQUEST, SENT, UNADDRESSED, WAITING};
use super::offer::answerers;
use crate::act::ground;
use crate::application::SERVICE;
use crate::cases;
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use activity::{Record, RecordClass};
use authority::{FactsView as _, holders};
use domain::fact::Right;
use domain::{CaseId, Instant, PartyId};
use std::collections::BTreeSet;
use store::Tx;
use store::cases::{Case, CaseFilter};
use store::parties::Identifier;

/// Requests that one round looks at.
const ROUND: u32 = 20;

impl App {
    /// Delivers what has been sent. Two nodes that do it at once deliver each request once.
    pub(crate) async fn deliver_requests(&self) -> Result<usize, Refusal> {
        let sent = self
            .read(|tx| {
                let sent = CaseFilter {
                    kind: Some(ACCESS_REQUEST.name),
                    state: Some(SENT),
                    ..CaseFilter::default()
                };
                Ok(store::cases::list(tx, sent, ROUND, None)?)
            })
            .await?;
        for case in &sent {
            let (app, id) = (self.clone(), case.id);
            self.write_plain(move |tx| deliver(&app, tx, id)).await?;
        }
        if !sent.is_empty() {
            self.wake();
        }
        Ok(sent.len())
    }

    /// Tells an administrator that somebody asks. The letter names nobody.
    pub(super) fn tell_asked(
        &self,
        tx: &mut Tx<'_>,
        id: CaseId,
        administrator: PartyId,
        organisation: PartyId,
        now: Instant,
    ) -> Result<(), Stop> {
        let event = format!("{id}.asked");
        self.mail_in(tx, &event, administrator, "mail-request-asked", &organisation.to_string(), now)
    }
}

fn deliver(app: &App, tx: &mut Tx<'_>, id: CaseId) -> Result<(), Stop> {
    // No mandate ends between the choice of who is told and the letters.
    store::seq::hold(tx)?;
    let now = app.now();
    let body: Body = cases::body(&cases::find(tx, &ACCESS_REQUEST, id)?)?;
    // Whoever takes it back at this moment waits, or has done so already.
    store::parties::hold(tx, body.requester)?;
    let case = cases::find(tx, &ACCESS_REQUEST, id)?;
    if case.state != SENT {
        return Ok(());
    }
    let reached = reached(app, tx, &case, &body, now)?;
    let (state, party) = match &reached {
        Some((organisation, _)) => (WAITING, Some(*organisation)),
        None => (UNADDRESSED, None),
    };
    let next = Case { state: state.to_owned(), party, ..case.clone() };
    if !store::cases::update(tx, &next, case.version)? {
        return Ok(());
    }
    if let Some((organisation, administrators)) = reached {
        for administrator in administrators {
            app.tell_asked(tx, id, administrator, organisation, now)?;
        }
    }
    let event = if party.is_some() { "access_request.delivered" } else { "access_request.unaddressed" };
    let record = Record {
        party,
        object: Some(id.to_string()),
        ..Record::new(app.entropy(), now, RecordClass::System, event)
    };
    Ok(app.append(tx, &record)?)
}

/// The organisation and those who can answer there; `None` where it is unknown or not connected, where nobody can
/// answer, and where the person has what is asked for or has asked for it already.
fn reached(
    app: &App,
    tx: &mut Tx<'_>,
    case: &Case,
    body: &Body,
    now: Instant,
) -> Result<Option<(PartyId, BTreeSet<PartyId>)>, Stop> {
    let Some(number) = typed_number(tx, app, body.requester, case.id)? else { return Ok(None) };
    let digits = number.digits();
    let found = store::parties::find(tx, &app.ring(), Identifier::OrganisationNumber(&digits))?;
    let Some(organisation) = found else { return Ok(None) };
    let (ground, agency) = (ground(app, tx, body.requester, organisation)?, app.agency());
    let (view, catalogue) = (&ground.slice, &ground.catalogue);
    if !view.connections(organisation, SERVICE).any(|connection| connection.holds_at(now)) {
        return Ok(None);
    }
    let asked = catalogue.expand([body.package.as_str()]);
    let held = asked.iter().all(|permission| {
        holders(view, catalogue, agency, organisation, permission, Right::Use, now)
            .iter()
            .any(|holder| holder.person == body.requester)
    });
    let own = CaseFilter {
        kind: Some(ACCESS_REQUEST.name),
        state: Some(WAITING),
        party: Some(organisation),
        opener: Some(body.requester),
    };
    let mut asked_already = false;
    for other in store::cases::list(tx, own, 100, None)? {
        let other: Body = cases::body(&other)?;
        asked_already |= other.package == body.package;
    }
    if held || asked_already {
        return Ok(None);
    }
    let others = answerers(view, catalogue, agency, organisation, body.requester, now);
    Ok((!others.is_empty()).then_some((organisation, others)))
}
