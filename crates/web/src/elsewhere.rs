//! The way to an e-service that logs in here: links to the start pages that its clients have registered.

use app::App;
use app::oidc::Elsewhere;
use page::Problem;
use page::door::Visitor;

use crate::offer::spoken;

/// A link to an e-service.
pub(crate) struct Place {
    pub label: String,
    pub href: String,
}

/// The start pages of the service that a permission or a package belongs to.
pub(crate) async fn places(app: &App, visitor: &Visitor, entry: &str) -> Result<Vec<Place>, Problem> {
    let all = app.elsewhere().await.map_err(|refusal| visitor.refused(refusal))?;
    let service = entry.split('.').next().unwrap_or(entry);
    Ok(all.iter().filter(|elsewhere| elsewhere.service == service).map(|to| place(visitor, to)).collect())
}

/// One of them, named in the page's language.
pub(crate) fn place(visitor: &Visitor, to: &Elsewhere) -> Place {
    let name = to.name.get(spoken(visitor.page.lang()));
    Place { label: visitor.tr().with("elsewhere-go", &[("name", name.into())]), href: to.home.clone() }
}
