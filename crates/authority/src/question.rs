//! What is asked.

use domain::{Assurance, Instant, PartyId, fact::Right};

/// How the person proved to be that person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session<'a> {
    /// The login method's id in the catalogue.
    pub method: &'a str,
    /// The assurance of that login; more than the catalogue grants its method does not count.
    pub assurance: Assurance,
}

/// May `subject` use (or give) `permission` for `party` at `at`?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question<'a> {
    /// The natural person who acts.
    pub subject: PartyId,
    pub session: Session<'a>,
    /// For whom the person acts: the person itself, an organisation, or the agency.
    pub party: PartyId,
    /// The agency of this installation.
    pub agency: PartyId,
    pub permission: &'a str,
    pub right: Right,
    /// The instant the answer is about, UTC.
    pub at: Instant,
    /// Where the act is a step of a case; [`Context::NONE`] otherwise.
    pub context: Context<'a>,
}

/// What has gone before in the same case. Rules on several persons are decided from it: a step that has others
/// before it is refused without them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Context<'a> {
    /// Steps already taken, in any order.
    pub taken: &'a [Taken<'a>],
    /// Who gains by the case, such as the administrator to be; never takes a step in it.
    pub beneficiary: Option<PartyId>,
}

impl Context<'_> {
    pub const NONE: Context<'static> = Context { taken: &[], beneficiary: None };
}

/// A step that somebody has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken<'a> {
    /// The permission used, or the rule's own name of the step.
    pub step: &'a str,
    pub by: PartyId,
}
