//! The example e-service: a shop where employers order forms. It is connected to Behörig as any e-service would be and uses
//! nothing of it but its public addresses. `docs/e-service.md` walks through it.

mod pages;
mod provider;
mod sessions;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use std::collections::HashMap;
use std::sync::Arc;

use pages::{Lang, escape, page};
pub use provider::Fault;
use provider::{Decision, Login, Provider};
use sessions::{Sessions, cookie, key_of};

/// What the shop must know of where it runs.
#[derive(Debug, Clone)]
pub struct Config {
    /// The provider's name, such as `http://localhost:8400`.
    pub issuer: String,
    pub client_id: String,
    /// The shop's own address, without a slash at its end.
    pub home: String,
}

/// What the shop's page needs, as its file of the catalogue says.
const PERMISSION: &str = "example.order.place";

struct Shop {
    config: Config,
    provider: Provider,
    sessions: Sessions,
}

/// The whole e-service.
///
/// # Errors
/// Where the client for calls cannot be set up.
pub fn router(config: Config) -> Result<Router, Fault> {
    let provider = Provider::new(&config.issuer, &config.client_id, &config.home)?;
    Ok(Router::new()
        .route("/", get(home))
        .route("/login", get(log_in))
        .route("/switch", get(switch))
        .route("/back", get(back))
        .route("/order", post(order))
        .route("/logout", post(log_out))
        .route("/backchannel-logout", post(told))
        .route("/style.css", get(|| async { ([(header::CONTENT_TYPE, "text/css")], pages::STYLE) }))
        .with_state(Arc::new(Shop { config, provider, sessions: Sessions::default() })))
}

/// The first page; for whoever is logged in the shop, if they may order.
async fn home(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let lang = Lang::of(&headers);
    let Some((_, login)) = shop.sessions.login(&headers) else { return shop.welcome(lang, "") };
    let form = lang.say(
        "<p>Här beställer du blanketter.</p><form method=\"post\" action=\"/order\"><button>Beställ 10 blanketter</button></form>",
        "<p>Here you order forms.</p><form method=\"post\" action=\"/order\"><button>Order 10 forms</button></form>",
    );
    shop.if_allowed(&headers, &login, lang.say("Beställ blanketter", "Order forms"), form).await
}

/// The act is decided anew: between page and press the mandate may have been withdrawn. A form of another site comes
/// without our cookie (`SameSite`).
async fn order(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let lang = Lang::of(&headers);
    let Some((_, login)) = shop.sessions.login(&headers) else { return Redirect::to("/").into_response() };
    let thanks = lang.say("<p>Blanketterna kommer med posten.</p>", "<p>The forms come by post.</p>");
    shop.if_allowed(&headers, &login, lang.say("Tack för beställningen", "Thank you for the order"), thanks)
        .await
}

async fn log_in(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    shop.begin(&headers, None).await
}

/// For whom one acts is chosen at the provider, never here.
async fn switch(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    shop.begin(&headers, Some("select_account")).await
}

/// The visitor comes back from the login.
async fn back(
    State(shop): State<Arc<Shop>>,
    headers: HeaderMap,
    Query(answer): Query<HashMap<String, String>>,
) -> Response {
    let Some(waiting) = key_of(&headers).and_then(|key| shop.sessions.waiting(&key)) else {
        // The back button, or a link from somebody else.
        return Redirect::to("/").into_response();
    };
    match shop.provider.finish(&waiting, &answer).await {
        Ok(login) => {
            // Under a new key: whoever knew the old one knows nothing now.
            let key = shop.sessions.logged_in(key_of(&headers), login);
            ([(header::SET_COOKIE, cookie(&key))], Redirect::to("/")).into_response()
        }
        Err(fault) => shop.failed(Lang::of(&headers), &fault),
    }
}

/// Ended here first; then the visitor is sent to end it there.
async fn log_out(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    let Some((key, login)) = shop.sessions.login(&headers) else { return Redirect::to("/").into_response() };
    shop.sessions.end(&key);
    match shop.provider.log_out(&login).await {
        Ok(address) => Redirect::to(&address).into_response(),
        Err(fault) => shop.failed(Lang::of(&headers), &fault),
    }
}

/// The provider's own call: a login has ended (OpenID Connect Back-Channel Logout 1.0).
async fn told(State(shop): State<Arc<Shop>>, Form(form): Form<HashMap<String, String>>) -> Response {
    let token = form.get("logout_token").map_or("", String::as_str);
    let status = match shop.provider.told_logout(token).await {
        Ok(sid) => {
            shop.sessions.end_of(&sid);
            StatusCode::OK
        }
        Err(_) => StatusCode::BAD_REQUEST,
    };
    (status, [(header::CACHE_CONTROL, "no-store")]).into_response()
}

impl Shop {
    async fn begin(&self, headers: &HeaderMap, prompt: Option<&str>) -> Response {
        match self.provider.begin(prompt).await {
            Ok((waiting, address)) => {
                let key = self.sessions.wait(key_of(headers), waiting);
                ([(header::SET_COOKIE, cookie(&key))], Redirect::to(&address)).into_response()
            }
            Err(fault) => self.failed(Lang::of(headers), &fault),
        }
    }

    /// The page, where the provider says yes; where it says no its reason, and who can help.
    async fn if_allowed(&self, headers: &HeaderMap, login: &Login, title: &str, body: &str) -> Response {
        let lang = Lang::of(headers);
        let issuer = &self.config.issuer;
        match self.provider.decide(login, PERMISSION).await {
            Ok(Decision::Yes) => page(StatusCode::OK, lang, issuer, title, &acting(lang, login), body),
            Ok(Decision::No { sv, en, reference }) => {
                let reason = escape(lang.say(&sv, &en));
                let (on, says) = match self.provider.ask_at(login, PERMISSION) {
                    Some(ask) => (
                        ask,
                        lang.say("Se vad som saknas, eller be om det", "See what is missing, or ask for it"),
                    ),
                    None => (
                        "/switch".to_owned(),
                        lang.say(
                            "Du är här för egen del. Välj en organisation",
                            "You are here for yourself. Choose an organisation",
                        ),
                    ),
                };
                let named = lang.say("Referenskod", "Reference code");
                let body = format!(
                    "<p>{reason}</p><p class=\"links\"><a href=\"{}\">{says}</a></p><p>{named}: {}</p>",
                    escape(&on),
                    escape(&reference)
                );
                let title = lang.say("Du får inte beställa", "You may not order");
                page(StatusCode::FORBIDDEN, lang, issuer, title, &acting(lang, login), &body)
            }
            Ok(Decision::LoggedOut) => {
                self.sessions.end_of(&login.sid);
                self.welcome(lang, lang.say("<p>Du har loggats ut.</p>", "<p>You have been logged out.</p>"))
            }
            Err(fault) => self.failed(lang, &fault),
        }
    }

    fn welcome(&self, lang: Lang, told: &str) -> Response {
        let (title, log_in) = (lang.say("Beställ blanketter", "Order forms"), lang.say("Logga in", "Log in"));
        let body = format!("{told}<p class=\"links\"><a href=\"/login\">{log_in}</a></p>");
        page(StatusCode::OK, lang, &self.config.issuer, title, "", &body)
    }

    fn failed(&self, lang: Lang, fault: &Fault) -> Response {
        let (title, again) =
            (lang.say("Det gick inte", "It did not work"), lang.say("Försök igen", "Try again"));
        let body = format!(
            "<p><a href=\"/\">{again}</a></p><p><small lang=\"en\">{}</small></p>",
            escape(&fault.to_string())
        );
        page(StatusCode::BAD_GATEWAY, lang, &self.config.issuer, title, "", &body)
    }
}

/// Above each page: for whom one is here.
fn acting(lang: Lang, login: &Login) -> String {
    let name = escape(&login.name);
    let who = match &login.organisation {
        Some(organisation) => {
            format!(
                "{} <strong>{}</strong> ({name})",
                lang.say("Du företräder", "You represent"),
                escape(organisation)
            )
        }
        None => format!(
            "<strong>{name}</strong> – {}",
            lang.say("du är här för egen del", "you are here for yourself")
        ),
    };
    let (switch, out) = (lang.say("Byt", "Switch"), lang.say("Logga ut", "Log out"));
    format!(
        "<header class=\"acting\"><p>{who}</p><form method=\"post\" action=\"/logout\">\
         <a href=\"/switch\">{switch}</a> <button>{out}</button></form></header>"
    )
}
