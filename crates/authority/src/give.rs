//! Giving: whether a mandate may be given, before it is written.
//!
//! A child is never more than its parent: not in permissions, not in rights, not in time; nobody gives to oneself
//! (general terms §4–5; R-004-11, R-004-25, R-002-08).

use crate::decision::{Broken, Decision};
use crate::question::{Context, Session};
use crate::view::FactsView;
use catalogue::Catalogue;
use domain::fact::{MandateKind, PermissionId, Rights};
use domain::{FactId, Instant, PartyId, Seq};
use std::collections::BTreeSet;

/// A mandate that somebody wants to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gift<'a> {
    pub giver: PartyId,
    pub session: Session<'a>,
    /// For whom the holder shall act: the organisation, or the agency for its own roles.
    pub party: PartyId,
    pub agency: PartyId,
    pub holder: PartyId,
    pub kind: MandateKind,
    /// Permissions or packages.
    pub permissions: &'a BTreeSet<PermissionId>,
    pub rights: &'a Rights,
    pub valid_from: Instant,
    pub valid_to: Option<Instant>,
    /// Now.
    pub at: Instant,
}

/// Whether it may be given, and on which mandate of the giver's it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MayGive {
    pub allowed: bool,
    /// The parent to write in the new mandate; present exactly when allowed.
    pub parent: Option<FactId>,
    /// Whether the giver may use the permission that giving needs.
    pub decision: Decision,
    /// What else stands against it.
    pub broken: Vec<Broken>,
}

/// Whether `gift` may be given. The giver needs the use of the permission that the rule names, and one mandate with
/// the right to give all of it.
pub fn may_give(
    _view: &impl FactsView,
    _catalogue: &Catalogue,
    _catalogue_seq: Seq,
    _gift: &Gift<'_>,
) -> MayGive {
    MayGive { allowed: false, parent: None, decision: crate::decide::nothing(Seq(0), Seq(0)), broken: Vec::new() }
}

/// A mandate without a parent that the agency is about to register: the first administrator of an organisation by an
/// application, or a first role at the agency by invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration<'a> {
    /// The organisation, or the agency itself.
    pub party: PartyId,
    pub agency: PartyId,
    pub holder: PartyId,
    pub kind: MandateKind,
    pub permissions: &'a BTreeSet<PermissionId>,
    pub rights: &'a Rights,
    pub valid_from: Instant,
    pub valid_to: Option<Instant>,
}

/// Whether the catalogue lets the agency register it at all (R-002-08). Whether this official may, is a question to
/// [`decide`](crate::decide) with the permission of the step and its [`Context`].
pub fn may_register(_catalogue: &Catalogue, _registration: &Registration<'_>) -> Result<(), Broken> {
    let _ = Context::NONE;
    Err(crate::decide::unknown())
}
