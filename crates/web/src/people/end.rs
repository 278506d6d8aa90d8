//! Ending a mandate: a page that says what will happen, and one button (R-004-31, -33). It ends at the next click.

use app::application::SERVICE;
use app::{App, Want};
use authority::FactsView as _;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::FactId;
use domain::fact::Mandate;
use page::door::{Sent, Visitor};
use page::{Buttons, Confirm, Facts, Problem};
use serde::Deserialize;

use super::{END, Named, is_administrator, last_day, not_found, what};
use crate::asking::see_other;

#[derive(Debug, Deserialize)]
pub(super) struct Which {
    mandate: Option<String>,
}

/// The mandate of that person at the party of the visit that has not ended.
fn find<'v>(visitor: &'v Visitor, named: &Named, mandate: &str) -> Result<(FactId, &'v Mandate), Problem> {
    let id = mandate.parse().map_err(|_| not_found(visitor))?;
    let person = named.id(visitor)?;
    let known = visitor.visit.known.index.mandate(id).filter(|known| {
        known.says.grantor == visitor.party.id
            && known.says.holder == person
            && known.version.valid_to.is_none_or(|to| visitor.page.now < to)
    });
    known.map(|known| (id, known.says)).ok_or_else(|| not_found(visitor))
}

pub(super) async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    Path(named): Path<Named>,
    Query(which): Query<Which>,
) -> Result<Response, Problem> {
    let refused = |refusal| visitor.refused(refusal);
    app.require(&visitor.visit, &Want::to(END, visitor.party.id)).await.map_err(refused)?;
    let (id, mandate) = find(&visitor, &named, which.mandate.as_deref().unwrap_or_default())?;
    let name = app.names(&visitor.visit, [mandate.holder]).await.map_err(refused)?;
    let need = app.need(mandate.holder, id).await.map_err(refused)?;
    let tr = visitor.tr();
    let mut effect = tr.get("end-effect");
    for (applies, key) in [
        (is_administrator(mandate.kind), "end-effect-gave"),
        (mandate.holder == visitor.person.id, "end-effect-own"),
    ] {
        if applies {
            effect = format!("{effect} {}", tr.get(key));
        }
    }
    let until = visitor.visit.known.index.mandate(id).and_then(|known| known.version.valid_to);
    let mut facts = Facts::new()
        .fact(tr.get("end-who"), name.of(mandate.holder))
        .fact(tr.get("people-what"), what(&visitor, &mandate.permissions))
        .fact(
            tr.get("people-until"),
            until.map_or_else(|| tr.get("people-until-further"), |to| last_day(tr, to)),
        );
    if let Some(need) = need {
        facts = facts.fact(tr.get("end-need"), need);
    }
    let people = format!("{}/people", visitor.base());
    let body = Confirm {
        effect,
        facts,
        action: format!("{people}/{}/end", mandate.holder),
        guard: visitor.guard(),
        hidden: vec![("mandate".to_owned(), id.to_string())],
        buttons: Buttons::new(tr.get("end-button")).danger().cancel(tr.get("end-cancel"), people.as_str()),
    };
    Ok(visitor.frame(tr.get("end-title")).back(tr.get("people-title"), people).render(&body))
}

pub(super) async fn end(
    State(app): State<App>,
    Path(named): Path<Named>,
    sent: Sent,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    let id: FactId = match sent.answers.only("mandate").and_then(|id| id.parse().ok()) {
        Some(id) => id,
        None => return Err(not_found(visitor)),
    };
    named.id(visitor)?;
    app.end_mandate(&visitor.visit, SERVICE, id).await.map_err(|r| visitor.refused(r))?;
    // Whoever ended the own administration sees no list any more.
    let own =
        visitor.visit.known.index.mandate(id).is_some_and(|known| known.says.holder == visitor.person.id);
    let to = if own { visitor.base() } else { format!("{}/people?ended={id}", visitor.base()) };
    Ok(see_other(&to, None))
}
