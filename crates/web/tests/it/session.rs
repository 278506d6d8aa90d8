//! Staying logged in and logging out.

use crate::world::{As, World};
use http::StatusCode;

#[tokio::test]
async fn logging_out_ends_the_session_in_every_tab_and_says_what_it_reached() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let (home, _) = greta.log_in(&world, "greta", &[]).await;
    let mut copy = greta.clone();
    greta.get("/logout").await.has("Logga ut?");
    let forged = greta.post("/logout", &[]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let guard = greta.guard().await;
    let form: Vec<_> = guard.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();

    assert_eq!(greta.post("/session/renew", &form).await.to.as_deref(), Some("/home"));
    let stay: Vec<_> = form.iter().copied().chain([("stay", "1")]).collect();
    assert_eq!(greta.post("/session/renew", &stay).await.status, StatusCode::NO_CONTENT);
    let back: Vec<_> = form.iter().copied().chain([("return", "//evil.example")]).collect();
    assert_eq!(greta.post("/session/renew", &back).await.to.as_deref(), Some("/home"));
    assert_eq!(greta.post("/session/renew", &[]).await.status, StatusCode::FORBIDDEN);

    assert_eq!(greta.post("/logout", &form).await.to.as_deref(), Some("/logout"));
    assert!(!greta.cookies.contains_key("session"));
    let page = greta.get("/logout").await;
    page.has("Du är utloggad").has("Du är inte inloggad någon annanstans").has("BankID-appen påverkas inte");
    // The key itself opens nothing any more.
    copy.get(&home).await.has("BEH-1202");
    assert_eq!(copy.post("/logout", &form).await.to.as_deref(), Some("/logout"), "twice is once");
}

#[tokio::test]
async fn a_session_key_that_is_none_leads_to_the_login() {
    let world = World::new(As::Plain).await;
    for value in ["x", &"A".repeat(43), &"A".repeat(2000)] {
        let mut visitor = world.browser();
        visitor.cookies.insert("session".into(), value.to_owned());
        assert_eq!(visitor.get("/party").await.to.as_deref(), Some("/login?next=/party"), "{value}");
        assert_eq!(visitor.post("/party", &[]).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn own_sessions_are_seen_and_ended_one_by_one_or_together() {
    let world = World::new(As::Plain).await;
    let (mut here, mut there, mut third) = (world.browser(), world.browser(), world.browser());
    let (_, start) = here.log_in(&world, "greta", &[]).await;
    start.has("/mine");
    here.get("/sessions")
        .await
        .has("Du är inloggad på ett ställe.")
        .has("Du är inte inloggad någon annanstans");
    there.log_in(&world, "greta", &[]).await;
    let (third_home, _) = third.log_in(&world, "greta", &[]).await;
    let page = here.get("/sessions").await;
    page.has("Du är inloggad på 3 ställen.").has("Den här").has("BankID").has("Egen del");
    assert_eq!(page.html.matches("Den här</span>").count(), 1);
    // Neither key nor hash stands in an address: a random name does.
    let ends: Vec<&str> =
        page.html.split("action=\"/sessions/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let [one, other, "end-others"] = ends[..] else { panic!("{ends:?}") };
    assert_ne!(one, other);

    let guard = here.guard().await;
    let form: Vec<_> = guard.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(here.post(&format!("/sessions/{one}"), &[]).await.status, StatusCode::FORBIDDEN);
    for nobodys in ["x", "00000000000070008000000000000000"] {
        let page = here.post(&format!("/sessions/{nobodys}/end"), &form).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    let ended = here.post(&format!("/sessions/{one}"), &form).await;
    assert_eq!(ended.to.as_deref(), Some("/sessions"));
    here.get("/sessions").await.has("Du är inloggad på 2 ställen.");
    here.get("/logout").await.has("Du är fortfarande inloggad på ett ställe till").has("href=\"/sessions\"");
    assert_eq!(here.post("/sessions/end-others", &form).await.to.as_deref(), Some("/sessions"));
    here.get("/sessions").await.has("Du är inloggad på ett ställe.");
    for browser in [&mut there, &mut third] {
        browser.get(&third_home).await.has("BEH-1202");
    }
    // Whoever is not logged in sees nobody's.
    assert_eq!(world.browser().get("/sessions").await.to.as_deref(), Some("/login?next=/sessions"));
}

#[tokio::test]
async fn logging_out_tells_where_one_is_left_logged_in_and_ends_it_there_too() {
    let world = World::new(As::Plain).await;
    let (mut here, mut there) = (world.browser(), world.browser());
    here.log_in(&world, "greta", &[]).await;
    let (home, _) = there.log_in(&world, "greta", &[]).await;
    let guard = here.guard().await;
    let form: Vec<_> = guard.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    here.post("/logout", &form).await;
    let page = here.get("/logout").await;
    page.has("Du är fortfarande inloggad på ett ställe till").has("action=\"/logout/others\"");
    page.has_not("Greta");

    // Only the browser that logged out, and only with the fields of its page.
    let left: Vec<_> = ["csrf", "party"].map(|name| (name, page.field(name))).into();
    let left: Vec<_> = left.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let mut stranger = world.browser();
    stranger.get("/logout").await.has_not("/logout/others");
    assert_eq!(stranger.post("/logout/others", &left).await.to.as_deref(), Some("/logout"));
    assert_eq!(here.post("/logout/others", &[]).await.status, StatusCode::FORBIDDEN);
    for made_up in ["x", "00000000000070008000000000000000"] {
        stranger.cookies.insert("logged_out".into(), made_up.into());
        stranger.get("/logout").await.has_not("/logout/others");
    }
    assert_eq!(there.get(&home).await.status, StatusCode::OK);
    assert_eq!(here.post("/logout/others", &left).await.to.as_deref(), Some("/logout"));
    there.get(&home).await.has("BEH-1202");
    here.get("/logout").await.has("Du är inte inloggad någon annanstans");
}

#[tokio::test]
async fn the_end_that_cannot_be_put_off_is_told() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let (home, _) = greta.log_in(&world, "greta", &[]).await;
    greta.get(&home).await.has("om du inte gör något").has("data-idle=\"1800\"").has("role=\"alertdialog\"");
    // Opened an hour and forty minutes ago, and used since.
    world
        .app
        .store()
        .write(|tx| tx.execute("UPDATE session SET ends_at = ends_at - $1", &[6_000_000_000_i64.into()]))
        .await
        .unwrap();
    let page = greta.get(&home).await;
    page.has("Då har inloggningen varat så länge den får").has_not("om du inte gör något");
    page.has_not("<button class=\"link-button\">Fortsätt vara inloggad");
}
