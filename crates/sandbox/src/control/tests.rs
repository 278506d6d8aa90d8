//! `openapi.json` describes exactly the routes that there are.

use super::{OPENAPI, api, pages};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn the_document_has_exactly_the_routes_for_programs() {
    let document: Value = serde_json::from_str(OPENAPI).expect("JSON");
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().expect("methods").keys().map(|m| (m.to_uppercase(), path.clone()))
        })
        .collect();
    let routed: BTreeSet<(String, String)> = api()
        .iter()
        .flat_map(|(methods, path, _)| methods.iter().map(|m| (m.to_string(), (*path).to_owned())))
        .collect();
    assert_eq!(described, routed);
}

#[test]
fn no_route_stands_in_both_tables() {
    let programs: BTreeSet<&str> = api().iter().map(|(_, path, _)| *path).collect();
    assert!(pages().iter().all(|(_, path, _)| !programs.contains(path)));
}
