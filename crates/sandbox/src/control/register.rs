//! `GET /register/v1/notices`, as an authority asks the population register; and `POST /register/notices`, by which a test
//! lets the register decide something new.

use super::{
    answer, done,
    problem::{Body, Problem},
};
use crate::{register::Notice, world::World};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

#[derive(Deserialize)]
pub struct After {
    after: Option<String>,
}

pub async fn notices(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    Query(asked): Query<After>,
) -> Result<Response, Problem> {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if verify_slices_are_equal(shown.as_bytes(), world.register_token.as_bytes()).is_err() {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "TOKEN",
            "Show the authority's token: Authorization: Bearer …",
        ));
    }
    let plain = |text: &String| (1..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let after = asked.after.filter(plain).and_then(|text| text.parse::<usize>().ok()).ok_or(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "POSITION",
        "Say after which position: ?after=0 for all",
    ))?;
    let register = world.register();
    let found = register.after(after).ok_or(Problem::new(
        StatusCode::CONFLICT,
        "POSITION_AHEAD",
        "There is no such position yet",
    ))?;
    let notices: Vec<_> = found
        .iter()
        .map(|(at, number, notice)| json!({"position": at, "number": number, "notice": notice.word()}))
        .collect();
    Ok(answer(json!({"position": after + notices.len(), "notices": notices})))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    person: String,
    notice: String,
}

pub async fn decide(State(world): State<Arc<World>>, Body(ask): Body<Decided>) -> Result<Response, Problem> {
    let notice = Notice::parse(&ask.notice).ok_or(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "NOTICE",
        "A notice is secrecy_marking, protected_registration, number_replaced or lifted",
    ))?;
    let person = world.people.get(&ask.person).ok_or(Problem::new(
        StatusCode::NOT_FOUND,
        "UNKNOWN_PERSON",
        "No such person; GET /people lists them",
    ))?;
    world.register().add(person.personal_number.clone(), notice);
    Ok(done())
}
