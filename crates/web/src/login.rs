//! `/login`: the one page to log in from (R-002-01), with every audience's services and help (R-002-02, -03), and the
//! beginning of a login with BankID.
//!
//! One button per way, one click. No way is started by itself: the computer may be a shared one.

use app::identify::{Begun, Browser};
use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts as _, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::request::Parts;
use login::text::TextFormat;
use login::{Device, VisibleText};
use page::door::{Visitor, problem};
use page::{Notice, Posted, Problem, Tone, Tr, Visit, codes};

use crate::asking::{Asking, Inside, Perhaps, see_other};
use crate::hall::Hall;
use crate::next;
use crate::offer::{self, Audience, sentence};

/// The method that has routes of its own here.
const BANKID: &str = "bankid";

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/login", get(chooser)).route("/login/bankid", post(bankid))
}

/// One button: a method, and where its app is.
struct Way {
    device: &'static str,
    name: String,
    says: String,
}

#[derive(Template)]
#[template(path = "login/chooser.html")]
struct Chooser<'a> {
    tr: &'a Tr,
    lead: String,
    /// The service that was chosen, to be carried on.
    service: Option<&'a str>,
    next: Option<&'a str>,
    ways: Vec<Way>,
    notice: Option<Notice>,
    audiences: Vec<Audience>,
    issuer: Option<Issuer>,
    /// In a demo: the page of people, which carries the visitor on as this page does.
    people: Option<String>,
}

/// Who helps with the e-ID itself.
struct Issuer {
    name: String,
    help: String,
    terms: String,
}

#[derive(Debug, serde::Deserialize)]
struct Asked {
    next: Option<String>,
    service: Option<String>,
    /// There is a session, and the e-service wants another login: nobody is carried on by the one they have.
    anew: Option<String>,
}

impl Asked {
    /// Where somebody who is logged in already goes on, to the e-service that they come from.
    fn way_on(&self) -> Option<&str> {
        let next = self.next.as_deref().and_then(next::wanted)?;
        (self.anew.is_none() && crate::authorize::leads_on(next)).then_some(next)
    }
}

/// Whoever has logged in meanwhile, in another tab, is asked for nothing on the way to an e-service.
async fn chooser(State(hall): State<Hall>, Query(asked): Query<Asked>, mut parts: Parts) -> Response {
    if let Some(on) = asked.way_on()
        && let Ok(Inside(Some(_))) = Inside::from_request_parts(&mut parts, &hall).await
    {
        return see_other(on, None);
    }
    match <(Visit, Perhaps)>::from_request_parts(&mut parts, &hall).await {
        Ok((visit, Perhaps(visitor))) => choose(&hall, &visit, visitor, &parts.headers, &asked).await,
        Err(refused) => refused,
    }
}

async fn choose(
    hall: &Hall,
    visit: &Visit,
    visitor: Option<Visitor>,
    headers: &http::HeaderMap,
    asked: &Asked,
) -> Response {
    let known = match hall.app.latest().await {
        Ok(known) => known,
        Err(refusal) => return problem(visit, refusal, None).into_response(),
    };
    let (tr, lang) = (&visit.tr, offer::spoken(visit.lang()));
    let service = asked.service.as_deref().and_then(|id| known.catalogue.service(id));
    let open = match service {
        Some(service) => offer::methods(&known, service, visit.now).iter().any(|method| method.id == BANKID),
        None => offer::is_open(&known, BANKID, visit.now),
    };
    let notice = match &visitor {
        _ if !open => Some(Notice::new(Tone::Warning, tr.get("login-closed"), tr.get("login-closed-says"))),
        Some(visitor) => {
            let says = tr.with("login-already-says", &[("name", visitor.person.name.as_str().into())]);
            Some(
                Notice::new(Tone::Info, tr.get("login-already"), says)
                    .link(tr.get("login-already-on"), visitor.base()),
            )
        }
        None => None,
    };
    let next = asked.next.as_deref().and_then(next::wanted);
    let people = hall.phone.as_ref().map(|_| {
        let on = [("next", next), ("service", service.map(|service| service.id.as_str()))];
        let on = on.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", next::encoded(value?))));
        format!("/?{}", on.collect::<Vec<_>>().join("&")).trim_end_matches('?').to_owned()
    });
    let body = Chooser {
        tr,
        lead: match service {
            Some(service) => tr.with("login-lead-service", &[("service", service.name.get(lang).into())]),
            None => tr.get("login-lead"),
        },
        service: service.map(|service| service.id.as_str()),
        next,
        people,
        ways: if open { ways(tr, page::door::device_of(headers)) } else { Vec::new() },
        notice,
        audiences: offer::audiences(&known, tr, visit.now),
        issuer: known.catalogue.method(BANKID).map(|method| Issuer {
            name: sentence(method.issuer.get(lang)),
            help: method.issuer_help.get(lang).to_owned(),
            terms: method.issuer_terms.get(lang).to_owned(),
        }),
    };
    let frame = visit.frame(tr.get("login-title"));
    match crate::authorize::form_target(hall, body.next).await {
        Some(origin) => frame.form_target(origin).render(&body),
        None => frame.render(&body),
    }
}

/// Both ways always; the likelier one first. On a telephone the app is mostly there, at a computer mostly not.
fn ways(tr: &Tr, here: Device) -> Vec<Way> {
    let way = |device, key: &str| Way { device, name: tr.get(key), says: tr.get(&format!("{key}-says")) };
    let mut ways = vec![way("other", "login-bankid-other"), way("this", "login-bankid-this")];
    if here == Device::ThisMobile {
        ways.reverse();
    }
    ways
}

async fn bankid(State(hall): State<Hall>, visit: Visit, asking: Asking, posted: Posted) -> Response {
    let device = match posted.answers.only("device") {
        Some("this") => asking.here,
        Some("other") => Device::Other,
        _ => return Problem::of(&codes::UNREADABLE).into_response(),
    };
    let next = posted.answers.only("next").and_then(next::wanted).map(str::to_owned);
    let service = posted.answers.filled("service");
    match begin(&hall, &visit, &asking.browser(device), service, next).await {
        // The address carries no more than the order's random id; back and reload send no form again.
        Ok(Begun::Order(id)) => see_other(&format!("/order/{id}"), asking.cookie),
        Ok(Begun::Failed { failure, reference }) => {
            crate::outcome::not_begun(&hall, &visit, &failure, &reference).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

/// Begins a login, for a service or for the whole house.
pub(crate) async fn begin(
    hall: &Hall,
    visit: &Visit,
    browser: &Browser,
    service: Option<&str>,
    next: Option<String>,
) -> Result<Begun, Problem> {
    let refused = |refusal| problem(visit, refusal, None);
    let known = hall.app.latest().await.map_err(refused)?;
    let lang = offer::spoken(visit.lang());
    let agency = hall.app.settings().agency_name.get(lang);
    let (id, open, text) = match service {
        Some(id) => {
            let service =
                known.catalogue.service(id).ok_or_else(|| Problem::of(&codes::METHOD_NOT_OFFERED))?;
            let open = offer::methods(&known, service, visit.now).iter().any(|method| method.id == BANKID);
            let name = service.name.get(lang);
            (
                id,
                open,
                visit.tr.with("login-app-service", &[("agency", agency.into()), ("service", name.into())]),
            )
        }
        None => {
            let open = offer::is_open(&known, BANKID, visit.now);
            (catalogue::PLATFORM, open, visit.tr.with("login-app", &[("agency", agency.into())]))
        }
    };
    if !open {
        return Err(Problem::of(&codes::METHOD_NOT_OFFERED));
    }
    let text = VisibleText::for_login(&text, TextFormat::Plain).map_err(|error| {
        tracing::error!(%error, "the text for the app cannot be shown: shorten the names in configuration and catalogue");
        Problem::of(&codes::OUR_FAULT)
    })?;
    hall.app.begin_login(browser, id, text, next).await.map_err(refused)
}
