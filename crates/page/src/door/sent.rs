//! A form sent by a visitor: read, bounded, and known to be of this session and this party.

use app::Refusal;
use app::session::SecretKey;
use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};

use super::{Door, SESSION_COOKIE, Visitor, kept, visitor};
use crate::{Answers, FormGuard, GuardRefused, Posted, Upload, Visit};

/// A visitor's form.
#[derive(Debug, Clone)]
pub struct Sent {
    pub visitor: Visitor,
    pub answers: Answers,
    pub files: Vec<Upload>,
}

impl<S> FromRequest<S> for Sent
where
    Door: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let door = Door::from_ref(state);
        let entered = visitor::enter(&mut parts, state).await;
        let page = Visit::of(&door.site, &parts);
        let key = page.cookies().read(&parts.headers, SESSION_COOKIE).and_then(SecretKey::parse);
        let request = Request::from_parts(parts, body);
        let (visitor, other) = match (entered, key) {
            (Ok(entered), _) => entered,
            (Err(refused), None) => return Err(refused),
            // What was typed need not be lost with the session.
            (Err(refused), Some(key)) => {
                if door.app.run_out(&key).await.ok().flatten().is_none() {
                    return Err(refused);
                }
                let Ok(posted) = Posted::from_request(request, state).await else { return Err(refused) };
                let kept = kept::after_the_end(&door, &page, &key, &posted).await;
                return Err(kept.map_or(refused, IntoResponse::into_response));
            }
        };
        let posted = match (Posted::from_request(request, state).await, other) {
            (Ok(posted), _) => posted,
            (Err(_), Some(party)) => return Err(visitor::other_party(&visitor, party, None).await),
            (Err(problem), None) => return Err(problem.in_frame(visitor.frame("")).into_response()),
        };
        let checked = FormGuard::check(
            |message| door.app.form_mac(message),
            &visitor.visit.session.key_hash,
            visitor.party.id,
            &posted.answers,
        );
        let answers = &posted.answers;
        let kept_says = |kept: bool| kept.then(|| visitor.tr().get("problem-wrong-party-kept"));
        match (checked, other) {
            (Ok(()), None) => {
                if kept::survives(answers) {
                    visitor.drop_kept(kept::page_of(&visitor.page.here)).await?;
                }
                Ok(Self { visitor, answers: posted.answers, files: posted.files })
            }
            // The address or the form is for another party than the session acts for now.
            (Ok(()), Some(party))
            | (Err(GuardRefused::OtherParty(_)), Some(party))
            | (Err(GuardRefused::OtherParty(party)), None) => {
                let kept = kept::keep_for_other(&visitor, party, answers).await;
                Err(visitor::other_party(&visitor, party, kept_says(kept)).await)
            }
            (Err(GuardRefused::Forged), Some(party)) => {
                let kept = kept::keep_of_earlier(&visitor, answers).await;
                Err(visitor::other_party(&visitor, party, kept_says(kept)).await)
            }
            (Err(GuardRefused::Forged), None) if kept::keep_of_earlier(&visitor, answers).await => {
                Err(kept::again(&visitor))
            }
            (Err(refused), None) => {
                Err(crate::Problem::from(refused).in_frame(visitor.frame("")).into_response())
            }
        }
    }
}

impl Sent {
    /// Keeps what was typed for the visitor, as if the session had ended; gives the form's page. For a form that is not
    /// to be carried out.
    pub async fn keep(&self) -> Result<String, Refusal> {
        kept::keep_unsent(&self.visitor, &self.answers).await?;
        Ok(self.visitor.page.here.clone())
    }

    /// A refusal as a page in the visitor's frame.
    pub fn refused(&self, refusal: Refusal) -> Response {
        self.visitor.refused(refusal).into_response()
    }
}
