//! Login and the page of an order.

use crate::world::{As, World};
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use std::time::Duration;

// R-002-01, R-002-02, R-002-03
#[tokio::test]
async fn one_page_offers_every_service_its_ways_and_help_without_login() {
    let world = World::new(As::Plain).await;
    let mut visitor = world.browser();
    let page = visitor.get("/login").await;
    assert_eq!(page.status, StatusCode::OK);
    page.has("BankID på den här enheten").has("BankID på en annan enhet");
    for service in world.app.known().catalogue.services() {
        page.has(&service.name.sv)
            .has(&service.audience.name.sv)
            .has(&format!("/login?service={}", service.id));
        for contact in &service.contacts {
            page.has(&contact.name.sv);
        }
    }
    visitor.language = "en";
    visitor.get("/login?service=employer").await.has("E-services for employers").has("BankID on this device");
    visitor.get("/login?service=nothing").await.has("BankID on this device");
    world.browser().get("/").await.has("href=\"/login\"");
}

#[tokio::test]
async fn a_flood_is_told_when_to_come_again_and_a_visitor_who_is_in_goes_on() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let (home, _) = greta.log_in(&world, "greta", &[]).await;
    // Where all browsers of this test come from.
    let here = "192.0.2.7".parse().unwrap();
    // All of it in one minute of the machine's clock: with a quarter of it left, the next one is waited for.
    let micros = world.app.wall_now().micros().rem_euclid(60_000_000);
    if micros > 45_000_000 {
        tokio::time::sleep(Duration::from_micros((60_000_000 - micros).unsigned_abs())).await;
    }
    while world.app.admit(here).is_ok() {}
    let mut stranger = world.browser();
    for (method, path, form) in [
        (Method::POST, "/login/bankid", &[("device", "this")][..]),
        (Method::GET, "/oauth/authorize?client_id=shop&scope=openid", &[]),
    ] {
        let response = stranger.open(method, path, form).await;
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS, "{path}");
        let wait: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let html = String::from_utf8(body.to_vec()).unwrap();
        assert!(html.contains("BEH-3109") && html.contains("Vänta en minut"), "{html}");
    }
    // A silent question is kept nowhere, and is answered as ever.
    let silent = stranger.get("/oauth/authorize?client_id=shop&scope=openid&prompt=none").await;
    assert_eq!(silent.status, StatusCode::BAD_REQUEST);
    stranger.get("/login").await.has("BankID på den här enheten");
    assert_eq!(greta.get(&home).await.status, StatusCode::OK);
    let asked = greta.get("/oauth/authorize?client_id=shop&scope=openid").await;
    assert_eq!(asked.status, StatusCode::BAD_REQUEST, "an unknown e-service, and no flood");
    assert_eq!(world.app.floods().refused, 3);
}

// R-002-04
#[tokio::test]
async fn a_person_without_organisation_acts_for_herself_at_once() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    greta.begin("this", &[]).await;
    let before = greta.cookies["browser"].clone();
    let (path, page) = greta.log_in(&world, "greta", &[]).await;
    assert!(path.starts_with("/for/"), "{path}");
    page.has("<strong>Greta Holm</strong> – du är här för egen del")
        .has("Ska du företräda en arbetsgivare?")
        .has_not("acting__switch");
    page.has_not("199307182387");
    // Back and reload are harmless; the order opens nothing twice.
    let order = format!("/order/{}", greta.cookies["order"].split('.').next().unwrap());
    let (again, _) = greta.arrive(&format!("{order}/done")).await;
    assert_eq!(again, path);
    greta.cookies.remove("session");
    assert_ne!(greta.cookies["browser"], before, "the login gave the browser another secret");
    greta.get(&format!("{order}/done")).await.has("BEH-1110");
    // As if the answer that carried it had been lost.
    greta.cookies.insert("browser".to_owned(), before);
    greta.get(&format!("{order}/done")).await.has("BEH-1113");
}

#[tokio::test]
async fn the_page_stays_open_tells_what_happens_and_moves_on() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let order = greta.begin("this", &[]).await;
    let mut body = greta.open(Method::GET, &order, &[]).await.into_body();
    let mut html = String::new();
    let mut token = None;
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    while let Ok(Some(frame)) = tokio::time::timeout_at(end, body.frame()).await {
        html.push_str(std::str::from_utf8(frame.unwrap().data_ref().unwrap()).unwrap());
        if token.is_none() && html.contains("autostarttoken=") {
            let start = html.split("autostarttoken=").nth(1).unwrap().split('&').next().unwrap().to_owned();
            world.start_and_approve("greta", &start).await;
            token = Some(start);
        }
    }
    assert!(html.contains("Logga in hos Exempelmyndigheten."), "the text that the app shows: {html}");
    assert!(html.contains("Väntar på att du öppnar BankID-appen."), "{html}");
    assert!(html.contains(&format!("http-equiv=\"refresh\" content=\"0;url={order}/done\"")), "{html}");
    assert!(html.trim_end().ends_with("</html>"), "the page is whole: {html}");
    let (path, _) = greta.arrive(&format!("{order}/done")).await;
    assert!(path.starts_with("/for/"), "{path}");
}

#[tokio::test]
async fn an_order_is_its_browsers_alone() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let order = greta.begin("this", &[]).await;
    let token = greta.get(&format!("{order}?view=still")).await.token();
    let mut thief = world.browser();
    thief.begin("this", &[]).await;
    world.start_and_approve("greta", &token).await;
    greta.settled(&order).await;
    // Another browser, a browser without a secret, and an order that never was: all the same answer.
    let never = "/order/00000000000000000000000000000001".to_owned();
    for (mut browser, order) in [(thief.clone(), &order), (world.browser(), &order), (thief.clone(), &never)]
    {
        for path in [order.clone(), format!("{order}/done"), format!("{order}/qr"), format!("{order}/qr.png")]
        {
            let page = browser.get(&path).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
            page.has("BEH-1110").has_not("Greta");
            assert!(!browser.cookies.contains_key("session"));
        }
        let page = browser.post(&format!("{order}/cancel"), &[]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
    }
    // The thief has done no harm: the login is still there for its own browser.
    let (path, _) = greta.arrive(&format!("{order}/done")).await;
    assert!(path.starts_with("/for/"), "{path}");
}

#[tokio::test]
async fn what_the_provider_says_no_to_is_told_with_a_way_on() {
    let world = World::new(As::Plain).await;
    let mut leif = world.browser();
    let order = leif.begin("this", &[]).await;
    let token = leif.get(&format!("{order}?view=still")).await.token();
    world.tell("/phone/start", serde_json::json!({"person": "leif", "autostart_token": token})).await;
    world.tell("/phone/approve", serde_json::json!({"person": "leif"})).await;
    leif.settled(&order).await;
    let page = leif.get(&format!("{order}/done")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.has("BEH-1104")
        .has("Ditt BankID kan inte användas.")
        .has("https://support.bankid.com/sv")
        .has("href=\"/login\"");
    assert!(!leif.cookies.contains_key("session"));

    let mut elin = world.browser();
    let order = elin.begin("this", &[]).await;
    let token = elin.get(&format!("{order}?view=still")).await.token();
    world.tell("/phone/start", serde_json::json!({"person": "elin", "autostart_token": token})).await;
    world.tell("/phone/refuse", serde_json::json!({"person": "elin"})).await;
    elin.settled(&order).await;
    let (first, second) =
        (elin.get(&format!("{order}/done")).await, elin.get(&format!("{order}/done")).await);
    first.has("BEH-1101").has("Du avbröt. Du kan försöka igen när du vill.");
    assert_eq!(first.reference(), second.reference(), "the code on the page is the record's, not a new one");

    let told = world.tell("/fault", serde_json::json!({"next": "503", "count": 9})).await;
    assert_eq!(told.0, 204, "{}", told.1);
    let page = world.browser().post("/login/bankid", &[("device", "other")]).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.html);
    page.has("BEH-1108").has("Referenskod");
}

#[tokio::test]
async fn cancelling_leads_back_and_ends_the_order() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let order = greta.begin("other", &[]).await;
    assert_eq!(greta.post(&format!("{order}/cancel"), &[]).await.to.as_deref(), Some("/login"));
    assert_eq!(
        greta.post(&format!("{order}/cancel"), &[]).await.to.as_deref(),
        Some("/login"),
        "twice is once"
    );
    let (_, page) = greta.arrive(&order).await;
    page.has("BEH-1103").has("Ingenting har gjorts");
}

#[tokio::test]
async fn the_way_back_from_the_app_drops_its_one_time_value() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let order = greta.begin("this", &[]).await;
    greta.get(&format!("{order}?view=still")).await;
    let page = greta.get("/order/return?n=00000000000000000000000000000000").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    for path in ["/order/return", "/order/return?n=", &format!("/order/return?n={}", "a".repeat(5000))] {
        greta.get(path).await.has("BEH-1110");
    }
    // The value itself goes from the order to the provider alone; the telephone opens the address that it was given.
    let mut stranger = world.browser();
    stranger.get("/order/return?n=1").await.has("BEH-1110");
}

// Bad input: what is no form of ours begins nothing.
#[tokio::test]
async fn malformed_beginnings_are_refused() {
    let world = World::new(As::Plain).await;
    let mut visitor = world.browser();
    for form in
        [&[][..], &[("device", "")], &[("device", "this"), ("device", "other")], &[("device", "phone")]]
    {
        let page = visitor.post("/login/bankid", form).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{form:?}");
    }
    let page = visitor.post("/login/bankid", &[("device", "this"), ("service", "nothing")]).await;
    page.has("BEH-1112");
    for path in ["/order/x", "/order/x/done", "/order/x/qr", "/order/..%2f/qr.png"] {
        let mut begun = world.browser();
        begun.begin("other", &[]).await;
        assert_eq!(begun.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(visitor.get("/login?next=/a&next=/b").await.status, StatusCode::BAD_REQUEST);
    visitor.get("/login?next=%ff").await.has_not("name=\"next\"");
    assert_eq!(
        visitor.post("/demo/login", &[("person", "greta")]).await.status,
        StatusCode::NOT_FOUND,
        "no demo here"
    );
}

#[tokio::test]
async fn a_login_goes_on_where_the_visitor_was_going_and_never_elsewhere() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let asked = greta.get("/logout?x=1").await;
    asked.has("Du är utloggad");
    let sent = greta.get("/home").await;
    assert_eq!(sent.to.as_deref(), Some("/login?next=/home"));
    let (path, _) = greta.log_in(&world, "greta", &[("next", "https://evil.example/")]).await;
    assert!(path.starts_with("/for/"), "{path}");
    let own = path.clone();
    greta.cookies.remove("session");
    let (path, _) = greta.log_in(&world, "greta", &[("next", &format!("{own}?a=b"))]).await;
    assert_eq!(path, format!("{own}?a=b"));
    // An address for a party of somebody else is let go.
    let mut elin = world.browser();
    let (path, _) = elin.log_in(&world, "elin", &[("next", &own)]).await;
    assert!(path.starts_with("/for/") && path != own, "{path}");
}
