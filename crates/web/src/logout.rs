//! `/logout`: ends the session, and says what that reached and what it did not.

use app::oidc::Left;
use app::session::LoggedOut;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use domain::SessionId;
use http::HeaderMap;
use page::door::{SESSION_COOKIE, problem};
use page::{FormGuard, Lifetime, Posted, Problem, Tr, Visit};

use crate::asking::{Perhaps, see_other};
use crate::hall::Hall;
use crate::offer;
use crate::session::of_this_session;

/// The cookie that names the session that was logged out here a moment ago, so that the page can say what is left open
/// and end it. The name opens nothing.
pub(crate) const LOGGED_OUT_COOKIE: &str = "logged_out";

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/logout", get(told).post(log_out)).route("/logout/others", post(end_others))
}

/// What logging out reached.
struct Reach {
    /// The e-services that the session had entered, each in a sentence.
    left: Vec<String>,
    /// Where the person is still logged in, in words; `None`: nowhere else.
    others: Option<String>,
    guard: FormGuard,
}

#[derive(Template)]
#[template(path = "logout/done.html")]
struct Done<'a> {
    tr: &'a Tr,
    /// `None` when this browser has not logged out just now.
    reach: Option<Reach>,
}

#[derive(Template)]
#[template(path = "logout/ask.html")]
struct Ask<'a> {
    tr: &'a Tr,
    guard: FormGuard,
    /// Where else the person is logged in, in words.
    others: Option<String>,
}

async fn told(
    State(hall): State<Hall>,
    visit: Visit,
    Perhaps(visitor): Perhaps,
    headers: HeaderMap,
) -> Response {
    let tr = &visit.tr;
    if let Some(visitor) = visitor {
        let own = match hall.app.own_sessions(&visitor.visit).await {
            Ok(own) => own,
            Err(refusal) => return visitor.refused(refusal).into_response(),
        };
        let others = elsewhere(tr, own.len().saturating_sub(1));
        return visitor.frame(tr.get("logout-ask")).render(&Ask { tr, guard: visitor.guard(), others });
    }
    let reach = match just_now(&hall, &visit, &headers).await {
        Ok(found) => found.map(|ended| Reach {
            left: ended.left.iter().map(|left| said(tr, left)).collect(),
            others: elsewhere(tr, ended.others),
            guard: guard(&hall, &ended),
        }),
        Err(problem) => return problem.into_response(),
    };
    visit.frame(tr.get("logout-title")).render(&Done { tr, reach })
}

fn said(tr: &Tr, left: &Left) -> String {
    let key = if left.told { "logout-left-told" } else { "logout-left-untold" };
    tr.with(key, &[("service", left.name.get(offer::spoken(tr.lang())).into())])
}

fn elsewhere(tr: &Tr, count: usize) -> Option<String> {
    (count > 0).then(|| tr.with("logout-others", &[("count", count.into())]))
}

/// The session that this browser has just logged out.
async fn just_now(hall: &Hall, visit: &Visit, headers: &HeaderMap) -> Result<Option<LoggedOut>, Problem> {
    let named = visit.cookies().read(headers, LOGGED_OUT_COOKIE);
    let Some(id) = named.and_then(|text| text.parse::<SessionId>().ok()) else { return Ok(None) };
    hall.app.logged_out(id).await.map_err(|refusal| problem(visit, refusal, None))
}

/// The fields of the form that ends the others: of the session that is over, which nobody else knows.
fn guard(hall: &Hall, ended: &LoggedOut) -> FormGuard {
    FormGuard::new(|message| hall.app.form_mac(message), ended.key_hash(), ended.person())
}

/// Twice is the same as once: whoever is logged out already is told so.
async fn log_out(
    State(hall): State<Hall>,
    visit: Visit,
    Perhaps(visitor): Perhaps,
    posted: Posted,
) -> Response {
    let cookies = visit.cookies();
    let mut set = vec![];
    if let Some(visitor) = visitor {
        if let Err(refused) = of_this_session(&hall, &visitor, &posted.answers) {
            return Problem::from(refused).in_frame(visitor.frame("")).into_response();
        }
        if let Err(refusal) = hall.app.log_out(&visitor.visit).await {
            return visitor.refused(refusal).into_response();
        }
        let seconds = u32::try_from(app::session::AFTERWARDS.as_secs()).unwrap_or_default();
        let named = visitor.visit.session.id.map(|id| id.to_string());
        set.extend(named.and_then(|id| cookies.set(LOGGED_OUT_COOKIE, &id, Lifetime::Seconds(seconds)).ok()));
    }
    set.extend(cookies.clear(SESSION_COOKIE).ok());
    see_other("/logout", set)
}

/// Ends what logging out left open, for the browser that has just logged out.
async fn end_others(
    State(hall): State<Hall>,
    visit: Visit,
    headers: HeaderMap,
    posted: Posted,
) -> Result<Response, Problem> {
    let Some(ended) = just_now(&hall, &visit, &headers).await? else {
        // Too late, or not this browser: the page says how things stand.
        return Ok(see_other("/logout", None));
    };
    let mac = |message: &[u8]| hall.app.form_mac(message);
    FormGuard::check(mac, ended.key_hash(), ended.person(), &posted.answers).map_err(Problem::from)?;
    hall.app.end_left_open(&ended).await.map_err(|refusal| problem(&visit, refusal, None))?;
    Ok(see_other("/logout", None))
}
