//! Faults on demand: a failed, slow or lying provider.
//!
//! Transport faults strike the next calls of the API; lies go into the evidence of the next completed orders.

use super::error::ApiError;
use serde::Deserialize;
use std::{collections::VecDeque, time::Duration};

/// How long a slow answer waits, real time: longer than any sensible client.
pub const SLOW: Duration = Duration::from_secs(8);
/// No more faults than this wait in line.
pub const MOST: u32 = 1_000;

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Refuse(Refusal),
    /// The right answer, [`SLOW`] late.
    Slow,
    /// Status 200 and a body that is no JSON.
    Garbage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Internal,
    Maintenance,
    Timeout,
    Unknown,
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Internal => ApiError::InternalError,
            Refusal::Maintenance => ApiError::Maintenance,
            Refusal::Timeout => ApiError::RequestTimeout,
            Refusal::Unknown => ApiError::Unknown,
        }
    }
}

/// What is untrue in the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// One bit of the signature value is turned.
    WrongSignature,
    /// The OCSP answer says *revoked*.
    Revoked,
    /// The OCSP answer belongs to another signature.
    WrongNonce,
    /// Signed by another person than `user` names.
    OtherPerson,
    /// A certificate policy that nobody asked for.
    WrongPolicy,
    /// The signed text is not the text that was sent.
    OtherText,
    /// A signature given out as an identification, and the other way round.
    OtherOperation,
}

/// A fault by the name it has in `POST /fault`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    #[serde(rename = "408")]
    Timeout,
    #[serde(rename = "500")]
    Internal,
    #[serde(rename = "503")]
    Maintenance,
    UnknownError,
    Slow,
    Garbage,
    WrongSignature,
    Revoked,
    WrongNonce,
    OtherPerson,
    WrongPolicy,
    OtherText,
    OtherOperation,
}

/// Faults waiting to strike.
#[derive(Debug, Default)]
pub struct Faults {
    troubles: VecDeque<Trouble>,
    lies: VecDeque<Lie>,
}

impl Faults {
    /// Puts a fault `count` times in line; `false` if the line would be too long.
    #[must_use]
    pub fn add(&mut self, fault: Fault, count: u32) -> bool {
        let waiting = self.troubles.len() + self.lies.len();
        if count > MOST || waiting + count as usize > MOST as usize {
            return false;
        }
        for _ in 0..count {
            match fault {
                Fault::Timeout => self.troubles.push_back(Trouble::Refuse(Refusal::Timeout)),
                Fault::Internal => self.troubles.push_back(Trouble::Refuse(Refusal::Internal)),
                Fault::Maintenance => self.troubles.push_back(Trouble::Refuse(Refusal::Maintenance)),
                Fault::UnknownError => self.troubles.push_back(Trouble::Refuse(Refusal::Unknown)),
                Fault::Slow => self.troubles.push_back(Trouble::Slow),
                Fault::Garbage => self.troubles.push_back(Trouble::Garbage),
                Fault::WrongSignature => self.lies.push_back(Lie::WrongSignature),
                Fault::Revoked => self.lies.push_back(Lie::Revoked),
                Fault::WrongNonce => self.lies.push_back(Lie::WrongNonce),
                Fault::OtherPerson => self.lies.push_back(Lie::OtherPerson),
                Fault::WrongPolicy => self.lies.push_back(Lie::WrongPolicy),
                Fault::OtherText => self.lies.push_back(Lie::OtherText),
                Fault::OtherOperation => self.lies.push_back(Lie::OtherOperation),
            }
        }
        true
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    pub fn trouble(&mut self) -> Option<Trouble> {
        self.troubles.pop_front()
    }

    pub fn lie(&mut self) -> Option<Lie> {
        self.lies.pop_front()
    }
}
