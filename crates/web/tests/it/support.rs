//! From the words of whoever calls to the cause, on one page: the support officer's way, and what the person sees of it.
//! And the operators' page.

use crate::world::{As, Browser, World};
use app::expiries::{Expiring, What};
use http::StatusCode;
use std::time::Duration;

const WHY: &str = "Personen ringer och kan inte göra en sjukanmälan";

/// The pages of the agency, for somebody with a role there.
pub async fn at_the_agency(browser: &mut Browser, world: &World, person: &str) -> String {
    browser.log_in(world, person, &[]).await;
    let agency = world.app.agency().to_string();
    let mut form = browser.guard().await;
    form.push(("to".into(), agency.clone()));
    let form: Vec<_> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    browser.post("/party", &form).await;
    format!("/for/{agency}")
}

async fn look_up(browser: &mut Browser, base: &str, code: &str, why: &str) -> crate::world::Page {
    let form = browser.guard().await;
    let mut form: Vec<_> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    form.extend([("code", code), ("reason", why)]);
    browser.post(&format!("{base}/support"), &form).await
}

#[tokio::test]
async fn a_code_that_is_read_out_leads_to_the_cause_on_one_page() {
    let world = World::new(As::Plain).await;
    let mut farid = world.browser();
    let (home, _) = farid.log_in(&world, "farid", &[]).await;
    // Shown that nothing is there, and refused by the decision.
    let missing =
        farid.get(&format!("{home}/mine/receipts/00000000000070008000000000000000")).await.reference();
    let refused = farid.get(&format!("{home}/may?permission=platform.reference.read")).await;
    refused.has("BEH-2101");
    let refused = refused.reference();

    let mut rut = world.browser();
    let base = at_the_agency(&mut rut, &world, "rut").await;
    rut.get(&base).await.has(&format!("{base}/support")).has("Slå upp koden som någon har fått");
    let page = rut.get(&format!("{base}/support")).await;
    page.has("Varje uppslagning blir en händelse").has("name=\"code\"").has("name=\"reason\"");

    let page = look_up(&mut rut, &base, &refused.to_lowercase().replace('-', " "), WHY).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
    page.has(&format!("Referenskod {refused}")).has("svensk tid").has("BEH-2101: Du har inte behörighet");
    page.has("Du har ingen behörighet").has("<code>NO_MANDATE</code>");
    page.has("Slå upp en referenskod från en felsida").has("GET /for/{party}/may");
    page.has("Säg till personen").has("Gör så här").has("Det här såg personen");
    page.has("Du får inte se vem").has("Loggade in").has("BEH-3105: ").has(&missing);
    page.has_not("Farid").has_not("Gran<").has_not("920616").has_not("Granåsens").has_not(WHY);
    // The other one, by its page alone.
    let page = look_up(&mut rut, &base, &missing, WHY).await;
    page.has("BEH-3105: Sidan finns inte").has("GET /for/{party}/mine/receipts/{record}");
    rut.language = "en";
    look_up(&mut rut, &base, &missing, WHY).await.has("Tell the person").has("Swedish time");
    rut.language = "sv";

    // He sees that support has looked, and why; the officer by the agency's name.
    let events = farid.get(&format!("{home}/records")).await;
    events.has("Supporten slog upp en referenskod").has(&format!("Skäl: {WHY}"));
    events.has("En medarbetare på Exempelmyndigheten").has_not("Rut Ros");
}

#[tokio::test]
async fn a_wrong_code_is_told_at_its_field_and_the_page_is_supports_alone() {
    let world = World::new(As::Plain).await;
    let mut rut = world.browser();
    let base = at_the_agency(&mut rut, &world, "rut").await;
    for (code, why, says) in [
        ("7K2MQ-X94TD", WHY, "Ingen referenskod stämmer"),
        ("7K2MQ", WHY, "Ingen referenskod stämmer"),
        ("", WHY, "Fyll i det här"),
        ("7K2MQ-X94TD", "", "Fyll i det här"),
        (
            "7K2MQ-X94TD",
            "Elin Forsman 19920505-2385 ringer",
            "Skriv inga namn, nummer eller adresser i skälet",
        ),
    ] {
        let page = look_up(&mut rut, &base, code, why).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{code} {why}");
        page.has(says).has("Rätta det här först");
    }
    // The operator has a role at the agency, and not this one; for oneself there is no such page.
    let mut per = world.browser();
    let base = at_the_agency(&mut per, &world, "per").await;
    assert_eq!(per.get(&format!("{base}/support")).await.status, StatusCode::FORBIDDEN);
    let page = look_up(&mut per, &base, "7K2MQ-X94TD", "").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    per.get(&base).await.has_not(&format!("{base}/support"));
    let mut greta = world.browser();
    let (home, _) = greta.log_in(&world, "greta", &[]).await;
    assert_eq!(greta.get(&format!("{home}/support")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn operators_see_what_runs_out_and_how_it_stands() {
    let world = World::new(As::Plain).await;
    let (now, day) = (world.app.wall_now(), Duration::from_secs(24 * 3600));
    let ends = |at, what| Expiring { at, what };
    world.app.watch_expiries(
        vec![
            ends(now + 20 * day + day / 2, What::BankidCertificate),
            ends(now + 60 * day + day / 2, What::PublicCertificate),
            ends(now - day, What::BankidSigningRoots),
        ],
        None,
    );
    let mut per = world.browser();
    let base = at_the_agency(&mut per, &world, "per").await;
    per.get(&base).await.has(&format!("{base}/operations"));
    let page = per.get(&format!("{base}/operations")).await;
    page.has("BankID: vårt certifikat").has("badge--error\">20 dagar<").has("badge--warning\">60 dagar<");
    page.has("badge--error\">Har gått ut<").has("badge--success\">364 dagar<");
    page.has("Beställ ett nytt av banken").has("behorig keys rotate tokens");
    page.has("Att skriva i databasen").has("Fungerar");
    per.language = "en";
    per.get(&format!("{base}/operations")).await.has("What runs out").has("Works");

    let mut rut = world.browser();
    let base = at_the_agency(&mut rut, &world, "rut").await;
    assert_eq!(rut.get(&format!("{base}/operations")).await.status, StatusCode::FORBIDDEN);
    let mut greta = world.browser();
    let (home, _) = greta.log_in(&world, "greta", &[]).await;
    assert_eq!(greta.get(&format!("{home}/operations")).await.status, StatusCode::NOT_FOUND);
}
