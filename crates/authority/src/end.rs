//! Ending: whether a mandate may be ended, and what must be handed over with it (R-004-31, R-004-33).

use crate::decision::{Broken, Decision};
use crate::question::Session;
use crate::view::FactsView;
use catalogue::Catalogue;
use domain::{FactId, Instant, PartyId, Seq};

/// A mandate that somebody wants to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending<'a> {
    pub by: PartyId,
    pub session: Session<'a>,
    /// The grantor of the mandate.
    pub party: PartyId,
    pub agency: PartyId,
    pub mandate: FactId,
    /// When it shall end; now or later.
    pub ends_at: Instant,
    /// Now.
    pub at: Instant,
}

/// A mandate that stands on the one that ends, and on what it can stand instead. Written in the same transaction it
/// goes on; not written it ends with its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handover {
    pub mandate: FactId,
    /// The new parent; `None` is the agency's registration itself, for a successor in the first administrator's place.
    pub parent: Option<FactId>,
}

/// Whether it may be ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MayEnd {
    pub allowed: bool,
    /// Whether `by` may use the permission that ending needs.
    pub decision: Decision,
    pub broken: Vec<Broken>,
    pub handover: Vec<Handover>,
}

/// Whether `ending` may be done.
pub fn may_end(
    _view: &impl FactsView,
    _catalogue: &Catalogue,
    _catalogue_seq: Seq,
    _ending: &Ending<'_>,
) -> MayEnd {
    MayEnd {
        allowed: false,
        decision: crate::decide::nothing(Seq(0), Seq(0)),
        broken: Vec::new(),
        handover: Vec::new(),
    }
}
