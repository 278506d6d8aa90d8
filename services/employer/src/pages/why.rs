//! Why a sender could send: the decision's grounds as they were known then, in sentences.

use crate::store::reports::Report;
use app::why::{Held, Step, Why};
use app::{Names, Visit};
use domain::PartyId;
use domain::fact::{AcceptanceWay, MandateKind};
use page::Tr;

/// One ground: what held, and by whom or since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub what: String,
    pub who: String,
}

/// Everybody whose name the sentences need.
pub fn parties(why: &Why) -> Vec<PartyId> {
    let held = why.steps.iter().filter_map(|step| match step {
        Step::Held(held) => Some([Some(held.holder), held.given_by]),
        _ => None,
    });
    held.flatten().flatten().chain([why.actor, why.party]).collect()
}

/// The grounds in their order, and last the signature itself.
pub fn reasons(tr: &Tr, visit: &Visit, why: &Why, report: &Report, names: &Names) -> Vec<Reason> {
    let organisation = names.of(why.party);
    let mut reasons: Vec<Reason> = why
        .steps
        .iter()
        .map(|step| match step {
            Step::Connected { since } => Reason {
                what: tr.with("employer-why-connected", &[("organisation", organisation.into())]),
                who: tr.with("employer-why-since", &[("day", tr.date(*since).into())]),
            },
            Step::Accepted { version, since, way } => Reason {
                what: tr.with(
                    "employer-why-accepted",
                    &[("organisation", organisation.into()), ("version", version.as_str().into())],
                ),
                who: tr.with(
                    match way {
                        AcceptanceWay::PaperForm => "employer-why-accepted-paper",
                        AcceptanceWay::EService => "employer-why-accepted-service",
                    },
                    &[("day", tr.date(*since).into())],
                ),
            },
            Step::Held(held) => mandate(tr, visit, held, names),
        })
        .collect();
    let (name, time) = (names.of(report.reporter), tr.date_time_exact(report.signed_at));
    reasons.push(Reason {
        what: tr.with("employer-why-signed", &[("name", name.into())]),
        who: tr.with("employer-why-signed-at", &[("time", time.into())]),
    });
    reasons
}

fn mandate(tr: &Tr, visit: &Visit, held: &Held, names: &Names) -> Reason {
    let what = match held.kind {
        MandateKind::Administrator => "employer-why-administrator",
        MandateKind::User | MandateKind::AgencyRole => "employer-why-user",
    };
    let permissions = in_words(tr, visit, held);
    let day = tr.date(held.since);
    let given = match held.given_by {
        Some(giver) => {
            tr.with("employer-why-given", &[("name", names.of(giver).into()), ("day", day.into())])
        }
        None => tr.with("employer-why-registered", &[("day", day.into())]),
    };
    let until = held.until.map(|at| tr.with("employer-why-until", &[("time", tr.date_time(at).into())]));
    Reason {
        what: tr.with(what, &[("name", names.of(held.holder).into()), ("permissions", permissions.into())]),
        who: [Some(given), until].into_iter().flatten().collect::<Vec<_>>().join(" "),
    }
}

/// The names of what a mandate gives, by the catalogue in force now; the id of what it no longer knows.
fn in_words(tr: &Tr, visit: &Visit, held: &Held) -> String {
    let catalogue = &visit.known.catalogue;
    let name = |id: &String| {
        let package = catalogue.package(id).map(|package| &package.name);
        let name = package.or_else(|| catalogue.permission(id).map(|permission| &permission.name));
        name.map_or_else(|| id.clone(), |name| name.get(tr.lang()).to_owned())
    };
    held.permissions.iter().map(name).collect::<Vec<_>>().join(", ")
}
