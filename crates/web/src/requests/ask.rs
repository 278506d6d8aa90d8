//! The requester's two clicks: asking for what a page has just refused, and taking a request back.

use app::App;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::PartyId;
use page::Problem;
use page::door::Sent;

use super::{Named, base, not_found};
use crate::asking::see_other;

/// The button of a refused page. Its hidden fields are only a wish: what can be asked for is decided anew.
pub(super) async fn ask(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let (visitor, answers) = (&sent.visitor, &sent.answers);
    let organisation: Option<PartyId> = answers.only("organisation").and_then(|id| id.parse().ok());
    let (Some(organisation), Some(permission)) = (organisation, answers.only("permission")) else {
        return Err(not_found(visitor));
    };
    let id = app.ask(&visitor.visit, organisation, permission).await.map_err(|r| visitor.refused(r))?;
    Ok(see_other(&format!("{}/{id}?done=asked", base(visitor)), None))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    Path(named): Path<Named>,
    sent: Sent,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    let id = named.id(visitor)?;
    app.withdraw_request(&visitor.visit, id).await.map_err(|r| visitor.refused(r))?;
    Ok(see_other(&format!("{}/{id}?done=withdrawn", base(visitor)), None))
}
