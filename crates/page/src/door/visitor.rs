//! Somebody who is logged in.

use app::session::{Entry, SecretKey};
use app::{PartyName, Refusal};
use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::response::{IntoResponse, Redirect, Response};
use catalogue::Relation;
use domain::fact::Right;
use domain::{Instant, PartyId};
use http::Method;
use http::request::Parts;

use super::{ASK, Door, SESSION_COOKIE, problem};
use crate::problem::{Who, codes};
use crate::{Acting, ActingKind, FormGuard, Frame, KeptLine, NavItem, Problem, SessionLine, Tr, Visit};

/// Roles that the bar names; of more it tells the number.
const ROLES: usize = 2;
/// Where one gives authority, below a party's address, in the menu of a house that has such a page.
const PEOPLE: &str = "/people";

/// A visitor who is logged in, and for whom the visit acts.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub page: Visit,
    pub visit: app::Visit,
    pub person: PartyName,
    /// For whom the visit acts: the person, or an organisation.
    pub party: PartyName,
    pub(super) door: Door,
    choices: usize,
    /// The page shows what was typed there and could not be sent; it is kept until then.
    pub(super) kept_until: Option<Instant>,
}

/// The words of a refusal that know what was wanted.
struct Named {
    what: String,
    /// What can be done, and another way on than the usual: the text key of its label, and its address.
    on: Option<(String, Option<(&'static str, String)>)>,
}

impl Named {
    fn told(self, problem: Problem) -> Problem {
        let problem = problem.saying(self.what);
        match self.on {
            Some((text, Some((label, href)))) => problem.doing(text).way(label, href),
            Some((text, None)) => problem.doing(text),
            None => problem,
        }
    }
}

impl Visitor {
    pub fn tr(&self) -> &Tr {
        &self.page.tr
    }

    /// The beginning of all addresses for the party of this visit.
    pub fn base(&self) -> String {
        format!("/for/{}", self.party.id)
    }

    /// The hidden fields for a form of this visit.
    pub fn guard(&self) -> FormGuard {
        FormGuard::new(|message| self.door.app.form_mac(message), &self.visit.session.key_hash, self.party.id)
    }

    /// The frame of a page: bar, session line, navigation.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        let base = self.base();
        let start = NavItem { label: self.tr().get("page-nav-start"), href: base.clone() };
        let entries =
            self.door.menu.entries().iter().filter(|entry| self.may(entry.permission)).map(|entry| NavItem {
                label: self.tr().get(entry.key),
                href: format!("{base}{}", entry.path),
            });
        let nav = std::iter::once(start).chain(entries).collect::<Vec<_>>();
        let frame = self
            .page
            .frame(title)
            .acting(self.acting())
            .session(SessionLine {
                ends_at: self.visit.ends_at(),
                ends_last: self.visit.ends_at_last(),
                idle: self.visit.session.idle,
                renew: "/session/renew",
                keep: "/session/keep",
                logout: "/logout",
                guard: self.guard(),
            })
            .nav(nav);
        match self.kept_until {
            Some(until) => frame.kept(KeptLine { until, drop: "/session/drop", guard: self.guard() }),
            None => frame,
        }
    }

    /// The form of this page was sent: its draft is not needed any more.
    pub(super) async fn drop_kept(&self, page: &str) -> Result<(), Response> {
        let dropped = self.door.app.drop_kept_form(&self.visit, page).await;
        dropped.map_err(|refusal| self.refused(refusal).into_response())
    }

    /// Whether a button is shown; the act itself decides again.
    pub fn may(&self, permission: &str) -> bool {
        self.door.app.decide(&self.visit, &app::Want::to(permission, self.party.id)).allowed
    }

    fn acting(&self) -> Acting {
        let app = &self.door.app;
        let kind = if self.party.id == app.agency() {
            ActingKind::Agency
        } else if self.visit.acts_for_self() {
            ActingKind::Myself
        } else {
            ActingKind::Organisation
        };
        let number = match kind {
            ActingKind::Organisation | ActingKind::Agency => self.party.number.clone(),
            _ => None,
        };
        Acting {
            kind,
            name: self.party.name.clone(),
            number,
            role: self.role(),
            switch: (self.choices > 1).then(|| "/party".to_owned()),
        }
    }

    /// The names of what the person holds for the party, from the catalogue.
    fn role(&self) -> Option<String> {
        use authority::FactsView as _;
        let (known, lang) = (&self.visit.known, self.spoken());
        let mut names = known
            .index
            .mandates_of(self.person.id)
            .filter(|m| m.says.grantor == self.party.id && m.holds_at(self.page.now))
            .flat_map(|m| m.says.permissions.iter())
            .filter_map(|id| known.catalogue.package(id).map(|package| package.name.get(lang).to_owned()))
            .collect::<Vec<_>>();
        names.sort();
        names.dedup();
        if names.len() <= ROLES {
            return (!names.is_empty()).then(|| names.join(", "));
        }
        let more = (names.len() - ROLES) as u64;
        let said = [("roles", names[..ROLES].join(", ").into()), ("count", more.into())];
        Some(self.tr().with("page-acting-roles-more", &said))
    }

    /// Shows a refusal in the frame of this visit, with a button that asks for what is missing where somebody can be
    /// asked.
    pub fn refused(&self, refusal: Refusal) -> Problem {
        let ask = self.ask(&refusal);
        let named = self.named(&refusal);
        let shown = problem(&self.page, refusal, Some(&self.visit)).in_frame(self.frame(""));
        let shown = match named {
            Some(named) => named.told(shown),
            None => shown,
        };
        match ask {
            Some((what, hidden)) => shown.asking(&what, ASK, hidden, self.tr()),
            None => shown,
        }
    }

    /// What was refused and for whom, in words, and the way on where it is not the usual one. A party is named only where the
    /// visit is for it.
    fn named(&self, refusal: &Refusal) -> Option<Named> {
        let Refusal::NotAllowed { decision, want, .. } = refusal else { return None };
        let permission = self.visit.known.catalogue.permission(&want.permission)?;
        let what = permission.name.get(self.spoken());
        let tr = self.tr();
        if want.party != self.party.id {
            return None;
        }
        let said = [("what", what.into()), ("party", self.party.name.as_str().into())];
        let say = |key: &str| tr.with(key, &said);
        let gives = want.right == Right::Use && decision.codes().eq([authority::code::RIGHT_MISSING]);
        Some(if gives {
            let mut entries = self.door.menu.entries().iter();
            let people = entries.find(|entry| entry.path == PEOPLE && self.may(entry.permission));
            let way = people.map(|entry| (entry.key, format!("{}{PEOPLE}", self.base())));
            Named {
                what: say("problem-no-access-gives"),
                on: Some((tr.get("problem-no-access-gives-do"), way)),
            }
        } else if self.visit.acts_for_self() && permission.relation == Relation::Organisation {
            let choose = (self.choices > 1).then(|| ("way-party", "/party".to_owned()));
            Named {
                what: say("problem-no-access-named-own"),
                on: choose.map(|way| (tr.get("problem-no-access-choose"), Some(way))),
            }
        } else if self.visit.acts_for_self() {
            Named { what: say("problem-no-access-named-own"), on: None }
        } else {
            Named { what: say("problem-no-access-named"), on: None }
        })
    }

    /// What can be asked for after a refusal, in the catalogue's words, and the fields of the form that asks.
    fn ask(&self, refusal: &Refusal) -> Option<(String, Vec<(String, String)>)> {
        let Refusal::NotAllowed { decision, want, .. } = refusal else { return None };
        let package = self.door.app.askable(&self.visit, want, decision)?;
        let what = self.visit.known.catalogue.package(&package)?.name.get(self.spoken()).to_owned();
        let guard = self.guard();
        let hidden = vec![
            ("csrf".to_owned(), guard.token().to_owned()),
            ("party".to_owned(), guard.party().to_string()),
            ("organisation".to_owned(), want.party.to_string()),
            ("permission".to_owned(), want.permission.clone()),
        ];
        Some((what, hidden))
    }

    /// The catalogue's name of the page's language.
    fn spoken(&self) -> catalogue::Lang {
        match self.page.lang() {
            crate::Lang::Sv => catalogue::Lang::Sv,
            crate::Lang::En => catalogue::Lang::En,
        }
    }
}

impl<S> FromRequestParts<S> for Visitor
where
    Door: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match enter(parts, state).await? {
            (visitor, None) => Ok(visitor),
            (visitor, Some(party)) => Err(other_party(&visitor, party, None).await),
        }
    }
}

/// The visitor, and the party in the path if the session acts for another one.
pub(super) async fn enter<S>(parts: &mut Parts, state: &S) -> Result<(Visitor, Option<PartyId>), Response>
where
    Door: FromRef<S>,
    S: Send + Sync,
{
    let door = Door::from_ref(state);
    let page = Visit::of(&door.site, parts);
    let named = named_party(parts, state).await?;
    let key = page.cookies().read(&parts.headers, SESSION_COOKIE).and_then(SecretKey::parse);
    let Some(key) = key else { return Err(to_login(&page, &parts.method)) };
    let refused = |refusal| problem(&page, refusal, None).into_response();
    let visit = match door.app.enter(&key).await.map_err(refused)? {
        Entry::Open(visit) => *visit,
        Entry::Ended => return Err(ended(&page, &parts.method)),
        Entry::None => return Err(to_login(&page, &parts.method)),
    };
    if let Some(who) = parts.extensions.get::<Who>() {
        who.is(visit.person());
    }
    let visitor = welcome(door, page, visit).await?;
    let other = named.filter(|party| *party != visitor.party.id);
    Ok((visitor, other))
}

async fn welcome(door: Door, page: Visit, visit: app::Visit) -> Result<Visitor, Response> {
    let refused = |refusal| problem(&page, refusal, None).into_response();
    let names = door.app.names(&visit, [visit.person(), visit.party()]).await.map_err(refused)?.0;
    let choices = door.app.choices(&visit);
    // An organisation that can no longer be chosen is left: the session goes back to the person itself.
    let stays = choices.iter().any(|choice| choice.party == visit.party());
    let mut visit = visit;
    if !stays {
        door.app.switch_party(&visit, visit.person()).await.map_err(refused)?;
        visit.session.party = visit.session.person;
    }
    let named = |id| names.get(&id).cloned();
    let (Some(person), Some(party)) = (named(visit.person()), named(visit.party())) else {
        // The person has been erased since the login.
        return Err(Problem::of(&codes::SESSION_ENDED).into_response());
    };
    Ok(Visitor { page, visit, person, party, door, choices: choices.len(), kept_until: None })
}

/// The party in the path, if the route names one.
async fn named_party<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Option<PartyId>, Response> {
    let Ok(params) = RawPathParams::from_request_parts(parts, state).await else { return Ok(None) };
    match params.iter().find(|(name, _)| *name == "party") {
        None => Ok(None),
        Some((_, text)) => text.parse().map(Some).map_err(|_| Problem::of(&codes::NOT_FOUND).into_response()),
    }
}

/// The address is for another party. Whoever may act for it is asked, with what there is to say besides; to all others it
/// does not exist.
pub(super) async fn other_party(visitor: &Visitor, party: PartyId, says: Option<String>) -> Response {
    let choices = visitor.door.app.choices(&visitor.visit);
    if !choices.iter().any(|choice| choice.party == party) {
        let refusal = visitor.door.app.no_longer(&visitor.visit, party).await;
        return visitor.refused(refusal).into_response();
    }
    match visitor.door.app.own_name(party).await {
        Ok(name) => {
            let guard = visitor.guard();
            let hidden = vec![
                ("csrf".to_owned(), guard.token().to_owned()),
                ("party".to_owned(), guard.party().to_string()),
                ("to".to_owned(), party.to_string()),
                ("next".to_owned(), visitor.page.here.clone()),
            ];
            let problem = Problem::wrong_party(name.name, "/party", hidden);
            let problem = says.into_iter().fold(problem, Problem::saying);
            problem.in_frame(visitor.frame("")).into_response()
        }
        Err(refusal) => visitor.refused(refusal).into_response(),
    }
}

fn to_login(page: &Visit, method: &Method) -> Response {
    if *method == Method::GET {
        let next = page.here.bytes().map(escaped).collect::<String>();
        Redirect::to(&format!("/login?next={next}")).into_response()
    } else {
        Problem::of(&codes::LOGIN_NEEDED).into_response()
    }
}

fn ended(page: &Visit, method: &Method) -> Response {
    ended_at(if *method == Method::GET { &page.here } else { "" }).into_response()
}

/// The session has ended; the login leads on to `next`.
pub(super) fn ended_at(next: &str) -> Problem {
    let next: String = next.bytes().map(escaped).collect();
    Problem::of(&codes::SESSION_ENDED).way("way-login", format!("/login?next={next}"))
}

/// Percent-encoding of a query value (RFC 3986 §2.1).
fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}
