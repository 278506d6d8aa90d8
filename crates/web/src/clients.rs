//! `/for/{party}/clients`: e-services that are connected by OpenID Connect, at the agency: registered, looked at, tried,
//! switched off. Whoever may bring a catalogue in force as well brings the file of its service with it, after a page that
//! shows who gains and loses by it.

mod disable;
mod register;
mod review;
mod trial;
mod view;

use app::App;
use app::oidc::ClientView;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use oidc::{Authentication, Client, ClientId};
use page::door::Visitor;
use page::{Badge, Problem, TimeTag, Tone, Tr, codes};
use serde::Deserialize;

use crate::hall::Hall;
use crate::offer::spoken;

pub(crate) const MANAGE: &str = "platform.client.manage";

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/for/{party}/clients", get(list))
        .route("/for/{party}/clients/register", get(register::form).post(register::register))
        .route("/for/{party}/clients/register/confirm", get(review::begin).post(review::confirm))
        .route("/for/{party}/clients/{client}", get(view::page))
        .route("/for/{party}/clients/{client}/disable", get(disable::ask).post(disable::disable))
        .route("/for/{party}/clients/{client}/trial", post(trial::begin))
        .route("/for/{party}/clients/{client}/trial/{trial}", get(trial::page))
        .route("/for/{party}/clients/{client}/trial/{trial}/back", get(trial::back))
}

/// These pages are the agency's own: in a visit for anybody else they do not exist.
fn at_agency(app: &App, visitor: &Visitor) -> Result<(), Problem> {
    if visitor.party.id == app.agency() { Ok(()) } else { Err(not_found(visitor)) }
}

fn not_found(visitor: &Visitor) -> Problem {
    Problem::of(&codes::NOT_FOUND).in_frame(visitor.frame(""))
}

fn base(visitor: &Visitor) -> String {
    format!("{}/clients", visitor.base())
}

/// The client that an address names.
#[derive(Debug, Deserialize)]
struct Named {
    client: String,
}

impl Named {
    fn id(&self, visitor: &Visitor) -> Result<ClientId, Problem> {
        ClientId::parse(&self.client).map_err(|_| not_found(visitor))
    }
}

/// The state in words. Colour is not alone in saying it.
fn badge(tr: &Tr, view: &ClientView) -> Badge {
    match view.disabled_at {
        None => Badge::new(Tone::Success, tr.get("client-state-on")),
        Some(_) => Badge::plain(tr.get("client-state-off")),
    }
}

/// How the e-service shows that it is itself.
fn proof(tr: &Tr, view: &ClientView) -> String {
    proven(tr, &view.client)
}

fn proven(tr: &Tr, client: &Client) -> String {
    tr.get(match client.authentication {
        Authentication::PrivateKeyJwt { .. } => "client-proof-keys",
        Authentication::Public => "client-proof-public",
    })
}

/// The service's name in the catalogue in force; its id where it is not there any more.
fn service(visitor: &Visitor, view: &ClientView) -> String {
    let id = &view.client.service;
    match visitor.visit.known.catalogue.service(id) {
        Some(service) => service.name.get(spoken(visitor.page.lang())).to_owned(),
        None => id.clone(),
    }
}

struct Row {
    name: String,
    id: String,
    href: String,
    service: String,
    proof: String,
    badge: Badge,
    registered: TimeTag,
}

#[derive(Template)]
#[template(path = "clients/list.html")]
struct List<'a> {
    tr: &'a Tr,
    register: String,
    rows: Vec<Row>,
}

async fn list(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    let found = app.clients(&visitor.visit).await.map_err(|r| visitor.refused(r))?;
    let (tr, base) = (visitor.tr(), base(&visitor));
    let row = |view: &ClientView| Row {
        name: view.client.name.get(spoken(visitor.page.lang())).to_owned(),
        id: view.client.id.to_string(),
        href: format!("{base}/{}", view.client.id),
        service: service(&visitor, view),
        proof: proof(tr, view),
        badge: badge(tr, view),
        registered: tr.time_tag(view.registered_at),
    };
    let body = List { tr, register: format!("{base}/register"), rows: found.iter().map(row).collect() };
    Ok(visitor.frame(tr.get("clients-title")).wide().render(&body))
}
