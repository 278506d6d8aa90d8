//! Assurance of an identification (*tillitsnivå*) by the Swedish trust framework
//! (*Tillitsramverket för Svensk e-legitimation*): 2, 3 or 4. Level 1 stands for anything lower.

use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Assurance {
    Level1 = 1,
    Level2 = 2,
    Level3 = 3,
    Level4 = 4,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an assurance level is 1, 2, 3 or 4")]
pub struct BadAssurance;

impl TryFrom<u8> for Assurance {
    type Error = BadAssurance;
    fn try_from(level: u8) -> Result<Self, BadAssurance> {
        match level {
            1 => Ok(Self::Level1),
            2 => Ok(Self::Level2),
            3 => Ok(Self::Level3),
            4 => Ok(Self::Level4),
            _ => Err(BadAssurance),
        }
    }
}

impl From<Assurance> for u8 {
    fn from(level: Assurance) -> u8 {
        level as u8
    }
}

impl fmt::Display for Assurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", *self as u8)
    }
}
