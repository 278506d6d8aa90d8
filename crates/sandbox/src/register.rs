//! The simulated population register (*folkbokföringen*): notices of protected identity, in the order in which they came
//! about, for authorities that ask "what has come after this?".
//!
//! The exchange is an assumption of ours, described in `docs/population-register.md`. As a real one would, it tells
//! nothing to whoever cannot show the token, and nothing from a place that it has not reached.

use crate::people::{People, Protection};
use domain::Entropy;
use std::{io, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

/// The most notices in one answer.
pub const MOST: usize = 100;
/// Where the token lies in the folder of the test PKI.
pub const TOKEN_FILE: &str = "register.token";

/// What a notice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    SecrecyMarking,
    ProtectedRegistration,
    NumberReplaced,
    Lifted,
}

impl Notice {
    pub const fn word(self) -> &'static str {
        match self {
            Self::SecrecyMarking => "secrecy_marking",
            Self::ProtectedRegistration => "protected_registration",
            Self::NumberReplaced => "number_replaced",
            Self::Lifted => "lifted",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::SecrecyMarking, Self::ProtectedRegistration, Self::NumberReplaced, Self::Lifted]
            .into_iter()
            .find(|notice| notice.word() == word)
    }
}

/// All notices so far; the first has position 1.
#[derive(Default)]
pub struct Register(Vec<(String, Notice)>);

/// How many; nothing of whom.
impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Register({})", self.0.len())
    }
}

impl Register {
    /// The notices that the demo's people begin with, by number: that a former and a new identity belong together is
    /// told nowhere, not even by their order.
    pub fn of(people: &People) -> Self {
        let mut notices = Vec::new();
        for person in people.all() {
            if let Some(protection) = person.protection {
                let notice = match protection {
                    Protection::SecrecyMarking => Notice::SecrecyMarking,
                    Protection::ProtectedRegistration => Notice::ProtectedRegistration,
                };
                notices.push((person.personal_number.clone(), notice));
            }
            if let Some(former) = &person.former {
                notices.push((former.personal_number.clone(), Notice::NumberReplaced));
            }
        }
        notices.sort_by(|a, b| a.0.cmp(&b.0));
        Self(notices)
    }

    pub fn add(&mut self, number: String, notice: Notice) {
        self.0.push((number, notice));
    }

    /// At most [`MOST`] notices after a position, each with its own; `None` for a position that is not reached yet.
    pub fn after(&self, position: usize) -> Option<Vec<(usize, &str, Notice)>> {
        let rest = self.0.get(position..)?;
        let numbered = rest.iter().take(MOST).zip(position + 1..);
        Some(numbered.map(|((number, notice), at)| (at, number.as_str(), *notice)).collect())
    }
}

/// The token by which an authority shows who it is; made at the first start.
pub fn token(folder: &Path, entropy: &dyn Entropy) -> io::Result<String> {
    let path = folder.join(TOKEN_FILE);
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    let fresh: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    // Written aside and linked into place: of two sandboxes that start at once, both read a whole token, the same.
    let aside = folder.join(format!("{TOKEN_FILE}.{}", &fresh[..16]));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    file.write_all(fresh.as_bytes())?;
    drop(file);
    let linked = std::fs::hard_link(&aside, &path);
    std::fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => std::fs::read_to_string(&path).map(|text| text.trim().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_numbered_without_gaps_and_a_place_ahead_is_none() {
        let mut register = Register::of(&People::load().expect("the committed list"));
        let count = register.0.len();
        assert_eq!(count, 4, "one marked, one with protected registration, and two of a replaced identity");
        register.add("199001012385".into(), Notice::Lifted);
        let after = register.after(count).expect("reached");
        assert_eq!(after, [(count + 1, "199001012385", Notice::Lifted)]);
        assert!(register.after(count + 1).is_some_and(|rest| rest.is_empty()));
        assert!(register.after(count + 2).is_none());
        for at in 0..MOST {
            register.add(at.to_string(), Notice::Lifted);
        }
        assert_eq!(register.after(0).map(|rest| rest.len()), Some(MOST));
        assert!(!format!("{register:?}").contains("2385"));
    }
}
