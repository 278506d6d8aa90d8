//! The phone for people: plain pages that need no script.

use super::texts::{self, Texts, lang};
use crate::{
    bankid::{
        order::{LIFE, Order, PICK_UP, Phase},
        phone::{self, Outcome, Refusal, Shown, Way},
        signature::Operation,
    },
    people::{Lang, Person},
    world::World,
};
use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::Instant;
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;

const CSS: &str = include_str!("../../assets/sandbox.css");

/// An open order as the page shows it.
struct Card {
    reference: String,
    shown: Shown,
    kind: &'static str,
    state: String,
    seconds_left: u64,
    choices: Vec<Choice>,
}

/// A person to choose; one alone needs no choosing.
struct Choice {
    id: String,
    label: String,
}

/// What the page says first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Nothing,
    Note(&'static str),
    Fault(&'static str),
}

#[derive(Template)]
#[template(path = "phone.html")]
struct PhonePage<'a> {
    t: &'static Texts,
    told: Told,
    cards: Vec<Card>,
    everybody: Vec<Choice>,
    people: &'a [Person],
    lang: Lang,
    /// Whom the lists begin with: who was chosen last.
    chosen: &'a str,
}

#[derive(Template)]
#[template(path = "open.html")]
struct OpenPage {
    t: &'static Texts,
    token: String,
    shown: Shown,
    kind: &'static str,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    t: &'static Texts,
    heading: &'static str,
    text: &'static str,
}

#[derive(Deserialize)]
pub struct PhoneQuery {
    #[serde(default)]
    done: String,
}

/// All open orders, the QR field, the people.
pub async fn phone(
    State(world): State<Arc<World>>,
    Query(query): Query<PhoneQuery>,
    headers: HeaderMap,
) -> Response {
    let lang = lang(&headers);
    let t = texts::texts(lang);
    let told = match query.done.as_str() {
        "approved" => Told::Note(t.approved),
        "refused" => Told::Note(t.refused),
        "read" => Told::Note(t.read),
        "failed" => Told::Note(t.failed),
        _ => Told::Nothing,
    };
    phone_page(&world, lang, StatusCode::OK, told, "")
}

fn phone_page(world: &World, lang: Lang, status: StatusCode, told: Told, chosen: &str) -> Response {
    let now = world.now();
    let mut orders = world.orders();
    orders.settle(now);
    let mut open: Vec<&Order> = orders.iter().filter(|o| o.is_pending()).collect();
    open.sort_by_key(|o| std::cmp::Reverse(o.created));
    let cards: Vec<Card> = open.into_iter().take(50).map(|o| card(world, o, lang, now)).collect();
    drop(orders);
    let nothing_to_lose = cards.is_empty() && told == Told::Nothing;
    let everybody = world.people.all().iter().map(|p| choice(p, lang)).collect();
    let people = world.people.all();
    let page = PhonePage { t: texts::texts(lang), told, cards, everybody, people, lang, chosen };
    let mut response = html(status, &page, None);
    if nothing_to_lose {
        // Orders come by themselves. A page with choices on it is left alone.
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("4; url=/phone"));
    }
    response
}

/// The phone page again, with what went wrong and what can be done instead: an order may have been renewed.
fn again(world: &World, refusal: Refusal, lang: Lang, chosen: &str) -> Response {
    let status = match refusal {
        Refusal::QrSyntax | Refusal::QrForeign | Refusal::QrWrong => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    };
    phone_page(world, lang, status, Told::Fault(texts::refusal(refusal, lang)), chosen)
}

fn card(world: &World, order: &Order, lang: Lang, now: Instant) -> Card {
    let t = texts::texts(lang);
    let holder = match &order.phase {
        Phase::InHand { person, .. } => world.people.get(person),
        _ => None,
    };
    let named = order.start.requirement.personal_number.as_deref();
    let state = match (&order.phase, holder) {
        (Phase::InHand { .. }, Some(person)) => format!("{} {}.", t.in_hand, person.name()),
        (Phase::Started, _) => t.started.to_owned(),
        _ => t.waiting.to_owned(),
    };
    let limit = if matches!(order.phase, Phase::Outstanding) { PICK_UP } else { LIFE };
    Card {
        reference: order.reference.to_string(),
        shown: Shown::of(order),
        kind: kind(order.start.operation, t),
        state,
        seconds_left: limit.saturating_sub(now.since(order.created)).as_secs(),
        choices: world
            .people
            .all()
            .iter()
            .filter(|p| holder.is_none_or(|h| h.id == p.id))
            .filter(|p| named.is_none_or(|n| n == p.personal_number))
            .map(|p| choice(p, lang))
            .collect(),
    }
}

fn choice(person: &Person, lang: Lang) -> Choice {
    Choice { id: person.id.clone(), label: format!("{} – {}", person.name(), person.role.get(lang)) }
}

fn kind(operation: Operation, t: &Texts) -> &'static str {
    match operation {
        Operation::Identification => t.identification,
        Operation::Signing => t.signature,
    }
}

#[derive(Deserialize)]
pub struct OpenQuery {
    #[serde(default)]
    autostarttoken: String,
    // `redirect` is accepted and not used: where to go afterwards is taken from the order (`returnUrl`), which
    // came over mutual TLS, and never from a link that anybody can write.
}

/// The start link on the same device.
pub async fn open(
    State(world): State<Arc<World>>,
    Query(query): Query<OpenQuery>,
    headers: HeaderMap,
) -> Response {
    let lang = lang(&headers);
    let t = texts::texts(lang);
    let (_, shown, named) = match phone::open(&world, &query.autostarttoken) {
        Ok(opened) => opened,
        Err(refusal) => return refused(refusal, lang),
    };
    let people = world.people.all().iter();
    let choices = people.filter(|p| named.as_deref().is_none_or(|n| n == p.personal_number));
    let page = OpenPage {
        t,
        token: query.autostarttoken,
        kind: if shown.order == "sign" { t.signature } else { t.identification },
        choices: choices.map(|p| choice(p, lang)).collect(),
        shown: shown.clone(),
    };
    html(StatusCode::OK, &page, shown.return_url.as_deref())
}

#[derive(Deserialize)]
pub struct Decide {
    /// An open order's reference, from the phone page…
    order: Option<String>,
    /// …or its autostart token, from the start link's page.
    token: Option<String>,
    #[serde(default)]
    person: String,
    action: Action,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Approve,
    Refuse,
}

/// Picks the order up, if nobody has, and approves or refuses it.
pub async fn decide(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    form: Result<Form<Decide>, axum::extract::rejection::FormRejection>,
) -> Response {
    let lang = lang(&headers);
    let Ok(Form(form)) = form else { return again(&world, Refusal::NoOrder, lang, "") };
    let person = form.person.as_str();
    let picked_up = match (&form.token, &form.order) {
        (Some(token), _) => phone::pick_up(&world, person, Way::AutostartToken(token)).map(Some),
        (None, Some(order)) => match Uuid::try_parse(order) {
            Ok(order) if in_hand(&world, order, person) => Ok(None),
            Ok(order) => phone::pick_up(&world, person, Way::Page(order)).map(Some),
            Err(_) => Err(Refusal::NoOrder),
        },
        (None, None) => Err(Refusal::NoOrder),
    };
    let outcome = picked_up.and_then(|shown| {
        let done = match form.action {
            Action::Approve => match phone::approve(&world, person)? {
                Outcome::Complete => "approved",
                Outcome::Failed { .. } => "failed",
            },
            Action::Refuse => phone::refuse(&world, person).map(|()| "refused")?,
        };
        Ok((shown.and_then(|s| s.return_url), done))
    });
    match outcome {
        Ok((return_url, done)) if form.token.is_some() => go_back(return_url, done, lang),
        Ok((_, done)) => Redirect::to(&format!("/phone?done={done}")).into_response(),
        Err(refusal) => again(&world, refusal, lang, person),
    }
}

fn in_hand(world: &World, order: Uuid, person: &str) -> bool {
    world.orders().find(|o| o.reference == order).is_some_and(|o| o.is_in_hand_of(person))
}

/// After the start on the same device the browser goes where the order says.
fn go_back(return_url: Option<String>, done: &str, lang: Lang) -> Response {
    if let Some(url) = return_url.filter(|url| origin(url).is_some()) {
        return Redirect::to(&url).into_response();
    }
    let t = texts::texts(lang);
    let heading = match done {
        "approved" => t.approved,
        "refused" => t.refused,
        _ => t.failed,
    };
    html(StatusCode::OK, &MessagePage { t, heading, text: t.close }, None)
}

#[derive(Deserialize)]
pub struct ReadQr {
    #[serde(default)]
    person: String,
    #[serde(default)]
    qr: String,
}

/// Reads a QR text that was pasted.
pub async fn read(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    form: Result<Form<ReadQr>, axum::extract::rejection::FormRejection>,
) -> Response {
    let lang = lang(&headers);
    let Ok(Form(form)) = form else { return again(&world, Refusal::QrSyntax, lang, "") };
    match phone::pick_up(&world, &form.person, Way::Qr(form.qr.trim())) {
        Ok(_) => Redirect::to("/phone?done=read").into_response(),
        Err(refusal) => again(&world, refusal, lang, &form.person),
    }
}

pub async fn css() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], CSS).into_response()
}

fn refused(refusal: Refusal, lang: Lang) -> Response {
    let t = texts::texts(lang);
    let page = MessagePage { t, heading: texts::refusal(refusal, lang), text: t.close };
    html(StatusCode::CONFLICT, &page, None)
}

/// A page with the policy that browsers hold it to. A form's redirects are checked against `form-action` too,
/// so the origin that the order sends the browser back to is added.
pub fn html(status: StatusCode, page: &impl Template, return_url: Option<&str>) -> Response {
    let Ok(body) = page.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let extra = return_url.and_then(origin).map(|o| format!(" {o}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self'{extra}; frame-ancestors 'none'; base-uri 'none'"
    );
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// `scheme://host:port` of a web address; `None` for anything else (an app's own scheme is not followed here).
fn origin(url: &str) -> Option<String> {
    let uri: Uri = url.split('#').next()?.parse().ok()?;
    let scheme = uri.scheme_str().filter(|s| matches!(*s, "http" | "https"))?;
    let authority = uri.authority()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
    authority.as_str().chars().all(plain).then(|| format!("{scheme}://{authority}"))
}
