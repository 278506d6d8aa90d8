//! One's own: for whom one may act and why, receipts, and who has acted or looked.

use crate::world::{As, Browser, World};
use http::StatusCode;

async fn own(browser: &mut Browser, world: &World, person: &str) -> String {
    browser.log_in(world, person, &[]).await;
    let page = browser.get("/party").await;
    let before = &page.html[..page.html.find("För egen del").or(page.html.find("choice__name")).unwrap()];
    format!("/for/{}", before[before.rfind("value=\"").unwrap() + 7..].split('"').next().unwrap())
}

#[tokio::test]
async fn one_sees_for_whom_one_may_act_and_why() {
    let world = World::new(As::Plain).await;
    let mut nils = world.browser();
    let base = own(&mut nils, &world, "nils").await;
    let page = nils.get(&format!("{base}/mine")).await;
    page.has("Granåsens Åkeri AB")
        .has("405620-1108")
        .has("Sjöviks Förskola")
        .has("tills vidare")
        .has("Gäller");
    page.has("En behörighetsadministratör hos Granåsens Åkeri AB").has_not("Cecilia").has_not("Olga");
    page.has(&format!("{base}/mine/receipts")).has(&format!("{base}/records")).has("href=\"/sessions\"");
    let why = page
        .html
        .split("href=\"")
        .map(|rest| rest.split('"').next().unwrap())
        .find(|at| at.ends_with("/why"));
    let why = why.unwrap().to_owned();
    let page = nils.get(&why).await;
    page.has("<strong>Ja.</strong>").has("Vad det bygger på").has("Registrerades av Exempelmyndigheten");
    page.has("Gavs").has("av en behörighetsadministratör hos").has_not("Cecilia").has_not("Olga");
    // Another permission of the same mandate.
    let other = page
        .html
        .split("href=\"")
        .map(|rest| rest.split('"').next().unwrap())
        .find(|at| at.contains("?permission="));
    nils.get(other.unwrap()).await.has("<strong>Ja.</strong>");

    // What is not one's own does not exist; and in a visit for anybody else the page is another person's.
    for bad in ["x", "00000000000070008000000000000000"] {
        assert_eq!(nils.get(&format!("{base}/mine/{bad}/why")).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(nils.get(&format!("{why}?permission=platform.role.give")).await.status, StatusCode::NOT_FOUND);
    let mut greta = world.browser();
    let (home, _) = greta.log_in(&world, "greta", &[]).await;
    assert_eq!(
        greta.get(&format!("{home}/mine/{}/why", why.split('/').nth(4).unwrap())).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(greta.get(&format!("{base}/mine")).await.status, StatusCode::NOT_FOUND);
    greta.get(&format!("{home}/mine")).await.has("Ingen har gett dig behörighet att företräda någon annan");
    // As an organisation there is no such page.
    let page = nils.get("/party").await;
    let granas = &page.html[..page.html.find("choice__name\">Granåsens").unwrap()];
    let granas = granas[granas.rfind("value=\"").unwrap() + 7..].split('"').next().unwrap().to_owned();
    let mut form = nils.guard().await;
    form.push(("to".into(), granas.clone()));
    let form: Vec<_> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    nils.post("/party", &form).await;
    for path in ["mine", "mine/receipts"] {
        assert_eq!(nils.get(&format!("/for/{granas}/{path}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn receipts_and_events_are_ones_own() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let (home, _) = greta.log_in(&world, "greta", &[]).await;
    greta.get(&format!("{home}/mine/receipts")).await.has("Du har inte skrivit under något här");
    for bad in ["x", "00000000000070008000000000000000"] {
        assert_eq!(greta.get(&format!("{home}/mine/receipts/{bad}")).await.status, StatusCode::NOT_FOUND);
    }
    greta
        .get(&format!("{home}/records"))
        .await
        .has("Loggade in")
        .has("Du själv")
        .has("Listan med kvitton lästes");
    // A receipt of one's own login, by the record's name: a file that names nobody.
    let person: domain::PartyId = home.rsplit('/').next().unwrap().parse().unwrap();
    let record = world
        .app
        .store()
        .read(move |tx| store::records::of_actor(tx, person, 50, None))
        .await
        .unwrap()
        .into_iter()
        .find(|record| record.event == "login.done")
        .unwrap();
    let path = format!("{home}/mine/receipts/{}", record.id);
    let mut tries = 0;
    let receipt = loop {
        let page = greta.get(&path).await;
        if page.status == StatusCode::OK {
            break page.html;
        }
        page.has("Kvittot är inte klart än");
        tries += 1;
        assert!(tries < 100, "no receipt in ten seconds");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    assert!(receipt.starts_with("c2sp.org/tlog-proof@v1"), "{receipt}");
    assert!(!receipt.contains("Greta"));
    let mut nils = world.browser();
    let other = own(&mut nils, &world, "nils").await;
    assert_eq!(nils.get(&format!("{other}/mine/receipts/{}", record.id)).await.status, StatusCode::NOT_FOUND);
}
