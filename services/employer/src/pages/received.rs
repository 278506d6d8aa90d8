//! The officer's side (*handläggare*): what has arrived, who sent it, and why they could.

use super::part::{Asked, badge, cut, late};
use super::why::{self, Reason};
use super::{At, find, read_event, receipt};
use crate::kept::Kept;
use crate::permission::RECEIVE;
use crate::store::reports::{self, Report, State, Which};
use crate::{object, path, refusals};
use app::{Names, Platform, Refusal};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Redirect, Response};
use page::door::{Sent, Visitor};
use page::{Badge, Facts, FormGuard, Problem, TimeTag, Tr};

#[derive(Debug, Template)]
#[template(path = "received.html")]
struct List<'a> {
    tr: &'a Tr,
    rows: Vec<Row>,
    guard: FormGuard,
    /// Label and address, and a mark on the one that is shown.
    filters: [(String, String, Option<()>); 2],
    empty: String,
    next: Option<String>,
}

#[derive(Debug)]
struct Row {
    href: String,
    /// Where it is opened; none if that has been done, or it was withdrawn.
    open: Option<String>,
    received: TimeTag,
    organisation: String,
    number: String,
    reference: String,
    state: Badge,
    late: Option<Badge>,
}

#[derive(Debug, Template)]
#[template(path = "received_one.html")]
struct One<'a> {
    tr: &'a Tr,
    state: Badge,
    late: Option<Badge>,
    facts: Facts,
    open: Option<(String, FormGuard)>,
    withdrawn: Option<()>,
    text: Option<String>,
    /// The language of the text.
    lang: &'static str,
    why: Vec<Reason>,
}

pub async fn list(
    Extension(platform): Extension<Platform>,
    Query(asked): Query<Asked>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let no = |refusal| visitor.refused(refusal);
    platform.require(&visitor.visit, RECEIVE).await.map_err(no)?;
    let after = asked.after().map_err(no)?;
    let which = match asked.show.as_deref() {
        None => Which::Waiting,
        Some("all") => Which::All,
        Some(_) => return Err(no(Refusal::NotFound)),
    };
    platform.look(&visitor.visit, RECEIVE, &read_event(), "sickness_reports").await.map_err(no)?;
    let mut found = platform.read(move |tx| Ok(reports::list(tx, which, after)?)).await.map_err(no)?;
    let (tr, party) = (visitor.tr(), visitor.visit.party());
    let (waiting, all) = (path::received(party), format!("{}?show=all", path::received(party)));
    let next = cut(&mut found).map(|query| match which {
        Which::All => format!("{all}&{query}"),
        _ => format!("{waiting}?{query}"),
    });
    // What is about a person with protected identity does not exist, but for the few who may open it.
    if !platform.may_open(&visitor.visit) {
        let people = found.iter().flat_map(|report| [report.employee, report.reporter]);
        let hidden = platform.hidden(&visitor.visit, people).await.map_err(no)?;
        found.retain(|report| !hidden.contains(&report.employee) && !hidden.contains(&report.reporter));
    }
    let organisations = found.iter().map(|report| report.organisation);
    let names = platform.names(&visitor.visit, organisations).await.map_err(no)?;
    let here = |this| (which == this).then_some(());
    let body = List {
        tr,
        rows: found.iter().map(|report| row(tr, &visitor, report, &names)).collect(),
        guard: visitor.guard(),
        filters: [
            (tr.get("employer-received-waiting"), waiting, here(Which::Waiting)),
            (tr.get("employer-received-all"), all, here(Which::All)),
        ],
        empty: tr.get(if which == Which::All {
            "employer-received-none"
        } else {
            "employer-received-none-waiting"
        }),
        next,
    };
    Ok(visitor.frame(tr.get("employer-received-title")).wide().render(&body))
}

fn row(tr: &Tr, visitor: &Visitor, report: &Report, names: &Names) -> Row {
    let href = path::received_one(visitor.visit.party(), report.id);
    Row {
        open: (report.state == State::Received).then(|| format!("{href}/open")),
        href,
        received: tr.time_tag(report.received_at),
        organisation: names.of(report.organisation).to_owned(),
        number: names.number(report.organisation).to_owned(),
        reference: report.reference.clone(),
        state: badge(tr, report.state),
        late: late(tr, report.timing),
    }
}

/// One report. Its text is shown once it has been opened; one that was withdrawn before stays closed.
pub async fn one(
    Extension(platform): Extension<Platform>,
    Path(at): Path<At>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let no = |refusal| visitor.refused(refusal);
    platform.require(&visitor.visit, RECEIVE).await.map_err(no)?;
    let id = at.id().map_err(no)?;
    let report = find(&platform, id).await.map_err(no)?.ok_or_else(|| no(Refusal::NotFound))?;
    admit(&platform, &visitor, &report).await.map_err(no)?;
    let (event, name) = (read_event(), object(id));
    let read = platform.look_at(&visitor.visit, RECEIVE, &event, &name, report.employee);
    read.await.map_err(no)?;
    let text = match report.state {
        State::Opened { .. } => platform.text(report.employee, &Kept::name(id)).await.map_err(no)?,
        _ => None,
    };
    let why = platform.why_at(&report.reference).await.map_err(no)?;
    let parties = why.iter().flat_map(why::parties).chain([report.reporter, report.organisation]);
    let names = platform.names(&visitor.visit, parties).await.map_err(no)?;
    let (tr, agency) = (visitor.tr(), visitor.visit.party());
    let open = format!("{}/open", path::received_one(agency, id));
    let body = One {
        tr,
        state: badge(tr, report.state),
        late: late(tr, report.timing),
        facts: receipt::facts(tr, &report, &names),
        open: (report.state == State::Received).then(|| (open, visitor.guard())),
        withdrawn: matches!(report.state, State::Withdrawn { .. }).then_some(()),
        text: text.as_deref().and_then(Kept::from_json).map(|kept| kept.text),
        lang: report.lang.tag(),
        why: why.map(|why| why::reasons(tr, &visitor.visit, &why, &report, &names)).unwrap_or_default(),
    };
    let frame = visitor.frame(tr.get("employer-received-one-title"));
    Ok(frame.back(tr.get("employer-received-title"), path::received(agency)).render(&body))
}

/// A report about, or from, a person with protected identity exists for the few who may open such data, and each look is
/// recorded as an opening first. To all other officials it is not there.
async fn admit(platform: &Platform, visitor: &Visitor, report: &Report) -> Result<(), Refusal> {
    match receipt::hides(platform, visitor, report).await? {
        None => Ok(()),
        Some(person) if platform.may_open(&visitor.visit) => {
            platform.open_hidden(&visitor.visit, person).await
        }
        Some(_) => Err(Refusal::NotFound),
    }
}

/// Opens a report: from here on it cannot be withdrawn. Recorded; opening it again changes nothing.
pub async fn open(
    Extension(platform): Extension<Platform>,
    Path(at): Path<At>,
    sent: Sent,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    let no = |refusal| visitor.refused(refusal);
    let id = at.id().map_err(no)?;
    let found = find(&platform, id).await.map_err(no)?;
    if let Some(report) = &found {
        admit(&platform, visitor, report).await.map_err(no)?;
    }
    let done = platform.write(&visitor.visit, RECEIVE, move |act| {
        let (officer, now) = (act.visit().person(), act.now());
        if !reports::open(act.rows(), id, officer, now)? {
            let there = reports::find(act.rows(), id)?.is_some();
            return Err(if there { Refusal::Conflict(refusals::OPENED) } else { Refusal::NotFound }.into());
        }
        if let Some(report) = reports::find(act.rows(), id)? {
            act.concerns(report.employee);
        }
        act.record("employer.sickness_report.opened", &object(id), &[], &[]);
        Ok(())
    });
    match done.await {
        // A colleague was first, or the sender took it back: the page says which.
        Ok(()) | Err(Refusal::Conflict(refusals::OPENED)) => {
            Ok(Redirect::to(&path::received_one(visitor.visit.party(), id)).into_response())
        }
        Err(refusal) => Err(no(refusal)),
    }
}
