//! The page frame: theme, layout, both languages, forms, errors as pages. No routes of its own but the
//! assets and the language switch.
//!
//! A page is a [`Frame`] around a body template. A handler takes a [`Visit`], asks it for a frame, adds for
//! whom the session acts, and renders:
//!
//! ```text
//! async fn page(visit: Visit, session: Session) -> Response {
//!     visit.frame(visit.tr.get("reports-title")).acting(session.acting()).render(&Body { tr: &visit.tr })
//! }
//! ```
//!
//! [`dress`] puts around a router what every answer needs: security headers, problems as pages, the check
//! of where a request comes from.

mod assets;
mod cookie;
pub mod door;
mod form;
mod format;
mod frame;
mod lang;
mod language;
mod origin;
mod part;
mod path;
pub mod problem;
mod security;
mod service;
mod site;
mod texts;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{get, post},
};

pub use cookie::{BadCookie, Cookies, Lifetime, Transport};
pub use form::{
    Answers, Buttons, Check, Checks, Choice, Confirm, ErrorSummary, Fact, Facts, FileField, Form, FormGuard,
    GuardRefused, InputMode, MAX_FILE, MAX_FILES, MAX_FORM, Mistakes, Posted, Radios, Select, TextArea,
    TextField, Unreadable, Upload, Width, token,
};
pub use format::{TimeTag, last_day_of, organisation_number, parse_day, swedish_day};
pub use frame::{Acting, ActingKind, Frame, KeptLine, NavItem, SessionLine};
pub use lang::{LANG_COOKIE, Lang, negotiate};
pub use part::{Badge, Notice, Tone};
pub use path::local_path;
pub use problem::{BrokenLink, Contact, ContactLine, Mender, Problem, codes};
pub use service::Service;
pub use site::{Environment, Site, SiteConfig, TextLink, Visit, Words, standard_footer};
pub use texts::{TextError, TextSource, Texts, Tr, Value, check_complete};

/// Marks a template of ours as finished HTML, so that another template writes it with `{{ part }}`. Only
/// for types that derive `askama::Template` with HTML escaping.
#[macro_export]
macro_rules! html_safe {
    ($name:ident) => {
        impl ::askama::filters::HtmlSafe for $name {}
    };
}

/// Dresses the pages of a listener: adds the assets and the language switch, and lays around everything
/// the security headers, the problem pages and the check of origin, in this order from the outside. To be
/// called last; machine surfaces are merged in afterwards, undressed.
pub fn dress(pages: Router, site: &Site) -> Router {
    let own = Router::new()
        .route("/assets/{name}", get(assets::serve))
        .route("/language", post(language::switch))
        .with_state(site.clone());
    pages
        .merge(own)
        .layer(from_fn_with_state(site.clone(), origin::check))
        .layer(from_fn_with_state(site.clone(), problem::pages))
        .layer(from_fn_with_state(site.clone(), security::headers))
}
