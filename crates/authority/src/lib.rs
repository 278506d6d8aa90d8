//! One decision with its chain of reasons. Pure: no I/O, and the time of the question is a value.
//!
//! [`decide`] answers whether a person may use or give a permission for a party, from a [`FactsView`] and the
//! catalogue. It evaluates every link and names each broken one with who can mend it; deny is the default.
//! [`Index`] (in memory), [`Slice`] (a few facts loaded for one question) and [`AsOf`] (what was known after an
//! earlier change) are three views of the same facts and give the same answers.

mod acts_for;
mod chain;
mod decide;
mod decision;
mod end;
mod gains;
mod give;
mod index;
mod question;
mod rules;
mod slice;
mod standing;
mod view;

pub use acts_for::{ActsFor, Holder, holders, parties_of};
pub use decide::decide;
pub use decision::{Broken, Decision, Link, LinkKind, Mender, Verdict, code};
pub use end::{Ending, Handover, MayEnd, may_end};
pub use gains::{Difference, Turn, differences, own_differences};
pub use give::{Gift, MayGive, Registration, may_give, may_register};
pub use index::Index;
pub use question::{Context, Question, Session, Taken};
pub use rules::two_persons;
pub use slice::{AsOf, Slice};
pub use view::{FactsView, Known};
