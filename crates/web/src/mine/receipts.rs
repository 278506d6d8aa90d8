//! `/for/{self}/mine/receipts`: the acts that one has signed, each with its receipt (*kvitto*) out of the log, which anybody can
//! check without us.

use activity::Record;
use app::records::{After, Page};
use app::{App, Names};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::RecordId;
use http::{HeaderName, header};
use page::door::Visitor;
use page::{Problem, TimeTag, Tr};
use serde::Deserialize;

use super::{base, not_found, own};
use crate::records::event;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    after: Option<String>,
}

struct Row {
    what: String,
    at: TimeTag,
    party: String,
    reference: String,
    href: String,
}

#[derive(Template)]
#[template(path = "mine/receipts.html")]
struct List<'a> {
    tr: &'a Tr,
    rows: Vec<Row>,
    first: Option<String>,
    later: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    own(&app, &visitor).await?;
    let refused = |refusal| visitor.refused(refusal);
    // What is no end of a page begins at the beginning.
    let after: Option<After> = asked.after.as_deref().and_then(|text| text.parse().ok());
    let page = app.signed(&visitor.visit, after).await.map_err(refused)?;
    let parties = page.records.iter().filter_map(|record| record.party);
    let names = app.names(&visitor.visit, parties).await.map_err(refused)?;
    let (tr, here) = (visitor.tr(), format!("{}/receipts", base(&visitor)));
    let body = List {
        tr,
        rows: rows(&visitor, &names, &page),
        first: after.map(|_| here.clone()),
        later: page.next.map(|next| format!("{here}?after={next}")),
    };
    Ok(visitor.frame(tr.get("mine-receipts")).back(tr.get("mine-title"), base(&visitor)).wide().render(&body))
}

fn rows(visitor: &Visitor, names: &Names, page: &Page) -> Vec<Row> {
    let tr = visitor.tr();
    let row = |record: &Record| Row {
        what: event(tr, &record.event),
        at: tr.time_tag(record.at),
        party: match record.party {
            Some(party) if party != visitor.person.id => names.of(party).to_owned(),
            _ => tr.get("records-self"),
        },
        reference: record.reference.to_string(),
        href: format!("{}/receipts/{}", base(visitor), record.id),
    };
    page.records.iter().map(row).collect()
}

#[derive(Debug, Deserialize)]
pub(super) struct Named {
    record: String,
}

/// The receipt as a file of text: C2SP tlog-proof. Its name tells the reference code only.
pub(super) async fn download(
    State(app): State<App>,
    visitor: Visitor,
    Path(named): Path<Named>,
) -> Result<Response, Problem> {
    own(&app, &visitor).await?;
    let id: RecordId = named.record.parse().map_err(|_| not_found(&visitor))?;
    let (reference, receipt) =
        app.receipt(&visitor.visit, id).await.map_err(|refusal| visitor.refused(refusal))?;
    let headers: [(HeaderName, String); 2] = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{reference}.tlog-proof.txt\"")),
    ];
    Ok((headers, receipt.to_string()).into_response())
}
