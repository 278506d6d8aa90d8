//! The control API: shapes, refusals, who may ask.

use crate::bed::Bed;
use serde_json::{Value, json};

#[tokio::test]
async fn people_are_listed_in_both_languages() {
    let bed = Bed::new().await;
    let swedish: Vec<Value> = bed.get("/people").await.json().await.expect("JSON");
    let english: Vec<Value> = bed.get("/people?lang=en").await.json().await.expect("JSON");
    assert!(swedish.len() >= 16);
    for (sv, en) in swedish.iter().zip(&english) {
        let mut keys: Vec<_> = sv.as_object().expect("object").keys().collect();
        keys.sort();
        assert_eq!(keys, ["group", "id", "name", "personal_number", "role", "situation"]);
        assert_eq!((&sv["id"], &sv["name"]), (&en["id"], &en["name"]));
        assert_ne!(sv["role"], en["role"]);
    }
    let johan = swedish.iter().find(|p| p["id"] == "johan").expect("johan");
    assert_eq!(johan["personal_number"], "197010632391", "a coordination number");
}

#[tokio::test]
async fn bodies_must_be_json_of_the_right_form_and_size() {
    let bed = Bed::new().await;
    let url = format!("{}/phone/approve", bed.sandbox.control_url());
    let table = [
        ("text/plain", "{\"person\":\"elin\"}".to_owned(), 415, "MEDIA_TYPE"),
        ("application/json", "{".to_owned(), 400, "NOT_JSON"),
        ("application/json", "{}".to_owned(), 422, "WRONG_FIELDS"),
        ("application/json", "{\"person\":1}".to_owned(), 422, "WRONG_FIELDS"),
        ("application/json", "{\"person\":\"elin\",\"persons\":1}".to_owned(), 422, "WRONG_FIELDS"),
        ("application/json", format!("{{\"person\":\"{}\"}}", "x".repeat(65_536)), 413, "TOO_LARGE"),
    ];
    for (media_type, body, status, code) in table {
        let answer =
            bed.http.post(&url).header("content-type", media_type).body(body).send().await.expect("answer");
        assert_eq!(answer.status(), status, "{code}");
        assert_eq!(answer.json::<Value>().await.expect("JSON")["code"], code);
    }
}

#[tokio::test]
async fn foreign_hosts_and_origins_are_refused() {
    let bed = Bed::new().await;
    let url = bed.sandbox.control_url();
    for host in
        ["evil.example", "evil.example:8401", "127.0.0.1.evil.example", "localhost.evil.example", "[::2]"]
    {
        let answer = bed.http.get(format!("{url}/people")).header("host", host).send().await.expect("answer");
        assert_eq!(answer.status(), 421, "{host}");
    }
    let own = bed.sandbox.control.to_string();
    for (name, value, status) in [
        ("origin", "https://evil.example".to_owned(), 403),
        ("origin", "null".to_owned(), 403),
        ("origin", "http://localhost:1".to_owned(), 403),
        ("sec-fetch-site", "cross-site".to_owned(), 403),
        ("sec-fetch-site", "same-site".to_owned(), 403),
        ("sec-fetch-site", "same-origin".to_owned(), 200),
        ("origin", format!("http://{own}"), 200),
    ] {
        let request =
            bed.http.post(format!("{url}/clock")).header(name, &value).json(&json!({"advance_seconds": 0}));
        assert_eq!(request.send().await.expect("answer").status(), status, "{name}: {value}");
    }
}

#[tokio::test]
async fn the_clock_goes_forward_only_and_not_too_far() {
    let bed = Bed::new().await;
    let ten_years: u64 = 10 * 366 * 86_400;
    for (body, code) in [
        (json!({"advance_seconds": -1}), "WRONG_FIELDS"),
        (json!({"advance_seconds": 1.5}), "WRONG_FIELDS"),
        (json!({"advance_seconds": ten_years + 1}), "TOO_FAR"),
        (json!({"advance_seconds": u64::MAX}), "TOO_FAR"),
    ] {
        assert_eq!(bed.refused("/clock", body).await, (422, code.into()));
    }
    bed.advance(ten_years).await;
    assert_eq!(bed.refused("/clock", json!({"advance_seconds": ten_years})).await, (422, "TOO_FAR".into()));
    // A login still works, with evidence of today.
    let order = bed.auth().await;
    bed.complete("astrid", &order).await;
}

#[tokio::test]
async fn what_is_not_there_says_so() {
    let bed = Bed::new().await;
    let answer = bed.get("/nothing").await;
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.json::<Value>().await.expect("JSON")["code"], "NOT_FOUND");
    let answer = bed.get("/clock").await;
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.json::<Value>().await.expect("JSON")["code"], "METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let bed = Bed::new().await;
    for path in ["/", "/people", "/inbox.html", "/nothing", "/sandbox.css", "/phone/open?autostarttoken=x"] {
        let answer = bed.get(path).await;
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        let policy = headers["content-security-policy"].to_str().expect("policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
    }
}
