//! The phone for programs: scan, start, approve, refuse, and the faults of a person's order.

use super::{
    answer, done,
    problem::{Body, Problem},
};
use crate::{
    bankid::{
        phone::{self, Force, Outcome, Way},
        request::Risk,
    },
    world::World,
};
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    person: String,
    qr: String,
}

pub async fn scan(State(world): State<Arc<World>>, Body(ask): Body<Scan>) -> Result<Response, Problem> {
    Ok(answer(phone::pick_up(&world, &ask.person, Way::Qr(&ask.qr))?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    person: String,
    autostart_token: String,
}

pub async fn start(State(world): State<Arc<World>>, Body(ask): Body<Start>) -> Result<Response, Problem> {
    Ok(answer(phone::pick_up(&world, &ask.person, Way::AutostartToken(&ask.autostart_token))?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    person: String,
}

pub async fn approve(State(world): State<Arc<World>>, Body(ask): Body<Who>) -> Result<Response, Problem> {
    Ok(answer(match phone::approve(&world, &ask.person)? {
        Outcome::Complete => json!({"status": "complete"}),
        Outcome::Failed { hint } => json!({"status": "failed", "hint": hint}),
    }))
}

pub async fn refuse(State(world): State<Arc<World>>, Body(ask): Body<Who>) -> Result<Response, Problem> {
    phone::refuse(&world, &ask.person)?;
    Ok(answer(json!({"status": "failed", "hint": "userCancel"})))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    person: String,
    hint: String,
    #[serde(default)]
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    #[default]
    Failed,
    Pending,
}

pub async fn fault(State(world): State<Arc<World>>, Body(ask): Body<Fault>) -> Result<Response, Problem> {
    if !(1..=64).contains(&ask.hint.len()) || !ask.hint.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "HINT",
            "A hint code is 1 to 64 letters and digits",
        ));
    }
    let how = match ask.status {
        Status::Failed => Force::Failed,
        Status::Pending => Force::Pending,
    };
    phone::force(&world, &ask.person, &ask.hint, how)?;
    Ok(done())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RiskOf {
    person: String,
    risk: String,
}

pub async fn risk(State(world): State<Arc<World>>, Body(ask): Body<RiskOf>) -> Result<Response, Problem> {
    let risk = Risk::parse(&ask.risk).ok_or(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "RISK",
        "A risk is low, moderate or high",
    ))?;
    phone::set_risk(&world, &ask.person, risk)?;
    Ok(done())
}
