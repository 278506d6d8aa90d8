//! Requests as pages show them: one's own, and those that an administrator is to answer.

use super::ask::{stated_need, typed_number};
use super::kind::{ACCESS_REQUEST, GIVE, WAITING};
use super::{Body, Origin, READ_OWN};
use crate::act::Want;
use crate::application::SERVICE;
use crate::cases;
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::session::Visit;
use authority::FactsView as _;
use domain::case::Taker;
use domain::{CaseId, Instant, PartyId};
use ident::OrganisationNumber;
use jiff::civil::Date;
use std::time::Duration;
use store::Tx;
use store::cases::{Case, CaseFilter};

/// Requests on a page.
const MOST: u32 = 100;
/// Key of the number of months for which a grant is proposed.
const MONTHS: &str = "access_request_months";

/// A request as its page shows it.
#[derive(Debug, Clone)]
pub struct RequestView {
    pub id: CaseId,
    pub standing: Standing,
    pub opened_at: Instant,
    /// When it lapses, while it waits.
    pub due_at: Option<Instant>,
    /// The organisation; for a request by number it is known to the administrators only.
    pub organisation: Option<PartyId>,
    /// The number that was typed.
    pub number: Option<OrganisationNumber>,
    pub need: Option<String>,
    pub body: Body,
    /// Whether this visitor asked, and so cannot answer.
    pub taker: Taker,
}

/// How a request stands, as far as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Whether or not it has reached anybody.
    Waiting,
    Granted,
    Declined,
    Withdrawn,
    Lapsed,
}

impl Standing {
    fn of(state: &str) -> Self {
        match state {
            "granted" => Self::Granted,
            "declined" => Self::Declined,
            "withdrawn" => Self::Withdrawn,
            "lapsed" => Self::Lapsed,
            _ => Self::Waiting,
        }
    }
}

/// Which requests an administrator's list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requests {
    Waiting,
    All,
}

fn give_want(visit: &Visit) -> Want {
    Want::to(GIVE, visit.party())
}

impl App {
    /// The visitor's own requests, newest first; at most 100.
    pub async fn own_requests(&self, visit: &Visit) -> Result<Vec<RequestView>, Refusal> {
        self.require(visit, &Want::to(READ_OWN, visit.person())).await?;
        let filter = CaseFilter { opener: Some(visit.person()), ..kind() };
        self.list(visit, filter).await
    }

    /// One of the visitor's own.
    pub async fn own_request(&self, visit: &Visit, id: CaseId) -> Result<RequestView, Refusal> {
        self.require(visit, &Want::to(READ_OWN, visit.person())).await?;
        let (app, person) = (self.clone(), visit.person());
        self.read(move |tx| {
            let case = cases::find(tx, &ACCESS_REQUEST, id)?;
            if case.opener != Some(person) {
                return Err(Refusal::NotFound.into());
            }
            view(&app, tx, &case, person)
        })
        .await
    }

    /// Requests at the party of the visit, for those who can answer them; newest first, at most 100.
    pub async fn requests(&self, visit: &Visit, which: Requests) -> Result<Vec<RequestView>, Refusal> {
        self.require(visit, &give_want(visit)).await?;
        let state = (which == Requests::Waiting).then_some(WAITING);
        let found = self.list(visit, CaseFilter { state, party: Some(visit.party()), ..kind() }).await?;
        let now = self.now();
        let open = |view: &RequestView| which == Requests::All || view.due_at.is_some_and(|due| now < due);
        Ok(found.into_iter().filter(open).collect())
    }

    /// One of them.
    pub async fn request(&self, visit: &Visit, id: CaseId) -> Result<RequestView, Refusal> {
        self.require(visit, &give_want(visit)).await?;
        let (app, person, party) = (self.clone(), visit.person(), visit.party());
        self.read(move |tx| {
            let case = cases::find(tx, &ACCESS_REQUEST, id)?;
            if case.party != Some(party) {
                return Err(Refusal::NotFound.into());
            }
            view(&app, tx, &case, person)
        })
        .await
    }

    /// How many requests this visitor could answer now; none for those who cannot. For a sign on a page: no refusal
    /// is recorded.
    pub async fn requests_waiting(&self, visit: &Visit) -> Result<usize, Refusal> {
        if !self.decide(visit, &give_want(visit)).allowed {
            return Ok(0);
        }
        let (now, person) = (self.now(), visit.person());
        let filter = CaseFilter { state: Some(WAITING), party: Some(visit.party()), ..kind() };
        let waiting = self.read(move |tx| Ok(store::cases::list(tx, filter, MOST, None)?)).await?;
        let answerable =
            |case: &&Case| case.opener != Some(person) && case.due_at.is_some_and(|due| now < due);
        Ok(waiting.iter().filter(answerable).count())
    }

    /// The last day that is proposed for a grant: some months from today, and never after the giver's own end.
    pub fn proposed_end(&self, visit: &Visit) -> Date {
        let known = &visit.known;
        let today = domain::calendar::date_in_stockholm(self.now());
        let months = known.catalogue.service(SERVICE).and_then(|service| service.limits.get(MONTHS));
        let months = months.and_then(|limit| u16::try_from(limit.value).ok()).unwrap_or(0);
        let proposed = domain::calendar::add_months(today, months);
        self.own_last_day(visit).map_or(proposed, |last| last.min(proposed))
    }

    /// The last day on which the giver may give; `None`: until further notice.
    pub fn own_last_day(&self, visit: &Visit) -> Option<Date> {
        let known = &visit.known;
        let chain = self.decide(visit, &give_want(visit)).chain;
        let ends = chain.iter().filter_map(|id| known.index.mandate(*id)?.version.valid_to).min();
        // An end of a day in Sweden is the first instant of the next one.
        ends.map(|to| domain::calendar::date_in_stockholm(to - Duration::from_micros(1)))
    }

    async fn list(&self, visit: &Visit, filter: CaseFilter<'static>) -> Result<Vec<RequestView>, Refusal> {
        let (app, person) = (self.clone(), visit.person());
        self.read(move |tx| {
            let found = store::cases::list(tx, filter, MOST, None)?;
            found.iter().map(|case| view(&app, tx, case, person)).collect()
        })
        .await
    }
}

fn kind() -> CaseFilter<'static> {
    CaseFilter { kind: Some(ACCESS_REQUEST.name), ..CaseFilter::default() }
}

fn view(app: &App, tx: &mut Tx<'_>, case: &Case, person: PartyId) -> Result<RequestView, Stop> {
    let body: Body = cases::body(case)?;
    let number = match body.origin {
        Origin::Typed => typed_number(tx, app, body.requester, case.id)?,
        Origin::Refused(_) => None,
    };
    Ok(RequestView {
        id: case.id,
        standing: Standing::of(&case.state),
        opened_at: case.opened_at,
        due_at: case.due_at,
        organisation: case.party,
        number,
        need: stated_need(tx, app, body.requester, case.id)?,
        taker: if body.requester == person { Taker::Opener } else { Taker::Other },
        body,
    })
}
