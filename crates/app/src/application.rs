//! An employer's application on paper (*Underlag för att använda e-tjänster för arbetsgivare*; terms §4).
//!
//! An officer registers the form with the scan as evidence; a second official confirms, and only then is the employer
//! connected and its administrator able to act (R-004-20, R-004-23). What nobody confirms in time lapses.

mod form;
mod kind;
mod number;
mod register;
mod steps;

pub use form::{ApplicationForm, PaperScan, SCAN_LIMIT, Typed, email};
pub use kind::{APPLICATION, CONFIRM, LAPSED, REGISTERED, RETURN};
pub use register::SERVICE;
pub use steps::{ApplicationView, Filter, ReturnReason};

pub(crate) use form::{date, name};
pub(crate) use register::{due_at, person};

use domain::PartyId;
use domain::fact::EvidenceHash;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the case keeps: ids and days, nothing of a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Body {
    pub organisation: PartyId,
    pub administrator: PartyId,
    pub opener: PartyId,
    pub service: String,
    pub terms_version: String,
    /// The day the paper came; the day of registration is when the case was opened.
    pub arrived: Date,
    /// SHA-256 of the scan, as hexadecimal text.
    pub scan: String,
    /// Who ended the case, once somebody has.
    pub closer: Option<PartyId>,
    /// Why it was returned: one of the codes of the form.
    pub reason: Option<String>,
}

impl Body {
    /// The scan's address in the evidence store.
    pub fn scan_hash(&self) -> Option<EvidenceHash> {
        crate::log::hex32(&self.scan)
    }
}
