//! Switching an e-service off: a page that says what will happen, and one button. It works at the e-service's next call.

use app::{App, Refusal};
use axum::extract::{Path, State};
use axum::response::Response;
use page::door::{Sent, Visitor};
use page::{Buttons, Confirm, Facts, Problem};

use super::{Named, at_agency, base, service};
use crate::asking::see_other;
use crate::offer::spoken;

pub(super) async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    Path(named): Path<Named>,
) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    let id = named.id(&visitor)?;
    let view = app.client(&visitor.visit, &id).await.map_err(|r| visitor.refused(r))?;
    if view.disabled_at.is_some() {
        return Err(visitor.refused(Refusal::Conflict("CLIENT_DISABLED")));
    }
    let (tr, back) = (visitor.tr(), format!("{}/{id}", base(&visitor)));
    let name = view.client.name.get(spoken(visitor.page.lang()));
    let body = Confirm {
        effect: tr.get("client-disable-effect"),
        facts: Facts::new()
            .fact(tr.get("clients-name"), name)
            .fact(tr.get("client-id"), id.to_string())
            .fact(tr.get("client-service"), service(&visitor, &view)),
        action: format!("{back}/disable"),
        guard: visitor.guard(),
        hidden: Vec::new(),
        buttons: Buttons::new(tr.get("client-disable-button"))
            .danger()
            .cancel(tr.get("client-disable-cancel"), back.as_str()),
    };
    Ok(visitor.frame(tr.get("client-disable-title")).back(name, back).render(&body))
}

pub(super) async fn disable(
    State(app): State<App>,
    Path(named): Path<Named>,
    sent: Sent,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    at_agency(&app, visitor)?;
    let id = named.id(visitor)?;
    app.disable_client(&visitor.visit, &id).await.map_err(|r| visitor.refused(r))?;
    Ok(see_other(&format!("{}/{id}?done=disabled", base(visitor)), None))
}
