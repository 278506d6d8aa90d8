//! What a service brings to the house: routes, tables, texts, menu, signed errands.

use app::Platform;
use app::rows::MigrationSet;
use app::sign::Errand;
use axum::Router;
use std::sync::Arc;

use crate::TextSource;
use crate::door::{Door, MenuEntry};

/// A service behind the door.
pub trait Service: Send + Sync + std::fmt::Debug {
    /// The id of its catalogue file; its permissions and tables begin with it.
    fn id(&self) -> &'static str;

    /// Its tables, by migrations of its own; their names begin with its id.
    fn migrations(&self) -> MigrationSet;

    /// Its pages, below `/for/{party}/{id}`. Handlers take [`crate::Visitor`] or [`crate::Sent`], and the platform.
    fn routes(&self, platform: Platform) -> Router<Door>;

    fn texts(&self) -> Vec<TextSource>;

    fn menu(&self) -> Vec<MenuEntry>;

    /// What it carries out when a signature is made.
    fn errands(&self) -> Vec<Arc<dyn Errand>>;
}
