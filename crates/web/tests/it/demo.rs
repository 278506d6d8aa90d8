//! The page of people.

use crate::world::{As, World};
use http::StatusCode;

#[tokio::test]
async fn one_button_logs_a_person_in_by_the_ordinary_way() {
    let world = World::new(As::Demo).await;
    let mut visitor = world.browser();
    let page = visitor.get("/").await;
    page.has("Greta Holm")
        .has("Privatperson")
        .has("value=\"cecilia\"")
        .has_not("199307182387")
        .has("/inbox.html");
    let to = visitor.post("/demo/login", &[("person", "greta")]).await.to.unwrap();
    assert!(to.starts_with("/order/"), "{to}");
    visitor.settled(&to).await;
    let (_, page) = visitor.arrive(&format!("{to}/done")).await;
    page.has("Greta Holm");
    visitor.get("/").await.has("Du är inloggad som Greta Holm");

    // Somebody else in the same browser: the session before ends.
    let before = visitor.clone();
    let to = visitor.post("/demo/login", &[("person", "elin")]).await.to.unwrap();
    visitor.settled(&to).await;
    let (_, page) = visitor.arrive(&format!("{to}/done")).await;
    page.has("Elin Forsman").has_not("Greta");
    let mut before = before;
    let page = before.get("/home").await;
    assert_ne!(page.status, StatusCode::OK);
    page.has("BEH-1202");
}

#[tokio::test]
async fn a_person_whose_bankid_is_blocked_is_told_so() {
    let world = World::new(As::Demo).await;
    let mut visitor = world.browser();
    let to = visitor.post("/demo/login", &[("person", "leif")]).await.to.unwrap();
    visitor.settled(&to).await;
    visitor.get(&format!("{to}/done")).await.has("BEH-1104");
    for person in ["", "Greta", "../x"] {
        let page = visitor.post("/demo/login", &[("person", person)]).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{person}");
    }
}
