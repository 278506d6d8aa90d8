//! The first page of a demo: the way through it in three minutes, people by role, each with a situation and one button
//! that runs the ordinary login, the clock, and the log.
//!
//! The button takes no short cut. It begins an order at the simulated provider as any browser does, and lets the
//! simulated telephone open it and approve; evidence, checks and session are those of every login.

mod altered;
mod clock;
mod path;

use app::identify::{Begun, Standing};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use domain::OrderId;
use login::Device;
use page::door::Visitor;
use page::{Notice, Posted, Problem, Tone, Tr, Visit, codes};
use serde::Deserialize;

use crate::asking::{Asking, see_other};
use crate::hall::Hall;
use crate::login::begin;
use crate::next;
use crate::phone::{DemoPhone, Group, NoAnswer, Person};
use path::{Step, Way};

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/demo/login", post(log_in))
        .route("/demo/clock", post(clock::advance))
        .route("/demo/altered", post(altered::show))
}

/// What the address of the first page says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// Where a visitor was going who was sent to log in.
    next: Option<String>,
    service: Option<String>,
    /// The clock has just been moved.
    moved: Option<String>,
}

#[derive(Template)]
#[template(path = "start/people.html")]
struct People<'a> {
    tr: &'a Tr,
    lead: String,
    notice: Option<Notice>,
    next: Option<&'a str>,
    service: Option<&'a str>,
    /// The way through the demo in three minutes; empty for somebody who is on the way elsewhere.
    steps: Vec<Step>,
    groups: Vec<(String, Vec<Person>)>,
    clock: Option<Clock>,
    phone: String,
    inbox: String,
}

/// What the page says of the clock.
struct Clock {
    now: String,
    days: Vec<(u16, String)>,
}

/// The page of people.
pub(crate) async fn people(
    hall: &Hall,
    phone: &DemoPhone,
    visit: &Visit,
    visitor: Option<Visitor>,
    asked: &Asked,
) -> Response {
    let tr = &visit.tr;
    let people = phone.people(visit.lang()).await;
    let notice = notice(tr, &people, visitor.as_ref(), asked, visit);
    let next = asked.next.as_deref().and_then(next::wanted);
    let service = asked.service.as_deref().filter(|id| is_word(id));
    let people = people.unwrap_or_default();
    let on_the_way = next.is_some() || service.is_some();
    let steps = match on_the_way || people.is_empty() {
        true => Vec::new(),
        false => path::steps(hall, phone, visit, &people).await,
    };
    let moves = hall.mover.is_some() && !on_the_way;
    let body = People {
        tr,
        lead: tr.get(if on_the_way { "demo-lead-next" } else { "demo-lead" }),
        notice,
        next,
        service,
        steps,
        groups: groups(tr, people),
        clock: moves.then(|| Clock {
            now: tr.with("demo-clock-now", &[("day", tr.date(visit.now).into())]),
            days: clock::STEPS
                .map(|days| (days, tr.with("demo-clock-button", &[("days", u64::from(days).into())])))
                .into(),
        }),
        phone: phone.page("/phone"),
        inbox: phone.page("/inbox.html"),
    };
    let title = tr.get("demo-title");
    let frame = visitor.map_or_else(|| visit.frame(title.clone()), |visitor| visitor.frame(title.clone()));
    frame.wide().render(&body)
}

fn notice(
    tr: &Tr,
    people: &Result<Vec<Person>, NoAnswer>,
    visitor: Option<&Visitor>,
    asked: &Asked,
    visit: &Visit,
) -> Option<Notice> {
    if people.is_err() {
        return Some(Notice::new(Tone::Warning, tr.get("demo-silent"), tr.get("demo-silent-says")));
    }
    if asked.moved.is_some() {
        let heading = tr.with("demo-clock-moved", &[("day", tr.date(visit.now).into())]);
        return Some(Notice::new(Tone::Success, heading, tr.get("demo-clock-moved-says")).just_happened());
    }
    let visitor = visitor?;
    let says = tr.with("demo-logged-in-says", &[("name", visitor.person.name.as_str().into())]);
    let on = Notice::new(Tone::Info, tr.get("demo-logged-in"), says);
    Some(on.link(tr.get("demo-logged-in-on"), visitor.base()))
}

/// By role: the agency, employers, people for themselves.
fn groups(tr: &Tr, mut people: Vec<Person>) -> Vec<(String, Vec<Person>)> {
    let of = |group: Group, people: &mut Vec<Person>| people.extract_if(.., |p| p.group == group).collect();
    [
        (Group::Employer, "demo-group-employer"),
        (Group::Agency, "demo-group-agency"),
        (Group::Private, "demo-group-private"),
    ]
    .map(|(group, key)| (tr.get(key), of(group, &mut people)))
    .into_iter()
    .filter(|(_, people): &(_, Vec<Person>)| !people.is_empty())
    .collect()
}

async fn log_in(State(hall): State<Hall>, visit: Visit, asking: Asking, posted: Posted) -> Response {
    let Some(phone) = &hall.phone else { return Problem::of(&codes::NOT_FOUND).into_response() };
    let Some(person) = posted.answers.only("person").filter(|id| is_word(id)) else {
        return Problem::of(&codes::UNREADABLE).into_response();
    };
    let next = posted.answers.only("next").and_then(next::wanted).map(str::to_owned);
    let service = posted.answers.filled("service");
    // The app "on this device" is the simulated telephone, whatever the visitor sits at.
    let browser = asking.browser(Device::ThisComputer);
    match begin(&hall, &visit, &browser, service, next).await {
        Ok(Begun::Order(id)) => {
            approve(&hall, phone, &browser.key, id, person).await;
            see_other(&format!("/order/{id}"), asking.cookie)
        }
        Ok(Begun::Failed { failure, reference }) => {
            crate::outcome::not_begun(&hall, &visit, &failure, &reference).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

/// Plays the person at the telephone. Where that fails, the page of the order tells how it stands.
async fn approve(hall: &Hall, phone: &DemoPhone, key: &app::session::SecretKey, id: OrderId, person: &str) {
    let link = match hall.app.order_page(id, key).await {
        Ok(page) if matches!(page.standing, Standing::Pending { .. }) => page.start_link,
        _ => None,
    };
    let Some(token) = link.as_deref().and_then(token_of) else { return };
    let done = match phone.start(person, token).await {
        Ok(()) => phone.approve(person).await,
        Err(error) => Err(error),
    };
    if let Err(error) = done {
        tracing::info!(%error, "the simulated telephone did not approve");
    }
}

fn token_of(link: &str) -> Option<&str> {
    link.split_once("autostarttoken=")?.1.split(['&', '#']).next().filter(|token| !token.is_empty())
}

/// The id of a demo person or a service: a short plain word.
fn is_word(id: &str) -> bool {
    (1..=40).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_taken_out_of_the_start_link() {
        assert_eq!(token_of("http://localhost:1/phone/open?autostarttoken=ab-1&redirect=null"), Some("ab-1"));
        assert_eq!(token_of("bankid:///?autostarttoken=&redirect=null"), None);
        assert_eq!(token_of("http://localhost:1/"), None);
    }

    #[test]
    fn an_id_is_a_plain_word() {
        assert!(is_word("astrid") && is_word("a-1"));
        for bad in ["", "Astrid", "a b", "../x", "199001012385\n", &"a".repeat(41)] {
            assert!(!is_word(bad), "{bad:?}");
        }
    }
}
