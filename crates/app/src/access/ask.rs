//! Asking and taking back: the requester's own steps. They are recorded as the person's own acts, so that the own list
//! of events tells no more of an organisation than the person knows.

use super::kind::{ACCESS_REQUEST, SENT, TAKE_BACK, WAITING};
use super::{Body, CREATE, NewRequest, Origin, WITHDRAW, offer};
use crate::act::{Act, Ground, Want};
use crate::application::SERVICE;
use crate::cases;
use crate::core::App;
use crate::refusal::{FieldFault, Refusal, Stop};
use crate::session::Visit;
use authority::{Context, Decision, Question};
use domain::case::Taker;
use domain::fact::{PermissionId, Right};
use domain::{CaseId, PartyId};
use ident::OrganisationNumber;
use std::time::Duration;
use store::cases::{Case, CaseFilter};
use store::vault::Field;
use store::{StoreError, Tx};

/// Key of the number of requests that one person can make in a day.
const A_DAY: &str = "access_requests_a_day";
/// Of a person's latest cases so many are looked through: more than anybody can open before they lapse.
const LATEST: u32 = 300;

impl App {
    /// Asks for what was refused at an organisation that the visitor has a tie to: the narrowest package that holds it.
    /// Whoever asks again is led to the request that waits.
    ///
    /// Conflicts: `REQUEST_HELD`, `REQUEST_MENDS_NOTHING`, `REQUEST_NOBODY`, `REQUEST_LIMIT`. Without a tie:
    /// [`Refusal::NotFound`], as if there were no such organisation.
    pub async fn ask(
        &self,
        visit: &Visit,
        organisation: PartyId,
        permission: &str,
    ) -> Result<CaseId, Refusal> {
        let permission = permission.to_owned();
        let id = CaseId::new(self.entropy());
        self.write(visit, Want::to(CREATE, visit.person()), move |act| {
            let (person, now, agency) = (act.visit.person(), act.now, act.app.agency());
            store::parties::hold(act.tx, person)?;
            let ground = act.ground_at(organisation)?;
            if !offer::is_tied(&ground.slice, person, organisation) {
                return Err(Refusal::NotFound.into());
            }
            let decision = decision(act, &ground, organisation, &permission);
            if decision.allowed {
                return Err(Refusal::Conflict("REQUEST_HELD").into());
            }
            let package =
                offer::narrowest(&ground.catalogue, &permission).filter(|_| offer::mends(&decision));
            let package = package.ok_or(Stop::No(Refusal::Conflict("REQUEST_MENDS_NOTHING")))?.id.clone();
            let others =
                offer::answerers(&ground.slice, &ground.catalogue, agency, organisation, person, now);
            if others.is_empty() {
                return Err(Refusal::Conflict("REQUEST_NOBODY").into());
            }
            let own = latest(act.tx, person)?;
            let same = |case: &Case, body: &Body| {
                case.state == WAITING && case.party == Some(organisation) && body.package == package
            };
            if let Some(open) = find_open(act, &own, same)? {
                return again(act, open, &package);
            }
            within_limit(act, &own)?;
            let body = Body {
                requester: person,
                package: package.clone(),
                origin: Origin::Refused(permission.clone()),
                answer: None,
            };
            insert(act, id, WAITING, Some(organisation), &body)?;
            for administrator in others {
                act.app.tell_asked(act.tx, id, administrator, organisation, now)?;
            }
            record(act, "access_request.asked", id, &package);
            Ok(id)
        })
        .await
    }

    /// Asks by an organisation's number. Nothing that the number might lead to is looked at before the answer is given:
    /// answer, own list and the time it takes are the same whatever there is ([`App::deliver_requests`] looks later).
    ///
    /// Conflicts: `REQUEST_LIMIT`. Faults: `UNKNOWN_PERMISSION`.
    // R-002-09 (part): a stranger learns nothing of an organisation.
    pub async fn ask_by_number(&self, visit: &Visit, new: NewRequest) -> Result<CaseId, Refusal> {
        let id = CaseId::new(self.entropy());
        self.write(visit, Want::to(CREATE, visit.person()), move |act| {
            let person = act.visit.person();
            store::parties::hold(act.tx, person)?;
            let known = act.app.known();
            if offer::askable_package(&known.catalogue, &new.package).is_none() {
                let fault = FieldFault::new("package", "UNKNOWN_PERMISSION");
                return Err(Refusal::Invalid(vec![fault]).into());
            }
            let own = latest(act.tx, person)?;
            let mut typed = Vec::new();
            for case in own.iter().filter(|case| ACCESS_REQUEST.deadline(&case.state).is_some()) {
                if typed_number(act.tx, act.app, person, case.id)?.as_ref() == Some(&new.number) {
                    typed.push(case.id);
                }
            }
            let same = |case: &Case, body: &Body| typed.contains(&case.id) && body.package == new.package;
            if let Some(open) = find_open(act, &own, same)? {
                return again(act, open, &new.package);
            }
            within_limit(act, &own)?;
            let body =
                Body { requester: person, package: new.package.clone(), origin: Origin::Typed, answer: None };
            insert(act, id, SENT, None, &body)?;
            keep(act, &number_field(id), &new.number.digits())?;
            keep(act, &need_field(id), &new.need)?;
            if let Some(email) = &new.email {
                let ring = act.ring.clone();
                if store::vault::field(act.tx, &ring, person, Field::Email)?.is_none() {
                    let entropy = act.app.entropy();
                    store::vault::set_field(act.tx, &ring, entropy, person, Field::Email, email)?;
                }
            }
            record(act, "access_request.asked", id, &new.package);
            Ok(id)
        })
        .await
    }

    /// Takes a request back while nobody has answered it.
    pub async fn withdraw_request(&self, visit: &Visit, id: CaseId) -> Result<(), Refusal> {
        self.write(visit, Want::to(WITHDRAW, visit.person()), move |act| {
            // Not while the request is being delivered: that is no step that anybody would understand to be late for.
            store::parties::hold(act.tx, act.visit.person())?;
            let case = cases::find(act.tx, &ACCESS_REQUEST, id)?;
            if case.opener != Some(act.visit.person()) {
                return Err(Refusal::NotFound.into());
            }
            let step = cases::open_step(&ACCESS_REQUEST, &case, TAKE_BACK, Taker::Opener, act.now)
                .map_err(|_| Stop::No(Refusal::Conflict("CASE_MOVED_ON")))?;
            let body: Body = cases::body(&case)?;
            cases::end(act.tx, &case, step.to, &body)?;
            record(act, "access_request.withdrawn", id, &body.package);
            Ok(())
        })
        .await
    }

    /// Whether letters reach the visitor.
    pub async fn has_address(&self, visit: &Visit) -> Result<bool, Refusal> {
        let (app, person) = (self.clone(), visit.person());
        self.read(move |tx| Ok(store::vault::field(tx, &app.ring(), person, Field::Email)?.is_some())).await
    }
}

/// The decision on what was refused, as it is under the lock.
fn decision(act: &Act<'_, '_>, ground: &Ground, party: PartyId, permission: &str) -> Decision {
    let question = Question {
        subject: act.visit.person(),
        session: act.visit.login(),
        party,
        agency: act.app.agency(),
        permission,
        right: Right::Use,
        at: act.now,
        context: Context::NONE,
    };
    authority::decide(&ground.slice, &ground.catalogue, ground.catalogue_seq, &question)
}

/// The person's requests, newest first.
fn latest(tx: &mut Tx<'_>, person: PartyId) -> Result<Vec<Case>, StoreError> {
    let own = CaseFilter { kind: Some(ACCESS_REQUEST.name), opener: Some(person), ..CaseFilter::default() };
    store::cases::list(tx, own, LATEST, None)
}

/// The first that is `same` and whose time is not over.
fn find_open(
    act: &Act<'_, '_>,
    own: &[Case],
    same: impl Fn(&Case, &Body) -> bool,
) -> Result<Option<CaseId>, Stop> {
    for case in own.iter().filter(|case| case.due_at.is_some_and(|due| act.now < due)) {
        if same(case, &cases::body(case)?) {
            return Ok(Some(case.id));
        }
    }
    Ok(None)
}

/// Asked before and not answered: the same request, and a record that it was asked again.
fn again(act: &mut Act<'_, '_>, open: CaseId, package: &PermissionId) -> Result<CaseId, Stop> {
    record(act, "access_request.asked_again", open, package);
    Ok(open)
}

/// Withdrawn ones count too: each has been a letter to somebody.
fn within_limit(act: &Act<'_, '_>, own: &[Case]) -> Result<(), Stop> {
    let known = act.app.known();
    let most = known.catalogue.service(SERVICE).and_then(|service| service.limits.get(A_DAY));
    let most = most.map_or(0, |limit| limit.value as usize);
    let day = Duration::from_secs(24 * 60 * 60);
    let today = own.iter().filter(|case| act.now < case.opened_at + day).count();
    if today < most { Ok(()) } else { Err(Refusal::Conflict("REQUEST_LIMIT").into()) }
}

fn insert(
    act: &mut Act<'_, '_>,
    id: CaseId,
    state: &str,
    party: Option<PartyId>,
    body: &Body,
) -> Result<(), Stop> {
    let known = act.app.known();
    let service = known.catalogue.service(SERVICE).ok_or(Stop::No(Refusal::NotFound))?;
    let case = Case {
        id,
        kind: ACCESS_REQUEST.name.to_owned(),
        state: state.to_owned(),
        party,
        opener: Some(body.requester),
        opened_at: act.now,
        due_at: cases::due_at(&ACCESS_REQUEST, state, service, act.now),
        version: 1,
        body: cases::text(body)?,
    };
    Ok(store::cases::insert(act.tx, &case)?)
}

fn record(act: &mut Act<'_, '_>, event: &str, id: CaseId, package: &PermissionId) {
    act.record(event, Some(id.to_string()), &[], &[("permission", package.clone())]);
}

fn keep(act: &mut Act<'_, '_>, name: &str, text: &str) -> Result<(), Stop> {
    let (ring, person) = (act.ring.clone(), act.visit.person());
    let entropy = act.app.entropy();
    Ok(store::vault::set_field(act.tx, &ring, entropy, person, Field::FreeText(name), text)?)
}

/// Under which name the requester's vault keeps the number that was typed.
fn number_field(id: CaseId) -> String {
    format!("request.number.{id}")
}

/// Under which name it keeps the need.
fn need_field(id: CaseId) -> String {
    format!("request.need.{id}")
}

/// The number that the requester typed, if one was.
pub(super) fn typed_number(
    tx: &mut Tx<'_>,
    app: &App,
    requester: PartyId,
    id: CaseId,
) -> Result<Option<OrganisationNumber>, Stop> {
    let number = store::vault::field(tx, &app.ring(), requester, Field::FreeText(&number_field(id)))?;
    Ok(number.and_then(|plain| OrganisationNumber::parse(plain.as_str()).ok()))
}

/// The need that the requester stated, if one was.
pub(super) fn stated_need(
    tx: &mut Tx<'_>,
    app: &App,
    requester: PartyId,
    id: CaseId,
) -> Result<Option<String>, Stop> {
    let need = store::vault::field(tx, &app.ring(), requester, Field::FreeText(&need_field(id)))?;
    Ok(need.map(|plain| plain.as_str().to_owned()))
}
