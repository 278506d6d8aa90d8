//! What the calendar does by itself (*frister*): when something is due next, and
//! carrying it out at an instant. Run by the background loop as time passes, and by [`crate::clock::Mover`] when it jumps.
//!
//! What ends by its own dates — mandates, sessions, terms — needs no work: it is decided at each request.

use crate::core::App;
use crate::outbox::Tried;
use crate::refusal::Stop;
use domain::Instant;
use store::Tx;

/// Whether something due is left after one transaction of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rest {
    None,
    Some,
}

/// Things done in one transaction, of each kind.
pub(crate) const AT_ONCE: u32 = 50;

/// The first instant after `after` at which something is due. Letters count while the mail server takes them.
pub(crate) fn next(tx: &mut Tx<'_>, after: Instant, mail: Tried) -> Result<Option<Instant>, Stop> {
    let letters = match mail {
        Tried::All => store::outbox::next_due(tx, after)?,
        Tried::Stuck => None,
    };
    let cases = store::cases::next_due(tx, after)?;
    let orders = store::orders::next_expiry(tx, after)?;
    Ok([cases, orders, letters].into_iter().flatten().min())
}

/// Carries out what is due at `now` and dates it so: cases lapse, orders that nobody finished are given up.
pub(crate) fn carry_out(tx: &mut Tx<'_>, app: &App, now: Instant) -> Result<Rest, Stop> {
    let cases = app.lapse_due(tx, now)?;
    let orders = app.abandon_due(tx, now)?;
    let full = usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
    Ok(if cases >= full || orders >= full { Rest::Some } else { Rest::None })
}
