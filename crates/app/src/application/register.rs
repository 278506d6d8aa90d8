//! Registering a paper form: the case, the parties, the scan and the record in one transaction.

use super::{APPLICATION, ApplicationForm, Body, REGISTERED};
use crate::act::{Act, Want};
use crate::cases;
use crate::core::App;
use crate::refusal::{FieldFault, Refusal, Stop};
use crate::session::Visit;
use domain::fact::Right;
use domain::{CaseId, Fact, Instant};
use ident::PersonalNumber;
use store::Tx;
use store::cases::{Case, CaseFilter};
use store::parties::Identifier;
use store::vault::Field;

/// The service that paper forms connect to.
pub const SERVICE: &str = "employer";

impl App {
    /// Registers a received form. Returns the case that a second official has to confirm.
    ///
    /// Conflicts: `ALREADY_CONNECTED`, `APPLICATION_OPEN`. Faults: `TERMS_VERSION` for a version that is not in force.
    // R-004-16: no connection can be registered without the version of the terms that the form names.
    pub async fn register_application(
        &self,
        visit: &Visit,
        form: ApplicationForm,
    ) -> Result<CaseId, Refusal> {
        let want = Want::to("platform.application.register", self.agency());
        let case = CaseId::new(self.entropy());
        self.write(visit, want, move |act| {
            let known = act.app.known();
            let service = known.catalogue.service(SERVICE).ok_or(Stop::No(Refusal::NotFound))?;
            let today = domain::calendar::date_in_stockholm(act.now);
            if service.terms_version(&form.terms_version).is_none_or(|t| t.in_force_from > today) {
                return Err(Refusal::Invalid(vec![FieldFault::new("terms_version", "TERMS_VERSION")]).into());
            }
            let ring = act.ring.clone();
            let entropy = act.app.entropy();
            let organisation = store::parties::find_or_create(
                act.tx,
                &ring,
                entropy,
                Identifier::OrganisationNumber(&form.organisation_number.digits()),
                act.now,
            )?;
            // Written first: where several write beside each other, a second registration of the same organisation waits
            // here for the first one, and then finds its case. A refusal below undoes it.
            store::vault::set_field(
                act.tx,
                &ring,
                entropy,
                organisation,
                Field::DisplayName,
                &form.organisation_name,
            )?;
            store::vault::set_field(
                act.tx,
                &ring,
                entropy,
                organisation,
                Field::Email,
                &form.organisation_email,
            )?;
            if is_run(act, organisation)? {
                return Err(Refusal::Conflict("ALREADY_CONNECTED").into());
            }
            let same = CaseFilter {
                kind: Some(APPLICATION.name),
                state: Some(REGISTERED),
                party: Some(organisation),
                opener: None,
            };
            let open = store::cases::list(act.tx, same, 1, None)?;
            if !open.is_empty() {
                return Err(Refusal::Conflict("APPLICATION_OPEN").into());
            }
            let administrator = person(
                act.tx,
                act.app,
                &form.administrator_number,
                &form.administrator_name,
                Some(&form.administrator_email),
                act.now,
            )?;
            let scan = store::evidence::put(
                act.tx,
                &ring,
                entropy,
                organisation,
                form.scan.media_type,
                &form.scan.bytes,
                act.now,
            )?;
            let body = Body {
                organisation,
                administrator,
                opener: act.visit.person(),
                service: SERVICE.to_owned(),
                terms_version: form.terms_version.clone(),
                arrived: form.arrived,
                scan: crate::log::hex(&scan),
                closer: None,
                reason: None,
            };
            store::cases::insert(
                act.tx,
                &Case {
                    id: case,
                    kind: APPLICATION.name.to_owned(),
                    state: APPLICATION.first.to_owned(),
                    party: Some(organisation),
                    opener: Some(act.visit.person()),
                    opened_at: act.now,
                    due_at: cases::due_at(&APPLICATION, APPLICATION.first, service, act.now),
                    version: 1,
                    body: cases::text(&body)?,
                },
            )?;
            act.bears_on(body.administrator, store::records::Part::Concerned);
            act.record(
                "application.registered",
                Some(case.to_string()),
                &[scan],
                &[("arrived", form.arrived.to_string())],
            );
            Ok(case)
        })
        .await
    }
}

/// Whether the organisation uses the service now.
/// Whether the organisation is connected and somebody there can give authority. Where nobody is left, as after an
/// administrator's identity was replaced, a new paper form is the only way back (R-004-33).
pub(super) fn is_run(act: &mut Act<'_, '_>, organisation: domain::PartyId) -> Result<bool, Stop> {
    if !is_connected(act.tx, organisation, act.now)? {
        return Ok(false);
    }
    let ground = act.ground_at(organisation)?;
    let give = format!("{SERVICE}.mandate.give");
    let agency = act.app.agency();
    let left = authority::holders(
        &ground.slice,
        &ground.catalogue,
        agency,
        organisation,
        &give,
        Right::Use,
        act.now,
    );
    Ok(!left.is_empty())
}

pub(super) fn is_connected(
    tx: &mut Tx<'_>,
    organisation: domain::PartyId,
    now: Instant,
) -> Result<bool, Stop> {
    let facts = store::facts::slice(tx, organisation, organisation)?;
    Ok(facts.iter().any(|v| {
        matches!(&v.fact, Fact::Connection(c) if c.organisation == organisation && c.service == SERVICE)
            && v.holds_at(now)
    }))
}

/// A person known by number, with the name as typed unless an e-ID has told a better one. An address that is there
/// stays: nobody turns another person's mail aside by typing their number; and nobody but the person sets one for
/// somebody with protected identity.
pub(crate) fn person(
    tx: &mut Tx<'_>,
    app: &App,
    number: &PersonalNumber,
    name: &str,
    email: Option<&str>,
    now: Instant,
) -> Result<domain::PartyId, Stop> {
    let ring = app.ring();
    let entropy = app.entropy();
    let person =
        store::parties::find_or_create(tx, &ring, entropy, Identifier::PersonalNumber(number.as_str()), now)?;
    if store::vault::field(tx, &ring, person, Field::GivenName)?.is_none() {
        store::vault::set_field(tx, &ring, entropy, person, Field::DisplayName, name)?;
    }
    if let Some(email) = email
        && store::vault::field(tx, &ring, person, Field::Email)?.is_none()
        && store::protected::marked(tx, &ring, &[person])?.is_empty()
    {
        store::vault::set_field(tx, &ring, entropy, person, Field::Email, email)?;
    }
    Ok(person)
}
