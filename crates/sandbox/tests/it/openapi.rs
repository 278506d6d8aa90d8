//! `/openapi.json` against the running sandbox: its examples follow its schemas, and so do the real answers.

use crate::bed::Bed;
use serde_json::{Value, json};

/// The part of JSON Schema that the document uses; an unknown keyword is a mistake in the document or here.
fn check(document: &Value, schema: &Value, value: &Value, at: &str) {
    for (keyword, rule) in schema.as_object().expect("schema") {
        match keyword.as_str() {
            "$ref" => {
                let name = rule.as_str().expect("ref").rsplit('/').next().expect("name");
                let schema = &document["components"]["schemas"][name];
                assert!(schema.is_object(), "{at}: {name} is not defined");
                check(document, schema, value, at);
            }
            "type" => {
                let allowed = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                let is = match value {
                    Value::Null => "null",
                    Value::Bool(_) => "boolean",
                    Value::Number(_) => "integer",
                    Value::String(_) => "string",
                    Value::Array(_) => "array",
                    Value::Object(_) => "object",
                };
                assert!(allowed.contains(&json!(is)), "{at}: {is} is not one of {allowed:?}");
            }
            "enum" => {
                assert!(rule.as_array().expect("enum").contains(value), "{at}: {value} is not in {rule}")
            }
            "required" => {
                for field in rule.as_array().expect("required") {
                    assert!(value.get(field.as_str().expect("field")).is_some(), "{at}: {field} is missing");
                }
            }
            "properties" => {
                for (field, inner) in value.as_object().expect("object") {
                    let schema = rule.get(field).unwrap_or_else(|| panic!("{at}: {field} is not described"));
                    check(document, schema, inner, &format!("{at}.{field}"));
                }
            }
            "items" => {
                for item in value.as_array().expect("array") {
                    check(document, rule, item, &format!("{at}[]"));
                }
            }
            "minimum" => assert!(value.as_i64() >= rule.as_i64(), "{at}: {value} < {rule}"),
            "maximum" => assert!(value.as_i64() <= rule.as_i64(), "{at}: {value} > {rule}"),
            "format" if rule == "uuid" => {
                uuid::Uuid::try_parse(value.as_str().expect("text")).expect(at);
            }
            "format" if rule == "date-time" => {
                value.as_str().expect("text").parse::<jiff::Timestamp>().expect(at);
            }
            "pattern" => {
                let text = value.as_str().expect("text");
                let fits: fn(char) -> bool = match rule.as_str().expect("pattern") {
                    "^[0-9]{12}$" | "^[0-9]{10}$" => |c| c.is_ascii_digit(),
                    "^[A-Z_]+$" => |c| c.is_ascii_uppercase() || c == '_',
                    "^[A-Za-z0-9]{1,64}$" => |c| c.is_ascii_alphanumeric(),
                    other => panic!("{at}: the test does not know {other}"),
                };
                assert!(!text.is_empty() && text.chars().all(fits), "{at}: {text}");
            }
            "additionalProperties" => assert_eq!(rule, &json!(false), "{at}"),
            "description" | "default" | "examples" => {}
            other => panic!("{at}: the test does not know {other}"),
        }
    }
}

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            all.push((method.clone(), path.clone(), operation));
        }
    }
    all
}

async fn document(bed: &Bed) -> Value {
    bed.get("/openapi.json").await.json().await.expect("JSON")
}

#[tokio::test]
async fn every_example_follows_its_schema() {
    let bed = Bed::new().await;
    let document = document(&bed).await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut examples = 0;
    for (method, path, operation) in operations(&document) {
        let responses = operation["responses"].as_object().expect("responses");
        let bodies = responses.iter().map(|(status, r)| (status.as_str(), r));
        for (what, part) in bodies.chain(operation.get("requestBody").map(|b| ("request", b))) {
            let content = &part["content"]["application/json"];
            if let Some(example) = content.get("example") {
                check(&document, &content["schema"], example, &format!("{method} {path} {what}"));
                examples += 1;
            }
        }
    }
    assert!(examples > 50, "{examples}");
}

#[tokio::test]
async fn every_route_answers_as_described() {
    let bed = Bed::new().await;
    let document = document(&bed).await;
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let url = format!("{}{path}", bed.sandbox.control_url());
        let mut request = bed.http.request(method.to_uppercase().parse().expect("method"), url);
        if let Some(body) = operation.get("requestBody") {
            request = request.json(&body["content"]["application/json"]["example"]);
        }
        let answer = request.send().await.expect("answer");
        let status = answer.status().as_u16();
        let described = &operation["responses"][status.to_string()];
        assert!(described.is_object(), "{at}: {status} is not described");
        let text = answer.text().await.expect("text");
        match described["content"]["application/json"].get("schema") {
            Some(schema) => {
                check(&document, schema, &serde_json::from_str(&text).expect(&at), &format!("{at} {status}"));
            }
            None => assert_eq!(text, "", "{at}"),
        }
    }
}

#[tokio::test]
async fn the_good_answers_of_the_phone_follow_their_schemas() {
    let bed = Bed::new().await;
    let document = document(&bed).await;
    let good = |path: &str| {
        &document["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    };
    let order = bed.auth().await;
    let shown = bed.ok("/phone/scan", json!({"person": "elin", "qr": order.qr(0)})).await;
    check(&document, good("/phone/scan"), &shown, "scan");
    let approved = bed.ok("/phone/approve", json!({"person": "elin"})).await;
    check(&document, good("/phone/approve"), &approved, "approve");
    let order = bed.auth().await;
    let start = json!({"person": "elin", "autostart_token": order.text("autoStartToken")});
    check(&document, good("/phone/start"), &bed.ok("/phone/start", start).await, "start");
    let refused = bed.ok("/phone/refuse", json!({"person": "elin"})).await;
    check(&document, good("/phone/refuse"), &refused, "refuse");
}
