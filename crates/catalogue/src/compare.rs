//! What changes from one catalogue to the next.

use crate::Catalogue;

/// What happens to one thing of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Added,
    Changed,
    Dropped,
}

/// One thing that differs between two catalogues.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub kind: ChangeKind,
    /// What it is: `service`, `method`, `permission`, `package`, `terms`, `rule`, `deadline`, `limit` or `contact`.
    pub what: &'static str,
    pub service: String,
    pub id: String,
}

impl Catalogue {
    /// What differs when this catalogue comes after `earlier`.
    pub fn changes_since(&self, _earlier: &Catalogue) -> Vec<Change> {
        Vec::new()
    }
}
