//! `/invitation`: how the first two officers come into being. No single person, and nobody who only reads the
//! installer's screen, becomes the agency's officer.

use app::invitation::Standing;
use app::{App, Refusal};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use domain::PartyId;
use http::StatusCode;
use page::door::{Sent, Visitor};
use page::{
    Answers, Buttons, Confirm, Facts, Form, FormGuard, InputMode, Mistakes, Notice, Problem, Tone, Tr,
};

use crate::asking::see_other;
use crate::faults::mistakes;
use crate::hall::Hall;
use crate::offer::spoken;

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/invitation", get(page).post(redeem)).route("/invitation/confirm", post(confirm))
}

/// The fields in the order of the form.
const FIELDS: &[&str] = &["code", "email"];

#[derive(Template)]
#[template(path = "invitation/form.html")]
struct Body<'a> {
    tr: &'a Tr,
    form: Form<'a>,
    guard: FormGuard,
}

impl Body<'_> {
    fn email() -> InputMode {
        InputMode::Email
    }
}

#[derive(Template)]
#[template(path = "invitation/state.html")]
struct Told {
    notice: Notice,
}

async fn page(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let refused = |refusal| visitor.refused(refusal);
    let Some(standing) = app.invitation_standing(&visitor.visit).await.map_err(refused)? else {
        return Ok(form(&visitor, &Answers::empty(), &Mistakes::none()));
    };
    let tr = visitor.tr();
    let told = |tone, key: &str, says| {
        visitor
            .frame(tr.get("invitation-title"))
            .render(&Told { notice: Notice::new(tone, tr.get(key), says) })
    };
    Ok(match standing {
        Standing::WaitingForTheOther => {
            told(Tone::Info, "invitation-waiting", tr.get("invitation-waiting-says"))
        }
        Standing::WaitingForConfirmation => {
            told(Tone::Info, "invitation-waiting-confirm", tr.get("invitation-waiting-confirm-says"))
        }
        Standing::ConfirmOther(other) => ask(&app, &visitor, other).await?,
        Standing::Done => {
            let agency = app.settings().agency_name.get(spoken(visitor.page.lang()));
            let says = tr.with("invitation-done-says", &[("agency", agency.into())]);
            let notice = Notice::new(Tone::Success, tr.get("invitation-done"), says);
            let notice = notice.link(tr.get("invitation-done-link"), "/party");
            visitor.frame(tr.get("invitation-title")).render(&Told { notice })
        }
    })
}

fn form(visitor: &Visitor, answers: &Answers, mistakes: &Mistakes) -> Response {
    let tr = visitor.tr();
    let body = Body { tr, form: Form::new(tr, answers, mistakes), guard: visitor.guard() };
    let frame = visitor.frame(tr.get("invitation-title"));
    if mistakes.is_empty() {
        return frame.render(&body);
    }
    (StatusCode::UNPROCESSABLE_ENTITY, frame.in_error().render(&body)).into_response()
}

/// The other person by name: whoever confirms must know whom.
async fn ask(app: &App, visitor: &Visitor, other: PartyId) -> Result<Response, Problem> {
    let names = app.names(&visitor.visit, [other]).await.map_err(|r| visitor.refused(r))?;
    let (tr, name) = (visitor.tr(), names.of(other));
    let body = Confirm {
        effect: tr.with("invitation-confirm-effect", &[("name", name.into())]),
        facts: Facts::new()
            .fact(tr.get("invitation-confirm-name"), name)
            .fact(tr.get("invitation-confirm-number"), names.number(other)),
        action: "/invitation/confirm".to_owned(),
        guard: visitor.guard(),
        hidden: Vec::new(),
        buttons: Buttons::new(tr.with("invitation-confirm-button", &[("name", name.into())]))
            .cancel(tr.get("invitation-confirm-cancel"), visitor.base()),
    };
    Ok(visitor.frame(tr.get("invitation-confirm-title")).render(&body))
}

async fn redeem(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let (visitor, answers) = (&sent.visitor, &sent.answers);
    match app.redeem_invitation(&visitor.visit, answers.get("code"), answers.get("email")).await {
        Ok(_) => Ok(see_other("/invitation", None)),
        Err(Refusal::Invalid(faults)) => {
            Ok(form(visitor, answers, &mistakes(visitor.tr(), "invitation", FIELDS, answers, &faults)))
        }
        Err(refusal) => Err(visitor.refused(refusal)),
    }
}

async fn confirm(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    app.confirm_first_officers(&visitor.visit).await.map_err(|r| visitor.refused(r))?;
    Ok(see_other("/invitation", None))
}
