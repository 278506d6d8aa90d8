//! A page with a form that survives the end of the session: the visitor, and what they typed there and could not send.

use axum::extract::{FromRef, FromRequestParts};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;

use super::{Door, Visitor, kept};
use crate::Answers;

/// A visitor about to fill in a form. Handlers of its page take this instead of a [`Visitor`] and show the answers; the
/// frame tells that they were kept.
#[derive(Debug, Clone)]
pub struct Filling {
    pub visitor: Visitor,
    /// Empty unless something was kept.
    pub answers: Answers,
}

impl Filling {
    /// What was kept, or else what the form begins with.
    pub fn answers_or(&self, fresh: impl FnOnce() -> Answers) -> Answers {
        if self.answers.is_empty() { fresh() } else { self.answers.clone() }
    }
}

impl<S> FromRequestParts<S> for Filling
where
    Door: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let mut visitor = Visitor::from_request_parts(parts, state).await?;
        let page = kept::page_of(&visitor.page.here).to_owned();
        let found = visitor.door.app.kept_form(&visitor.visit, &page).await;
        let found = found.map_err(|refusal| visitor.refused(refusal).into_response())?;
        let answers = found.and_then(|form| Some((Answers::from_pairs(form.typed).ok()?, form.at)));
        let Some((answers, at)) = answers else { return Ok(Self { visitor, answers: Answers::empty() }) };
        visitor.kept_until = Some(at + app::drafts::LIFE);
        Ok(Self { visitor, answers })
    }
}
