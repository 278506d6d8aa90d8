//! For whom one acts.

use crate::world::{As, World};
use http::StatusCode;

#[tokio::test]
async fn whoever_may_choose_is_asked_and_changes_without_a_new_login() {
    let world = World::new(As::Plain).await;
    let mut nils = world.browser();
    let (path, page) = nils.log_in(&world, "nils", &[]).await;
    assert_eq!(path, "/party");
    page.has("Vem vill du företräda?")
        .has("För egen del")
        .has("Granåsens Åkeri AB")
        .has("405620-1108")
        .has("Sjöviks Förskola");
    let own = page.html.find("Nils Oskarsson</span>").unwrap();
    assert!(own < page.html.find("Granåsens").unwrap(), "oneself first");
    let granas = value_of(&page.html, "Granåsens Åkeri AB");
    let guard = nils.guard().await;
    let form = |to: &str, next: &str| {
        let mut form = guard.clone();
        form.extend([("to".to_owned(), to.to_owned()), ("next".to_owned(), next.to_owned())]);
        form
    };
    let send = form(&granas, "//evil.example");
    let send: Vec<_> = send.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(nils.post("/party", &send).await.to, Some(format!("/for/{granas}")));
    let page = nils.get(&format!("/for/{granas}")).await;
    page.has("Du företräder <strong>Granåsens Åkeri AB</strong>").has("405620-1108").has("Lämna sjukanmälan");
    page.has("href=\"/party\"").has(&format!("/for/{granas}/employer/sickness-reports"));

    // A form from before the change is another party's; the token is good but the party is not.
    let stale = nils.post("/party", &send).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    stale.has("BEH-2103");
}

#[tokio::test]
async fn two_tabs_for_different_parties_never_mix() {
    let world = World::new(As::Plain).await;
    let mut nils = world.browser();
    let (_, page) = nils.log_in(&world, "nils", &[]).await;
    let (granas, sjovik) =
        (value_of(&page.html, "Granåsens Åkeri AB"), value_of(&page.html, "Sjöviks Förskola"));
    act_for(&mut nils, &granas).await;
    // The other tab still stands at the other party's address: it asks before it changes.
    let page = nils.get(&format!("/for/{sjovik}")).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.has("Länken gäller Sjöviks Förskola").has(&sjovik).has("action=\"/party\"");
    let fields: Vec<(&str, String)> =
        ["csrf", "party", "to", "next"].map(|name| (name, page.field(name))).into();
    let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(nils.post("/party", &fields).await.to, Some(format!("/for/{sjovik}")));
    nils.get(&format!("/for/{sjovik}")).await.has("Du företräder <strong>Sjöviks Förskola");

    // A party that one may not act for does not exist, by address or by form.
    let agency = world.app.agency().to_string();
    assert_eq!(nils.get(&format!("/for/{agency}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(nils.get("/for/00000000000000000000000000000001").await.status, StatusCode::NOT_FOUND);
    let mut form = nils.guard().await;
    form.push(("to".into(), agency));
    let form: Vec<_> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(nils.post("/party", &form).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_login_to_an_address_of_a_party_acts_for_it() {
    let world = World::new(As::Plain).await;
    let mut nils = world.browser();
    let (_, page) = nils.log_in(&world, "nils", &[]).await;
    let granas = value_of(&page.html, "Granåsens Åkeri AB");
    let mut later = world.browser();
    let address = format!("/for/{granas}");
    let (path, page) = later.log_in(&world, "nils", &[("next", &address)]).await;
    assert_eq!(path, address);
    page.has("Du företräder <strong>Granåsens");
}

async fn act_for(browser: &mut crate::world::Browser, party: &str) {
    let mut form = browser.guard().await;
    form.push(("to".into(), party.into()));
    let form: Vec<_> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(browser.post("/party", &form).await.to, Some(format!("/for/{party}")));
}

/// The value of the button that stands with a name.
fn value_of(html: &str, name: &str) -> String {
    let before =
        &html[..html.find(&format!("choice__name\">{name}")).unwrap_or_else(|| panic!("no {name}: {html}"))];
    before[before.rfind("value=\"").unwrap() + 7..].split('"').next().unwrap().to_owned()
}
