//! Taking a report back, which can be done until an officer opens it.

use super::{At, Reach, find, receipt};
use crate::permission::WITHDRAW;
use crate::store::reports::{self, Report, State};
use crate::{object, path, refusals};
use app::{Platform, Refusal};
use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use page::door::{Sent, Visitor};
use page::{Buttons, Confirm, Problem};

pub async fn ask(
    Extension(platform): Extension<Platform>,
    Path(at): Path<At>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let no = |refusal| visitor.refused(refusal);
    let report = own(&platform, &visitor, &at).await.map_err(no)?;
    moved_on(report.state).map_err(no)?;
    let names = platform.names(&visitor.visit, [report.reporter, report.organisation]).await.map_err(no)?;
    let tr = visitor.tr();
    let address = path::report(report.organisation, report.id);
    let body = Confirm {
        effect: tr.get("employer-withdraw-effect"),
        facts: receipt::facts(tr, &report, &names),
        action: format!("{address}/withdraw"),
        guard: visitor.guard(),
        hidden: Vec::new(),
        buttons: Buttons::new(tr.get("employer-withdraw"))
            .danger()
            .cancel(tr.get("employer-withdraw-not"), address),
    };
    Ok(visitor.frame(tr.get("employer-withdraw-title")).render(&body))
}

pub async fn withdraw(
    Extension(platform): Extension<Platform>,
    Path(at): Path<At>,
    sent: Sent,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    let no = |refusal| visitor.refused(refusal);
    let report = own(&platform, visitor, &at).await.map_err(no)?;
    let (id, employee) = (report.id, report.employee);
    let done = platform.write(&visitor.visit, WITHDRAW, move |act| {
        let now = act.now();
        if !reports::withdraw(act.rows(), id, now)? {
            // The officer was first, or another tab.
            let state = reports::find(act.rows(), id)?.map_or(State::Received, |report| report.state);
            moved_on(state)?;
            return Err(Refusal::NotFound.into());
        }
        act.concerns(employee);
        act.record("employer.sickness_report.withdrawn", &object(id), &[], &[]);
        Ok(())
    });
    done.await.map_err(no)?;
    Ok(Redirect::to(&path::report(report.organisation, id)).into_response())
}

/// The report, if the visitor may read it and withdraw reports. Both are decided; reading alone is not enough.
async fn own(platform: &Platform, visitor: &Visitor, at: &At) -> Result<Report, Refusal> {
    platform.require(&visitor.visit, WITHDRAW).await?;
    let reach = Reach::of(platform, visitor).await?;
    let id = at.id()?;
    find(platform, id).await?.filter(|report| reach.holds(visitor, report)).ok_or(Refusal::NotFound)
}

fn moved_on(state: State) -> Result<(), Refusal> {
    match state {
        State::Received => Ok(()),
        State::Opened { .. } => Err(Refusal::Conflict(refusals::OPENED)),
        State::Withdrawn { .. } => Err(Refusal::Conflict(refusals::WITHDRAWN)),
    }
}
