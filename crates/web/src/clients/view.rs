//! One e-service: what is registered of it, its test button, and the way to switch it off.

use app::App;
use app::oidc::ClientView;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use oidc::client::{Loopback, UserinfoForm};
use oidc::{Authentication, RedirectUri};
use page::door::Visitor;
use page::{Badge, Facts, FormGuard, Notice, Problem, Tone, Tr};
use serde::Deserialize;

use super::{Named, at_agency, badge, base, proof, service};
use crate::offer::spoken;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "clients/view.html")]
struct Body<'a> {
    tr: &'a Tr,
    notice: Option<Notice>,
    badge: Badge,
    facts: Facts,
    addresses: Vec<(String, Vec<String>)>,
    discovery: String,
    /// `None`: it is switched off.
    acts: Option<Acts>,
    guard: FormGuard,
}

struct Acts {
    trial: String,
    disable: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(named): Path<Named>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    let id = named.id(&visitor)?;
    let view = app.client(&visitor.visit, &id).await.map_err(|r| visitor.refused(r))?;
    let (tr, list) = (visitor.tr(), base(&visitor));
    let state = if view.disabled_at.is_some() { "disabled" } else { "registered" };
    // Told only if it is so: the address alone proves nothing.
    let so = asked.done.filter(|done| done == state);
    let body = Body {
        tr,
        notice: so.map(|_| {
            let key = format!("client-{state}");
            Notice::new(Tone::Success, tr.get(&key), tr.get(&format!("{key}-says"))).just_happened()
        }),
        badge: badge(tr, &view),
        facts: facts(&visitor, &view),
        addresses: addresses(tr, &view),
        discovery: format!("{}{}", app.issuer(), oidc::discovery::CONFIGURATION),
        acts: view
            .disabled_at
            .is_none()
            .then(|| Acts { trial: format!("{list}/{id}/trial"), disable: format!("{list}/{id}/disable") }),
        guard: visitor.guard(),
    };
    let name = view.client.name.get(spoken(visitor.page.lang()));
    Ok(visitor.frame(name).back(tr.get("clients-title"), list).render(&body))
}

fn facts(visitor: &Visitor, view: &ClientView) -> Facts {
    let (tr, client) = (visitor.tr(), &view.client);
    let mut facts = Facts::new()
        .fact(tr.get("client-id"), client.id.to_string())
        .fact(tr.get("client-service"), service(visitor, view))
        .fact(tr.get("client-name-sv"), client.name.sv.as_str())
        .fact(tr.get("client-name-en"), client.name.en.as_str())
        .fact(tr.get("client-authentication"), proof(tr, view));
    if let Authentication::PrivateKeyJwt { keys } = &client.authentication {
        facts = facts.fact(tr.get("client-kids"), keys.kids().collect::<Vec<_>>().join(", "));
    }
    if client.userinfo == UserinfoForm::Signed {
        facts = facts.fact(tr.get("client-answers"), tr.get("client-userinfo"));
    }
    if client.loopback == Loopback::Any {
        facts = facts.fact(tr.get("client-developers"), tr.get("client-loopback"));
    }
    facts = facts.fact(tr.get("client-registered-at"), tr.date_time(view.registered_at));
    match view.disabled_at {
        Some(at) => facts.fact(tr.get("client-disabled-at"), tr.date_time(at)),
        None => facts,
    }
}

/// The addresses by kind; kinds without any are left out.
fn addresses(tr: &Tr, view: &ClientView) -> Vec<(String, Vec<String>)> {
    let client = &view.client;
    let listed =
        |key, uris: &[RedirectUri]| (tr.get(key), uris.iter().map(|uri| uri.as_str().to_owned()).collect());
    let kinds = [
        listed("client-redirect-uris", &client.redirect_uris),
        listed("client-post-logout-redirect-uris", &client.post_logout_redirect_uris),
        listed("client-backchannel-logout-uri", client.backchannel_logout_uri.as_slice()),
        listed("client-home", client.home.as_slice()),
    ];
    kinds.into_iter().filter(|(_, uris): &(String, Vec<String>)| !uris.is_empty()).collect()
}
