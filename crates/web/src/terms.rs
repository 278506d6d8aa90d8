//! `/terms`: the general terms (*allmänna villkor*) in force, and every earlier version (R-004-21, R-004-35).

use app::Known;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use catalogue::{Service, Terms};
use domain::Instant;
use page::door::problem;
use page::{Badge, Problem, Tone, Tr, Visit, codes};

use crate::asking::Perhaps;
use crate::content::frame;
use crate::hall::Hall;
use crate::offer::spoken;
use crate::prose::{Block, blocks};

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/terms", get(in_force)).route("/terms/{service}/{version}", get(version))
}

/// One service's terms.
struct Part {
    service: String,
    versions: Vec<Version>,
    /// The text that is shown.
    text: Vec<Block>,
    /// SHA-256 of the binding text, as every acceptance names it.
    hash: String,
}

struct Version {
    name: String,
    /// None for the one that is shown.
    href: Option<String>,
    badge: Badge,
    says: String,
}

#[derive(Template)]
#[template(path = "terms/terms.html")]
struct Body<'a> {
    tr: &'a Tr,
    parts: Vec<Part>,
}

async fn in_force(State(hall): State<Hall>, visit: Visit, perhaps: Perhaps) -> Response {
    let known = match hall.app.latest().await {
        Ok(known) => known,
        Err(refusal) => return problem(&visit, refusal, None).into_response(),
    };
    let now = visit.now;
    let services = known.catalogue.services();
    let shown = services.filter_map(|service| {
        // Before the first comes into force it can be read already.
        let terms = service.terms_in_force(now).or_else(|| service.terms.first())?;
        Some(part(&visit.tr, service, terms, now))
    });
    let body = Body { tr: &visit.tr, parts: shown.collect() };
    frame(&visit, &perhaps, visit.tr.get("terms-title")).render(&body)
}

async fn version(
    State(hall): State<Hall>,
    visit: Visit,
    perhaps: Perhaps,
    Path((service, version)): Path<(String, String)>,
) -> Response {
    let known = match hall.app.latest().await {
        Ok(known) => known,
        Err(refusal) => return problem(&visit, refusal, None).into_response(),
    };
    let Some((service, terms)) = find(&known, &service, &version) else {
        return Problem::of(&codes::NOT_FOUND).into_response();
    };
    let body = Body { tr: &visit.tr, parts: vec![part(&visit.tr, service, terms, visit.now)] };
    let title = visit.tr.with("terms-title-version", &[("version", terms.version.as_str().into())]);
    frame(&visit, &perhaps, title).back(visit.tr.get("terms-title"), "/terms").render(&body)
}

fn find<'k>(known: &'k Known, service: &str, version: &str) -> Option<(&'k Service, &'k Terms)> {
    let service = known.catalogue.service(service)?;
    Some((service, service.terms_version(version)?))
}

fn part(tr: &Tr, service: &Service, shown: &Terms, now: Instant) -> Part {
    let lang = spoken(tr.lang());
    let in_force = service.terms_in_force(now).map(|terms| terms.version.as_str());
    let versions = service.terms.iter().rev().map(|terms| {
        let badge = if in_force == Some(terms.version.as_str()) {
            Badge::new(Tone::Success, tr.get("terms-in-force"))
        } else if now < terms.in_force_at() {
            Badge::new(Tone::Info, tr.get("terms-coming"))
        } else {
            Badge::plain(tr.get("terms-earlier"))
        };
        Version {
            name: tr.with("terms-version", &[("version", terms.version.as_str().into())]),
            href: (terms.version != shown.version)
                .then(|| format!("/terms/{}/{}", service.id, terms.version)),
            badge,
            says: tr.with("terms-from", &[("date", tr.day(terms.in_force_from).into())]),
        }
    });
    Part {
        service: service.name.get(lang).to_owned(),
        versions: versions.collect(),
        text: blocks(shown.text.get(lang)),
        hash: app::log::hex(&shown.hash),
    }
}
