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
    greta.get("/logout").await.has("Du är utloggad");
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
