//! `/oauth/authorize` and `/oauth/logout`: where an e-service sends its visitor to log in, and out.
//!
//! The visitor sees a page of ours only where something must be done: log in, choose for whom, or read why it cannot be.

use app::oidc::{Came, Denied, Handle, NotAuthorized, Step};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use oidc::{Client, Fault, Params, discovery};
use page::door::{ClientAddress, SESSION_COOKIE, problem};
use page::{Problem, Visit, codes};

use crate::asking::{Inside, see_other};
use crate::hall::Hall;
use crate::{next, offer};

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route(discovery::AUTHORIZE, get(first))
        .route("/oauth/authorize/{handle}", get(on))
        .route(discovery::LOGOUT, get(log_out))
}

type Pairs = Query<Vec<(String, String)>>;

/// From the e-service.
async fn first(
    State(hall): State<Hall>,
    visit: Visit,
    Inside(inside): Inside,
    Extension(ClientAddress(from)): Extension<ClientAddress>,
    pairs: Pairs,
) -> Response {
    let params = match Params::parse(pairs.0) {
        Ok(params) => params,
        Err(fault) => return told(&visit, &fault, None).into_response(),
    };
    // What a stranger brings is kept until the login; what was pushed is kept already, and a silent question never is.
    let kept = params.get("request_uri").is_none() && params.get("prompt") != Some("none");
    if inside.is_none()
        && kept
        && let Err(refusal) = hall.app.admit(from)
    {
        return problem(&visit, refusal, None).into_response();
    }
    let step = hall.app.authorize(&params, inside.as_ref()).await;
    shown(&visit, step, inside.as_ref())
}

#[derive(Debug, serde::Deserialize)]
struct Asked {
    chosen: Option<String>,
}

/// From the login, or from the choice of party.
async fn on(
    State(hall): State<Hall>,
    visit: Visit,
    Inside(inside): Inside,
    Path(handle): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let Some(handle) = Handle::parse(&handle) else {
        return Problem::of(&codes::NOT_FOUND).into_response();
    };
    let came = if asked.chosen.is_some() { Came::Chosen } else { Came::First };
    let step = hall.app.resume(&handle, inside.as_ref(), came).await;
    shown(&visit, step, inside.as_ref())
}

fn shown(visit: &Visit, step: Result<Step, NotAuthorized>, inside: Option<&app::Visit>) -> Response {
    // After a login the visitor has been asked for whom: the way back says so.
    let back =
        |handle: &Handle| next::encoded(&format!("{}/{}?chosen=1", discovery::AUTHORIZE, handle.as_str()));
    match step {
        Ok(Step::Done { location }) => see_other(&location, None),
        Ok(Step::LogIn { handle, service }) => {
            // With a session that is too old, or of a kind that will not do, nobody gets on from there.
            let anew = if inside.is_some() { "&anew=1" } else { "" };
            let service = next::encoded(&service);
            see_other(&format!("/login?service={service}{anew}&next={}", back(&handle)), None)
        }
        Ok(Step::Choose { handle }) => see_other(&format!("/party?next={}", back(&handle)), None),
        Err(NotAuthorized::Back { location }) => see_other(&location, None),
        Err(NotAuthorized::Here { fault, client }) => told(visit, &fault, client.as_deref()).into_response(),
        Err(NotAuthorized::Refused(refusal)) => problem(visit, refusal, None).into_response(),
    }
}

/// The e-service asked wrongly: the visitor cannot mend that, and is told what to tell whom.
fn told(visit: &Visit, fault: &Fault, client: Option<&Client>) -> Problem {
    let name = match client {
        Some(client) => client.name.get(offer::spoken(visit.lang())).to_owned(),
        None => visit.tr.get("authorize-some-service"),
    };
    Problem::of(&codes::CLIENT_WRONG).with("service", name).with("says", fault.to_string())
}

/// What the address of a request that waits begins with.
const WAITING: &str = "/oauth/authorize/";

/// Whether the path goes on with a request of an e-service.
pub(crate) fn leads_on(path: &str) -> bool {
    path.starts_with(WAITING)
}

/// Where the forms of pages on the way to an e-service may end.
pub(crate) async fn form_target(hall: &Hall, next: Option<&str>) -> Option<String> {
    let path = next?.strip_prefix(WAITING)?;
    let handle = Handle::parse(path.split(['?', '#']).next()?)?;
    hall.app.form_target(&handle).await.ok().flatten()
}

/// An e-service sends its visitor to log out (RP-Initiated Logout 1.0). Without its proof that it means this very session,
/// the visitor is asked.
async fn log_out(State(hall): State<Hall>, visit: Visit, Inside(inside): Inside, pairs: Pairs) -> Response {
    let params = match Params::parse(pairs.0) {
        Ok(params) => params,
        Err(fault) => return told(&visit, &fault, None).into_response(),
    };
    let wish = match hall.app.logout_wish(&params, inside.as_ref()).await {
        Ok(wish) => wish,
        Err(Denied::Fault(fault)) => return told(&visit, &fault, None).into_response(),
        Err(Denied::Refused(refusal)) => return problem(&visit, refusal, None).into_response(),
    };
    let back = wish.back.as_deref().unwrap_or("/logout");
    match inside {
        // Nobody is logged in: there is nothing to end.
        None => see_other(back, None),
        Some(session) if wish.certain => match hall.app.log_out(&session).await {
            Ok(_) => see_other(back, visit.cookies().clear(SESSION_COOKIE).ok()),
            Err(refusal) => problem(&visit, refusal, None).into_response(),
        },
        Some(_) => see_other("/logout", None),
    }
}
