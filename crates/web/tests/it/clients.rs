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

/// Where an e-service sends its visitor to.
const ASKS: &str = "/oauth/authorize?client_id=shop&response_type=code&scope=openid&state=s&nonce=n\
     &redirect_uri=https%3A%2F%2Fshop.example.se%2Fback&code_challenge_method=S256\
     &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[tokio::test]
async fn whoever_is_logged_in_meanwhile_goes_on_to_the_e_service_unless_it_wants_another_login() {
    let world = World::new(As::Plain).await;
    let (mut astrid, agency) = acting(&world, "astrid").await;
    send(&mut astrid, &format!("{agency}/clients/register"), &SHOP).await;
    let mut greta = world.browser();
    let waiting = greta.get(ASKS).await.to.unwrap();
    greta.get(&waiting).await.has("BankID på den här enheten");
    // In another tab.
    greta.log_in(&world, "greta", &[]).await;
    let on = greta.get(&waiting).await.to.unwrap();
    assert!(on.starts_with("/oauth/authorize/"), "{on}");
    let back = greta.get(&on).await.to.unwrap();
    assert!(back.starts_with("https://shop.example.se/back?code="), "{back}");
    // Another login is wanted: nobody is sent to and fro, and the page says who is in.
    let waiting = greta.get(&format!("{ASKS}&prompt=login")).await.to.unwrap();
    let page = greta.get(&waiting).await;
    page.has("Du är redan inloggad").has("BankID på den här enheten");
    assert!(page.to.is_none() && waiting.contains("anew=1"), "{waiting}");
}

const EXAMPLE: &str = include_str!("../../../../catalogue/example.toml");

/// The file of a service that is not in force yet.
fn shop_file() -> String {
    EXAMPLE.replace("example.", "shop.").replace("id = \"example\"", "id = \"shop\"")
}

/// A form with a catalogue file and the hidden fields of this visit.
async fn send_file(browser: &mut Browser, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Page {
    let guard = browser.guard().await;
    let hidden = guard.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let form: Vec<_> = hidden.chain(fields.iter().copied()).collect();
    browser.upload(path, &form, ("catalogue", file)).await
}

/// Every hidden field of the form that confirms, as a browser would send it.
fn confirming(page: &Page) -> Vec<(String, String)> {
    let form =
        page.html.split("/register/confirm\" enctype").nth(1).unwrap().split("</form>").next().unwrap();
    let fields = form.split("type=\"hidden\" name=\"").skip(1).map(|part| {
        let mut quoted = part.split('"');
        let name = quoted.next().unwrap().to_owned();
        let value = quoted.nth(1).unwrap().replace("&#34;", "\"").replace("&#38;", "&");
        (name, value.replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">"))
    });
    fields.filter(|(name, _)| name != "csrf" && name != "party").collect()
}

async fn confirm(browser: &mut Browser, register: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    send(browser, &format!("{register}/confirm"), &fields).await
}

#[tokio::test]
async fn a_service_comes_in_force_with_its_e_service_after_a_review() {
    let world = World::new(As::Plain).await;
    let (mut astrid, agency) = acting(&world, "astrid").await;
    let (list, register) = (format!("{agency}/clients"), format!("{agency}/clients/register"));
    let page = astrid.get(&register).await;
    page.has("Tjänstens katalogfil").has("enctype=\"multipart/form-data\"").has("accept=\".toml");
    let fields: Vec<_> = SHOP.iter().copied().filter(|(name, _)| *name != "service").collect();

    // A file that cannot be used: where it is wrong stands on the page, and what was typed is kept.
    let wrong = shop_file().replace("relation = \"own\"", "relation = \"mine\"");
    let page = send_file(&mut astrid, &register, &fields, wrong.as_bytes()).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("href=\"#f-catalogue\"").has("Fel i katalogfilen").has("Rad 32, tecken").has("unknown variant");
    page.has("value=\"Butiken\"").has_not("catalogue_text");
    // One that reads well is carried on while something else is mended.
    let unnamed: Vec<_> = fields.iter().copied().filter(|(name, _)| *name != "name_en").collect();
    let page = send_file(&mut astrid, &register, &unnamed, shop_file().as_bytes()).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("href=\"#f-name_en\"").has_not("href=\"#f-catalogue\"").has("Katalogfilen som du valde är kvar");
    let carried = shop_file();
    let again = [&fields[..], &[("catalogue_text", carried.as_str())]].concat();
    let page = send(&mut astrid, &register, &again).await;
    assert_eq!(page.status, StatusCode::OK);
    page.has("Ingenting har ändrats än").has("Se organisationens beställningar (shop.order.read)");
    page.has("Beställare av blanketter (shop.user)").has("Behörighetsadministratör får ge");
    page.has("Alla får för egen del: Se sina egna uppgifter i tjänsten")
        .has("får ge: Beställa för organisationen");
    page.has("E-tjänsten får inte besökarens personnummer").has("shop.toml").has("Vem som får ge vad");
    for name in ["Cecilia", "Granåsens"] {
        page.has_not(name);
    }
    astrid.get(&list).await.has("Ingen e-tjänst är ansluten.");

    // Back to the form with all that was typed.
    let seen = confirming(&page);
    let mut change = seen.clone();
    change.push(("change".into(), "yes".into()));
    let back: Vec<_> = change.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let form = send(&mut astrid, &register, &back).await;
    assert_eq!(form.status, StatusCode::OK);
    form.has("value=\"Butiken\"").has("shop.example.se/again</textarea>").has("valde är kvar");

    // Somebody else is faster: asked again, and nothing of theirs is lost.
    let kiosk = shop_file().replace("shop", "kiosk");
    let other: Vec<_> =
        fields.iter().map(|(name, value)| (*name, if *name == "id" { "kiosk" } else { *value })).collect();
    let (mut bengt, _) = acting(&world, "bengt").await;
    let theirs = send_file(&mut bengt, &register, &other, kiosk.as_bytes()).await;
    let page = confirm(&mut bengt, &register, &confirming(&theirs)).await;
    assert_eq!(page.to.as_deref(), Some(format!("{list}/kiosk?done=registered").as_str()), "{}", page.html);
    let page = confirm(&mut astrid, &register, &seen).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.has("Något ändrades medan du läste").has("Ingenting har gjorts").has("(shop.order.read)");
    let page = confirm(&mut astrid, &register, &confirming(&page)).await;
    assert_eq!(page.to.as_deref(), Some(format!("{list}/shop?done=registered").as_str()), "{}", page.html);
    astrid.get(&page.to.unwrap()).await.has("E-tjänsten är ansluten").has("beställ blanketter");
    astrid.get(&list).await.has("/clients/kiosk").has("/clients/shop");

    // Whoever comes by an address, such as after another choice of language, begins at the form.
    let page = astrid.get(&format!("{register}/confirm")).await;
    assert_eq!(page.to.as_deref(), Some(register.as_str()));

    // Confirmed once more, and the same file for a second e-service of the service.
    let page = confirm(&mut astrid, &register, &seen).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("Det finns redan en e-tjänst med det id:t");
    let second: Vec<_> =
        fields.iter().map(|(name, value)| (*name, if *name == "id" { "shop-two" } else { *value })).collect();
    let page = send_file(&mut astrid, &register, &second, shop_file().as_bytes()).await;
    page.has("Katalogen innehåller redan tjänsten").has_not("Sätt i kraft och anslut");
    let page = confirm(&mut astrid, &register, &confirming(&page)).await;
    assert_eq!(page.to.as_deref(), Some(format!("{list}/shop-two?done=registered").as_str()));
    astrid.language = "en";
    let third: Vec<_> =
        fields.iter().map(|(name, value)| (*name, if *name == "id" { "stall" } else { *value })).collect();
    let stall = shop_file().replace("shop", "stall");
    let page = send_file(&mut astrid, &register, &third, stall.as_bytes()).await;
    page.has("Nothing has been changed yet")
        .has("Everyone gains for themselves")
        .has("Bring in force and connect");
}

#[tokio::test]
async fn nobody_else_sees_them() {
    let world = World::new(As::Plain).await;
    let (mut cecilia, granas) = acting(&world, "cecilia").await;
    for path in ["", "/register", "/shop", "/shop/disable", "/shop/trial/trial-x1"] {
        let page = cecilia.get(&format!("{granas}/clients{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["register", "register/confirm"] {
        assert_eq!(send(&mut cecilia, &format!("{granas}/clients/{path}"), &SHOP).await.status, 404);
    }
    cecilia.get(&granas).await.has_not("Anslutna e-tjänster");
    let (mut astrid, agency) = acting(&world, "astrid").await;
    for path in
        ["/nobody", "/../x", "/nobody/disable", "/nobody/trial/x", "/nobody/trial/trial-x1/back?code=x"]
    {
        let page = astrid.get(&format!("{agency}/clients{path}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
}
