//! Machine surfaces: what e-services call, without cookies and without pages.
//!
//! Each call authenticates itself, is bounded in size and time, and is answered in JSON. Rules lie in `oidc`, acts in `app`;
//! here is HTTP and nothing else. Merged beside the pages, undressed: a foreign origin is no fault here, because nothing here
//! believes a cookie.

mod authzen;
mod discovery;
mod front;
mod oauth;
mod reply;
mod sent;

use app::App;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use page::Texts;
use std::sync::Arc;

/// The state of the routes.
#[derive(Debug, Clone)]
struct Api {
    app: App,
    /// For reasons in words.
    texts: Arc<Texts>,
}

impl FromRef<Api> for App {
    fn from_ref(api: &Api) -> App {
        api.app.clone()
    }
}

/// All machine surfaces.
pub fn router(app: App, texts: Arc<Texts>) -> Router {
    Router::new()
        .merge(discovery::routes(app.issuer()))
        .merge(oauth::routes())
        .merge(authzen::routes())
        .merge(front::routes())
        .layer(DefaultBodyLimit::max(sent::MOST))
        .with_state(Api { app, texts })
}
