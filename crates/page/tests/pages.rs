//! Pages as browsers get them: headers, frame, both languages, every problem with its four parts.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is a failure with a line number")]

use std::sync::Arc;

use askama::Template;
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::DefaultBodyLimit,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::{Clock, Entropy, Instant, PartyId};
use futures_util::stream;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use page::{
    Acting, ActingKind, BrokenLink, Contact, ContactLine, Environment, FormGuard, Frame, Lang, Mender,
    NavItem, Problem, SessionLine, Site, SiteConfig, Texts, Transport, Visit, Words, codes, dress,
    standard_footer,
};
use tower::ServiceExt;

#[derive(Debug)]
struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Instant {
        "2026-11-23T13:32:05Z".parse::<jiff::Timestamp>().unwrap().into()
    }
}

/// A clock that has been moved twelve days and a little.
#[derive(Debug)]
struct Moved;

impl Clock for Moved {
    fn now(&self) -> Instant {
        Fixed.now() + self.ahead()
    }

    fn ahead(&self) -> std::time::Duration {
        std::time::Duration::from_secs(12 * 86_400 + 3 * 3600)
    }
}

impl Entropy for Fixed {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(33);
    }
}

fn site(environment: Environment, transport: Transport) -> Site {
    Site::new(config(environment, transport))
}

fn config(environment: Environment, transport: Transport) -> SiteConfig {
    SiteConfig {
        name: Words::new("Exempelmyndigheten", "The Example Agency"),
        environment,
        transport,
        origins: vec!["http://localhost:8400".to_owned()],
        texts: Texts::new(&[]).unwrap(),
        clock: Arc::new(Fixed),
        entropy: Arc::new(Fixed),
        support: vec![Contact {
            name: "Kundcenter".to_owned(),
            lines: vec![ContactLine::Phone("010-000 00 00".to_owned())],
        }],
        footer: standard_footer(),
    }
}

#[derive(Template)]
#[template(ext = "html", source = "<p>{{ text }}</p>")]
struct Words1<'a> {
    text: &'a str,
}

fn logged_in(visit: &Visit) -> Frame {
    visit
        .frame("Start <b>")
        .nav([NavItem { label: "Start".to_owned(), href: "/in".to_owned() }])
        .acting(Acting {
            kind: ActingKind::Organisation,
            name: "Åkeri & <Son> AB".to_owned(),
            number: Some("556000-0001".to_owned()),
            role: Some("administratör".to_owned()),
            switch: Some("/party".to_owned()),
        })
        .session(SessionLine {
            ends_at: visit.now + std::time::Duration::from_secs(1800),
            ends_last: visit.now + std::time::Duration::from_secs(7200),
            idle: std::time::Duration::from_secs(1800),
            renew: "/session/renew",
            keep: "/session/keep",
            logout: "/logout",
            guard: FormGuard::new(|_| [7; 32], &[0; 32], PartyId::from_bytes([1; 16])),
        })
}

async fn stopped() -> Response {
    panic!("on purpose: secret words")
}

fn app_of(site: &Site) -> Router {
    let pages = Router::new()
        .route(
            "/page",
            get(|visit: Visit| async move { visit.frame("Sida").render(&Words1 { text: "<script>" }) }),
        )
        .route("/in", get(|visit: Visit| async move { logged_in(&visit).render(&Words1 { text: "inne" }) }))
        .route(
            "/target",
            get(|visit: Visit| async move {
                visit.frame("Sida").form_target("https://client.example").render(&Words1 { text: "" })
            }),
        )
        .route(
            "/open",
            get(|visit: Visit| async move {
                let pieces = stream::iter(["<p>a</p>".to_owned(), "<p>b</p>".to_owned()]);
                visit.frame("Sida").stream(&Words1 { text: "först" }, pieces)
            }),
        )
        .route(
            "/again",
            get(|visit: Visit| async move {
                (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    visit.frame("Formulär").in_error().render(&Words1 { text: "rätta" }),
                )
            }),
        )
        .route("/json", get(|| async { (StatusCode::BAD_REQUEST, Json("own")) }))
        .route("/take", post(|_: Json<u8>| async {}).layer(DefaultBodyLimit::max(10)))
        .route("/bytes", post(|_: Bytes| async {}).layer(DefaultBodyLimit::max(10)))
        .route("/panic", get(stopped))
        .route(
            "/bare/{status}",
            get(|axum::extract::Path(status): axum::extract::Path<u16>| async move {
                StatusCode::from_u16(status).unwrap()
            }),
        )
        .route("/busy", get(|| async { Problem::of(&codes::BUSY).retry_after(30) }))
        .route(
            "/refused",
            get(|visit: Visit| async move {
                let links = vec![
                    BrokenLink::new("MANDATE_ENDED", Mender::OrganisationAdministrator).since(visit.now),
                ];
                Problem::no_access(links, "7K2MQ-X94TD", visit.now).in_frame(logged_in(&visit))
            }),
        )
        .route(
            "/wrong",
            get(|| async {
                Problem::wrong_party("Åkeri & <Son>", "/party", vec![("to".to_owned(), "\"x\"".to_owned())])
            }),
        )
        .with_state(site.clone());
    dress(pages, site)
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

async fn send(site: &Site, request: Request<Body>) -> Answer {
    let response = app_of(site).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, text }
}

async fn fetch(path: &str) -> Answer {
    let site = site(Environment::Demo, Transport::PlainLoopback);
    send(&site, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post_to(path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::post(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(
        &site(Environment::Demo, Transport::PlainLoopback),
        request.body(Body::from(body.to_owned())).unwrap(),
    )
    .await
}

const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

/// The rule for all pages: language, one heading, one main, the skip link, no inline script or style.
fn assert_page(answer: &Answer) {
    let text = &answer.text;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(text.starts_with("<!DOCTYPE html>\n<html lang=\""), "{text}");
    for once in ["<h1>", "<main ", "<title>", "</html>", "href=\"#main\"", "id=\"main\""] {
        assert_eq!(text.matches(once).count(), 1, "{once} in {text}");
    }
    for never in ["style=", "<style", "onclick", "javascript:", "⟦"] {
        assert!(!text.contains(never), "{never} in {text}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    for path in ["/page", "/nowhere", "/panic", "/json"] {
        let headers = fetch(path).await.headers;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; ") && policy.contains("form-action 'self';"),
            "{policy}"
        );
        assert!(policy.ends_with("frame-ancestors 'none'; base-uri 'none'"), "{policy}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::REFERRER_POLICY], "same-origin");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
    let policy = fetch("/target").await.headers[header::CONTENT_SECURITY_POLICY].clone();
    assert!(policy.to_str().unwrap().contains("form-action 'self' https://client.example;"));
    let tls = site(Environment::Production, Transport::Tls);
    let answer = send(&tls, Request::get("/page").body(Body::empty()).unwrap()).await;
    assert_eq!(answer.headers[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000");
}

#[tokio::test]
async fn a_page_stands_in_its_frame() {
    let answer = fetch("/in").await;
    assert_page(&answer);
    let text = &answer.text;
    assert!(text.contains("<title>Start &#60;b&#62; – Exempelmyndigheten</title>"), "{text}");
    assert!(text.contains("Du företräder <strong>Åkeri &#38; &#60;Son&#62; AB</strong>"), "{text}");
    assert!(
        text.contains("(556000-0001)")
            && text.contains("Roll: administratör")
            && text.contains("href=\"/party\"")
    );
    assert!(text.contains("Du loggas ut kl. 15.02 om du inte gör något."), "{text}");
    assert!(text.contains("data-session=\"1800\""));
    assert!(text.contains("href=\"/in\" aria-current=\"page\""), "{text}");
    assert_eq!(text.matches("name=\"csrf\"").count(), 3, "logout, renew, and the warning");
    assert!(fetch("/page").await.text.contains("<p>&#60;script&#62;</p>"));
}

#[tokio::test]
async fn the_environment_is_marked_on_every_page_but_in_production() {
    for (environment, path) in
        [(Environment::Demo, "/page"), (Environment::Test, "/nowhere"), (Environment::Production, "/in")]
    {
        let site = site(environment, Transport::PlainLoopback);
        let text = send(&site, Request::get(path).body(Body::empty()).unwrap()).await.text;
        let marked = match environment {
            Environment::Demo => {
                let steps = text.contains("<a href=\"/\">Tillbaka till stegen</a>");
                text.contains("mark--demo") && text.contains("<strong>Demo.</strong>") && steps
            }
            Environment::Test => {
                let steps = text.contains("Tillbaka till stegen");
                text.contains("mark--test") && text.contains("<strong>Test.</strong>") && !steps
            }
            Environment::Production => !text.contains("class=\"mark"),
        };
        assert!(marked, "{environment:?}: {text}");
    }
}

#[tokio::test]
async fn a_moved_clock_is_told_on_every_page() {
    for (environment, path, told) in [
        (Environment::Demo, "/page", true),
        (Environment::Test, "/nowhere", true),
        (Environment::Production, "/in", false),
    ] {
        let moved = SiteConfig { clock: Arc::new(Moved), ..config(environment, Transport::PlainLoopback) };
        let text = send(&Site::new(moved), Request::get(path).body(Body::empty()).unwrap()).await.text;
        assert_eq!(text.contains("Klockan är framflyttad: här är det 5 december 2026."), told, "{text}");
        let still = site(environment, Transport::PlainLoopback);
        let text = send(&still, Request::get(path).body(Body::empty()).unwrap()).await.text;
        assert!(!text.contains("framflyttad"), "{text}");
    }
}

#[tokio::test]
async fn a_page_that_stays_open_ends_as_a_whole_page() {
    let answer = fetch("/open").await;
    assert_page(&answer);
    assert!(answer.text.contains("<p>först</p><p>a</p><p>b</p>"), "{}", answer.text);
    assert_eq!(answer.headers["x-accel-buffering"], "no");
}

#[tokio::test]
async fn bare_refusals_of_the_router_become_pages_with_their_status_and_headers() {
    for (path, status, code) in [
        ("/nowhere", 404, "BEH-3105"),
        ("/assets/none.css", 404, "BEH-3105"),
        ("/take", 405, "BEH-3106"),
        ("/bare/410", 410, "BEH-3201"),
        ("/bare/429", 429, "BEH-3109"),
        ("/bare/418", 418, "BEH-3103"),
        ("/bare/500", 500, "BEH-5102"),
        ("/bare/502", 502, "BEH-5102"),
        ("/bare/503", 503, "BEH-5103"),
        ("/busy", 503, "BEH-5103"),
        ("/panic", 500, "BEH-5102"),
    ] {
        let answer = fetch(path).await;
        assert_eq!(answer.status, status, "{path}");
        assert_page(&answer);
        assert!(answer.text.contains(code), "{path}: {}", answer.text);
        assert!(!answer.text.contains("secret words"));
    }
    assert_eq!(fetch("/take").await.headers[header::ALLOW], "POST");
    assert_eq!(fetch("/busy").await.headers[header::RETRY_AFTER], "30");
    let json = [OURS, ("content-type", "application/json")];
    for (answer, status) in [
        (post_to("/take", &[OURS, ("content-type", "text/plain")], "1").await, 415),
        (post_to("/take", &json, "\"x\"").await, 422),
        (post_to("/take", &json, "x").await, 400),
        (post_to("/bytes", &[OURS], "01234567890").await, 413),
    ] {
        assert_eq!(answer.status, status);
        assert_page(&answer);
    }
}

#[tokio::test]
async fn finished_pages_and_json_of_handlers_are_left_alone() {
    let again = fetch("/again").await;
    assert_eq!(again.status, 422);
    assert_page(&again);
    assert!(again.text.contains("rätta") && again.text.contains("<title>Fel: Formulär"), "{}", again.text);
    assert_eq!(fetch("/json").await.text, "\"own\"");
}

#[tokio::test]
async fn every_problem_has_its_four_parts_in_both_languages() {
    let site = site(Environment::Demo, Transport::PlainLoopback);
    for kind in codes::ALL {
        for lang in Lang::ALL {
            let pages: Router<Site> = Router::new().route(
                "/x",
                get(move || async move {
                    Problem::of(kind).with("name", "Åkeri AB").with("says", "Så är det.").into_response()
                }),
            );
            let request =
                Request::get("/x").header("cookie", format!("lang={}", lang.tag())).body(Body::empty());
            let response =
                dress(pages.with_state(site.clone()), &site).oneshot(request.unwrap()).await.unwrap();
            assert_eq!(response.status(), kind.status, "{kind:?}");
            let (parts, body) = response.into_parts();
            let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
            let answer = Answer { status: parts.status, headers: parts.headers, text };
            assert_page(&answer);
            let tr = site.tr(lang);
            let text = answer.text;
            for part in ["problem-do", "problem-who", "problem-reference", "problem-time"] {
                assert!(text.contains(&tr.get(part)), "{kind:?} {part}");
            }
            assert!(text.contains(kind.code) && text.contains("button--primary"), "{kind:?}");
            assert!(
                text.contains("11111-11111") && text.contains("datetime=\"2026-11-23T13:32:05Z\""),
                "{kind:?}"
            );
            assert!(text.contains("Kundcenter") && text.contains("tel:0100000000"), "{kind:?}");
        }
    }
}

// R-002-09
#[tokio::test]
async fn a_refused_decision_says_what_is_missing_who_mends_it_and_under_which_reference() {
    let answer = fetch("/refused").await;
    assert_eq!(answer.status, 403);
    assert_page(&answer);
    for part in [
        "Din behörighet slutade gälla 23 november 2026 kl. 14.32.",
        "Behörighetsadministratören hos organisationen kan ändra det.",
        "MANDATE_ENDED",
        "7K2MQ-X94TD",
        "Du företräder",
    ] {
        assert!(answer.text.contains(part), "{part}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_link_for_another_party_offers_to_change() {
    let answer = fetch("/wrong").await;
    assert_eq!(answer.status, 409);
    assert!(answer.text.contains("Länken gäller Åkeri &#38; &#60;Son&#62;"), "{}", answer.text);
    assert!(answer.text.contains("<form method=\"post\" action=\"/party\">"));
    assert!(answer.text.contains("name=\"to\" value=\"&#34;x&#34;\""));
}

#[tokio::test]
async fn programs_get_json() {
    let site = site(Environment::Demo, Transport::PlainLoopback);
    let ask =
        |accept: &'static str| Request::get("/refused").header("accept", accept).body(Body::empty()).unwrap();
    let answer = send(&site, ask("application/json")).await;
    assert_eq!(answer.status, 403);
    let value: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(value["code"], "BEH-2101");
    assert_eq!(value["reference"], "7K2MQ-X94TD");
    assert_eq!(value["broken"][0]["code"], "MANDATE_ENDED");
    assert_eq!(value["at"], "2026-11-23T13:32:05Z");
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    assert_page(&send(&site, ask(browser)).await);
}

#[tokio::test]
async fn requests_from_elsewhere_are_stopped() {
    for headers in [&[][..], &[("sec-fetch-site", "cross-site")], &[("origin", "https://evil.example")]] {
        let answer = post_to("/language", headers, "lang=en&return=/").await;
        assert_eq!(answer.status, 403);
        assert!(answer.text.contains("BEH-3102"));
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
    }
}

#[tokio::test]
async fn the_language_switch_keeps_the_choice_and_returns_to_this_site_only() {
    let form = ("content-type", "application/x-www-form-urlencoded");
    let answer =
        post_to("/language", &[("origin", "http://localhost:8400"), form], "lang=en&return=%2Fpage%3Fx%3D1")
            .await;
    assert_eq!(
        (answer.status, answer.headers[header::LOCATION].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/page?x=1")
    );
    assert!(
        answer.headers[header::SET_COOKIE]
            .to_str()
            .unwrap()
            .starts_with("lang=en; Path=/; HttpOnly; SameSite=Lax")
    );
    for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "%0d%0aX: y"] {
        let answer = post_to("/language", &[OURS, form], &format!("lang=en&return={bad}")).await;
        assert_eq!(answer.headers[header::LOCATION], "/", "{bad}");
    }
    assert_eq!(post_to("/language", &[OURS, form], "lang=xx&return=/").await.status, 400);
    let english = site(Environment::Demo, Transport::PlainLoopback);
    let request = Request::get("/nowhere").header("accept-language", "en").body(Body::empty()).unwrap();
    let answer = send(&english, request).await;
    assert_eq!(answer.headers[header::CONTENT_LANGUAGE], "en");
    assert!(answer.text.contains("<html lang=\"en\">") && answer.text.contains("The page does not exist"));
}

#[tokio::test]
async fn trying_again_after_a_form_leads_back_to_its_page() {
    let answer =
        post_to("/bytes", &[OURS, ("referer", "http://localhost:8400/form?a=1")], "01234567890").await;
    assert!(answer.text.contains("href=\"/form?a=1\""), "{}", answer.text);
    let answer =
        post_to("/bytes", &[OURS, ("referer", "http://localhost:8400.evil.example/form")], "01234567890")
            .await;
    assert!(!answer.text.contains("evil"), "{}", answer.text);
}

/// The first page with its style, fonts and icon stays within 70 KiB; its own HTML within 8 of them.
#[tokio::test]
async fn the_html_of_a_page_is_small() {
    assert!(fetch("/in").await.text.len() < 8 * 1024);
}
