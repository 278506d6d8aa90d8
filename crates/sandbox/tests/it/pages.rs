//! The phone and the start link for people.

use crate::bed::{Bed, b64};
use serde_json::json;

async fn form(bed: &Bed, path: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let pairs: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={}", percent(v))).collect();
    let url = format!("{}{path}", bed.sandbox.control_url());
    let request = bed.http.post(url).header("content-type", "application/x-www-form-urlencoded");
    request.body(pairs.join("&")).send().await.expect("answer")
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn hidden(page: &str, name: &str) -> String {
    let start = page.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("field");
    start.split('"').next().expect("value").to_owned()
}

#[tokio::test]
async fn an_open_order_is_approved_on_the_page() {
    let bed = Bed::new().await;
    let order = bed
        .order("auth", json!({"endUserIp": "127.0.0.1", "userVisibleData": b64("Till <script>x</script>")}))
        .await;
    let answer = bed.get("/").await;
    let policy = answer.headers()["content-security-policy"].to_str().expect("policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; form-action 'self';"), "{policy}");
    let page = answer.text().await.expect("page");
    assert!(page.contains("<html lang=\"sv\">"));
    assert!(page.contains("Legitimering hos Exempelmyndigheten"));
    assert!(page.contains("Till &#60;script&#62;x&#60;/script&#62;"), "{page}");
    assert!(!page.contains("<script"));
    let reference = hidden(&page, "order");
    let fields = [("order", reference.as_str()), ("person", "cecilia"), ("action", "approve")];
    let answer = form(&bed, "/phone/decide", &fields).await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["location"].as_bytes()),
        (303, &b"/phone?done=approved"[..])
    );
    assert_eq!(bed.hint(&order).await, "complete");
    let page = bed.get("/phone?done=approved").await.text().await.expect("page");
    assert!(page.contains("Godkänt."));
}

#[tokio::test]
async fn an_order_in_hand_is_shown_with_its_holder_and_refused() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    bed.scan("cecilia", &order).await;
    let page = bed.get("/phone").await.text().await.expect("page");
    assert!(page.contains("Hämtad av Cecilia Dahl."), "{page}");
    assert_eq!(hidden(&page, "person"), "cecilia");
    let reference = hidden(&page, "order");
    // Another person cannot take it over.
    let fields = [("order", reference.as_str()), ("person", "bengt"), ("action", "approve")];
    assert_eq!(form(&bed, "/phone/decide", &fields).await.status(), 409);
    let fields = [("order", reference.as_str()), ("person", "cecilia"), ("action", "refuse")];
    assert_eq!(form(&bed, "/phone/decide", &fields).await.status(), 303);
    assert_eq!(bed.hint(&order).await, "failed userCancel");
}

#[tokio::test]
async fn the_start_link_leads_back_to_the_e_service() {
    let bed = Bed::new().await;
    let back = "http://localhost:8400/login/back?n=1#nonce";
    let order = bed.order("auth", json!({"endUserIp": "192.0.2.9", "returnUrl": back})).await;
    let path = format!(
        "/phone/open?autostarttoken={}&redirect=https%3A%2F%2Fevil.example",
        order.text("autoStartToken")
    );
    let answer = bed.get(&path).await;
    let policy = answer.headers()["content-security-policy"].to_str().expect("policy").to_owned();
    assert!(policy.contains("form-action 'self' http://localhost:8400;"), "{policy}");
    let page = answer.text().await.expect("page");
    assert!(!page.contains("evil"));
    assert_eq!(bed.hint(&order).await, "pending started");
    let token = hidden(&page, "token");
    let fields = [("token", token.as_str()), ("person", "elin"), ("action", "approve")];
    let answer = form(&bed, "/phone/decide", &fields).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].as_bytes()), (303, back.as_bytes()));
    let completed = bed.collect(&order).await;
    assert_eq!(completed["completionData"]["user"]["name"], "Elin Forsman");
    assert_eq!(completed["completionData"]["device"]["ipAddress"], "192.0.2.9", "the same device");
    assert_eq!(bed.get(&path).await.status(), 409, "the link is used up");
}

#[tokio::test]
async fn an_order_that_ran_out_leads_to_the_renewed_one() {
    let bed = Bed::new().await;
    bed.auth().await;
    let stale = hidden(&bed.get("/phone").await.text().await.expect("page"), "order");
    bed.advance(31).await;
    let renewed = bed.auth().await;
    let fields = [("order", stale.as_str()), ("person", "hassan"), ("action", "approve")];
    let answer = form(&bed, "/phone/decide", &fields).await;
    assert_eq!(answer.status(), 409);
    let page = answer.text().await.expect("page");
    assert!(page.contains("Tiden har gått ut"));
    assert_eq!(hidden(&page, "order"), renewed.text("orderRef"));
    assert!(page.contains("<option value=\"hassan\" selected>"), "the choice is kept");
}

#[tokio::test]
async fn only_the_empty_page_fetches_itself_again() {
    let bed = Bed::new().await;
    assert_eq!(bed.get("/phone").await.headers()["refresh"], "4; url=/phone");
    bed.auth().await;
    assert!(!bed.get("/phone").await.headers().contains_key("refresh"));
}

#[tokio::test]
async fn an_app_scheme_is_not_followed() {
    let bed = Bed::new().await;
    let order =
        bed.order("auth", json!({"endUserIp": "127.0.0.1", "returnUrl": "javascript://x/%0aalert(1)"})).await;
    let token = order.text("autoStartToken");
    let answer = bed.get(&format!("/phone/open?autostarttoken={token}")).await;
    assert!(!answer.headers()["content-security-policy"].to_str().expect("policy").contains("javascript"));
    let fields = [("token", token), ("person", "elin"), ("action", "refuse")];
    let answer = form(&bed, "/phone/decide", &fields).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.expect("page").contains("Avbrutet."));
}

#[tokio::test]
async fn a_pasted_qr_text_is_read_or_explained() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    let text = order.qr(0);
    let answer = form(&bed, "/phone/read", &[("qr", "nonsense"), ("person", "elin")]).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.expect("page").contains("Den börjar med bankid."));
    let answer = form(&bed, "/phone/read", &[("qr", &format!("  {text}\r\n")), ("person", "elin")]).await;
    assert_eq!(answer.headers()["location"].as_bytes(), b"/phone?done=read");
    assert_eq!(bed.hint(&order).await, "pending userSign");
}

#[tokio::test]
async fn the_pages_speak_both_languages() {
    let bed = Bed::new().await;
    for (wanted, lang, heading) in [
        ("en-GB,sv;q=0.5", "en", "The pretend phone"),
        ("sv,en;q=0.5", "sv", "Låtsastelefonen"),
        ("de,fr", "sv", "Låtsastelefonen"),
    ] {
        let request = bed.http.get(bed.sandbox.control_url()).header("accept-language", wanted);
        let page = request.send().await.expect("answer").text().await.expect("page");
        assert!(page.contains(&format!("<html lang=\"{lang}\">")) && page.contains(heading), "{wanted}");
    }
}

#[tokio::test]
async fn what_forms_send_wrongly_ends_in_a_page() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    let reference = order.text("orderRef").to_owned();
    for fields in [
        &[("order", reference.as_str())][..],
        &[("order", "x"), ("person", "elin"), ("action", "approve")],
        &[("order", &reference), ("person", "nobody"), ("action", "approve")],
        &[("order", &reference), ("person", "elin"), ("action", "other")],
        &[("token", "x"), ("person", "elin"), ("action", "approve")],
    ] {
        let answer = form(&bed, "/phone/decide", fields).await;
        assert_eq!(answer.status(), 409, "{fields:?}");
        assert!(answer.text().await.expect("page").contains("role=\"alert\""), "{fields:?}");
    }
    assert_eq!(bed.hint(&order).await, "pending outstandingTransaction");
}
