//! Typed random ids. They say nothing about whom they stand for: numbers and names lie in the vault.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

use crate::Entropy;

/// The text is not an id of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: 32 hexadecimal digits are expected")]
pub struct BadId;

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id: 128 random bits in the form of a UUID of version 4 (RFC 9562 §5.4).
            pub fn new(entropy: &dyn Entropy) -> Self {
                let mut bytes = [0; 16];
                entropy.fill(&mut bytes);
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }

            /// From sixteen bytes as kept in the store.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        /// 32 lower-case hexadecimal digits, as used in addresses and in the store.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0.simple())
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                if text.len() != 32 { return Err(BadId); }
                Uuid::try_parse(text).map(Self).map_err(|_| BadId)
            }
        }
    };
}

typed_id!(
    /// A party (*part*): a person, an organisation or a system.
    PartyId
);
typed_id!(
    /// A fact; its versions share the id.
    FactId
);
typed_id!(
    /// A case (*ärende*).
    CaseId
);
typed_id!(
    /// A record in the activity log (*aktivitetslogg*).
    RecordId
);
typed_id!(
    /// An order of identification or signature at an e-ID provider, as we keep it.
    OrderId
);
typed_id!(
    /// A session's public name, for lists and addresses: the key itself never leaves the browser.
    SessionId
);
typed_id!(
    /// A mail on its way out: one event, one recipient, one channel.
    MailId
);
