//! Registering an e-service: every mistake at its field, and nothing typed is lost.

use app::{App, Refusal, Want};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use oidc::Draft;
use oidc::client::{Loopback, Strictness, UserinfoForm};
use oidc::draft::{FIELDS, Proof};
use page::door::{Sent, Visitor};
use page::{Answers, Choice, Form, FormGuard, Mistakes, Problem, Tr, Width};

use super::{MANAGE, at_agency, base};
use crate::asking::see_other;
use crate::faults::mistakes;
use crate::offer::spoken;

/// The values of the choices.
const KEYS: &str = "keys";
const PUBLIC: &str = "public";
const CHOSEN: &str = "yes";

#[derive(Template)]
#[template(path = "clients/register.html")]
struct Body<'a> {
    tr: &'a Tr,
    form: Form<'a>,
    guard: FormGuard,
    action: String,
    cancel: String,
    services: Vec<Choice>,
    proofs: Vec<Choice>,
    /// Whether this installation lets any address of a developer's own machine be used.
    relaxed: bool,
}

impl Body<'_> {
    fn medium() -> Width {
        Width::Medium
    }
}

pub(super) async fn form(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    app.require(&visitor.visit, &Want::to(MANAGE, app.agency())).await.map_err(|r| visitor.refused(r))?;
    Ok(show(&app, &visitor, &Answers::empty(), &Mistakes::none()))
}

fn show(app: &App, visitor: &Visitor, answers: &Answers, mistakes: &Mistakes) -> Response {
    let (tr, list) = (visitor.tr(), base(visitor));
    let says = |value, key: &str| Choice::new(value, tr.get(key)).says(tr.get(&format!("{key}-says")));
    let body = Body {
        tr,
        form: Form::new(tr, answers, mistakes),
        guard: visitor.guard(),
        action: format!("{list}/register"),
        cancel: list.clone(),
        services: services(visitor),
        proofs: vec![says(KEYS, "client-proof-keys"), says(PUBLIC, "client-proof-public")],
        relaxed: app.client_strictness() == Strictness::Relaxed,
    };
    let frame = visitor.frame(tr.get("client-register-title")).back(tr.get("clients-title"), list);
    if mistakes.is_empty() {
        return frame.render(&body);
    }
    (StatusCode::UNPROCESSABLE_ENTITY, frame.in_error().render(&body)).into_response()
}

/// The services of the catalogue, by name. Our own pages are no e-service that is connected.
fn services(visitor: &Visitor) -> Vec<Choice> {
    let lang = spoken(visitor.page.lang());
    let services = visitor.visit.known.catalogue.services();
    services
        .filter(|service| service.id != catalogue::PLATFORM)
        .map(|service| Choice::new(service.id.as_str(), service.name.get(lang)))
        .collect()
}

pub(super) async fn register(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let (visitor, answers) = (&sent.visitor, &sent.answers);
    at_agency(&app, visitor)?;
    let draft = draft(answers);
    let to = format!("{}/{}?done=registered", base(visitor), draft.id.trim());
    match app.register_client(&visitor.visit, draft).await {
        Ok(()) => Ok(see_other(&to, None)),
        Err(Refusal::Invalid(faults)) => {
            let mistakes = mistakes(visitor.tr(), "client", &FIELDS, answers, &faults);
            Ok(show(&app, visitor, answers, &mistakes))
        }
        Err(Refusal::Conflict("CLIENT_EXISTS")) => {
            let mut mistakes = Mistakes::none();
            mistakes.add("id", visitor.tr().get("conflict-client-exists"));
            Ok(show(&app, visitor, answers, &mistakes))
        }
        Err(refusal) => Err(visitor.refused(refusal)),
    }
}

fn draft(answers: &Answers) -> Draft {
    let text = |name: &str| answers.get(name).to_owned();
    // One address a line.
    let lines = |name: &str| answers.get(name).lines().map(str::to_owned).collect();
    Draft {
        id: text("id"),
        service: answers.only("service").unwrap_or_default().to_owned(),
        name_sv: text("name_sv"),
        name_en: text("name_en"),
        redirect_uris: lines("redirect_uris"),
        post_logout_redirect_uris: lines("post_logout_redirect_uris"),
        backchannel_logout_uri: text("backchannel_logout_uri"),
        home: text("home"),
        proof: match answers.only("authentication") {
            Some(KEYS) => Some(Proof::Keys(text("keys"))),
            Some(PUBLIC) => Some(Proof::Public),
            _ => None,
        },
        userinfo: if answers.chose("userinfo", CHOSEN) { UserinfoForm::Signed } else { UserinfoForm::Json },
        loopback: if answers.chose("loopback", CHOSEN) { Loopback::Any } else { Loopback::Listed },
    }
}
