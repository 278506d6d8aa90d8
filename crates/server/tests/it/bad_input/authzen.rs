//! Questions to the decision point: about other services and persons, malformed, or by nobody.

use crate::support::House;
use crate::support::client::{Signer, ask, call, form, json, register, tokens};
use crate::support::house::Engine;
use crate::support::table::Walk;
use serde_json::{Value, json};

const HERE: &str = "bad_input/authzen.rs::questions_about_others";
const ONE: &str = "/access/v1/evaluation";
const MANY: &str = "/access/v1/evaluations";
const PARTY: &str = "00000000000070008000000000000000";

fn sub(told: &Value) -> String {
    use base64::Engine as _;
    let payload = told["id_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["sub"].as_str().unwrap().to_owned()
}

fn question(sub: &str, permission: &str, kind: &str, id: &str) -> Value {
    json!({"subject": {"type": "person", "id": sub}, "action": {"name": permission},
           "resource": {"type": kind, "id": id}})
}

#[test]
fn questions_about_others() {
    let house = House::start(Engine::Sqlite);
    let till = Signer::new();
    register(&house, "shop", None);
    register(&house, "till", Some(&till));
    let (mut greta, mut elin) = (house.browser(), house.browser());
    greta.log_in(&house.phone, "greta");
    elin.log_in(&house.phone, "elin");
    let (told, other) = (tokens(&house, &mut greta, "shop"), tokens(&house, &mut elin, "shop"));
    let token = told["access_token"].as_str().unwrap();
    let (own, others) = (sub(&told), sub(&other));
    let machine = form(
        &house,
        "/oauth/token",
        &[("client_id", "till"), ("grant_type", "client_credentials")],
        &till.proof("till"),
    );
    let machine = json(&machine)["access_token"].as_str().unwrap().to_owned();
    let mut walk = Walk::of(&house, HERE);
    answered(&mut walk, token, &machine, &own, &others);
    malformed(&mut walk, token, &own);
    callers(&mut walk, &own);
    batches(&mut walk, token, &own);
    let secrets = [greta, elin]
        .into_iter()
        .flat_map(|b| b.cookies.into_values())
        .chain(house.invitations.clone())
        .collect::<Vec<_>>();
    walk.finish(&secrets);
}

/// A no is an answer, and says why; it tells nothing of anybody else.
fn answered(walk: &mut Walk<'_>, token: &str, machine: &str, own: &str, others: &str) {
    let read = "employer.mandate.read";
    for (input, by, question) in [
        ("question: about another visitor", token, question(others, read, "organisation", PARTY)),
        (
            "question: about a name of nobody",
            token,
            question("AAAAAAAAAAAAAAAAAAAAAA", read, "organisation", PARTY),
        ),
        ("question: a name that is malformed", token, question("x", read, "organisation", PARTY)),
        (
            "question: about another service",
            token,
            question(own, "platform.client.manage", "organisation", PARTY),
        ),
        (
            "question: a service that begins alike",
            token,
            question(own, "employers.mandate.read", "organisation", PARTY),
        ),
        (
            "question: a permission that is none",
            token,
            question(own, "employer.nothing", "organisation", PARTY),
        ),
        ("question: an organisation that is none", token, question(own, read, "organisation", PARTY)),
        ("question: an organisation by its number", token, question(own, read, "organisation", "4056201108")),
        ("question: a resource of another kind", token, question(own, read, "building", PARTY)),
        ("question: another person's own things", token, question(own, read, "person", others)),
        (
            "question: of a machine about a visitor of another client",
            machine,
            question(own, read, "organisation", PARTY),
        ),
    ] {
        let page = ask(walk.house, ONE, by, &question.to_string());
        walk.meets(input, &page);
        let said = json(&page);
        walk.holds(said["decision"] == json!(false), &format!("“{input}”: {said}"));
        for lang in ["sv", "en"] {
            let words = said["context"]["reason_user"][lang].as_str().unwrap_or_default();
            walk.holds(words.contains(' '), &format!("“{input}”: no sentence in {lang}: {words}"));
            if input.contains("permission that is none") {
                walk.holds(
                    words.contains("employer.nothing"),
                    &format!("“{input}”: it is not named: {words}"),
                );
            }
        }
        let mender = said["context"]["reason_admin"]["missing"][0]["mender"].as_str();
        walk.holds(mender.is_some(), &format!("“{input}”: nobody can mend it: {said}"));
    }
    let mut future = question(own, read, "organisation", PARTY);
    future["context"] = json!({"at_least_seq": 1_000_000});
    let page = ask(walk.house, ONE, token, &future.to_string());
    walk.meets("question: by facts of the future", &page);
}

fn malformed(walk: &mut Walk<'_>, token: &str, own: &str) {
    let good = question(own, "employer.mandate.read", "organisation", PARTY);
    let with = |name: &str, value: Value| {
        let mut bad = good.clone();
        bad[name] = value;
        bad.to_string()
    };
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(66_000));
    let deep = "[".repeat(5000);
    for (input, body) in [
        ("question: no JSON", "{".to_owned()),
        ("question: a list", "[]".to_owned()),
        ("question: empty", String::new()),
        ("question: 5000 brackets", deep),
        ("question: larger than 64 KiB", large),
        ("question: without a subject", with("subject", Value::Null)),
        ("question: a subject without a type", with("subject", json!({"id": own}))),
        ("question: a subject that is a number", with("subject", json!({"type": "person", "id": 1}))),
        ("question: without an action", with("action", json!({}))),
        ("question: an action without letters", with("action", json!({"name": ""}))),
        ("question: without a resource", with("resource", json!([]))),
        ("question: a context that is text", with("context", json!("x"))),
        ("question: a change that is negative", with("context", json!({"at_least_seq": -1}))),
    ] {
        let page = ask(walk.house, ONE, token, &body);
        walk.meets(input, &page);
    }
    let bearer = format!("Bearer {token}");
    let headers = [("content-type", "text/plain"), ("authorization", &*bearer)];
    let page = call(walk.house, "POST", ONE, &headers, &good.to_string());
    walk.meets("question: as text", &page);
    let page = call(walk.house, "GET", ONE, &[("authorization", &bearer)], "");
    walk.meets("question: by GET", &page);
}

fn callers(walk: &mut Walk<'_>, own: &str) {
    let good = question(own, "employer.mandate.read", "organisation", PARTY).to_string();
    let json_type = ("content-type", "application/json");
    for (input, authorization) in [
        ("question: a token that is malformed", "Bearer x"),
        ("question: a visitor's token of nobody", "Bearer v.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("question: a machine's token that is none", "Bearer m.AAAA"),
        ("question: a password", "Basic dGlsbDp4"),
    ] {
        let page = call(walk.house, "POST", ONE, &[json_type, ("authorization", authorization)], &good);
        walk.meets(input, &page);
    }
    let page = call(walk.house, "POST", ONE, &[json_type], &good);
    walk.meets("question: by nobody", &page);
}

fn batches(walk: &mut Walk<'_>, token: &str, own: &str) {
    let mut batch = question(own, "employer.mandate.read", "organisation", PARTY);
    for (input, items, options) in [
        ("batch: no list", json!("x"), Value::Null),
        ("batch: 101 questions", json!(vec![json!({}); 101]), Value::Null),
        ("batch: an unknown semantic", json!([{}]), json!({"evaluations_semantic": "dance"})),
    ] {
        batch["evaluations"] = items;
        batch["options"] = options;
        let page = ask(walk.house, MANY, token, &batch.to_string());
        walk.meets(input, &page);
    }
    batch["evaluations"] =
        json!([{}, 7, {"subject": {"type": "person"}}, {"action": {"name": "platform.client.manage"}}]);
    batch["options"] = json!({});
    let page = ask(walk.house, MANY, token, &batch.to_string());
    walk.meets("batch: one of each kind", &page);
    let said = json(&page);
    let told = said["evaluations"].as_array().map(Vec::len);
    walk.holds(told == Some(4), &format!("each has its answer: {said}"));
    walk.holds(!said.to_string().contains("true"), "and none is yes");
}
