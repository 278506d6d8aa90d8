//! The links of a decision about another person, in words.

use authority::{Broken, Decision, FactsView as _, Link, LinkKind, Mender, Verdict, code};
use domain::FactId;
use domain::fact::AcceptanceWay;
use page::{BrokenLink, Value};

use super::{Ground, Step, at_agency};
use crate::offer::spoken;
use crate::people::{last_day, what};

/// Every link that bears on the question, in the decision's order; the mandate as its whole chain.
pub(super) fn steps(ground: &Ground<'_>, decision: &Decision) -> Vec<Step> {
    let mut steps = Vec::new();
    for link in &decision.links {
        match &link.verdict {
            Verdict::NotAsked => {}
            Verdict::Broken(broken) => steps.push(refused(ground, broken)),
            Verdict::Holds { .. } if link.kind == LinkKind::Mandate => {
                // From the one that the agency registered down to the person's own.
                steps.extend(decision.chain.iter().rev().filter_map(|id| mandate(ground, *id)));
            }
            Verdict::Holds { facts } => steps.extend(holds(ground, link, facts)),
        }
    }
    steps
}

fn holds(ground: &Ground<'_>, link: &Link, facts: &[FactId]) -> Option<Step> {
    let (visitor, tr) = (ground.visitor, ground.visitor.tr());
    let lang = spoken(visitor.page.lang());
    let known = &visitor.visit.known;
    let (method, party) = (visitor.visit.method(), visitor.party.id);
    let named = known.catalogue.method(method).map_or(method, |m| m.name.get(lang));
    let service = known.catalogue.service_of(ground.permission)?;
    let organisation = || ("organisation", Value::from(visitor.party.name.as_str()));
    let step = |what: String, says: Vec<String>| Some(Step { what, says, code: None });
    let since = |at: Option<domain::Instant>| {
        at.map(|at| tr.with("why-since", &[("date", tr.date(at).into())])).into_iter().collect::<Vec<_>>()
    };
    match link.kind {
        LinkKind::Method => {
            let states =
                known.index.method_states(method, &service.id).filter(|state| facts.contains(&state.id()));
            let from = states.map(|state| state.version.valid_from).min();
            step(tr.with("why-method", &[("method", named.into())]), since(from))
        }
        // Without a policy of its own the organisation allows what the service does: nothing to tell.
        LinkKind::MethodPolicy if facts.is_empty() => None,
        LinkKind::MethodPolicy => step(tr.with("why-method-policy", &[("method", named.into())]), Vec::new()),
        LinkKind::Assurance => {
            let level = visitor.visit.assurance().to_string();
            step(tr.with("why-assurance", &[("method", named.into()), ("level", level.into())]), Vec::new())
        }
        LinkKind::Connection => {
            let found = known.index.connections(party, &service.id).filter(|c| facts.contains(&c.id()));
            let from = found.map(|connection| connection.version.valid_from).min();
            let named = [organisation(), ("service", service.name.get(lang).into())];
            step(tr.with("why-connection", &named), since(from))
        }
        LinkKind::Terms => {
            let found = known.index.acceptances(party, &service.id).filter(|a| facts.contains(&a.id()));
            let latest = found.max_by_key(|acceptance| acceptance.version.valid_from)?;
            let way = match latest.says.way {
                AcceptanceWay::PaperForm => "why-terms-paper",
                AcceptanceWay::EService => "why-terms-service",
            };
            let date = tr.date(latest.version.valid_from);
            let version = ("version", Value::from(latest.says.version.as_str()));
            step(
                tr.with("why-terms", &[organisation(), version]),
                vec![tr.with(way, &[("date", date.into())])],
            )
        }
        LinkKind::Lock => step(tr.get("why-lock"), Vec::new()),
        LinkKind::Rule => step(tr.get("why-rule"), Vec::new()),
        LinkKind::Mandate => None,
    }
}

/// One mandate of the chain: who has what, since when, until when, from whom.
fn mandate(ground: &Ground<'_>, id: FactId) -> Option<Step> {
    let (visitor, tr) = (ground.visitor, ground.visitor.tr());
    let known = ground.mandate(id)?;
    let date = tr.date(known.version.valid_from);
    let name = ground.names.of(known.says.holder);
    let what = what(visitor, &known.says.permissions);
    let from = match ground.givers.get(&id) {
        Some(giver) => {
            tr.with("why-given", &[("name", ground.names.of(*giver).into()), ("date", date.into())])
        }
        None if at_agency(known.says.kind) => tr.with("why-registered-role", &[("date", date.into())]),
        None => {
            let agency = ground.names.of(ground.app.agency());
            tr.with("why-registered", &[("agency", agency.into()), ("date", date.into())])
        }
    };
    let until = known.version.valid_to.map(|to| tr.with("why-until", &[("date", last_day(tr, to).into())]));
    Some(Step {
        what: tr.with("why-mandate", &[("name", name.into()), ("what", what.into())]),
        says: std::iter::once(from).chain(until).collect(),
        code: None,
    })
}

/// A link that does not hold: what is missing, and who can mend it.
fn refused(ground: &Ground<'_>, broken: &Broken) -> Step {
    let tr = ground.visitor.tr();
    let mender = match broken.mender {
        Mender::Self_ => "why-mender-self",
        Mender::OrganisationAdministrator => "mender-organisation-administrator",
        Mender::Agency => "mender-agency",
        Mender::Issuer => "mender-issuer",
        Mender::Nobody => "mender-nobody",
    };
    let missing = tr.with("why-missing", &[("says", sentence(ground, broken).into())]);
    Step {
        what: missing,
        says: vec![tr.get(mender)],
        code: Some(tr.with("why-broken-code", &[("code", broken.code.into())])),
    }
}

/// In the third person where the general sentence speaks to "you".
fn sentence(ground: &Ground<'_>, broken: &Broken) -> String {
    let tr = ground.visitor.tr();
    let names =
        [("name", Value::from(ground.name())), ("organisation", ground.visitor.party.name.as_str().into())];
    let dated = |key: &str| match broken.since {
        Some(since) => tr.with(&format!("{key}-since"), &[("time", tr.date_time(since).into())]),
        None => tr.get(key),
    };
    match broken.code {
        code::NO_MANDATE => tr.with("why-no-mandate", &names),
        code::MANDATE_SCOPE => tr.with("why-mandate-scope", &names),
        code::MANDATE_ENDED => match broken.since.and_then(page::last_day_of) {
            Some(day) => tr.with("why-mandate-ended-day", &[("day", tr.day(day).into())]),
            None => dated("why-mandate-ended"),
        },
        code::MANDATE_NOT_YET => dated("why-mandate-not-yet"),
        code::CHAIN_BROKEN => tr.get("why-chain-broken"),
        other => {
            // The mender is told below, in the third person too.
            let link = BrokenLink::new(other, page::Mender::Nobody);
            match broken.since {
                Some(since) => link.since(since).sentence(tr),
                None => link.sentence(tr),
            }
        }
    }
}
