//! Why an act did not happen. Refusals of rules are values; only broken machinery is an error.

use crate::act::Want;
use activity::Reference;
use authority::Decision;
use keyring::KeyError;
use std::time::Duration;
use store::StoreError;

/// An answer of "no" that a person can do something about.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The decision says no to what was wanted. Recorded under the reference code.
    NotAllowed { decision: Box<Decision>, want: Box<Want>, reference: Reference },
    /// What the address names does not exist, or not for this person: the two look the same.
    NotFound,
    /// Somebody else was faster, or the thing has moved on. The code tells which rule.
    Conflict(&'static str),
    /// What was typed cannot be used: field and code, in the order of the form.
    Invalid(Vec<FieldFault>),
    /// Too much was begun from one source: not before so long from now. See [`crate::App::admit`].
    TooMany(Duration),
    /// The machinery is busy or away; nothing has been done.
    Unavailable,
    /// The store's disk is full: nothing has been done, reading works, an operator must make room.
    Full,
    /// This node's clock cannot be trusted: nothing has been done, an operator must set it right.
    Clock,
    /// The machinery is broken; nothing has been done. The log says more under the reference.
    Broken(Reference),
}

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    pub field: &'static str,
    /// Stable code with a text in both languages, such as `IDENT_CHECKSUM`.
    pub code: &'static str,
}

impl FieldFault {
    pub fn new(field: &'static str, code: &'static str) -> Self {
        Self { field, code }
    }
}

/// How a transaction's closure ends without success. The transaction is rolled back.
#[derive(Debug)]
pub enum Stop {
    Store(StoreError),
    Key(KeyError),
    /// Refused by the decision made under the lock.
    Refused(Box<Decision>),
    /// The same of another permission than the act's own, which it needs as well.
    AlsoRefused(Box<Decision>, Box<Want>),
    /// Refused for another reason.
    No(Refusal),
}

impl Stop {
    /// For commands, which have no page to show it on.
    pub(crate) fn told(&self) -> String {
        match self {
            Stop::Store(error) => error.to_string(),
            Stop::Key(error) => error.to_string(),
            Stop::No(Refusal::Conflict(code)) => (*code).to_owned(),
            other => format!("{other:?}"),
        }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Store(error)
    }
}

impl From<KeyError> for Stop {
    fn from(error: KeyError) -> Self {
        Stop::Key(error)
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::No(refusal)
    }
}
