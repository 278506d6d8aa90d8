//! `GET /inbox`, `DELETE /inbox`.

use super::{answer, done};
use crate::world::World;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub struct Wanted {
    to: Option<String>,
}

/// Newest first.
pub async fn list(State(world): State<Arc<World>>, Query(wanted): Query<Wanted>) -> Response {
    answer(world.inbox().list(wanted.to.as_deref()))
}

pub async fn clear(State(world): State<Arc<World>>) -> Response {
    world.inbox().clear();
    done()
}
