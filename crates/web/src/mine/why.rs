//! "Why may I?": every link of the one decision about the visitor's own mandate, as its subject may see it (R-002-09).
//!
//! Other people of the chain are told by their role, the organisation's own connection, terms and locks only to somebody
//! with a tie to it.

use app::{Names, Want};
use askama::Template;
use authority::{Decision, FactsView as _, Known, LinkKind, Verdict};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::FactId;
use domain::fact::{Mandate, MandateKind};
use page::door::{Visitor, broken_link};
use page::{Problem, Tr};
use serde::Deserialize;

use super::{base, held, not_found, own};
use crate::hall::Hall;
use crate::offer::spoken;
use crate::people::{entry_name, last_day, what};

#[derive(Debug, Deserialize)]
pub(super) struct Named {
    mandate: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    permission: Option<String>,
}

/// A link of the chain in words.
struct Step {
    what: String,
    says: Vec<String>,
    /// Its stable code, if it does not hold.
    code: Option<&'static str>,
}

/// Another permission of the same mandate.
struct Other {
    name: String,
    href: String,
    current: Option<()>,
}

#[derive(Template)]
#[template(path = "mine/why.html")]
struct Body<'a> {
    tr: &'a Tr,
    allowed: bool,
    answer: String,
    steps: Vec<Step>,
    note: String,
    others: Vec<Other>,
}

pub(super) async fn page(
    State(hall): State<Hall>,
    visitor: Visitor,
    Path(named): Path<Named>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    own(&hall.app, &visitor).await?;
    let id: FactId = named.mandate.parse().map_err(|_| not_found(&visitor))?;
    let mandate = held(&visitor).find(|mandate| mandate.id() == id).ok_or_else(|| not_found(&visitor))?;
    let catalogue = &visitor.visit.known.catalogue;
    let permissions = catalogue.expand(mandate.says.permissions.iter().map(String::as_str));
    let wanted = match asked.permission.as_deref() {
        Some(wanted) => permissions.iter().find(|id| **id == wanted),
        None => permissions.iter().next(),
    };
    let permission = *wanted.ok_or_else(|| not_found(&visitor))?;
    let party = mandate.says.grantor;
    let decision = hall.app.decide(&visitor.visit, &Want::to(permission, party)).for_subject();
    let names = hall
        .app
        .names(&visitor.visit, [party, hall.app.agency()])
        .await
        .map_err(|refusal| visitor.refused(refusal))?;
    let (tr, here) = (visitor.tr(), format!("{}/{id}/why", base(&visitor)));
    let ground = Ground {
        visitor: &visitor,
        permission,
        mandate,
        organisation: names.of(party).to_owned(),
        agency: agency(&names, hall.app.agency()),
    };
    let said = [
        ("what", entry_name(&visitor, permission).into()),
        ("organisation", ground.organisation.as_str().into()),
    ];
    let body = Body {
        tr,
        allowed: decision.allowed,
        answer: tr.with(if decision.allowed { "mine-why-allowed" } else { "mine-why-refused" }, &said),
        steps: ground.steps(&decision),
        note: tr.with("mine-why-note", &[("time", tr.date_time(visitor.page.now).into())]),
        others: permissions
            .iter()
            .map(|id| Other {
                name: entry_name(&visitor, id).to_owned(),
                href: format!("{here}?permission={id}"),
                current: (*id == permission).then_some(()),
            })
            .collect(),
    };
    Ok(visitor.frame(tr.get("why-title")).back(tr.get("mine-title"), base(&visitor)).render(&body))
}

fn agency(names: &Names, agency: domain::PartyId) -> String {
    names.of(agency).to_owned()
}

/// What the words are made from.
struct Ground<'v> {
    visitor: &'v Visitor,
    permission: &'v str,
    mandate: Known<'v, Mandate>,
    organisation: String,
    agency: String,
}

impl Ground<'_> {
    fn steps(&self, decision: &Decision) -> Vec<Step> {
        let mut steps = Vec::new();
        for link in &decision.links {
            match &link.verdict {
                Verdict::NotAsked => {}
                Verdict::Broken(broken) => {
                    let link = broken_link(broken.code, broken.mender, broken.since);
                    let missing = [("says", link.sentence(self.tr()).into())];
                    let what = self.tr().with("why-missing", &missing);
                    steps.push(Step { what, says: Vec::new(), code: Some(broken.code) });
                }
                Verdict::Holds { .. } if link.kind == LinkKind::Mandate => {
                    // From the one that the agency registered down to the visitor's own.
                    steps.extend(decision.chain.iter().rev().filter_map(|id| self.held(*id)));
                }
                Verdict::Holds { facts } => steps.extend(self.holds(link.kind, facts)),
            }
        }
        steps
    }

    fn tr(&self) -> &Tr {
        self.visitor.tr()
    }

    fn held(&self, id: FactId) -> Option<Step> {
        let (visitor, tr) = (self.visitor, self.tr());
        let known = visitor.visit.known.index.mandate(id)?;
        let date = tr.date(known.version.valid_from);
        let own = known.says.holder == visitor.person.id;
        let organisation = || ("organisation", self.organisation.as_str().into());
        let what = ("what", what(visitor, &known.says.permissions).into());
        let what = match own {
            true => tr.with("mine-why-own", &[what, organisation()]),
            false => tr.with("mine-why-giver", &[what, organisation()]),
        };
        let from = match known.says.parent {
            Some(_) => tr.with("mine-why-given", &[organisation(), ("date", date.into())]),
            None if known.says.kind == MandateKind::AgencyRole => {
                tr.with("why-registered-role", &[("date", date.into())])
            }
            None => {
                tr.with("why-registered", &[("agency", self.agency.as_str().into()), ("date", date.into())])
            }
        };
        let until = known.version.valid_to.filter(|_| own);
        let until = until.map(|to| tr.with("why-until", &[("date", last_day(tr, to).into())]));
        Some(Step { what, says: std::iter::once(from).chain(until).collect(), code: None })
    }

    fn holds(&self, kind: LinkKind, facts: &[FactId]) -> Option<Step> {
        let (visitor, tr) = (self.visitor, self.tr());
        let (known, lang) = (&visitor.visit.known, spoken(visitor.page.lang()));
        let service = known.catalogue.service(self.permission.split('.').next()?)?;
        let party = self.mandate.says.grantor;
        let method = visitor.visit.method();
        let method = known.catalogue.method(method).map_or(method, |m| m.name.get(lang));
        let organisation = || ("organisation", self.organisation.as_str().into());
        let what = match kind {
            LinkKind::Method => tr.with("why-method", &[("method", method.into())]),
            // Without a policy of its own the organisation allows what the service does: nothing to tell.
            LinkKind::MethodPolicy if facts.is_empty() => return None,
            LinkKind::MethodPolicy => tr.with("why-method-policy", &[("method", method.into())]),
            LinkKind::Assurance => {
                let level = visitor.visit.assurance().to_string();
                tr.with("why-assurance", &[("method", method.into()), ("level", level.into())])
            }
            LinkKind::Connection if facts.is_empty() => return None,
            LinkKind::Connection => {
                tr.with("why-connection", &[organisation(), ("service", service.name.get(lang).into())])
            }
            LinkKind::Terms => {
                let all = known.index.acceptances(party, &service.id).filter(|a| facts.contains(&a.id()));
                let latest = all.max_by_key(|acceptance| acceptance.version.valid_from)?;
                let version = latest.says.version.as_str();
                tr.with("why-terms", &[organisation(), ("version", version.into())])
            }
            LinkKind::Lock => tr.get("why-lock"),
            LinkKind::Rule => tr.get("why-rule"),
            LinkKind::Mandate => return None,
        };
        Some(Step { what, says: Vec::new(), code: None })
    }
}
