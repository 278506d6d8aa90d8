//! Authority at an organisation: who has what, give, end, and "why?" (terms §4–5; R-004-24, -25, -26, -31, -33).

mod form;
mod giver;
mod giving;
mod naming;

pub use form::{NEED_LIMIT, TypedMandate};
pub(crate) use giving::{Giving, give};

use crate::act::{Act, Want};
use crate::application::person;
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::session::Visit;
use authority::{Context, Decision, Ending, FactsView as _, code};
use domain::fact::{Mandate, MandateKind, PermissionId, Right};
use domain::{Fact, FactId, FactVersion, Instant, PartyId};
use ident::PersonalNumber;
use jiff::civil::Date;
use std::collections::BTreeSet;
use store::StoreError;
use store::vault::Field;

/// A mandate as lists show it.
#[derive(Debug, Clone)]
pub struct MandateView {
    pub id: FactId,
    pub holder: PartyId,
    pub kind: MandateKind,
    pub permissions: BTreeSet<PermissionId>,
    pub from: Instant,
    pub to: Option<Instant>,
    pub parent: Option<FactId>,
}

/// What an administrator types to give somebody authority.
#[derive(Debug, Clone)]
pub struct NewMandate {
    pub number: PersonalNumber,
    pub name: String,
    pub email: String,
    /// One package or permission of the catalogue.
    pub permission: PermissionId,
    /// The last day, in Sweden; `None` until further notice.
    pub last_day: Option<Date>,
    /// Why the person needs it (R-004-26).
    pub need: String,
}

impl App {
    /// Mandates in force or to come at the organisation, by holder.
    pub async fn mandates(&self, visit: &Visit, service: &str) -> Result<Vec<MandateView>, Refusal> {
        let want = Want::to(&format!("{service}.mandate.read"), visit.party());
        self.require(visit, &want).await?;
        let now = self.now();
        let mut list = visit
            .known
            .index
            .mandates_at(visit.party())
            .filter(|known| known.version.valid_to.is_none_or(|to| now < to))
            .map(|known| view(known.version, known.says))
            .collect::<Vec<_>>();
        list.sort_by_key(|m| (m.kind, m.from, m.id));
        Ok(list)
    }

    /// Packages that the catalogue lets a service's administrators give, for a form to choose from: the service's own, and
    /// those of connected e-services whose rules let this service's administrators give them.
    pub fn givable(&self, visit: &Visit, service: &str) -> Vec<PermissionId> {
        let catalogue = &visit.known.catalogue;
        let Some(entry) = catalogue.service(service) else { return Vec::new() };
        let beside: BTreeSet<&str> =
            entry.packages.values().flat_map(|package| catalogue.givable(&package.id)).collect();
        let others = catalogue
            .services()
            .filter(|other| other.id != entry.id)
            .flat_map(|other| other.packages.values())
            .filter(|package| package.permissions.iter().all(|id| beside.contains(id.as_str())));
        entry
            .packages
            .values()
            .chain(others)
            .filter(|package| package.holder != MandateKind::AgencyRole)
            .map(|package| package.id.clone())
            .collect()
    }

    /// Gives a person authority. It works at the person's next request, also for one who has never logged in.
    ///
    /// Conflicts: those of the rules, `NAME_NUMBER` where name and number do not go together, `NAME_TRIES`.
    pub async fn give_mandate(
        &self,
        visit: &Visit,
        service: &str,
        new: NewMandate,
    ) -> Result<FactId, Refusal> {
        let want = Want::to(&format!("{service}.mandate.give"), visit.party());
        self.name_goes(visit, &want, &new.number, &new.name).await?;
        self.change(visit, want, move |act| {
            let holder = person(act.tx, act.app, &new.number, &new.name, Some(&new.email), act.now)?;
            naming::call(act, holder, &new.name)?;
            let organisation = act.visit.party();
            let id = give(
                act,
                &Giving { holder, permission: &new.permission, last_day: new.last_day, need: &new.need },
            )?;
            act.mail(&format!("{id}.given"), holder, "mail-mandate-given", &organisation.to_string())?;
            act.record(
                "mandate.given",
                Some(id.to_string()),
                &[],
                &[("holder", holder.to_string()), ("permission", new.permission.clone())],
            );
            Ok(id)
        })
        .await
    }

    /// Ends a mandate at once. The last administrator cannot be ended without a successor (R-004-33).
    pub async fn end_mandate(&self, visit: &Visit, service: &str, id: FactId) -> Result<(), Refusal> {
        let want = Want::to(&format!("{service}.mandate.end"), visit.party());
        self.change(visit, want, move |act| {
            let organisation = act.visit.party();
            let version = store::facts::current(act.tx, id)?.ok_or(Stop::No(Refusal::NotFound))?;
            let Fact::Mandate(mandate) = &version.fact else { return Err(Refusal::NotFound.into()) };
            if mandate.grantor != organisation {
                return Err(Refusal::NotFound.into());
            }
            if version.valid_to.is_some_and(|to| to <= act.now) {
                return Err(Refusal::Conflict("MANDATE_ENDED_ALREADY").into());
            }
            // What an administrator has given outlives the administrator: `may_end` says on what it stands instead.
            let ground = act.ground()?;
            let ending = Ending {
                by: act.visit.person(),
                session: act.visit.login(),
                party: organisation,
                agency: act.app.agency(),
                mandate: id,
                ends_at: act.now,
                at: act.now,
            };
            let answer = authority::may_end(&ground.slice, &ground.catalogue, ground.catalogue_seq, &ending);
            if !answer.decision.allowed {
                return Err(Stop::Refused(Box::new(answer.decision)));
            }
            if !answer.allowed {
                return Err(
                    Refusal::Conflict(answer.broken.first().map_or(code::END_NOT_FOUND, |b| b.code)).into()
                );
            }
            for handover in &answer.handover {
                reparent(act, handover.mandate, handover.parent)?;
            }
            let (seq, now) = (act.seq()?, act.now);
            let from = version.valid_from.min(now);
            store::facts::replace(act.tx, seq, id, from, Some(now), &version.fact)?;
            act.mail(
                &format!("{id}.ended"),
                mandate.holder,
                "mail-mandate-ended",
                &organisation.to_string(),
            )?;
            act.record("mandate.ended", Some(id.to_string()), &[], &[("holder", mandate.holder.to_string())]);
            Ok(())
        })
        .await
    }

    /// "Why can X?": the decision about another person at the same organisation, by the same `decide`.
    ///
    /// The other person's login is not known, so method and assurance are asked as for the visitor's own.
    pub async fn why(
        &self,
        visit: &Visit,
        service: &str,
        holder: PartyId,
        permission: &str,
    ) -> Result<Decision, Refusal> {
        let want = Want::to(&format!("{service}.mandate.read"), visit.party());
        self.require(visit, &want).await?;
        let known = &visit.known;
        if !known.index.mandates_at(visit.party()).any(|mandate| mandate.says.holder == holder) {
            return Err(Refusal::NotFound);
        }
        Ok(authority::decide(
            &known.index,
            &known.catalogue,
            known.catalogue_seq,
            &authority::Question {
                subject: holder,
                session: visit.login(),
                party: visit.party(),
                agency: self.agency(),
                permission,
                right: Right::Use,
                at: self.now(),
                context: Context::NONE,
            },
        ))
    }

    /// The need that was stated when a mandate was given, for its organisation's administrators.
    pub async fn need(&self, holder: PartyId, id: FactId) -> Result<Option<String>, Refusal> {
        let app = self.clone();
        self.read(move |tx| {
            let name = format!("need.{id}");
            let need = store::vault::field(tx, &app.ring(), holder, Field::FreeText(&name))?;
            Ok(need.map(|plain| plain.as_str().to_owned()))
        })
        .await
    }
}

fn view(version: &FactVersion, mandate: &Mandate) -> MandateView {
    MandateView {
        id: version.id,
        holder: mandate.holder,
        kind: mandate.kind,
        permissions: mandate.permissions.clone(),
        from: version.valid_from,
        to: version.valid_to,
        parent: mandate.parent,
    }
}

fn reparent(act: &mut Act<'_, '_>, child: FactId, parent: Option<FactId>) -> Result<(), Stop> {
    let version =
        store::facts::current(act.tx, child)?.ok_or(StoreError::Corrupt("handover of no fact".into()))?;
    let Fact::Mandate(mandate) = &version.fact else {
        return Err(StoreError::Corrupt("handover of what is no mandate".into()).into());
    };
    let moved = Fact::Mandate(Mandate { parent, ..mandate.clone() });
    let seq = act.seq()?;
    Ok(store::facts::replace(act.tx, seq, child, version.valid_from, version.valid_to, &moved)?)
}
