//! The addresses of the service, below `/for/{party}/employer`. Ids only: an address says nothing of anybody.

use crate::SERVICE;
use crate::id::ReportId;
use domain::PartyId;

/// The reports of an organisation.
pub fn reports(party: PartyId) -> String {
    format!("/for/{party}/{SERVICE}/sickness-reports")
}

/// One report, as its organisation sees it.
pub fn report(party: PartyId, id: ReportId) -> String {
    format!("{}/{id}", reports(party))
}

/// An empty form.
pub fn new(party: PartyId) -> String {
    format!("{}/new", reports(party))
}

/// The review of a draft.
pub fn draft(party: PartyId, id: ReportId) -> String {
    format!("{}/drafts/{id}", reports(party))
}

/// What has arrived at the agency.
pub fn received(agency: PartyId) -> String {
    format!("{}/received", reports(agency))
}

/// One report, as the agency sees it.
pub fn received_one(agency: PartyId, id: ReportId) -> String {
    format!("{}/{id}", received(agency))
}
