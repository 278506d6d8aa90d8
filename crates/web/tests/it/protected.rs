//! The page where data about people with protected identity is opened: by the few who may, with a number and a reason each time.

use crate::support::at_the_agency;
use crate::world::{As, Browser, Page, World};
use app::protected::Batch;
use http::StatusCode;

/// Farid Gran, and a published test number that nobody here has.
const FARID: &str = "19920616-2399";
const NOBODY: &str = "20121212-1212";

/// The population register tells of Farid.
async fn marked(world: &World, form: &str) {
    let from = world.app.register_position().await.unwrap();
    let (at, number) = (from + 1, FARID.replace('-', ""));
    let told =
        serde_json::json!({"position": at, "notices": [{"position": at, "number": number, "notice": form}]});
    world.app.take_notices(Batch::parse(from, told.to_string().as_bytes()).unwrap()).await.unwrap();
}

async fn open(browser: &mut Browser, base: &str, fields: &[(&str, &str)]) -> Page {
    let form = browser.guard().await;
    let hidden = form.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let form: Vec<_> = hidden.chain(fields.iter().copied()).collect();
    browser.post(&format!("{base}/protected"), &form).await
}

// R-002-45 (part)
#[tokio::test]
async fn what_is_hidden_is_opened_with_a_reason_and_shown_once() {
    let world = World::new(As::Plain).await;
    marked(&world, "secrecy_marking").await;
    let mut ulla = world.browser();
    let base = at_the_agency(&mut ulla, &world, "ulla").await;
    ulla.get(&base).await.has(&format!("{base}/protected")).has("Skyddade personuppgifter");
    let page = ulla.get(&format!("{base}/protected")).await;
    page.has("Varje gång du öppnar uppgifter blir det en händelse")
        .has("name=\"number\"")
        .has("autocomplete=\"off\"");
    for reason in ["errand", "own_request", "correction", "review"] {
        page.has(&format!("value=\"{reason}\""));
    }
    page.has_not("checked").has("bestäms bara av folkbokföringen");

    let page = open(&mut ulla, &base, &[("number", FARID), ("reason", "errand")]).await;
    assert_eq!((page.status, page.to.as_deref()), (StatusCode::OK, None), "no address to come back to");
    page.has("Uppgifterna").has("Farid Gran").has("Sekretessmarkering").has("farid@post.example");
    // The next one is asked for anew: nothing of this one stands in the form.
    page.has("Öppna en person till").has_not(&format!("value=\"{FARID}\"")).has_not("checked");
    ulla.get(&format!("{base}/protected")).await.has_not("Farid").has_not("2399");
    ulla.language = "en";
    let page = open(&mut ulla, &base, &[("number", FARID), ("reason", "review")]).await;
    page.has("The data").has("Secrecy marking").has("Do not pass it on").has("Farid Gran");
    page.has("Only the population register decides that");

    // He sees both among his own events, and why; by whom is the agency's matter.
    let mut farid = world.browser();
    let (home, _) = farid.log_in(&world, "farid", &[]).await;
    let own = farid.get(&format!("{home}/records")).await;
    assert_eq!(own.html.matches("Skyddade personuppgifter öppnades").count(), 2, "{}", own.html);
    own.has_not("Ulla").has_not("Vester");
}

#[tokio::test]
async fn nobody_and_somebody_without_protection_look_the_same() {
    let world = World::new(As::Plain).await;
    let mut ulla = world.browser();
    let base = at_the_agency(&mut ulla, &world, "ulla").await;
    let mut pages = Vec::new();
    for number in [NOBODY, FARID] {
        let page = open(&mut ulla, &base, &[("number", number), ("reason", "errand")]).await;
        assert_eq!(page.status, StatusCode::OK);
        page.has("Ingen sådan person").has("Ingen med det personnumret har skyddade personuppgifter här.");
        page.has_not("Farid").has_not(number).has_not(&number.replace('-', ""));
        pages.push(page.html.split("<main").nth(1).unwrap().to_owned());
    }
    assert_eq!(pages[0], pages[1], "letter by letter");
    ulla.language = "en";
    open(&mut ulla, &base, &[("number", FARID), ("reason", "errand")]).await.has("No such person");
    // Protection that has ended is none.
    marked(&world, "protected_registration").await;
    open(&mut ulla, &base, &[("number", FARID), ("reason", "errand")]).await.has("Protected registration");
    marked(&world, "lifted").await;
    open(&mut ulla, &base, &[("number", FARID), ("reason", "errand")])
        .await
        .has("No such person")
        .has_not("Farid");
}

#[tokio::test]
async fn a_form_without_number_or_reason_opens_nothing() {
    let world = World::new(As::Plain).await;
    marked(&world, "secrecy_marking").await;
    let mut ulla = world.browser();
    let base = at_the_agency(&mut ulla, &world, "ulla").await;
    for (fields, faults, sv, en) in [
        (vec![], 2, "Fyll i det här", "Fill this in"),
        (vec![("number", FARID)], 1, "Välj ett alternativ", "Choose one"),
        (vec![("number", FARID), ("reason", "nyfiken")], 1, "Välj ett alternativ", "Choose one"),
        (
            vec![("number", FARID), ("reason", "errand"), ("reason", "review")],
            1,
            "Välj ett alternativ",
            "Choose one",
        ),
        (
            vec![("number", "19920616-2390"), ("reason", "errand")],
            1,
            "Numret stämmer inte",
            "The number is not right",
        ),
    ] {
        for (language, says) in [("sv", sv), ("en", en)] {
            ulla.language = language;
            let page = open(&mut ulla, &base, &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
            page.has(says).has_not("Farid").has_not("Sekretess").has_not("Secrecy");
            assert_eq!(page.html.matches("href=\"#f-").count(), faults, "{fields:?}: {}", page.html);
            // What was typed stays, at its field and nowhere else.
            if let Some(("number", typed)) = fields.first() {
                assert_eq!(page.html.matches(typed).count(), 1, "{}", page.html);
            }
        }
    }
}

#[tokio::test]
async fn the_page_is_for_the_few_alone() {
    let world = World::new(As::Plain).await;
    marked(&world, "secrecy_marking").await;
    let asked = [("number", FARID), ("reason", "errand")];
    // Other roles at the agency, the highest too: refused before the form is read, and not told whether he is there.
    for who in ["astrid", "rut", "per"] {
        let mut officer = world.browser();
        let base = at_the_agency(&mut officer, &world, who).await;
        officer.get(&base).await.has_not(&format!("{base}/protected\""));
        let page = officer.get(&format!("{base}/protected")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{who}");
        page.has("BEH-2101").has("Öppna uppgifter om personer med skyddade personuppgifter");
        officer.language = "en";
        for fields in [&asked[..], &[]] {
            let page = open(&mut officer, &base, fields).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{who}");
            page.has("BEH-2101")
                .has("Open data about people with protected identity")
                .has_not("Farid")
                .has_not("2399");
        }
    }
    // For oneself there is no such page; and nobody sets a protection by hand.
    let mut ulla = world.browser();
    let base = at_the_agency(&mut ulla, &world, "ulla").await;
    let guard = ulla.guard().await;
    let form: Vec<_> = guard.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let page = ulla.post(&format!("{base}/protected/mark"), &form).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.has("bestäms bara av folkbokföringen");
    let mut greta = world.browser();
    let (home, _) = greta.log_in(&world, "greta", &[]).await;
    assert_eq!(greta.get(&format!("{home}/protected")).await.status, StatusCode::NOT_FOUND);
}
