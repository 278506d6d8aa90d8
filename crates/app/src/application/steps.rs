//! The second official: list, read, confirm or return; and what the calendar does.

use super::register::is_connected;
use super::{APPLICATION, Body, CONFIRM, RETURN};
use crate::act::{Act, Want};
use crate::core::App;
use crate::installation::given_by;
use crate::refusal::{Refusal, Stop};
use crate::session::Visit;
use activity::{Record, RecordClass};
use catalogue::BY_APPLICATION;
use domain::case::{StepRefused, Taker};
use domain::fact::{AcceptanceWay, Connection, Mandate, MandateKind, Right, TermsAcceptance};
use domain::{CaseId, Fact, Instant};
use std::collections::BTreeSet;
use store::cases::{Case, CaseFilter};
use store::evidence::Evidence;
use store::{StoreError, Tx};

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
                CaseFilter { kind: Some(APPLICATION.name), state, party: None },
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
        self.look(visit, &read_want(self), "application.read", Some(id.to_string())).await?;
        let person = visit.person();
        self.read(move |tx| view(&find(tx, id)?, person)).await
    }

    /// The scan behind a case, byte for byte.
    pub async fn application_scan(&self, visit: &Visit, id: CaseId) -> Result<Evidence, Refusal> {
        self.look(visit, &read_want(self), "application.scan_read", Some(id.to_string())).await?;
        let app = self.clone();
        self.read(move |tx| {
            let body = parse(&find(tx, id)?)?;
            let hash = body.scan_hash().ok_or(StoreError::Corrupt("scan hash".into()))?;
            store::evidence::get(tx, &app.ring(), hash)?.ok_or(Stop::No(Refusal::NotFound))
        })
        .await
    }

    /// Confirms: connection, acceptance of the terms and the administrator's mandate come in force by one change,
    /// and both sides get their mail by the same transaction (R-004-20, R-004-23).
    pub async fn confirm_application(&self, visit: &Visit, id: CaseId) -> Result<(), Refusal> {
        let body = self.read(move |tx| parse(&find(tx, id)?)).await?;
        let want = Want::to("platform.application.confirm", self.agency()).after(
            "platform.application.register",
            body.opener,
            body.administrator,
        );
        self.change(visit, want, move |act| {
            let (mut case, mut body) = open_step(act, id, CONFIRM)?;
            if is_connected(act.tx, body.organisation, act.now)? {
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
            act.add_fact(
                now,
                None,
                &Fact::Connection(Connection { organisation, service: body.service.clone() }),
            )?;
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
            close(act, &mut case, &mut body, "confirmed")?;
            for (recipient, template) in [
                (organisation, "mail-connected-organisation"),
                (administrator, "mail-connected-administrator"),
                (body.opener, "mail-application-confirmed-officer"),
            ] {
                act.mail(&format!("{}.confirmed", case.id), recipient, template, &case.id.to_string())?;
            }
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
            let (mut case, mut body) = open_step(act, id, RETURN)?;
            body.reason = Some(reason.code().to_owned());
            close(act, &mut case, &mut body, "returned")?;
            act.mail(
                &format!("{}.returned", case.id),
                body.organisation,
                "mail-application-returned",
                reason.code(),
            )?;
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

    /// What the calendar does to cases that are due at `now`: they lapse, with mail and record. Gives how many were due.
    pub(crate) fn lapse_due(&self, tx: &mut Tx<'_>, now: Instant) -> Result<usize, Stop> {
        let (node, lease) = (&self.settings().node, std::time::Duration::from_secs(60));
        let due = store::cases::lease_due(tx, now, node, lease, crate::due::AT_ONCE)?;
        for case in &due {
            let Some(deadline) = APPLICATION.deadline(&case.state) else { continue };
            let body = parse(case)?;
            let mut next = case.clone();
            next.state = deadline.to.to_owned();
            next.due_at = None;
            if !store::cases::update(tx, &next, case.version)? {
                continue;
            }
            for recipient in [body.organisation, body.opener] {
                let event = format!("{}.lapsed", case.id);
                let argument = case.id.to_string();
                self.mail_in(tx, &event, recipient, "mail-application-lapsed", &argument, now)?;
            }
            self.append(tx, &lapse_record(self, case, now))?;
        }
        Ok(due.len())
    }
}

fn lapse_record(app: &App, case: &Case, now: Instant) -> Record {
    Record {
        party: case.party,
        object: Some(case.id.to_string()),
        ..Record::new(app.entropy(), now, RecordClass::System, "application.lapsed")
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
    let body = parse(&case)?;
    if case.due_at.is_some_and(|due| due <= act.now) {
        // Its time is over, whether or not the timer has come to it.
        return Err(Refusal::Conflict("CASE_MOVED_ON").into());
    }
    let taker = if body.opener == act.visit.person() { Taker::Opener } else { Taker::Other };
    match APPLICATION.step(step, &case.state, taker) {
        Ok(_) => Ok((case, body)),
        Err(StepRefused::SamePerson) => Err(Refusal::Conflict("TWO_PERSONS").into()),
        Err(_) => Err(Refusal::Conflict("CASE_MOVED_ON").into()),
    }
}

fn close(act: &mut Act<'_, '_>, case: &mut Case, body: &mut Body, state: &str) -> Result<(), Stop> {
    let had = case.version;
    body.closer = Some(act.visit.person());
    state.clone_into(&mut case.state);
    case.due_at = None;
    case.body = serde_json::to_string(body).map_err(|_| StoreError::Corrupt("case body".into()))?;
    if store::cases::update(act.tx, case, had)? {
        Ok(())
    } else {
        Err(Refusal::Conflict("CASE_MOVED_ON").into())
    }
}

fn find(tx: &mut Tx<'_>, id: CaseId) -> Result<Case, Stop> {
    store::cases::find(tx, id)?
        .filter(|case| case.kind == APPLICATION.name)
        .ok_or(Stop::No(Refusal::NotFound))
}

fn parse(case: &Case) -> Result<Body, Stop> {
    serde_json::from_str(&case.body).map_err(|_| Stop::Store(StoreError::Corrupt("case body".into())))
}

fn view(case: &Case, person: domain::PartyId) -> Result<ApplicationView, Stop> {
    let body = parse(case)?;
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
