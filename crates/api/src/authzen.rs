//! Decisions by standard: the endpoints of the AuthZEN Authorization API 1.0. A no is an answer, with status 200.

use app::App;
use app::oidc::{Asked, Missing, Verdict};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::post;
use http::{HeaderMap, HeaderName, StatusCode};
use oidc::authzen::{self, Call, NotAsked, Semantic};
use oidc::{ErrorCode, Fault};
use page::{Lang, Texts};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::sent::{self, Json};
use crate::{Api, reply};

/// Given back as it came (§10.1.3).
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The mender of a wrong question: those who run the e-service.
const E_SERVICE: &str = "e_service";
/// Characters of an unknown permission that are given back.
const LONGEST_SHOWN: usize = 100;

pub fn routes() -> Router<Api> {
    Router::new()
        .route(authzen::EVALUATION, post(one))
        .route(authzen::EVALUATIONS, post(many))
        .layer(axum::middleware::from_fn(identified))
}

/// Gives the caller's name of the call back with every answer, also where the call is refused before it is read.
async fn identified(request: Request, next: Next) -> Response {
    let id = request.headers().get(REQUEST_ID).filter(|id| id.len() <= 200).cloned();
    let mut response = next.run(request).await;
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

async fn one(State(api): State<Api>, headers: HeaderMap, Json(body): Json) -> Response {
    let call = authzen::one(&body).map(Call::One);
    answer(&api, &headers, call).await
}

async fn many(State(api): State<Api>, headers: HeaderMap, Json(body): Json) -> Response {
    let call = authzen::many(&body);
    answer(&api, &headers, call).await
}

async fn answer(api: &Api, headers: &HeaderMap, call: Result<Call, NotAsked>) -> Response {
    let Some(token) = sent::bearer(headers) else {
        let says = "Send an access token as Bearer: a machine's, or the visitor's.";
        return reply::fault(&Fault::new(ErrorCode::InvalidToken, says));
    };
    match call {
        Err(NotAsked(says)) => {
            reply::json(StatusCode::BAD_REQUEST, &reply::error(ErrorCode::InvalidRequest.word(), says))
        }
        Ok(Call::One(question)) => {
            match ask(&api.app, token, vec![Ok(question)], Semantic::ExecuteAll).await {
                Ok(verdicts) => match verdicts.first() {
                    Some(verdict) => reply::json(StatusCode::OK, &told(verdict, &api.texts)),
                    None => reply::json(StatusCode::OK, &json!({"decision": false})),
                },
                Err(response) => response,
            }
        }
        Ok(Call::Many(questions, semantic)) => match ask(&api.app, token, questions, semantic).await {
            Ok(verdicts) => {
                let all: Vec<Value> = verdicts.iter().map(|verdict| told(verdict, &api.texts)).collect();
                reply::json(StatusCode::OK, &json!({"evaluations": all}))
            }
            Err(response) => response,
        },
    }
}

async fn ask(
    app: &App,
    token: &str,
    questions: Vec<Result<authzen::Question, NotAsked>>,
    semantic: Semantic,
) -> Result<Vec<Verdict>, Response> {
    app.evaluate(token, Asked { questions, semantic }).await.map_err(|denied| reply::denied(&denied))
}

/// The decision, and in its context: codes for the program, words for the person, and what was known.
fn told(verdict: &Verdict, texts: &Arc<Texts>) -> Value {
    let mut context = json!({"as_of": {"epoch": verdict.as_of.epoch, "seq": verdict.as_of.seq.0}});
    if !verdict.missing.is_empty() {
        let codes: Vec<Value> = verdict.missing.iter().map(|missing| reason(verdict, missing)).collect();
        context["reason_admin"] = json!({"missing": codes});
        context["reason_user"] =
            json!({"sv": words(verdict, texts, Lang::Sv), "en": words(verdict, texts, Lang::En)});
    }
    if let Some(reference) = &verdict.reference {
        context["reference"] = reference.to_string().into();
    }
    json!({"decision": verdict.allowed, "context": context})
}

/// One code, who can mend it, and for an unknown permission where it was looked for.
fn reason(verdict: &Verdict, missing: &Missing) -> Value {
    let mut reason = json!({"code": missing.code, "mender": E_SERVICE});
    if let Some(mender) = missing.mender {
        reason["mender"] = json!(mender);
    }
    if let Some(unknown) = &verdict.unknown {
        reason["permission"] = shown(&unknown.permission).into();
        reason["service"] = json!({"sv": unknown.service.sv, "en": unknown.service.en});
    }
    reason
}

/// The caller's own word, of whatever length it is.
fn shown(permission: &str) -> String {
    permission.chars().take(LONGEST_SHOWN).collect()
}

/// What is missing, in sentences.
fn words(verdict: &Verdict, texts: &Arc<Texts>, lang: Lang) -> String {
    let tr = texts.tr(lang);
    if let Some(unknown) = &verdict.unknown {
        let service = match lang {
            Lang::Sv => &unknown.service.sv,
            Lang::En => &unknown.service.en,
        };
        let permission = shown(&unknown.permission);
        let said = [("permission", permission.as_str().into()), ("service", service.as_str().into())];
        return tr.with("broken-unknown-permission-named", &said);
    }
    let sentences = verdict.missing.iter().map(|missing| {
        let key = format!("broken-{}", missing.code.to_ascii_lowercase().replace('_', "-"));
        if tr.has(&key) { tr.get(&key) } else { missing.code.to_owned() }
    });
    sentences.collect::<Vec<_>>().join(" ")
}
