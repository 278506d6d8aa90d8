//! The certification scenario of AuthZEN 1.0 over HTTP, as far as it is built: `tests/authzen/scenario.json` holds each of its
//! calls with what must be answered, in the words of our catalogue, and what is not built with the reason.

use crate::main_job::{act_for, employer_by_paper, give, officers, path};
use crate::support::client::{
    ISSUER, Signer, authorize, call, form, json, parameter, redeeming, register, request,
};
use crate::support::house::Engine;
use crate::support::{Browser, House};
use base64::Engine as _;
use serde_json::{Value, json};
use std::path::Path;

/// The client's name for whoever logs in with this browser.
fn sub(house: &House, browser: &mut Browser, till: &Signer) -> String {
    let page = authorize(browser, &request("till", &[("scope", "openid")]));
    let code = parameter(&page, "code").unwrap_or_else(|| panic!("{} {}", page.status, page.text()));
    let told = json(&form(house, "/oauth/token", &redeeming("till", &code), &till.proof("till")));
    let payload = told["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["sub"].as_str().unwrap().to_owned()
}

/// The party that a browser acts for.
fn party(browser: &Browser) -> String {
    path(browser, "").trim_start_matches("/for/").to_owned()
}

/// Each answer of a call: yes, no, or the fault that it has no such form.
fn decisions(answer: &Value, single: bool) -> Vec<bool> {
    let all = match answer["evaluations"].as_array() {
        Some(all) if !single => all.clone(),
        _ => vec![answer.clone()],
    };
    all.iter()
        .map(|one| {
            assert!(one.get("context").is_none_or(Value::is_object), "{one}");
            one["decision"].as_bool().unwrap_or_else(|| panic!("no decision: {answer}"))
        })
        .collect()
}

#[test]
fn the_certification_scenario_for_what_is_built() {
    let house = House::start(Engine::Sqlite);
    let (mut astrid, mut bengt) = officers(&house);
    employer_by_paper(&house, &mut astrid, &mut bengt);
    let mut cecilia = house.browser();
    cecilia.log_in(&house.phone, "cecilia");
    act_for(&mut cecilia, "Granåsens");
    give(&mut cecilia, "199206162399", "Farid Gran", "employer.payroll_manager");
    give(&mut cecilia, "199205052385", "Elin Forsman", "employer.user");
    let till = Signer::new();
    register(&house, "till", Some(&till));
    let (mut farid, mut elin) = (house.browser(), house.browser());
    farid.log_in(&house.phone, "farid");
    elin.log_in(&house.phone, "elin");
    let names = [
        ("$alice", sub(&house, &mut farid, &till)),
        ("$bob", sub(&house, &mut elin, &till)),
        ("$record-1", party(&cecilia)),
        ("$record-2", party(&astrid)),
        ("$read", "employer.sickness_report.read_own".to_owned()),
        ("$write", "employer.sickness_report.read_all".to_owned()),
    ];
    let machine = [("client_id", "till"), ("grant_type", "client_credentials")];
    let token = json(&form(&house, "/oauth/token", &machine, &till.proof("till")));
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/authzen/scenario.json");
    let scenario: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut faults = Vec::new();
    for (number, case) in scenario["cases"].as_array().unwrap().iter().enumerate() {
        let mut body = case["raw"].as_str().map_or_else(|| case["body"].to_string(), str::to_owned);
        for (name, value) in &names {
            body = body.replace(name, value);
        }
        let path = if case["at"] == "many" { "/access/v1/evaluations" } else { "/access/v1/evaluation" };
        let kind = case["content_type"].as_str().unwrap_or("application/json");
        let id = format!("case-{number}");
        let headers = [("content-type", kind), ("authorization", &*bearer), ("x-request-id", &*id)];
        let page = call(&house, "POST", path, &headers, &body);
        let mut wrong = Vec::new();
        if case["status"] != page.status {
            wrong.push(format!("status {}", page.status));
        }
        if page.header("content-type").as_deref() != Some("application/json") {
            wrong.push(format!("content type {:?}", page.header("content-type")));
        }
        if page.header("x-request-id").as_deref() != Some(&*id) {
            wrong.push("X-Request-ID is not given back".to_owned());
        }
        if let Some(wanted) = case["decisions"].as_array() {
            let found = decisions(&json(&page), case["single"] == true);
            let same = wanted.len() == found.len()
                && wanted.iter().zip(&found).all(|(wanted, found)| wanted.is_null() || wanted == found);
            if !same {
                wrong.push(format!("decisions {found:?}"));
            }
        }
        if !wrong.is_empty() {
            faults.push(format!("{} ({}): {}: {}", case["id"], case["what"], wrong.join("; "), page.html));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));

    // 2.5.2: without the header nothing fails.
    let body = json!({"subject": {"type": "person", "id": names[0].1}, "action": {"name": names[4].1},
                      "resource": {"type": "organisation", "id": names[2].1}});
    let headers = [("content-type", "application/json"), ("authorization", &*bearer)];
    let page = call(&house, "POST", "/access/v1/evaluation", &headers, &body.to_string());
    assert_eq!((page.status, decisions(&json(&page), true)), (200, vec![true]));

    // 6: discovery, and nothing in it that is not there.
    let page = call(&house, "GET", "/.well-known/authzen-configuration", &[], "");
    let document = json(&page);
    assert_eq!((page.status, &document["policy_decision_point"]), (200, &json!(ISSUER)));
    for name in ["access_evaluation_endpoint", "access_evaluations_endpoint"] {
        let address = document[name].as_str().unwrap();
        assert!(address.starts_with(ISSUER), "{address}");
    }
    for name in ["subject", "resource", "action"] {
        assert!(document.get(format!("search_{name}_endpoint")).is_none(), "search is not built");
        let page = call(&house, "POST", &format!("/access/v1/search/{name}"), &headers, "{}");
        assert!((403..=404).contains(&page.status), "search is not built: {}", page.status);
    }
}
