//! Scopes that a client may ask for, and those it asked for.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// OpenID Connect itself: without it there is no login.
pub const OPENID: &str = "openid";
/// Names and birth date (Swedish OpenID Connect Profile 1.0 §4).
pub const PERSON_INFO: &str = "https://id.oidc.se/scope/naturalPersonInfo";
/// Personal or coordination number, where the catalogue names a legal ground.
pub const PERSON_NUMBER: &str = "https://id.oidc.se/scope/naturalPersonNumber";
/// For whom the person acts (*företräder*): our own, documented in `docs/e-service.md`.
pub const PARTY: &str = "urn:behorig:scope:party";

/// In the order in which discovery lists them.
pub const ALL: [&str; 4] = [OPENID, PERSON_INFO, PERSON_NUMBER, PARTY];

/// The scopes of a request that are ours; others are left out, as OpenID Connect Core §3.1.2.1 wants it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    pub fn parse(text: &str) -> Self {
        Self(text.split(' ').filter(|word| ALL.contains(word)).map(str::to_owned).collect())
    }

    pub fn has(&self, scope: &str) -> bool {
        self.0.contains(scope)
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<&str> = ALL.into_iter().filter(|scope| self.has(scope)).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ours_is_left_out() {
        let scopes = Scopes::parse("email openid urn:behorig:scope:party openid");
        assert_eq!(scopes.to_string(), "openid urn:behorig:scope:party");
    }
}
