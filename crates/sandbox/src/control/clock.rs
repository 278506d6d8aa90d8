//! `GET /health`, `POST /clock`, and the faults of the API: `POST /fault`, `DELETE /fault`.

use super::{
    answer, done,
    problem::{Body, Problem},
};
use crate::{bankid::fault::Fault, world::World};
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use serde_json::json;
use std::{sync::Arc, time::Duration};

/// The simulator is up; `now` is the protocol's clock.
pub async fn health(State(world): State<Arc<World>>) -> Response {
    answer(json!({"status": "ok", "now": world.now().to_string()}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    advance_seconds: u64,
}

pub async fn advance(State(world): State<Arc<World>>, Body(ask): Body<Advance>) -> Result<Response, Problem> {
    let now = world.clock.advance(Duration::from_secs(ask.advance_seconds)).ok_or(Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "TOO_FAR",
        "At most ten years at once and fifteen in all, and only forward",
    ))?;
    Ok(answer(json!({"now": now.to_string()})))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextFault {
    next: Fault,
    #[serde(default = "one")]
    count: u32,
}

const fn one() -> u32 {
    1
}

pub async fn fault(State(world): State<Arc<World>>, Body(ask): Body<NextFault>) -> Result<Response, Problem> {
    if world.faults().add(ask.next, ask.count) {
        Ok(done())
    } else {
        Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "TOO_MANY", "At most 1000 faults wait in line"))
    }
}

pub async fn clear_faults(State(world): State<Arc<World>>) -> Response {
    world.faults().clear();
    done()
}
