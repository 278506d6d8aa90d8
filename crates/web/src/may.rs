//! `/for/{party}/may`: where an e-service sends the visitor whom it had to refuse. The same decision again, here with all
//! reasons and the button that asks for what is missing (R-002-09).

use app::{App, Want};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use page::door::Visitor;
use page::{Problem, Tr, codes};
use serde::Deserialize;

use crate::elsewhere::{Place, places};
use crate::hall::Hall;
use crate::offer::spoken;

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/for/{party}/may", get(page))
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    permission: String,
}

#[derive(Template)]
#[template(path = "requests/may.html")]
struct Body<'a> {
    tr: &'a Tr,
    lead: String,
    back: Vec<Place>,
}

async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let catalogue = &visitor.visit.known.catalogue;
    let Some(permission) = catalogue.permission(&asked.permission) else {
        return Err(Problem::of(&codes::NOT_FOUND).in_frame(visitor.frame("")));
    };
    let want = Want::to(&permission.id, visitor.party.id);
    app.require(&visitor.visit, &want).await.map_err(|refusal| visitor.refused(refusal))?;
    let tr = visitor.tr();
    let name = permission.name.get(spoken(visitor.page.lang())).to_owned();
    let back = places(&app, &visitor, &permission.id).await?;
    let says = [("permission", name.into()), ("party", visitor.party.name.clone().into())];
    Ok(visitor.frame(tr.get("may-title")).render(&Body { tr, lead: tr.with("may-says", &says), back }))
}
