//! The second official: list, read, confirm or return; and what the calendar does.

use super::register::{is_connected, is_run};
use super::{APPLICATION, Body, CONFIRM, RETURN};
use crate::act::{Act, Want};
use crate::cases::{self, Lapsing};
use crate::core::App;
use crate::installation::given_by;
use crate::refusal::{Refusal, Stop};
use crate::session::Visit;
use catalogue::BY_APPLICATION;
use domain::case::{StepRefused, Taker};
use domain::fact::{AcceptanceWay, Connection, Mandate, MandateKind, Right, TermsAcceptance};
use domain::{CaseId, Fact, Instant, PartyId};
use std::collections::BTreeSet;
use store::cases::{Case, CaseFilter};
use store::evidence::Evidence;
use store::records::Part;
use store::{StoreError, Tx};

/// What is told when nobody confirms in time.
pub(crate) const LAPSING: Lapsing = Lapsing {
    kind: &APPLICATION,
    event: "application.lapsed",
    template: "mail-application-lapsed",
    tell: both_sides,
};

fn both_sides(case: &Case) -> Result<Vec<PartyId>, Stop> {
    let body: Body = cases::body(case)?;
    Ok(vec![body.organisation, body.opener])
}

/// A case as its page shows it.
#[derive(Debug, Clone)]
pub struct ApplicationView {
    pub id: CaseId,
    pub state: String,
    pub opened_at: Instant,
    pub due_at: Option<Instant>,
    pub body: Body,
    /// Whether this visitor opened it, and so cannot confirm it.
    pub taker: Taker,
}

/// Which cases a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    Open,
    All,
}

fn read_want(app: &App) -> Want {
    Want::to("platform.application.read", app.agency())
}

impl App {
    /// The cases, newest first; at most 100.
    pub async fn applications(&self, visit: &Visit, filter: Filter) -> Result<Vec<ApplicationView>, Refusal> {
        self.require(visit, &read_want(self)).await?;
        let person = visit.person();
        self.read(move |tx| {
            let state = match filter {
                Filter::Open => Some(APPLICATION.first),
                Filter::All => None,
            };
            store::cases::list(
                tx,
                CaseFilter { kind: Some(APPLICATION.name), state, ..CaseFilter::default() },
                100,
                None,
            )?
            .iter()
            .map(|case| view(case, person))
            .collect()
        })
        .await
    }

    /// One case. Reading it is recorded: it shows a person's number and a scanned paper.
    pub async fn application(&self, visit: &Visit, id: CaseId) -> Result<ApplicationView, Refusal> {
        self.look_at_case(visit, id, "application.read").await?;
        let person = visit.person();
        self.read(move |tx| view(&find(tx, id)?, person)).await
    }

    /// Records the reading of a case, for its administrator to see too.
    async fn look_at_case(&self, visit: &Visit, id: CaseId, event: &str) -> Result<(), Refusal> {
        let of_case = move |tx: &mut Tx<'_>| Ok(cases::body::<Body>(&find(tx, id)?)?.administrator);
        let concerned = match self.read(of_case).await {
            // What is not there is asked for all the same, and recorded.
            Err(Refusal::NotFound) => None,
            found => Some(found?),
        };
        self.look_at(visit, &read_want(self), event, Some(id.to_string()), concerned).await.map(|_| ())
    }

    /// The scan behind a case, byte for byte.
    pub async fn application_scan(&self, visit: &Visit, id: CaseId) -> Result<Evidence, Refusal> {
        self.look_at_case(visit, id, "application.scan_read").await?;
        let app = self.clone();
        self.read(move |tx| {
            let body = cases::body::<Body>(&find(tx, id)?)?;
            let hash = body.scan_hash().ok_or(StoreError::Corrupt("scan hash".into()))?;
            store::evidence::get(tx, &app.ring(), hash)?.ok_or(Stop::No(Refusal::NotFound))
        })
        .await
    }

    /// Confirms: connection, acceptance of the terms and the administrator's mandate come in force by one change,
    /// and both sides get their mail by the same transaction (R-004-20, R-004-23).
    pub async fn confirm_application(&self, visit: &Visit, id: CaseId) -> Result<(), Refusal> {
        let body = self.read(move |tx| cases::body::<Body>(&find(tx, id)?)).await?;
        let want = Want::to("platform.application.confirm", self.agency()).after(
            "platform.application.register",
            body.opener,
            body.administrator,
        );
        self.change(visit, want, move |act| {
            let (case, mut body) = open_step(act, id, CONFIRM)?;
            if is_run(act, body.organisation)? {
                return Err(Refusal::Conflict("ALREADY_CONNECTED").into());
            }
            let known = act.app.known();
            let service = known.catalogue.service(&body.service).ok_or(Stop::No(Refusal::NotFound))?;
            let terms = service
                .terms_version(&body.terms_version)
                .ok_or(Stop::No(Refusal::Conflict("TERMS_VERSION")))?;
            let scan = body.scan_hash().ok_or(StoreError::Corrupt("scan hash".into()))?;
            let packages = given_by(&known.catalogue, BY_APPLICATION, Some(&body.service));
            let (organisation, administrator) = (body.organisation, body.administrator);
            let now = act.now;
            if !is_connected(act.tx, organisation, now)? {
                let connection = Connection { organisation, service: body.service.clone() };
                act.add_fact(now, None, &Fact::Connection(connection))?;
            }
            act.add_fact(
                now,
                None,
                &Fact::TermsAcceptance(TermsAcceptance {
                    organisation,
                    service: body.service.clone(),
                    version: terms.version.clone(),
                    text_hash: terms.hash,
                    way: AcceptanceWay::PaperForm,
                    evidence: scan,
                }),
            )?;
            act.add_fact(
                now,
                None,
                &Fact::Mandate(Mandate {
                    kind: MandateKind::Administrator,
                    grantor: organisation,
                    holder: administrator,
                    permissions: packages,
                    rights: BTreeSet::from([Right::Use, Right::Give, Right::GiveOn]),
                    parent: None,
                    evidence: Some(scan),
                }),
            )?;
            close(act, &case, &mut body, "confirmed")?;
            for (recipient, template) in [
                (organisation, "mail-connected-organisation"),
                (administrator, "mail-connected-administrator"),
                (body.opener, "mail-application-confirmed-officer"),
            ] {
                act.mail(&format!("{}.confirmed", case.id), recipient, template, &case.id.to_string())?;
            }
            act.bears_on(administrator, Part::Concerned);
            act.record(
                "application.confirmed",
                Some(case.id.to_string()),
                &[scan],
                &[("terms", terms.version.clone())],
            );
            Ok(())
        })
        .await
    }

    /// Returns the form to the employer for completion; nothing comes in force.
    pub async fn return_application(
        &self,
        visit: &Visit,
        id: CaseId,
        reason: ReturnReason,
    ) -> Result<(), Refusal> {
        let want = Want::to("platform.application.return", self.agency());
        self.write(visit, want, move |act| {
            let (case, mut body) = open_step(act, id, RETURN)?;
            body.reason = Some(reason.code().to_owned());
            close(act, &case, &mut body, "returned")?;
            act.mail(
                &format!("{}.returned", case.id),
                body.organisation,
                "mail-application-returned",
                reason.code(),
            )?;
            act.bears_on(body.administrator, Part::Concerned);
            act.record(
                "application.returned",
                Some(case.id.to_string()),
                &[],
                &[("reason", reason.code().to_owned())],
            );
            Ok(())
        })
        .await
    }
}

/// Why a form goes back to the employer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnReason {
    /// The one who signed has no right to sign for the organisation (R-004-18).
    NotAuthorised,
    /// Something is missing, such as the administrator (R-004-17).
    Incomplete,
    /// It cannot be read.
    Unreadable,
}

impl ReturnReason {
    pub const ALL: [Self; 3] = [Self::NotAuthorised, Self::Incomplete, Self::Unreadable];

    pub fn code(self) -> &'static str {
        match self {
            Self::NotAuthorised => "not_authorised",
            Self::Incomplete => "incomplete",
            Self::Unreadable => "unreadable",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

fn open_step(act: &mut Act<'_, '_>, id: CaseId, step: &str) -> Result<(Case, Body), Stop> {
    let case = find(act.tx, id)?;
    let body: Body = cases::body(&case)?;
    let taker = if body.opener == act.visit.person() { Taker::Opener } else { Taker::Other };
    match cases::open_step(&APPLICATION, &case, step, taker, act.now) {
        Ok(_) => Ok((case, body)),
        Err(StepRefused::SamePerson) => Err(Refusal::Conflict("TWO_PERSONS").into()),
        Err(_) => Err(Refusal::Conflict("CASE_MOVED_ON").into()),
    }
}

fn close(act: &mut Act<'_, '_>, case: &Case, body: &mut Body, state: &str) -> Result<(), Stop> {
    body.closer = Some(act.visit.person());
    cases::end(act.tx, case, state, body)
}

fn find(tx: &mut Tx<'_>, id: CaseId) -> Result<Case, Stop> {
    cases::find(tx, &APPLICATION, id)
}

fn view(case: &Case, person: PartyId) -> Result<ApplicationView, Stop> {
    let body: Body = cases::body(case)?;
    let taker = if body.opener == person { Taker::Opener } else { Taker::Other };
    Ok(ApplicationView {
        id: case.id,
        state: case.state.clone(),
        opened_at: case.opened_at,
        due_at: case.due_at,
        body,
        taker,
    })
}
