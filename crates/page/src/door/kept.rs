//! Typed forms that outlive the session they were typed in: kept for the same person, and shown to them again.
//!
//! A form takes part by its guard ([`crate::FormGuard::surviving`]) and by a page that takes [`super::Filling`]. Nothing
//! of a form without that mark is kept. Files never are: they may be large, and a choice of files cannot be shown again.

use app::Refusal;
use app::drafts::{Keeping, Typed};
use app::session::SecretKey;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::PartyId;

use super::{Door, Visitor};
use crate::form::guard::{CSRF, KEEP, PARTY};
use crate::{Answers, FormGuard, GuardRefused, Posted, Problem, Visit};

/// The address of a form's page, without what stands behind `?`: the name under which its draft lies.
pub(super) fn page_of(here: &str) -> &str {
    here.split(['?', '#']).next().unwrap_or(here)
}

/// The same, if a form that survives can stand there: it is made for a party.
fn form_at(here: &str) -> Option<&str> {
    Some(page_of(here)).filter(|page| page.starts_with("/for/"))
}

/// What was typed, if the form is one that survives and something was typed at all.
fn typed(answers: &Answers) -> Option<Typed> {
    if !survives(answers) {
        return None;
    }
    let ours = |name: &str| [CSRF, PARTY, KEEP].contains(&name);
    let typed: Typed =
        answers.pairs().filter(|(name, _)| !ours(name)).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
    typed.iter().any(|(_, value)| !value.trim().is_empty()).then_some(typed)
}

pub(super) fn survives(answers: &Answers) -> bool {
    answers.only(KEEP) == Some("1")
}

/// Whether the form belonged to the session of this key, whomever it was made for.
fn genuine(door: &Door, key_hash: &[u8; 32], answers: &Answers) -> bool {
    let mac = |message: &[u8]| door.app.form_mac(message);
    // Any party is as good here: the form is not carried out.
    let any = PartyId::from_bytes([0; 16]);
    matches!(FormGuard::check(mac, key_hash, any, answers), Ok(()) | Err(GuardRefused::OtherParty(_)))
}

/// Keeps what was typed for this person. `false`: nothing was, or it could not be kept.
async fn keep(door: &Door, page: &Visit, person: PartyId, answers: &Answers) -> bool {
    let Some(typed) = typed(answers) else { return false };
    let Some(form) = form_at(&page.here) else { return false };
    match door.app.keep_form(person, form, &typed).await {
        Ok(keeping) => keeping == Keeping::Kept,
        Err(refusal) => {
            tracing::warn!(?refusal, "a form whose session had ended could not be kept");
            false
        }
    }
}

/// Keeps the form of a visitor whose session acts for another party now, if they may act for that party at all.
pub(super) async fn keep_for_other(visitor: &Visitor, party: PartyId, answers: &Answers) -> bool {
    let choices = visitor.door.app.choices(&visitor.visit);
    choices.iter().any(|choice| choice.party == party)
        && keep(&visitor.door, &visitor.page, visitor.person.id, answers).await
}

/// Keeps a form of this very session that its page gave up to send.
pub(super) async fn keep_unsent(visitor: &Visitor, answers: &Answers) -> Result<(), Refusal> {
    let Some(typed) = typed(answers) else { return Ok(()) };
    let Some(form) = form_at(&visitor.page.here) else { return Ok(()) };
    visitor.door.app.keep_form(visitor.person.id, form, &typed).await.map(|_| ())
}

/// The form of a page that stood open since an earlier session of the same person: kept. `false`: it is no such form.
pub(super) async fn keep_of_earlier(visitor: &Visitor, answers: &Answers) -> bool {
    if typed(answers).is_none() {
        return false;
    }
    let door = &visitor.door;
    let Ok(earlier) = door.app.earlier_sessions(&visitor.visit).await else { return false };
    earlier.iter().any(|session| genuine(door, &session.key_hash, answers))
        && keep(door, &visitor.page, visitor.person.id, answers).await
}

/// Back to the form's page, which shows it again.
pub(super) fn again(visitor: &Visitor) -> Response {
    Redirect::to(&visitor.page.here).into_response()
}

/// The form came when the session's time had run out: it is kept for its person, and nobody else is told of it.
/// `None`: nothing of it was kept.
pub(super) async fn after_the_end(
    door: &Door,
    page: &Visit,
    key: &SecretKey,
    posted: &Posted,
) -> Option<Problem> {
    let session = door.app.run_out(key).await.ok()??;
    let kept = genuine(door, &session.key_hash, &posted.answers)
        && keep(door, page, session.person, &posted.answers).await;
    kept.then(|| {
        let says = page.tr.get("problem-session-ended-kept");
        super::visitor::ended_at(&page.here).saying(says)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_marked_form_with_something_typed_is_kept_and_not_its_guard() {
        let form =
            Answers::empty().with("csrf", "t").with("party", "p").with("number", "1").with("name", " ");
        assert_eq!(typed(&form), None, "no mark");
        let kept = typed(&form.clone().with("keep", "1")).unwrap();
        assert_eq!(kept, [("number".to_owned(), "1".to_owned()), ("name".to_owned(), " ".to_owned())]);
        let empty = Answers::empty().with("csrf", "t").with("party", "p").with("keep", "1").with("name", " ");
        assert_eq!(typed(&empty), None, "nothing typed");
        assert_eq!(typed(&form.with("keep", "1").with("keep", "1")), None, "a doubled mark is a trick");
        assert_eq!((page_of("/a/b?c=d"), page_of("/a#x"), page_of("/a")), ("/a/b", "/a", "/a"));
    }
}
