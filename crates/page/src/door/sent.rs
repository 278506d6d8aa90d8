//! A form sent by a visitor: read, bounded, and known to be of this session and this party.

use app::Refusal;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};

use super::{Door, Visitor};
use crate::{Answers, FormGuard, GuardRefused, Posted, Upload};

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
        let visitor = Visitor::from_request_parts(&mut parts, state).await?;
        let posted = Posted::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|problem| problem.in_frame(visitor.frame("")).into_response())?;
        let door = Door::from_ref(state);
        let checked = FormGuard::check(
            |message| door.app.form_mac(message),
            &visitor.visit.session.key_hash,
            visitor.party.id,
            &posted.answers,
        );
        match checked {
            Ok(()) => Ok(Self { visitor, answers: posted.answers, files: posted.files }),
            Err(GuardRefused::OtherParty(party)) => Err(super::visitor::other_party(&visitor, party).await),
            Err(refused) => Err(crate::Problem::from(refused).in_frame(visitor.frame("")).into_response()),
        }
    }
}

impl Sent {
    /// A refusal as a page in the visitor's frame.
    pub fn refused(&self, refusal: Refusal) -> Response {
        self.visitor.refused(refusal).into_response()
    }
}
