//! The first page of a demo: people, each with a situation and one button that runs the ordinary login.
//!
//! The button takes no short cut. It begins an order at the simulated provider as any browser does, and lets the
//! simulated telephone open it and approve; evidence, checks and session are those of every login.

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

use crate::asking::{Asking, see_other};
use crate::hall::Hall;
use crate::login::begin;
use crate::phone::{DemoPhone, Person};

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/demo/login", post(log_in))
}

#[derive(Template)]
#[template(path = "start/people.html")]
struct People<'a> {
    tr: &'a Tr,
    people: Vec<Person>,
    notice: Option<Notice>,
    phone: String,
    inbox: String,
}

/// The page of people.
pub(crate) async fn people(
    _hall: &Hall,
    phone: &DemoPhone,
    visit: &Visit,
    visitor: Option<Visitor>,
) -> Response {
    let tr = &visit.tr;
    let people = phone.people(visit.lang()).await;
    let notice = match (&people, &visitor) {
        (Err(_), _) => Some(Notice::new(Tone::Warning, tr.get("demo-silent"), tr.get("demo-silent-says"))),
        (_, Some(visitor)) => {
            let says = tr.with("demo-logged-in-says", &[("name", visitor.person.name.as_str().into())]);
            Some(
                Notice::new(Tone::Info, tr.get("demo-logged-in"), says)
                    .link(tr.get("demo-logged-in-on"), visitor.base()),
            )
        }
        _ => None,
    };
    let body = People {
        tr,
        people: people.unwrap_or_default(),
        notice,
        phone: phone.page("/phone"),
        inbox: phone.page("/inbox.html"),
    };
    let title = tr.get("demo-title");
    let frame = visitor.map_or_else(|| visit.frame(title.clone()), |visitor| visitor.frame(title.clone()));
    frame.wide().render(&body)
}

async fn log_in(State(hall): State<Hall>, visit: Visit, asking: Asking, posted: Posted) -> Response {
    let Some(phone) = &hall.phone else { return Problem::of(&codes::NOT_FOUND).into_response() };
    let Some(person) = posted.answers.only("person").filter(|id| is_person(id)) else {
        return Problem::of(&codes::UNREADABLE).into_response();
    };
    // The app "on this device" is the simulated telephone, whatever the visitor sits at.
    let browser = asking.browser(Device::ThisComputer);
    match begin(&hall, &visit, &browser, None, None).await {
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

/// The id of a demo person: a short plain word.
fn is_person(id: &str) -> bool {
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
    fn a_person_is_a_plain_word() {
        assert!(is_person("astrid") && is_person("a-1"));
        for bad in ["", "Astrid", "a b", "../x", "199001012385\n", &"a".repeat(41)] {
            assert!(!is_person(bad), "{bad:?}");
        }
    }
}
