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

#[tokio::test]
async fn the_way_through_the_demo_is_numbered_and_people_stand_by_role() {
    let world = World::new(As::Demo).await;
    let mut visitor = world.browser();
    let page = visitor.get("/").await;
    page.has("<ol class=\"steps steps--path\">").has("Bli Farid Gran").has("127.0.0.1:");
    // The steps that need somebody have the button, and what is to be typed stands there as the form wants it.
    let path = page.html.split("<ol").nth(1).unwrap().split("</ol>").next().unwrap().to_owned();
    for (name, count) in [("farid", 2), ("cecilia", 4), ("nils", 1)] {
        assert_eq!(path.matches(&format!("value=\"{name}\"")).count(), count, "{name}");
    }
    let day = path.split("första sjukdag ").nth(1).unwrap().split(',').next().unwrap();
    assert!(page::parse_day(day).is_some_and(|parsed| parsed.to_string() == day), "{day}");
    let groups = ["Hos arbetsgivare", "På myndigheten", "Privatpersoner och anställda"];
    let places = groups.map(|group| page.html.find(group).unwrap());
    assert!(places.is_sorted());
    assert!(page.html.find("value=\"astrid\"").unwrap() > places[1], "the officer stands at the agency");

    // The first step: whose permission has ended comes to the page and is told why it is closed, and by whom it can be opened.
    let step = page.html.split("<ol").nth(1).unwrap().split("</form>").next().unwrap();
    let next = step.split("name=\"next\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(next.starts_with("/for/") && next.ends_with("/employer/sickness-reports"), "{next}");
    let to = visitor.post("/demo/login", &[("person", "farid"), ("next", &next)]).await.to.unwrap();
    visitor.settled(&to).await;
    let (path, page) = visitor.arrive(&format!("{to}/done")).await;
    assert_eq!(path, next);
    // No service stands in this house, so that the path itself ends here; the party's own page tells.
    let party = next.split("/employer").next().unwrap();
    let page = if page.status == StatusCode::NOT_FOUND { visitor.get(party).await } else { page };
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.has("BEH-2101").has("Referenskod");
    // A stranger to the employer is not led there.
    let to = visitor.post("/demo/login", &[("person", "greta"), ("next", &next)]).await.to.unwrap();
    visitor.settled(&to).await;
    let (path, _) = visitor.arrive(&format!("{to}/done")).await;
    assert!(path.starts_with("/for/") && !path.starts_with(party), "{path}");
}

#[tokio::test]
async fn who_was_sent_to_log_in_gets_on_by_a_demo_person_too() {
    let world = World::new(As::Demo).await;
    let mut visitor = world.browser();
    let page = visitor.get("/login?next=/invitation&service=employer").await;
    page.has("href=\"/?next=/invitation&#38;service=employer\"");
    let page = visitor.get("/?next=/invitation&service=employer").await;
    page.has("name=\"next\" value=\"/invitation\"").has("name=\"service\" value=\"employer\"");
    page.has("Du är på väg till en sida").has_not("steps--path").has_not("/demo/clock");
    let form = [("person", "greta"), ("next", "/invitation"), ("service", "employer")];
    let to = visitor.post("/demo/login", &form).await.to.unwrap();
    visitor.settled(&to).await;
    assert_eq!(visitor.arrive(&format!("{to}/done")).await.0, "/invitation");
    // Not to another site, nor round in a circle.
    for bad in ["//evil.example", "https://evil.example", "/demo/login", "/login"] {
        let page = visitor.get(&format!("/?next={bad}")).await;
        page.has_not(&format!("name=\"next\" value=\"{bad}")).has("steps--path");
    }
    visitor.get("/?service=%22%3E%3Cb").await.has_not("name=\"service\"");
    // Outside a demo there are no people to choose.
    let plain = World::new(As::Plain).await;
    plain.browser().get("/login?next=/invitation").await.has_not("href=\"/?");
}

#[tokio::test]
async fn a_button_moves_the_clock_and_every_page_says_so() {
    let world = World::new(As::Demo).await;
    let mut visitor = world.browser();
    let to = visitor.post("/demo/login", &[("person", "greta")]).await.to.unwrap();
    visitor.settled(&to).await;
    let (home, page) = visitor.arrive(&format!("{to}/done")).await;
    page.has_not("framflyttad");
    let before = world.app.now();
    assert_eq!(visitor.post("/demo/clock", &[("days", "7")]).await.to.as_deref(), Some("/?moved=yes"));
    assert!(world.app.now() >= before + std::time::Duration::from_secs(7 * 86_400));
    visitor.get("/?moved=yes").await.has("Nu är det").has("framflyttad");
    visitor.get("/help").await.has("framflyttad");
    // A week is longer than a session.
    visitor.get(&home).await.has("BEH-1202");
    let now = world.app.now();
    for days in ["", "0", "2", "-1", "99999", "7&days=7"] {
        assert_eq!(visitor.post("/demo/clock", &[("days", days)]).await.status, StatusCode::BAD_REQUEST);
    }
    assert!(world.app.now() < now + std::time::Duration::from_secs(3600));
    // The ordinary login still works: BankID's evidence keeps the machine's time.
    let to = visitor.post("/demo/login", &[("person", "greta")]).await.to.unwrap();
    visitor.settled(&to).await;
    visitor.arrive(&format!("{to}/done")).await.1.has("Greta Holm");

    let plain = World::new(As::Plain).await;
    let page = plain.browser().post("/demo/clock", &[("days", "7")]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_altered_record_is_found_in_a_copy_and_the_store_is_as_it_was() {
    let world = World::new(As::Demo).await;
    let mut visitor = world.browser();
    let to = visitor.post("/demo/login", &[("person", "greta")]).await.to.unwrap();
    visitor.settled(&to).await;
    visitor.arrive(&format!("{to}/done")).await;
    for _ in 0..2 {
        let page = visitor.post("/demo/altered", &[]).await;
        page.has("Ändringen upptäcktes").has("är ändrad").has("was altered: its text is not the one");
        page.has("the log is NOT sound").has("Den riktiga loggen är hel").has_not("Något mer stämmer inte");
    }
    // The copies are gone, and the log still holds what it held.
    assert_eq!(world.files().iter().filter(|name| name.contains(".copy-")).count(), 0);
    let keys = app::log::keys_of(world.app.store(), world.app.master()).await.unwrap();
    let clock = world.app.clock();
    let report = app::log::verify(world.app.store(), keys, Vec::new(), clock.as_ref()).await.unwrap();
    assert!(report.is_sound(), "{report}");

    let plain = World::new(As::Plain).await;
    assert_eq!(plain.browser().post("/demo/altered", &[]).await.status, StatusCode::NOT_FOUND);
}
