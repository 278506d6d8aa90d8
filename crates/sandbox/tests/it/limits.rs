//! What the BankID API refuses, and that it accepts what lies just inside.

use crate::bed::{Bed, b64};
use serde_json::{Value, json};

/// base64 text of exactly `len` characters (a multiple of four).
fn text(len: usize) -> String {
    b64("a".repeat(len / 4 * 3))
}

fn auth(extra: Value) -> Value {
    let mut body = json!({"endUserIp": "192.0.2.1"});
    body.as_object_mut().expect("object").extend(extra.as_object().expect("object").clone());
    body
}

fn requirement(requirement: Value) -> Value {
    auth(json!({"requirement": requirement}))
}

#[tokio::test]
async fn wrong_bodies_are_invalid_parameters() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    let table = [
        ("auth", json!({})),
        ("auth", json!([])),
        ("auth", json!("text")),
        ("auth", json!({"endUserIp": ""})),
        ("auth", json!({"endUserIp": "localhost"})),
        ("auth", json!({"endUserIp": "127.0.0.1:80"})),
        ("auth", json!({"endUserIp": "256.1.1.1"})),
        ("auth", json!({"endUserIp": 1})),
        ("auth", auth(json!({"personalNumber": "199001012385"}))),
        ("auth", auth(json!({"unknown": true}))),
        ("auth", auth(json!({"returnUrl": ""}))),
        ("auth", auth(json!({"returnUrl": "nothing"}))),
        ("auth", auth(json!({"returnUrl": "https://a b"}))),
        ("auth", auth(json!({"returnUrl": format!("https://{}", "a".repeat(505))}))),
        ("auth", auth(json!({"returnRisk": "yes"}))),
        ("auth", auth(json!({"userVisibleData": ""}))),
        ("auth", auth(json!({"userVisibleData": "not base64!"}))),
        ("auth", auth(json!({"userVisibleData": b64([0xff, 0xfe])}))),
        ("auth", auth(json!({"userVisibleData": text(1504)}))),
        ("auth", auth(json!({"userNonVisibleData": text(1504)}))),
        ("auth", auth(json!({"userVisibleData": text(4), "userVisibleDataFormat": "html"}))),
        ("auth", auth(json!({"web": {"referringDomain": "ab"}}))),
        ("auth", auth(json!({"web": {"userAgent": "a".repeat(257)}}))),
        ("auth", auth(json!({"web": {"deviceIdentifier": "a".repeat(65)}}))),
        ("auth", auth(json!({"web": {}, "app": {}}))),
        ("auth", requirement(json!({"personalNumber": "9001012385"}))),
        ("auth", requirement(json!({"personalNumber": "19900101-2385"}))),
        ("auth", requirement(json!({"certificatePolicies": ["*"]}))),
        ("auth", requirement(json!({"certificatePolicies": ["1.*.3"]}))),
        ("auth", requirement(json!({"certificatePolicies": "1.2.3.4.25"}))),
        ("auth", requirement(json!({"risk": "high"}))),
        ("auth", requirement(json!({"risk": "none"}))),
        ("auth", requirement(json!({"cardReader": "class3"}))),
        ("auth", requirement(json!({"pinCode": "true"}))),
        ("auth", requirement(json!({"autoStartTokenRequired": true}))),
        ("sign", auth(json!({}))),
        ("sign", auth(json!({"userVisibleData": text(40_004)}))),
        ("sign", auth(json!({"userVisibleData": text(4), "userNonVisibleData": text(200_004)}))),
        ("sign", auth(json!({"userVisibleData": text(300_000)}))),
        ("collect", json!({})),
        ("collect", json!({"orderRef": "no uuid"})),
        ("collect", json!({"orderRef": "00000000-0000-4000-8000-000000000000"})),
        ("collect", json!({"orderRef": order.text("orderRef"), "more": 1})),
        ("cancel", json!({"orderRef": "00000000-0000-4000-8000-000000000000"})),
    ];
    for (method, body) in table {
        let (status, answer) = bed.call(method, body.clone()).await;
        let shown: String = body.to_string().chars().take(120).collect();
        assert_eq!(
            (status, answer["errorCode"].as_str()),
            (400, Some("invalidParameters")),
            "{method} {shown}"
        );
        let details = answer["details"].as_str().expect("details");
        assert!(!details.contains("2385"), "what was sent is not repeated: {details}");
    }
}

#[tokio::test]
async fn what_is_no_json_is_invalid_parameters() {
    let bed = Bed::new().await;
    for body in ["", "{", "endUserIp=1", "{\"endUserIp\":\"127.0.0.1\"} x", "\u{0}"] {
        let url = format!("{}auth", bed.sandbox.bankid_url());
        let request = bed.rp.post(url).header("content-type", "application/json").body(body);
        let answer = request.send().await.expect("answer");
        assert_eq!(answer.status(), 400, "{body}");
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["errorCode"], "invalidParameters", "{body}");
    }
}

#[tokio::test]
async fn what_lies_just_inside_is_accepted() {
    let bed = Bed::new().await;
    for (method, body) in [
        ("auth", auth(json!({"userVisibleData": text(1500), "userNonVisibleData": text(1500)}))),
        ("sign", auth(json!({"userVisibleData": text(40_000), "userNonVisibleData": text(200_000)}))),
        ("auth", auth(json!({"returnUrl": format!("https://{}", "a".repeat(504))}))),
        ("auth", auth(json!({"returnUrl": "myapp://back"}))),
        ("auth", json!({"endUserIp": "2001:db8::1"})),
        (
            "auth",
            auth(
                json!({"web": {"referringDomain": "abc", "userAgent": "a".repeat(256), "deviceIdentifier": "a".repeat(64)}}),
            ),
        ),
        (
            "auth",
            auth(
                json!({"app": {"appIdentifier": "a", "deviceOS": "b", "deviceModelName": "c", "deviceIdentifier": "d"}}),
            ),
        ),
        (
            "auth",
            requirement(json!({"risk": "MODERATE", "pinCode": true, "mrtd": false, "cardReader": "class1"})),
        ),
        ("auth", requirement(json!({"certificatePolicies": ["1.2.3.4.25", "1.2.3.*"]}))),
        ("auth", auth(json!({"userVisibleData": text(4), "userVisibleDataFormat": "simpleMarkdownV1"}))),
    ] {
        let (status, answer) = bed.call(method, body).await;
        assert_eq!(status, 200, "{answer}");
        for field in ["orderRef", "autoStartToken", "qrStartToken", "qrStartSecret"] {
            uuid::Uuid::try_parse(answer[field].as_str().expect(field)).expect(field);
        }
    }
}

#[tokio::test]
async fn only_bare_application_json_is_read() {
    let bed = Bed::new().await;
    for media_type in
        ["application/json; charset=utf-8", "application/json;charset=UTF-8", "text/plain", "application/xml"]
    {
        let url = format!("{}auth", bed.sandbox.bankid_url());
        let request =
            bed.rp.post(url).header("content-type", media_type).body("{\"endUserIp\":\"127.0.0.1\"}");
        let answer = request.send().await.expect("answer");
        assert_eq!(answer.status(), 415, "{media_type}");
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["errorCode"], "unsupportedMediaType");
    }
    let bare = bed.rp.post(format!("{}auth", bed.sandbox.bankid_url())).body("{}");
    assert_eq!(bare.send().await.expect("answer").status(), 415, "no media type");
}

#[tokio::test]
async fn other_paths_are_not_found() {
    let bed = Bed::new().await;
    for path in ["", "auth/", "Auth", "phone/auth", "payment", "../v5.1/auth"] {
        let (status, answer) = bed.call(path, json!({"endUserIp": "127.0.0.1"})).await;
        assert_eq!((status, answer["errorCode"].as_str()), (404, Some("notFound")), "{path}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_a_request_timeout() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let bed = Bed::new().await;
    let mut stream = crate::bed::tls_stream(&bed.sandbox).await;
    let head = "POST /rp/v6.0/auth HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.expect("written");
    let mut answer = Vec::new();
    // The connection is closed after the answer; how, does not matter.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"requestTimeout\""), "{answer}");
}
