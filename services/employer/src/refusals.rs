//! Why something about a report cannot be done as things stand: stable codes, each with a text `conflict-…`.

/// The draft has been sent, has given way to newer ones, or is more than a day old.
pub const DRAFT_GONE: &str = "SICKNESS_DRAFT_GONE";
/// The draft was changed, perhaps in another tab, after the text that was to be signed had been shown.
pub const DRAFT_CHANGED: &str = "SICKNESS_DRAFT_CHANGED";
/// The rules about days say no by now.
pub const RULES: &str = "SICKNESS_RULES";
/// The catalogue in force lacks a number that the rules need: nothing can be sent.
pub const LIMITS: &str = "SICKNESS_LIMITS";
/// An officer has opened the report: it cannot be withdrawn.
pub const OPENED: &str = "SICKNESS_OPENED";
/// The report has been withdrawn.
pub const WITHDRAWN: &str = "SICKNESS_WITHDRAWN";

/// All of them.
#[cfg(test)]
pub const ALL: [&str; 6] = [DRAFT_GONE, DRAFT_CHANGED, RULES, LIMITS, OPENED, WITHDRAWN];
