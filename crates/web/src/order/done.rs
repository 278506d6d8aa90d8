//! `/order/{id}/done`: what came of the order. A login becomes a session here, for the browser that began it and once;
//! a signature leads to the page of what was signed; anything else is told.

use app::identify::{End, Opened, Standing};
use app::session::{Entry, SecretKey};
use app::{App, Refusal};
use axum::extract::{Path, State};
use axum::response::Response;
use domain::OrderId;
use page::door::{BROWSER_COOKIE, SESSION_COOKIE, Visitor};
use page::{Lifetime, Problem, Visit, codes, local_path};

use super::{named, refused};
use crate::asking::{BrowserKey, Perhaps, see_other};
use crate::hall::Hall;
use crate::{next, outcome};

pub(super) async fn done(
    State(hall): State<Hall>,
    visit: Visit,
    BrowserKey(key): BrowserKey,
    Perhaps(visitor): Perhaps,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = named(&id)?;
    let page = match (hall.app.order_page(id, &key).await, &visitor) {
        // Begun before the login, in this tab or another: the login gave this browser another secret. They are where they
        // wanted to be.
        (Err(Refusal::NotFound), Some(visitor)) => return Ok(see_other(&visitor.base(), None)),
        (page, _) => page.map_err(|refusal| refused(&visit, refusal))?,
    };
    match &page.standing {
        Standing::Pending { .. } => Ok(see_other(&format!("/order/{id}"), None)),
        // A signature is carried out by the background work alone.
        Standing::Ready if page.is_signature => Err(Problem::of(&codes::BUSY).retry_after(2)),
        Standing::Ready => match hall.app.finish_login(id, &key).await {
            Ok(opened) => enter(&hall.app, &visit, visitor, &opened).await,
            // Somebody was faster, or the evidence was refused: the row tells now.
            Err(Refusal::Conflict(
                "ORDER_NOT_READY" | "ORDER_MOVED_ON" | "CHANGED_MEANWHILE" | "EVIDENCE_REFUSED",
            )) => Ok(see_other(&again(id), None)),
            Err(refusal) => Err(refused(&visit, refusal)),
        },
        // Back, reload, or the same click twice.
        Standing::Ended(End::Opened) => match visitor {
            Some(visitor) => Ok(see_other(&visitor.base(), None)),
            None => Err(Problem::of(&codes::LOGIN_USED)),
        },
        Standing::Ended(End::Signed { location }) => {
            Ok(see_other(local_path(location).unwrap_or("/home"), None))
        }
        Standing::Ended(end) => Err(shown(outcome::ended(&hall, &visit, end, &page.back), visitor)),
        Standing::Cancelled => Err(shown(outcome::given_up(&visit, &page.back), visitor)),
    }
}

fn again(id: OrderId) -> String {
    format!("/order/{id}/done")
}

/// Who is logged in keeps the bar that says so.
fn shown(problem: Problem, visitor: Option<Visitor>) -> Problem {
    match visitor {
        Some(visitor) => problem.in_frame(visitor.frame("")),
        None => problem,
    }
}

/// Gives the browser its new session and a new secret of its own, and ends the one that the cookie held before: nobody could reach it any more.
async fn enter(
    app: &App,
    visit: &Visit,
    before: Option<Visitor>,
    opened: &Opened,
) -> Result<Response, Problem> {
    let cookie = |name, key: &SecretKey| {
        let set = visit.cookies().set(name, &key.to_cookie(), Lifetime::Browser);
        set.map_err(|_| Problem::of(&codes::OUR_FAULT))
    };
    let cookies = [cookie(SESSION_COOKIE, &opened.key)?, cookie(BROWSER_COOKIE, &opened.browser)?];
    if let Some(before) = before
        && let Err(refusal) = app.log_out(&before.visit).await
    {
        tracing::warn!(?refusal, "the session before this login could not be ended; its time will");
    }
    let to = destination(app, opened).await.unwrap_or_else(|refusal| {
        tracing::warn!(?refusal, "a new session could not be entered at once");
        "/home".to_owned()
    });
    Ok(see_other(&to, cookies))
}

/// Where the visitor was going, for the party that the address names; else to the choice of party, if there is one.
async fn destination(app: &App, opened: &Opened) -> Result<String, Refusal> {
    let Entry::Open(visit) = app.enter(&opened.key).await? else { return Ok("/login".to_owned()) };
    let choices = app.choices(&visit);
    let wanted = opened.next.as_deref().and_then(next::wanted);
    if let Some(path) = wanted
        && let Some(party) = next::party_of(path)
        && choices.iter().any(|choice| choice.party == party)
    {
        // Nothing is open for anybody else yet, so that the address itself may choose.
        if party != visit.party() {
            app.switch_party(&visit, party).await?;
        }
        return Ok(path.to_owned());
    }
    // An address for a party that this person may not act for is let go: it was another's. Whoever once acted for it is
    // led there all the same, and told what has ended and who can mend it.
    let wanted = wanted.filter(|path| match next::party_of(path) {
        Some(party) => app.once_acted_for(&visit, party),
        None => !path.starts_with("/for/"),
    });
    if let Some(path) = wanted.filter(|path| path.starts_with("/for/")) {
        return Ok(path.to_owned());
    }
    Ok(match (choices.len() > 1, wanted) {
        (true, Some(path)) => format!("/party?next={}", next::encoded(path)),
        (true, None) => "/party".to_owned(),
        (false, Some(path)) => path.to_owned(),
        (false, None) => format!("/for/{}", visit.person()),
    })
}
