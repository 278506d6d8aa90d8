//! Registering an e-service: every mistake at its field, and nothing typed is lost.
//!
//! The catalogue file is a field for a file, not one to paste into: it is a file that the e-service's builders send and
//! that is put beside the others afterwards, and its mistakes are mended there. A browser does not fill such a field
//! in again, so that the text of a file that reads well is carried from page to page in a hidden field.

use app::oidc::{APPLY, Faults, NotReviewed, ServiceFile};
use app::{App, FieldFault, Refusal, Want};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use oidc::Draft;
use oidc::client::{Loopback, Strictness, UserinfoForm};
use oidc::draft::{FIELDS, Proof};
use page::door::{Sent, Visitor};
use page::{Answers, Choice, Form, FormGuard, Mistakes, Problem, Tr, Width};

use super::{MANAGE, at_agency, base, review};
use crate::asking::see_other;
use crate::faults::mistakes;
use crate::offer::spoken;

/// The file as it was chosen, and its text as it is carried on.
pub(super) const FILE: &str = "catalogue";
pub(super) const CARRIED: &str = "catalogue_text";
/// Back from the page of review, to change something.
pub(super) const CHANGE: &str = "change";

/// Mistakes of a file that are told; the rest come when these are mended.
const MOST_TOLD: usize = 20;

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
    /// For whoever may bring a catalogue in force.
    file: Option<FilePart>,
}

/// The part of the form with the catalogue file.
struct FilePart {
    /// What is wrong in the file: where, and in the words of its check, which are English.
    wrong: Vec<(String, String)>,
    /// The text of the file that was chosen before; empty for none.
    carried: String,
}

impl Body<'_> {
    fn medium() -> Width {
        Width::Medium
    }
}

pub(super) async fn form(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    app.require(&visitor.visit, &Want::to(MANAGE, app.agency())).await.map_err(|r| visitor.refused(r))?;
    Ok(show(&app, &visitor, &Answers::empty(), &Faults::default(), &Mistakes::none()))
}

fn show(app: &App, visitor: &Visitor, answers: &Answers, faults: &Faults, mistakes: &Mistakes) -> Response {
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
        file: visitor.may(APPLY).then(|| FilePart {
            wrong: wrong(tr, faults),
            // What cannot be used is chosen anew.
            carried: match mistakes.of(FILE) {
                Some(_) => String::new(),
                None => answers.get(CARRIED).to_owned(),
            },
        }),
    };
    let frame = visitor.frame(tr.get("client-register-title")).back(tr.get("clients-title"), list);
    if mistakes.is_empty() {
        return frame.render(&body);
    }
    (StatusCode::UNPROCESSABLE_ENTITY, frame.in_error().render(&body)).into_response()
}

fn wrong(tr: &Tr, faults: &Faults) -> Vec<(String, String)> {
    let told = faults.file.iter().take(MOST_TOLD).map(|mistake| {
        let place = [("line", (mistake.line as u64).into()), ("column", (mistake.column as u64).into())];
        (tr.with("client-catalogue-place", &place), format!("{}: {}", mistake.what, mistake.fix))
    });
    told.collect()
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
    if answers.chose(CHANGE, CHOSEN) {
        return Ok(show(&app, visitor, answers, &Faults::default(), &Mistakes::none()));
    }
    let draft = draft(answers);
    let Some(given) = given(&sent) else {
        let done = app.register_client(&visitor.visit, draft.clone()).await;
        return done.map_or_else(
            |refusal| again(&app, visitor, answers, refusal.into()),
            |()| Ok(registered(visitor, &draft)),
        );
    };
    let file = match given {
        Ok(file) => file,
        Err(code) => {
            app.require(&visitor.visit, &Want::to(APPLY, app.agency()))
                .await
                .map_err(|r| visitor.refused(r))?;
            let fields = vec![FieldFault::new(FILE, code)];
            return again(&app, visitor, answers, NotReviewed::Faulty(Faults { fields, file: Vec::new() }));
        }
    };
    let answers = answers.clone().without(CARRIED).with(CARRIED, file.as_str());
    match app.review_client(&visitor.visit, &draft, &file).await {
        Ok(shown) => Ok(review::show(visitor, &answers, &shown, None)),
        Err(not) => again(&app, visitor, &answers, not),
    }
}

/// The file that came with the form: the one chosen now, or else the one chosen before.
pub(super) fn given(sent: &Sent) -> Option<Result<ServiceFile, &'static str>> {
    let chosen = sent.files.iter().find(|file| file.field == FILE).map(|file| &file.bytes[..]);
    let carried = || sent.answers.only(CARRIED).filter(|text| !text.is_empty()).map(str::as_bytes);
    chosen.or_else(carried).map(ServiceFile::parse)
}

/// To the page of the e-service that was registered.
pub(super) fn registered(visitor: &Visitor, draft: &Draft) -> Response {
    see_other(&format!("{}/{}?done=registered", base(visitor), draft.id.trim()), None)
}

/// The form once more, with what is wrong at its fields; or the page of a refusal.
pub(super) fn again(
    app: &App,
    visitor: &Visitor,
    answers: &Answers,
    not: NotReviewed,
) -> Result<Response, Problem> {
    let tr = visitor.tr();
    let faults = match not {
        NotReviewed::Faulty(faults) => faults,
        NotReviewed::Refused(Refusal::Invalid(fields)) => Faults { fields, file: Vec::new() },
        NotReviewed::Refused(Refusal::Conflict("CLIENT_EXISTS")) => {
            let mut mistakes = Mistakes::none();
            mistakes.add("id", tr.get("conflict-client-exists"));
            return Ok(show(app, visitor, answers, &Faults::default(), &mistakes));
        }
        NotReviewed::Refused(refusal) => return Err(visitor.refused(refusal)),
    };
    let mut order = FIELDS.to_vec();
    order.insert(order.iter().position(|field| *field == "service").map_or(0, |at| at + 1), FILE);
    let mistakes = mistakes(tr, "client", &order, answers, &faults.fields);
    Ok(show(app, visitor, answers, &faults, &mistakes))
}

pub(super) fn draft(answers: &Answers) -> Draft {
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
