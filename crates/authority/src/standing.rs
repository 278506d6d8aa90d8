//! Where an instant lies in the validity of a version.

use crate::view::Known;
use domain::{FactId, FactVersion, Instant};

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

/// The facts of one link, sorted by how they stand; each part in an order that no view decides.
pub(crate) struct Stood {
    pub holding: Vec<FactId>,
    /// The last that ended.
    pub ended: Option<(Option<Instant>, FactId)>,
    /// The first to begin.
    pub coming: Option<(Instant, FactId)>,
}

impl Stood {
    pub fn of<'v, T: 'v>(facts: impl Iterator<Item = Known<'v, T>>, at: Instant) -> Self {
        let mut stood = Self { holding: Vec::new(), ended: None, coming: None };
        for fact in facts {
            match standing(fact.version, at) {
                Standing::Holds => stood.holding.push(fact.id()),
                Standing::Ended(since) => stood.ended = stood.ended.max(Some((since, fact.id()))),
                Standing::NotYet(since) => {
                    let this = (since, fact.id());
                    stood.coming = Some(stood.coming.map_or(this, |first| first.min(this)));
                }
            }
        }
        stood
    }
}
