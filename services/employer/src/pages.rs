//! The pages of the service: who may see which report, and the routes.

mod form;
mod list;
mod part;
mod receipt;
mod received;
mod review;
mod why;
mod withdraw;

use crate::id::ReportId;
use crate::permission::{READ_ALL, READ_OWN};
use crate::rules::Limits;
use crate::store::reports::{self, Report, Which};
use crate::{ERRAND, object, refusals};
use app::{Platform, Refusal};
use axum::routing::{get, post};
use axum::{Extension, Router};
use jiff::civil::Date;
use page::door::{Door, Visitor};
use serde::Deserialize;

/// All routes, below `/for/{party}/employer`.
pub fn routes(platform: Platform) -> Router<Door> {
    Router::new()
        .route("/sickness-reports", get(list::list))
        .route("/sickness-reports/new", get(form::new).post(form::create))
        .route("/sickness-reports/drafts/{id}", get(review::review))
        .route("/sickness-reports/drafts/{id}/change", get(form::change).post(form::update))
        .route("/sickness-reports/drafts/{id}/sign", post(review::sign))
        .route("/sickness-reports/received", get(received::list))
        .route("/sickness-reports/received/{id}", get(received::one))
        .route("/sickness-reports/received/{id}/open", post(received::open))
        .route("/sickness-reports/{id}", get(receipt::receipt))
        .route("/sickness-reports/{id}/evidence", get(receipt::evidence))
        .route("/sickness-reports/{id}/withdraw", get(withdraw::ask).post(withdraw::withdraw))
        .layer(Extension(platform))
}

/// The part of an address that names a draft or a report.
#[derive(Debug, Deserialize)]
struct At {
    id: String,
}

impl At {
    fn id(&self) -> Result<ReportId, Refusal> {
        self.id.parse().map_err(|_| Refusal::NotFound)
    }
}

/// Which reports of the organisation a visitor may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Own,
    All,
}

impl Reach {
    /// Decides it; refused, and recorded, for a visitor who may read none.
    async fn of(platform: &Platform, visitor: &Visitor) -> Result<Self, Refusal> {
        if platform.may(&visitor.visit, READ_ALL) {
            return Ok(Self::All);
        }
        platform.require(&visitor.visit, READ_OWN).await?;
        Ok(Self::Own)
    }

    const fn permission(self) -> &'static str {
        match self {
            Self::Own => READ_OWN,
            Self::All => READ_ALL,
        }
    }

    fn which(self, visitor: &Visitor) -> Which {
        let organisation = visitor.visit.party();
        match self {
            Self::Own => Which::Own { organisation, reporter: visitor.visit.person() },
            Self::All => Which::Of { organisation },
        }
    }

    fn holds(self, visitor: &Visitor, report: &Report) -> bool {
        let own = report.reporter == visitor.visit.person();
        report.organisation == visitor.visit.party() && (own || self == Self::All)
    }

    /// The report, if the visitor may read it. Another's, or another organisation's, does not exist.
    async fn report(self, platform: &Platform, visitor: &Visitor, id: ReportId) -> Result<Report, Refusal> {
        let found = find(platform, id).await?;
        found.filter(|report| self.holds(visitor, report)).ok_or(Refusal::NotFound)
    }

    /// The same, and the reading is recorded.
    async fn read(self, platform: &Platform, visitor: &Visitor, id: ReportId) -> Result<Report, Refusal> {
        let report = self.report(platform, visitor, id).await?;
        let (permission, employee) = (self.permission(), report.employee);
        platform.look_at(&visitor.visit, permission, &read_event(), &object(id), employee).await?;
        Ok(report)
    }
}

async fn find(platform: &Platform, id: ReportId) -> Result<Option<Report>, Refusal> {
    platform.read(move |tx| Ok(reports::find(tx, id)?)).await
}

/// The event under which a reading is recorded.
fn read_event() -> String {
    format!("{ERRAND}.read")
}

/// The rules' numbers, by the catalogue in force at this visit.
fn limits(platform: &Platform, visitor: &Visitor) -> Result<Limits, Refusal> {
    let limits = Limits::read(|key| platform.limit(&visitor.visit, key));
    limits.ok_or(Refusal::Conflict(refusals::LIMITS))
}

fn today(platform: &Platform) -> Date {
    domain::calendar::date_in_stockholm(platform.now())
}
