//! Orders at the e-ID provider, from the first click to the session or the signed errand.
//!
//! An order lives as a sealed row, so that any node can serve its page. One background loop asks the provider
//! ([`crate::jobs`]); pages only read the row. What comes back is kept before anything is shown:
//!
//! `pending → collected → done` for a login, whose session opens when the browser that began it comes to fetch it;
//! `pending → done` for a signature, which is carried out at once; `failed`, `cancelled` or `abandoned` otherwise.

mod begin;
mod collect;
mod finish;
mod page;

pub use begin::Begun;
pub use finish::{BANKID_ANSWER, Opened};
pub use page::{OrderPage, Standing};

pub(crate) use begin::failure_record;
pub(crate) use collect::put;

use crate::core::App;
use crate::refusal::Stop;
use crate::session::SecretKey;
use domain::OrderId;
use login::{BrowserHash, Device};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use store::StoreError;

pub(crate) const PENDING: &str = store::orders::PENDING;
pub(crate) const COLLECTED: &str = store::orders::COLLECTED;
pub(crate) const DONE: &str = "done";
pub(crate) const FAILED: &str = "failed";
pub(crate) const CANCELLED: &str = "cancelled";
pub(crate) const ABANDONED: &str = "abandoned";

/// The order's row has changed since it was read: another node, or the visitor, was faster.
pub(crate) const ORDER_MOVED_ON: &str = "ORDER_MOVED_ON";

/// The browser that asks, as seen at our edge.
#[derive(Debug, Clone)]
pub struct Browser {
    /// The browser's own secret, older than any login; a result is handed to nobody else.
    pub key: SecretKey,
    pub address: IpAddr,
    pub user_agent: Option<String>,
    pub device: Device,
}

impl Browser {
    pub(crate) fn hash(&self) -> BrowserHash {
        BrowserHash::from_bytes(self.key.hash())
    }
}

/// What an order is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub(crate) enum Purpose {
    Login {
        /// Where to go afterwards: a path of ours.
        next: Option<String>,
    },
    Signature(crate::sign::Bound),
}

/// A link of the decision that did not hold when the signed errand was to be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub code: String,
    pub mender: authority::Mender,
    pub since: Option<domain::Instant>,
}

/// How an order ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum End {
    /// The e-ID says no, or ran out of time. `text` is the message's key, `code` the normalised code.
    Failed {
        text: String,
        code: String,
        /// Of the record of the failure.
        #[serde(default)]
        reference: Option<String>,
    },
    /// The errand was refused when the signature had been made; nothing was done.
    Refused {
        code: String,
        reference: Option<String>,
        /// The links that no longer held, as the person may see them.
        #[serde(default)]
        missing: Vec<Missing>,
    },
    /// The signed errand is done; its page lies here.
    Signed { location: String },
    /// The session was opened.
    Opened,
}

/// The sealed part of an order's row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Body {
    pub order: login::Order,
    pub purpose: Purpose,
    /// Message key of the latest state at the provider.
    pub message: String,
    pub end: Option<End>,
    /// The provider's answer, byte for byte, between collection and session.
    pub answer: Option<Vec<u8>>,
    /// The page that a cancelled or failed order leads back to.
    pub back: String,
    /// The kind of browser that began it; `None` in a row of an earlier release.
    #[serde(default)]
    pub client: Option<String>,
}

impl Body {
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Stop> {
        serde_json::to_vec(self).map_err(|_| Stop::Store(StoreError::Corrupt("order body".into())))
    }

    pub(crate) fn of(row: &store::orders::Order) -> Result<Self, Stop> {
        serde_json::from_slice(&row.body).map_err(|_| Stop::Store(StoreError::Corrupt("order body".into())))
    }
}

/// The order's row, if it is this browser's. A stranger's order looks as if it did not exist.
pub(crate) fn own_row(
    app: &App,
    tx: &mut store::Tx<'_>,
    id: OrderId,
    browser: &[u8; 32],
) -> Result<store::orders::Order, Stop> {
    let row = store::orders::find(tx, &app.ring(), id)?
        .filter(|row| aws_lc_rs::constant_time::verify_slices_are_equal(&row.browser_hash, browser).is_ok());
    row.ok_or(Stop::No(crate::Refusal::NotFound))
}
