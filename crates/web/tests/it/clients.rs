//! Connected e-services on the agency's pages: registered with every mistake at its field, tried, switched off.

use crate::world::{As, Browser, ORIGIN, Page, World};
use http::StatusCode;

/// RFC 7515, appendix A.3: the public half.
const JWKS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"shop-1","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

const SHOP: [(&str, &str); 7] = [
    ("id", "shop"),
    ("service", "employer"),
    ("name_sv", "Butiken"),
    ("name_en", "The shop"),
    ("authentication", "keys"),
    ("keys", JWKS),
    ("redirect_uris", "https://shop.example.se/back\nhttps://shop.example.se/again"),
];

/// A form with the hidden fields of this visit.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let guard = browser.guard().await;
    let hidden = guard.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let form: Vec<_> = hidden.chain(fields.iter().copied()).collect();
    browser.post(path, &form).await
}

/// Logged in and acting for the first party but oneself; gives its address.
async fn acting(world: &World, person: &str) -> (Browser, String) {
    let mut browser = world.browser();
    browser.log_in(world, person, &[]).await;
    let page = browser.get("/party").await;
    let values: Vec<&str> =
        page.html.split("name=\"to\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let to = values.get(1).unwrap_or_else(|| panic!("nobody to act for: {}", page.html)).to_string();
    let base = send(&mut browser, "/party", &[("to", &to), ("next", "")]).await.to.unwrap();
    (browser, base)
}

/// Follows redirects of this origin.
async fn follow(browser: &mut Browser, mut page: Page) -> Page {
    while let Some(to) = page.to.clone() {
        page = browser.get(to.strip_prefix(ORIGIN).unwrap_or(&to)).await;
    }
    page
}

#[tokio::test]
async fn an_e_service_is_connected_tried_and_switched_off() {
    let world = World::new(As::Plain).await;
    let (mut astrid, agency) = acting(&world, "astrid").await;
    let list = format!("{agency}/clients");
    astrid.get(&agency).await.has("Anslutna e-tjänster");
    astrid.get(&list).await.has("Ingen e-tjänst är ansluten.").has("Anslut en e-tjänst");

    // Every mistake at its field, and nothing typed is lost.
    let register = format!("{list}/register");
    astrid
        .get(&register)
        .await
        .has("E-tjänster för arbetsgivare")
        .has_not("Myndighetens egna sidor</option>");
    let wrong = [
        ("id", "Shop"),
        ("name_sv", "Butiken"),
        ("authentication", "keys"),
        ("keys", r#"{"keys":[{"kty":"EC","crv":"P-256","d":"AA"}]}"#),
        ("redirect_uris", "shop.example.se/back"),
    ];
    let page = send(&mut astrid, &register, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("value=\"Shop\"").has("value=\"Butiken\"").has("shop.example.se/back</textarea>");
    for field in ["id", "service", "name_en", "keys", "redirect_uris"] {
        page.has(&format!("href=\"#f-{field}\""));
    }
    page.has("som nu inte längre är hemlig").has("Skriv 3–40 tecken").has("En adress går inte att använda");

    let page = send(&mut astrid, &register, &SHOP).await;
    let shop = format!("{list}/shop");
    assert_eq!(page.to.as_deref(), Some(format!("{shop}?done=registered").as_str()));
    let page = astrid.get(&page.to.unwrap()).await;
    page.has("E-tjänsten är ansluten").has("shop-1").has("https://shop.example.se/again");
    page.has("/.well-known/openid-configuration").has("Med en privat nyckel");
    let page = send(&mut astrid, &register, &SHOP).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("Det finns redan en e-tjänst med det id:t");
    astrid.get(&list).await.has("Butiken").has("shop").has("E-tjänster för arbetsgivare");

    // The test button: by the officer's own session through the login and back.
    let page = send(&mut astrid, &format!("{shop}/trial"), &[]).await;
    assert!(page.to.as_deref().is_some_and(|to| to.starts_with("/oauth/authorize?client_id=trial-")));
    let page = follow(&mut astrid, page).await;
    page.has("Anslutningen fungerar").has("En fråga om behörighet").has("decision");
    page.has("family_name").has("ur din e-legitimation").has("e-tjänstens eget namn på besökaren");
    page.has_not("Gick fel").has_not("Steg som inte har tagits");
    let main = page.html.split("<main").nth(1).unwrap().to_owned();
    assert!(!main.contains("Alm"), "a name is shown in the trial: {main}");

    let page = astrid.get(&format!("{shop}/disable")).await;
    page.has("kan inte ångras").has("Stäng av e-tjänsten");
    let page = send(&mut astrid, &format!("{shop}/disable"), &[]).await;
    astrid.get(&page.to.unwrap()).await.has("E-tjänsten är avstängd").has_not("Prova anslutningen");
    let page = send(&mut astrid, &format!("{shop}/disable"), &[]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.has("E-tjänsten är redan avstängd.");
    assert_eq!(astrid.get(&format!("{shop}/disable")).await.status, StatusCode::CONFLICT);
    // Tried all the same, it is told why it cannot work.
    let page = send(&mut astrid, &format!("{shop}/trial"), &[]).await;
    let page = follow(&mut astrid, page).await;
    page.has("Något steg gick fel").has("Anslut den igen under ett annat id").has("Steg som inte har tagits");

    // The same in English, complete.
    astrid.language = "en";
    astrid.get(&list).await.has("Connected e-services").has("Switched off");
    astrid.get(&register).await.has("Connect an e-service").has("By PKCE alone");
}

#[tokio::test]
async fn nobody_else_sees_them() {
    let world = World::new(As::Plain).await;
    let (mut cecilia, granas) = acting(&world, "cecilia").await;
    for path in ["", "/register", "/shop", "/shop/disable", "/shop/trial/trial-x1"] {
        let page = cecilia.get(&format!("{granas}/clients{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(send(&mut cecilia, &format!("{granas}/clients/register"), &SHOP).await.status, 404);
    cecilia.get(&granas).await.has_not("Anslutna e-tjänster");
    let (mut astrid, agency) = acting(&world, "astrid").await;
    for path in
        ["/nobody", "/../x", "/nobody/disable", "/nobody/trial/x", "/nobody/trial/trial-x1/back?code=x"]
    {
        let page = astrid.get(&format!("{agency}/clients{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
}
