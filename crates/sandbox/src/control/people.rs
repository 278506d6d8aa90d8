//! `GET /people`, `GET /organisations`.

use super::answer;
use crate::{people::Lang, world::World};
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

#[derive(Deserialize)]
pub struct Wanted {
    lang: Option<String>,
}

/// The demo people, in Swedish unless `lang=en`.
pub async fn list(State(world): State<Arc<World>>, Query(wanted): Query<Wanted>) -> Response {
    let lang = if wanted.lang.as_deref() == Some("en") { Lang::En } else { Lang::Sv };
    let people = world.people.all().iter().map(|p| {
        json!({
            "id": p.id,
            "name": p.name(),
            "personal_number": p.personal_number,
            "group": p.group,
            "role": p.role.get(lang),
            "situation": p.situation.get(lang),
        })
    });
    answer(people.collect::<Vec<_>>())
}

pub async fn organisations(State(world): State<Arc<World>>) -> Response {
    answer(world.people.organisations())
}
