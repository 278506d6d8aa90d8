//! Forms that outlive the session they were typed in: for the same person, and nobody else.

use crate::world::{As, Browser, Page, World};
use http::StatusCode;

const TYPED: [(&str, &str); 4] = [
    ("number", "19910302-2399"),
    ("name", "David Ek"),
    ("email", "david@granas.example"),
    ("need", "Löner & <frånvaro>."),
];
const KEPT: &str = "Det du skrev finns kvar";

/// Cecilia with the form for giving authority open; gives its address and its hidden fields.
async fn at_the_form(world: &World, browser: &mut Browser) -> (String, Vec<(String, String)>) {
    browser.log_in(world, "cecilia", &[]).await;
    let granas = party(&browser.get("/party").await, "Granåsens Åkeri AB");
    switch(browser, &granas).await;
    let give = format!("/for/{granas}/people/give");
    let page = browser.get(&give).await;
    page.has_not(KEPT);
    // The first `csrf` of the page is the log-out's: all forms of a visit share it.
    let hidden = ["csrf", "party", "keep"].map(|name| (name.to_owned(), page.field(name)));
    (give, hidden.into())
}

fn party(page: &Page, name: &str) -> String {
    let at = page.html.find(&format!("choice__name\">{name}")).unwrap_or_else(|| panic!("{}", page.html));
    let before = &page.html[..at];
    before[before.rfind("value=\"").unwrap() + 7..].split('"').next().unwrap().to_owned()
}

async fn switch(browser: &mut Browser, party: &str) {
    let mut form = browser.guard().await;
    form.push(("to".into(), party.into()));
    let form: Vec<_> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(browser.post("/party", &form).await.to, Some(format!("/for/{party}")));
}

async fn send(browser: &mut Browser, path: &str, hidden: &[(String, String)]) -> Page {
    let hidden = hidden.iter().map(|(k, v)| (k.as_str(), v.as_str()));
    let form: Vec<_> = hidden.chain(TYPED).collect();
    browser.post(path, &form).await
}

async fn drafts(world: &World) -> usize {
    world.app.store().read(|tx| tx.query("SELECT 1 FROM form_draft", &[])).await.unwrap().len()
}

/// What was typed stands in the form again, escaped, and the page says that nothing was sent.
fn shown_again(page: &Page) {
    assert_eq!(page.status, StatusCode::OK);
    page.has(KEPT).has("Det är inte skickat").has("value=\"19910302-2399\"").has("value=\"David Ek\"");
    page.has("Löner &#38; &#60;frånvaro&#62;.</textarea>");
}

#[tokio::test]
async fn a_form_sent_too_late_comes_back_to_the_same_person_and_to_nobody_else() {
    let world = World::new(As::Plain).await;
    let mut cecilia = world.browser();
    let (give, hidden) = at_the_form(&world, &mut cecilia).await;
    world.unused_for(31).await;
    let page = send(&mut cecilia, &give, &hidden).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.has("BEH-1202").has("Det du skrev finns kvar i 24 timmar").has(&format!("/login?next={give}"));
    page.has_not("David").has_not("19910302");

    // Another administrator of the same page, in the same browser, sees an empty form.
    let (mut astrid, mut olga) = (cecilia.clone(), cecilia.clone());
    let (path, page) = olga.log_in(&world, "olga", &[("next", &give)]).await;
    assert_ne!(path, give);
    page.has_not(KEPT).has_not("David");
    let (_, page) = astrid.log_in(&world, "astrid", &[("next", &give)]).await;
    page.has_not(KEPT).has_not("David");

    // The same person stands at the form again, with what was typed. Nothing has been given.
    let (path, page) = cecilia.log_in(&world, "cecilia", &[("next", &give)]).await;
    assert_eq!(path, give);
    shown_again(&page);
    let people = give.trim_end_matches("/give");
    cecilia.get(people).await.has_not("David");

    // Sent at last, it is forgotten; a mistake in it is told at its field as always.
    let hidden: Vec<_> = ["csrf", "party", "keep"].map(|name| (name.to_owned(), page.field(name))).into();
    assert_eq!(send(&mut cecilia, &give, &hidden).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    cecilia.get(&give).await.has_not(KEPT).has_not("David");
    assert_eq!(drafts(&world).await, 0);
}

#[tokio::test]
async fn what_is_kept_can_be_let_go_and_a_forged_or_ended_session_keeps_nothing() {
    let world = World::new(As::Plain).await;
    let mut cecilia = world.browser();
    let (give, hidden) = at_the_form(&world, &mut cecilia).await;
    let mut elsewhere = cecilia.clone();
    world.unused_for(31).await;
    // Without the form's own guard nobody knows that this person typed it.
    let without: Vec<_> = hidden.iter().filter(|(name, _)| name != "csrf").cloned().collect();
    let forged = send(&mut elsewhere, &give, &without).await;
    forged.has("BEH-1202").has_not("finns kvar i 24 timmar");
    // A form without the mark is not kept, whatever stands in it.
    let unmarked: Vec<_> = hidden.iter().filter(|(name, _)| name != "keep").cloned().collect();
    send(&mut elsewhere, &give, &unmarked).await.has("BEH-1202").has_not("finns kvar i 24 timmar");
    // No key, no person.
    elsewhere.cookies.remove("session");
    send(&mut elsewhere, &give, &hidden).await.has("BEH-1201").has_not("finns kvar i 24 timmar");
    assert_eq!(drafts(&world).await, 0);

    send(&mut cecilia, &give, &hidden).await.has("finns kvar i 24 timmar");
    assert_eq!(drafts(&world).await, 1);
    let (_, page) = cecilia.log_in(&world, "cecilia", &[("next", &give)]).await;
    shown_again(&page);
    let drop: Vec<_> = ["csrf", "party", "page"].map(|name| (name, page.field(name))).into();
    let drop: Vec<_> = drop.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(cecilia.post("/session/drop", &drop[..2]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(cecilia.post("/session/drop", &drop).await.to, Some(give.clone()));
    cecilia.get(&give).await.has_not(KEPT).has_not("David");

    // Ended by hand from elsewhere, a session may have been in the wrong hands: what it sends is nobody's.
    let (mut thief, mut owner) = (cecilia.clone(), world.browser());
    owner.log_in(&world, "cecilia", &[]).await;
    let hidden: Vec<_> =
        ["csrf", "party", "keep"].into_iter().zip(thief_fields(&mut thief, &give).await).collect();
    let hidden: Vec<_> = hidden.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let guard = owner.guard().await;
    let guard: Vec<_> = guard.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    owner.post("/sessions/end-others", &guard).await;
    send(&mut thief, &give, &hidden).await.has("BEH-1202").has_not("finns kvar i 24 timmar");
    assert_eq!(drafts(&world).await, 0);
}

async fn thief_fields(browser: &mut Browser, give: &str) -> Vec<String> {
    let page = browser.get(give).await;
    ["csrf", "party", "keep"].map(|name| page.field(name)).into()
}

#[tokio::test]
async fn a_form_for_another_party_or_of_an_earlier_login_is_kept_too() {
    let world = World::new(As::Plain).await;
    let mut cecilia = world.browser();
    let (give, hidden) = at_the_form(&world, &mut cecilia).await;
    let granas = give.split('/').nth(2).unwrap().to_owned();
    // Another tab acts for oneself now.
    let own = party(&cecilia.get("/party").await, "Cecilia");
    switch(&mut cecilia, &own).await;
    let page = send(&mut cecilia, &give, &hidden).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.has("Länken gäller Granåsens Åkeri AB").has("Det du skrev finns kvar i 24 timmar");
    let fields: Vec<_> = ["csrf", "party", "to", "next"].map(|name| (name, page.field(name))).into();
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(cecilia.post("/party", &fields).await.to, Some(give.clone()));
    shown_again(&cecilia.get(&give).await);

    // In another tab the same person has logged in anew: the old page's form is shown again, not carried out.
    let (path, page) = cecilia.log_in(&world, "cecilia", &[("next", &give)]).await;
    assert_eq!(path, give);
    let drop: Vec<_> = ["csrf", "party", "page"].map(|name| (name, page.field(name))).into();
    let drop: Vec<_> = drop.iter().map(|(k, v)| (*k, v.as_str())).collect();
    cecilia.post("/session/drop", &drop).await;
    assert_eq!(drafts(&world).await, 0);
    assert_eq!(send(&mut cecilia, &give, &hidden).await.to, Some(give.clone()));
    shown_again(&cecilia.get(&give).await);
    cecilia.get(&format!("/for/{granas}/people")).await.has_not("David");

    // Another person in that browser: the page of the first stays what it was, forged.
    let mut nils = cecilia.clone();
    nils.log_in(&world, "nils", &[("next", &format!("/for/{granas}"))]).await;
    let page = send(&mut nils, &give, &hidden).await;
    page.has("BEH-3101").has_not("finns kvar i 24 timmar").has_not("David");
    assert_eq!(drafts(&world).await, 1);
}

#[tokio::test]
async fn the_script_hands_in_what_was_typed_without_carrying_it_out() {
    let world = World::new(As::Plain).await;
    let mut cecilia = world.browser();
    let (give, hidden) = at_the_form(&world, &mut cecilia).await;
    cecilia.referer = Some(give.clone());
    // Another tab has renewed the session: the form is shown again.
    assert_eq!(send(&mut cecilia, "/session/keep", &hidden).await.to, Some(give.clone()));
    shown_again(&cecilia.get(&give).await);
    // The session has ended.
    world.unused_for(31).await;
    let page = send(&mut cecilia, "/session/keep", &hidden).await;
    page.has("BEH-1202").has("finns kvar i 24 timmar").has(&format!("/login?next={give}"));
    // From no page of a form, nothing is kept.
    cecilia.log_in(&world, "cecilia", &[("next", &give)]).await;
    cecilia.referer = None;
    let guard = cecilia.guard().await;
    let hidden: Vec<_> = guard.into_iter().chain([("keep".to_owned(), "1".to_owned())]).collect();
    assert_eq!(send(&mut cecilia, "/session/keep", &hidden).await.to.as_deref(), Some("/home"));
    assert_eq!(drafts(&world).await, 1);
}
