//! Where an instant lies in the validity of a version.

use domain::{FactVersion, Instant};

/// How a version stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Holds,
    /// It begins then.
    NotYet(Instant),
    /// It ended then; `None` if it was called off before it began.
    Ended(Option<Instant>),
}

pub(crate) fn standing(version: &FactVersion, at: Instant) -> Standing {
    match version.valid_to {
        Some(to) if to <= version.valid_from => Standing::Ended((to <= at).then_some(to)),
        Some(to) if to <= at => Standing::Ended(Some(to)),
        _ if version.holds_at(at) => Standing::Holds,
        _ => Standing::NotYet(version.valid_from),
    }
}
