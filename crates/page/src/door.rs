//! Behind the door: who visits, for whom the visit acts, and what came with a form — as extractors that `web` and the
//! services share.
//!
//! A handler that takes a [`Visitor`] is reached only by somebody who is logged in; one that takes a [`Sent`] only by a
//! form of this session, made for the party that the session acts for. A route with `{party}` in its path is reached
//! only while the session acts for that party: two tabs that act for different parties never mix.

mod asked;
mod filling;
mod kept;
mod menu;
mod refused;
mod sent;
mod visitor;

pub use asked::{ClientAddress, browser_key, device_of};
pub use filling::Filling;
pub use menu::{Menu, MenuEntry};
pub use refused::{broken_link, broken_links, problem};
pub use sent::Sent;
pub use visitor::Visitor;

use app::App;
use axum::extract::FromRef;

use crate::Site;

/// Name of the session's cookie.
pub const SESSION_COOKIE: &str = "session";
/// Name of the cookie that tells one browser from another before and during a login.
pub const BROWSER_COOKIE: &str = "browser";

/// Where the button of a refused page asks for what is missing. The page that answers is `web`'s.
pub const ASK: &str = "/requests/ask";

/// The state of every page: the installation's look, and the house behind it. A service's pages get no further into
/// the house than their `Platform`.
#[derive(Debug, Clone)]
pub struct Door {
    pub site: Site,
    pub menu: Menu,
    app: App,
}

impl Door {
    pub fn new(site: Site, menu: Menu, app: App) -> Self {
        Self { site, menu, app }
    }
}

impl FromRef<Door> for Site {
    fn from_ref(door: &Door) -> Site {
        door.site.clone()
    }
}
