//! Errors as pages: what happened, what you can do now, who can help, and a reference code with its time.
//!
//! A handler answers with a [`Problem`]; the layer in [`pages`] turns it into a page in the visitor's
//! language, or into JSON for a program. Nothing internal reaches either: what broke is noted for support, and stands in
//! the technical log, under the same reference.

pub mod codes;
mod contact;
mod decision;
mod pages;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use domain::Instant;
use http::{HeaderValue, StatusCode, header};

pub use codes::{Kind, Way};
pub use contact::{Contact, ContactLine};
pub use decision::{BrokenLink, Mender};
pub(crate) use pages::{Who, pages};

use crate::{Frame, Tr, local_path};

/// A problem of one request. Cheap to make; texts are found when it is shown.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: &'static Kind,
    /// Instead of the kind's own text on what happened: a finished one, such as a login method's.
    what: Option<String>,
    /// Values for the texts, such as the name in "Länken gäller X".
    arguments: Vec<(&'static str, String)>,
    /// Instead of the kind's own text on what can be done.
    todo: Option<String>,
    /// Instead of the kind's own way on: text key of the label, and address.
    action: Option<(&'static str, String)>,
    /// Instead of a link: a form to post there with these hidden fields.
    post: Vec<(String, String)>,
    who: Vec<Contact>,
    broken: Vec<BrokenLink>,
    /// Why, for support: the code of the rule that refused.
    rule: Option<String>,
    /// What had broken, for support: fixed words of ours.
    cause: Option<&'static str>,
    reference: Option<String>,
    at: Option<Instant>,
    retry_after: Option<u32>,
    frame: Option<Frame>,
}

impl Problem {
    pub fn of(kind: &'static Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            what: None,
            todo: None,
            arguments: Vec::new(),
            action: None,
            post: Vec::new(),
            who: Vec::new(),
            broken: Vec::new(),
            rule: None,
            cause: None,
            reference: None,
            at: None,
            retry_after: None,
            frame: None,
        }))
    }

    /// A decision said no: each broken link with who can mend it (R-002-09), the reference of its record
    /// and when it was made.
    pub fn no_access(broken: Vec<BrokenLink>, reference: impl Into<String>, at: Instant) -> Self {
        let mut problem = Self::of(&codes::NO_ACCESS).reference(reference, at);
        problem.0.broken = broken;
        problem
    }

    /// What is missing can be asked for: one button that posts the hidden fields to `ask`. `what` names it in the
    /// catalogue's words.
    pub fn asking(mut self, what: &str, ask: &str, hidden: Vec<(String, String)>, tr: &Tr) -> Self {
        self.0.todo = Some(tr.with("problem-no-access-ask", &[("what", what.into())]));
        self.0.post = hidden;
        self.way("way-ask", ask)
    }

    /// "The link is for X. Change to X?" `switch` is posted with the hidden fields, and leads back to
    /// where the visitor wanted to go. Only for parties that this person may act for: to all others the
    /// address does not exist.
    pub fn wrong_party(
        party_name: impl Into<String>,
        switch: impl Into<String>,
        hidden: Vec<(String, String)>,
    ) -> Self {
        let name = party_name.into();
        let mut problem =
            Self::of(&codes::WRONG_PARTY_NAMED).with("name", name).way("way-switch-party", switch);
        problem.0.post = hidden;
        problem
    }

    /// Fills a value into the texts.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.arguments.push((name, value.into()));
        self
    }

    /// What happened, in other words than the kind's own: a finished text of whoever knows better.
    pub fn saying(mut self, text: impl Into<String>) -> Self {
        self.0.what = Some(text.into());
        self
    }

    /// What can be done, in other words than the kind's own.
    pub fn doing(mut self, text: impl Into<String>) -> Self {
        self.0.todo = Some(text.into());
        self
    }

    /// Another way on than the kind's: the text key of its label, and an address on this site.
    pub fn way(mut self, label_key: &'static str, href: impl Into<String>) -> Self {
        let href = href.into();
        self.0.action = Some((label_key, local_path(&href).unwrap_or("/").to_owned()));
        self
    }

    /// Who can help, nearest first; without it, the installation's own support.
    pub fn who(mut self, contacts: Vec<Contact>) -> Self {
        self.0.who = contacts;
        self
    }

    /// The code of the rule that refused: nobody is shown it but support, by the reference code.
    pub fn rule(mut self, code: impl Into<String>) -> Self {
        self.0.rule = Some(code.into());
        self
    }

    /// What had broken, in fixed words: as [`Problem::rule`], for support only.
    pub(crate) fn cause(mut self, words: &'static str) -> Self {
        self.0.cause = Some(words);
        self
    }

    /// The reference of the record in the log. Without one a new reference is made when the page is
    /// shown, and found in the technical log.
    pub fn reference(mut self, reference: impl Into<String>, at: Instant) -> Self {
        self.0.reference = Some(reference.into());
        self.0.at = Some(at);
        self
    }

    /// Seconds after which trying again makes sense.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Shows the problem in this frame (acting bar, session, navigation); its title is replaced.
    pub fn in_frame(mut self, frame: Frame) -> Self {
        self.0.frame = Some(frame);
        self
    }

    /// The stable code, such as `BEH-3105`.
    pub fn code(&self) -> &'static str {
        self.0.kind.code
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The problem as an extension of its response, until [`pages`] shows it.
#[derive(Debug, Clone)]
struct Pending(Arc<Problem>);

/// A bare answer with the code; the layer makes the page. Outside the layer (machine surfaces, unit
/// tests) the code is all there is to see.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.code()).into_response();
        if let Some(seconds) = self.0.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Pending(Arc::new(self)));
        response
    }
}
