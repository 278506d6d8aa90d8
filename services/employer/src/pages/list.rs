//! The list of an organisation's reports: one's own, or all for whoever may read all.

use super::part::{Asked, badge, cut, late};
use super::{Reach, read_event};
use crate::kept::Kept;
use crate::path;
use crate::permission::{CREATE, RECEIVE};
use crate::store::reports::{self, Report};
use app::{Names, Platform};
use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::{IntoResponse as _, Redirect, Response};
use page::door::Visitor;
use page::{Badge, Problem, TimeTag, Tr};

#[derive(Debug, Template)]
#[template(path = "list.html")]
struct Body<'a> {
    tr: &'a Tr,
    rows: Vec<Row>,
    new: Option<String>,
    next: Option<String>,
    /// Shown where colleagues' reports are listed too.
    senders: Option<()>,
}

#[derive(Debug)]
struct Row {
    href: String,
    employee: String,
    first_sick_day: String,
    received: TimeTag,
    sender: String,
    state: Badge,
    late: Option<Badge>,
}

pub async fn list(
    Extension(platform): Extension<Platform>,
    Query(asked): Query<Asked>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let no = |refusal| visitor.refused(refusal);
    let party = visitor.visit.party();
    if platform.may(&visitor.visit, RECEIVE) {
        return Ok(Redirect::to(&path::received(party)).into_response());
    }
    let reach = Reach::of(&platform, &visitor).await.map_err(no)?;
    let after = asked.after().map_err(no)?;
    platform.look(&visitor.visit, reach.permission(), &read_event(), "sickness_reports").await.map_err(no)?;
    let which = reach.which(&visitor);
    let mut found = platform.read(move |tx| Ok(reports::list(tx, which, after)?)).await.map_err(no)?;
    let next = cut(&mut found).map(|query| format!("{}?{query}", path::reports(party)));
    let words = found.iter().map(|report| (report.employee, Kept::name(report.id))).collect();
    let words = platform.texts(words).await.map_err(no)?;
    let people = || found.iter().flat_map(|report| [report.reporter, report.employee]);
    let names = platform.names(&visitor.visit, people()).await.map_err(no)?;
    let hidden = platform.hidden(&visitor.visit, people()).await.map_err(no)?;
    let tr = visitor.tr();
    let rows = found
        .iter()
        .zip(words)
        .map(|(report, words)| {
            // What was typed is not shown of a person who may not be; the stand-in keeps the rows apart.
            let hidden = hidden.contains(&report.employee).then(|| names.of(report.employee));
            row(tr, report, words, hidden, &names)
        })
        .collect();
    let body = Body {
        tr,
        rows,
        new: platform.may(&visitor.visit, CREATE).then(|| path::new(party)),
        next,
        senders: (reach == Reach::All).then_some(()),
    };
    Ok(visitor.frame(tr.get("employer-reports-title")).wide().render(&body))
}

fn row(tr: &Tr, report: &Report, words: Option<String>, hidden: Option<&str>, names: &Names) -> Row {
    let kept = words.as_deref().and_then(Kept::from_json);
    Row {
        href: path::report(report.organisation, report.id),
        employee: match (hidden, kept) {
            (Some(stand_in), _) => stand_in.to_owned(),
            (None, Some(kept)) => kept.employee_name().to_owned(),
            (None, None) => tr.get("employer-erased-name"),
        },
        first_sick_day: tr.day(report.absence.first_sick_day),
        received: tr.time_tag(report.received_at),
        sender: names.of(report.reporter).to_owned(),
        state: badge(tr, report.state),
        late: late(tr, report.timing),
    }
}
