//! What is answered: every link with its verdict, and every broken one with a stable code and who can mend it.

use domain::{FactId, Instant, Seq};
use serde::{Deserialize, Serialize};

/// The stable codes of broken links. User texts hang on them; a code never changes its meaning.
pub mod code {
    /// The method's time here has ended, or it has been withdrawn.
    pub const METHOD_WITHDRAWN: &str = "METHOD_WITHDRAWN";
    /// The service or the organisation does not accept the method (now).
    pub const METHOD_NOT_ALLOWED: &str = "METHOD_NOT_ALLOWED";
    pub const LOA_TOO_LOW: &str = "LOA_TOO_LOW";
    pub const PARTY_NOT_CONNECTED: &str = "PARTY_NOT_CONNECTED";
    pub const PARTY_DEREGISTERED: &str = "PARTY_DEREGISTERED";
    pub const TERMS_NOT_ACCEPTED: &str = "TERMS_NOT_ACCEPTED";
    pub const LOCKED: &str = "LOCKED";
    /// No mandate from that party, now or ever.
    pub const NO_MANDATE: &str = "NO_MANDATE";
    pub const MANDATE_ENDED: &str = "MANDATE_ENDED";
    pub const MANDATE_NOT_YET: &str = "MANDATE_NOT_YET";
    /// There is a mandate, but not for this permission.
    pub const MANDATE_SCOPE: &str = "MANDATE_SCOPE";
    /// The mandate stands on another that does not hold or does not reach so far.
    pub const CHAIN_BROKEN: &str = "CHAIN_BROKEN";
    /// The permission is in the mandate, but not this right to it.
    pub const RIGHT_MISSING: &str = "RIGHT_MISSING";
    pub const UNKNOWN_PERMISSION: &str = "UNKNOWN_PERMISSION";
    /// The agency registered what only the organisation itself can give (R-002-08).
    pub const RULE_GIVES: &str = "RULE_GIVES";
    /// Another person must take this step, or an earlier step has not been taken.
    pub const RULE_TWO_PERSONS: &str = "RULE_TWO_PERSONS";
    /// The last holder cannot be ended (R-004-33).
    pub const RULE_NEEDS_SUCCESSOR: &str = "RULE_NEEDS_SUCCESSOR";
    /// Nobody gives to oneself.
    pub const GIVE_TO_SELF: &str = "GIVE_TO_SELF";
    /// Nothing would be given: no permission, no right, or an empty time.
    pub const GIVE_NOTHING: &str = "GIVE_NOTHING";
    /// A permission that a mandate of this kind cannot hold.
    pub const GIVE_KIND: &str = "GIVE_KIND";
    /// More than the giver may give.
    pub const GIVE_NOT_HELD: &str = "GIVE_NOT_HELD";
    /// Outside the time of the mandate that it would stand on, or in the past.
    pub const GIVE_INTERVAL: &str = "GIVE_INTERVAL";
    /// Too many mandates would stand on each other.
    pub const GIVE_TOO_DEEP: &str = "GIVE_TOO_DEEP";
    /// No such mandate of this party that has not ended.
    pub const END_NOT_FOUND: &str = "END_NOT_FOUND";

    pub const ALL: [&str; 24] = [
        METHOD_WITHDRAWN,
        METHOD_NOT_ALLOWED,
        LOA_TOO_LOW,
        PARTY_NOT_CONNECTED,
        PARTY_DEREGISTERED,
        TERMS_NOT_ACCEPTED,
        LOCKED,
        NO_MANDATE,
        MANDATE_ENDED,
        MANDATE_NOT_YET,
        MANDATE_SCOPE,
        CHAIN_BROKEN,
        RIGHT_MISSING,
        UNKNOWN_PERMISSION,
        RULE_GIVES,
        RULE_TWO_PERSONS,
        RULE_NEEDS_SUCCESSOR,
        GIVE_TO_SELF,
        GIVE_NOTHING,
        GIVE_KIND,
        GIVE_NOT_HELD,
        GIVE_INTERVAL,
        GIVE_TOO_DEEP,
        END_NOT_FOUND,
    ];
}

/// The links of the chain, in the order in which a decision lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    Method,
    MethodPolicy,
    Assurance,
    Connection,
    Terms,
    Lock,
    Mandate,
    Rule,
}

/// Who can mend a broken link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mender {
    /// The person asking, such as by another login.
    #[serde(rename = "self")]
    Self_,
    /// An authorisation administrator (*behörighetsadministratör*) of the organisation, or its signatory.
    OrganisationAdministrator,
    Agency,
    /// The issuer of the e-ID.
    Issuer,
    Nobody,
}

/// Why a link does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// One of [`code`].
    pub code: &'static str,
    /// The fact that says so, if it is one fact that does.
    pub fact: Option<FactId>,
    /// Since when it has been broken; for what has not begun, when it begins.
    pub since: Option<Instant>,
    pub mender: Mender,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds, by these facts; none where the catalogue alone decides.
    Holds {
        facts: Vec<FactId>,
    },
    Broken(Broken),
    /// It does not bear on this question.
    NotAsked,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    pub kind: LinkKind,
    pub verdict: Verdict,
}

/// The answer to a [`Question`](crate::Question).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// True exactly when no link is broken.
    pub allowed: bool,
    /// One of every [`LinkKind`], in its order.
    pub links: Vec<Link>,
    /// The mandates used, from the subject's own to the one that the agency registered. Empty where none was needed or found.
    pub chain: Vec<FactId>,
    /// The last change the answer knows of.
    pub as_of: Seq,
    /// The change that brought the catalogue in force.
    pub catalogue: Seq,
}

impl Decision {
    /// The broken links, in order.
    pub fn broken(&self) -> impl Iterator<Item = (LinkKind, &Broken)> {
        self.links.iter().filter_map(|link| match &link.verdict {
            Verdict::Broken(broken) => Some((link.kind, broken)),
            _ => None,
        })
    }

    /// The codes of the broken links, in order.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.broken().map(|(_, broken)| broken.code)
    }

    /// The verdict of one link.
    pub fn link(&self, kind: LinkKind) -> &Verdict {
        self.links.iter().find(|link| link.kind == kind).map_or(&Verdict::NotAsked, |link| &link.verdict)
    }

    /// The same answer as the subject may see it. Someone with no tie to the party is told only of the own login and
    /// of the missing mandate: not whether the party is connected, has accepted terms, is locked or has a policy
    /// (R-002-09).
    pub fn for_subject(&self) -> Decision {
        let mut told = self.clone();
        let stranger =
            matches!(self.link(LinkKind::Mandate), Verdict::Broken(b) if b.code == code::NO_MANDATE);
        if stranger {
            for link in &mut told.links {
                let of_the_party = matches!(
                    link.kind,
                    LinkKind::MethodPolicy | LinkKind::Connection | LinkKind::Terms | LinkKind::Lock
                );
                if of_the_party {
                    link.verdict = Verdict::NotAsked;
                }
            }
        }
        told
    }
}
