//! The rules of the catalogue that a decision asks: two persons.

use crate::decision::Broken;
use crate::question::Context;
use catalogue::Catalogue;
use domain::PartyId;

/// Whether the rules of kind *two persons* let `by` take `step` after what `context` says. `step` is a permission or
/// a rule's own name of a step, such as `invitation.confirm`.
pub fn two_persons(_catalogue: &Catalogue, _step: &str, _by: PartyId, _context: Context<'_>) -> Result<(), Broken> {
    Err(crate::decide::unknown())
}
