//! Refused, asked in one click, granted, and it works at the next click; a stranger's form says the same to everybody.

use crate::authority::{act_for, done, link, send, with};
use crate::world::{As, Browser, Page, World};
use http::StatusCode;

/// The button of a refused page: its hidden fields are posted as a browser does.
async fn press(browser: &mut Browser, page: &Page) -> Page {
    let fields = ["csrf", "party", "organisation", "permission"].map(|name| (name, page.field(name)));
    let form: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    page.has(&format!("action=\"{}\"", page::door::ASK));
    let asked = browser.post(page::door::ASK, &form).await;
    let to = asked.to.clone().unwrap_or_else(|| panic!("not asked: {} {}", asked.status, asked.html));
    browser.get(&to).await
}

/// The page of the first request in an administrator's list, once there is one.
async fn first_request(browser: &mut Browser, party: &str, name: &str) -> (String, Page) {
    for _ in 0..100 {
        let list = browser.get(&format!("{party}/requests")).await;
        if list.html.contains(&format!("\">{name}")) {
            let path = link(&list, name);
            let page = browser.get(&path).await;
            return (path, page);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("no request of {name} came");
}

// R-004-24 (part), R-004-25 (part), R-004-26 (part)
#[tokio::test]
async fn a_refusal_becomes_access_in_three_clicks() {
    let world = World::new(As::Plain).await;
    let (mut cecilia, mut nils) = (world.browser(), world.browser());
    cecilia.log_in(&world, "cecilia", &[]).await;
    let granas = act_for(&mut cecilia, "Granåsens Åkeri AB").await;
    nils.log_in(&world, "nils", &[]).await;
    act_for(&mut nils, "Granåsens Åkeri AB").await;

    // One button, and what it asks for; not who will answer.
    let refused = nils.get(&format!("{granas}/people")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    refused.has("MANDATE_SCOPE").has("Be om behörighet").has("det du saknar här: Behörighetsadministratör");
    refused.has_not("Cecilia");
    let asked = press(&mut nils, &refused).await;
    asked.has("Din förfrågan är skickad").has("Väntar på svar").has("Granåsens Åkeri AB").has_not("Cecilia");
    // A second click leads to the same one.
    let again = press(&mut nils, &refused).await;
    assert_eq!(again.html.matches("/withdraw\"").count(), 1);
    let own = nils.get(&format!("{granas}/requests")).await;
    own.has("Mina förfrågningar");
    assert_eq!(own.html.matches("<th scope=\"row\">").count(), 1, "{}", own.html);

    // He finds it again from where he starts; she has another list there.
    let more = link(&nils.get(&granas).await, "Be om mer behörighet");
    assert_eq!(more, format!("{granas}/requests"));
    cecilia.get(&granas).await.has_not("Be om mer behörighet");

    // She sees it where she starts, and answers with an end.
    let home = cecilia.get(&granas).await;
    home.has("Någon ber om behörighet").has("En förfrågan väntar på svar.");
    let (path, page) = first_request(&mut cecilia, &granas, "Nils").await;
    page.has("19960213-••••").has("Försökte göra det här: Se vilka behörigheter som finns hos arbetsgivaren");
    page.has_not("199602132392");
    let form = with(&mut cecilia, &[("permission", "employer.administrator"), ("need", "Vikarie")]).await;
    let page = send(&mut cecilia, &format!("{path}/grant"), &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("href=\"#f-last_day\"").has("Vikarie");
    let form = with(&mut cecilia, &[]).await;
    let page = send(&mut cecilia, &format!("{path}/decline"), &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("href=\"#f-reason\"").has("Varför säger du nej?");
    let fields = [("permission", "employer.administrator"), ("last_day", "2099-12-31"), ("need", "Vikarie")];
    let page = done(&mut cecilia, &format!("{path}/grant"), &fields).await;
    page.has("Behörigheten är given").has("31 december 2099").has_not("/grant\"");

    // At the next click, with the login that he has. Still not by whom.
    let page = nils.get(&format!("{granas}/people")).await;
    assert_eq!(page.status, StatusCode::OK);
    let mine = nils.get(&path).await;
    mine.has("Godkänd").has("31 december 2099").has_not("Cecilia");
    cecilia.get(&format!("{granas}/records")).await.has("Behörighet gavs efter en förfrågan");
    cecilia.get(&granas).await.has_not("Någon ber om behörighet");
    // Nor does he read it among his own events, where the answer stands.
    let page = nils.get("/party").await;
    let own = page
        .html
        .split("name=\"to\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap()
        .to_owned();
    let form = with(&mut nils, &[("to", &own), ("next", "")]).await;
    let home = send(&mut nils, "/party", &form).await.to.unwrap();
    let events = nils.get(&format!("{home}/records")).await;
    events
        .has("Behörighet gavs efter en förfrågan")
        .has("En medarbetare på Granåsens Åkeri AB")
        .has_not("Cecilia");
}

// R-002-09 (part)
#[tokio::test]
async fn a_stranger_is_told_the_same_whatever_there_is() {
    let world = World::new(As::Plain).await;
    let (mut olga, mut david, mut nils) = (world.browser(), world.browser(), world.browser());
    let (_, start) = david.log_in(&world, "david", &[]).await;
    start.has("Be om behörighet");
    let new = link(&start, "Be om behörighet</a>");
    let list = new.trim_end_matches("/new").to_owned();
    let page = david.get(&new).await;
    // He is known to nobody here, so that an address is asked for; what can be asked for are an organisation's packages.
    page.has("f-email").has("Användare: sjukanmälan").has_not("Handläggare av sjukanmälningar");
    let form = with(&mut david, &[("number", "40702044"), ("email", "x")]).await;
    let page = send(&mut david, &new, &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["number", "package", "need", "email"] {
        page.has(&format!("href=\"#f-{field}\""));
    }

    // Connected; known and not connected; nobody's: the same page, word for word but for number, id and time.
    let mut pages = Vec::new();
    for number in ["407020-4401", "402100-1005", "405620-2205"] {
        let fields = [("number", number), ("package", "employer.user"), ("need", "Sköter lönerna.")];
        let page = done(&mut david, &new, &fields).await;
        page.has("Din förfrågan är skickad").has(number).has_not("Sjövik");
        pages.push(page);
    }
    olga.log_in(&world, "olga", &[]).await;
    let sjovik = act_for(&mut olga, "Sjöviks Förskola").await;
    let (path, page) = first_request(&mut olga, &sjovik, "David").await;
    page.has("Sköter lönerna.").has("19910302-••••");
    // Also afterwards, when one of them lies before an administrator.
    let listed = david.get(&list).await;
    let rows = listed.html.split("<tr>").skip(2).filter_map(|row| row.split("</tr>").next());
    let rows: Vec<String> = rows.map(bare).collect();
    assert_eq!(rows.len(), 3, "{}", listed.html);
    assert!(rows.iter().all(|row| *row == rows[0]), "{rows:#?}");
    let told: Vec<String> = pages.iter().map(|page| bare(&page.html)).collect();
    assert!(told.iter().all(|one| *one == told[0]), "{told:#?}");
    assert_eq!(
        david.get(&format!("{list}/{}", path.rsplit('/').next().unwrap())).await.status,
        StatusCode::OK
    );

    // Nobody else sees it, and what there is of it can be taken back.
    nils.log_in(&world, "nils", &[]).await;
    act_for(&mut nils, "Sjöviks Förskola").await;
    assert_eq!(nils.get(&path).await.status, StatusCode::NOT_FOUND);
    let form = with(&mut nils, &[]).await;
    assert_eq!(send(&mut nils, &format!("{path}/withdraw"), &form).await.status, StatusCode::NOT_FOUND);
    let own = format!("{list}/{}/withdraw", path.rsplit('/').next().unwrap());
    done(&mut david, &own, &[]).await.has("Din förfrågan är tillbakatagen").has("Tillbakatagen");
    let form = with(&mut olga, &[("reason", "not_ours")]).await;
    let page = send(&mut olga, &format!("{path}/decline"), &form).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.has("Någon annan har redan tagit det här steget.");
    olga.get(&format!("{sjovik}/requests?show=all")).await.has("Tillbakatagen");
}

/// Without what differs from request to request: ids, numbers of organisations, times of the day.
fn bare(html: impl AsRef<str>) -> String {
    let is_id = |part: &str| part.get(..32).is_some_and(|id| id.bytes().all(|b| b.is_ascii_hexdigit()));
    let parts = html.as_ref().split('/').map(|part| if is_id(part) { &part[32..] } else { part });
    let mut out = String::new();
    for c in parts.collect::<Vec<_>>().join("/").chars() {
        // A fraction of a second is written in as many digits as it needs.
        match c.is_ascii_digit() {
            true if out.ends_with('0') => {}
            true => out.push('0'),
            false => out.push(c),
        }
    }
    out
}

#[tokio::test]
async fn the_only_administrator_is_offered_no_button_and_a_crafted_one_gives_nothing() {
    let world = World::new(As::Plain).await;
    let (mut nils, mut david) = (world.browser(), world.browser());
    nils.log_in(&world, "nils", &[]).await;
    let granas = act_for(&mut nils, "Granåsens Åkeri AB").await;
    let party = granas.rsplit('/').next().unwrap().to_owned();
    // What he has he cannot ask for.
    let have = [("organisation", party.as_str()), ("permission", "employer.sickness_report.create")];
    let form = with(&mut nils, &have).await;
    let page = send(&mut nils, "/requests/ask", &form).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.has("Du har redan den behörigheten.");
    // Neither a role of the agency, nor what is no permission, nor anything at all by a stranger.
    for permission in ["employer.sickness_report.receive", "platform.role.give", "employer.everything", "x"] {
        let crafted = [("organisation", party.as_str()), ("permission", permission)];
        let form = with(&mut nils, &crafted).await;
        let page = send(&mut nils, "/requests/ask", &form).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{permission}");
    }
    david.log_in(&world, "david", &[]).await;
    for organisation in [party.as_str(), "00000000000070008000000000000000", "x", ""] {
        let crafted = [("organisation", organisation), ("permission", "employer.sickness_report.create")];
        let form = with(&mut david, &crafted).await;
        let page = send(&mut david, "/requests/ask", &form).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{organisation}");
    }
    let mut cecilia = world.browser();
    cecilia.log_in(&world, "cecilia", &[]).await;
    act_for(&mut cecilia, "Granåsens Åkeri AB").await;
    let own = [("organisation", party.as_str()), ("permission", "employer.sickness_report.create")];
    let form = with(&mut cecilia, &own).await;
    let page = send(&mut cecilia, "/requests/ask", &form).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.has("Ingen annan hos organisationen kan svara");
}

// R-002-09 (part)
#[tokio::test]
async fn whom_an_e_service_refused_reads_why_and_asks() {
    let world = World::new(As::Plain).await;
    let mut nils = world.browser();
    nils.log_in(&world, "nils", &[]).await;
    let granas = act_for(&mut nils, "Granåsens Åkeri AB").await;
    let may = format!("{granas}/may");
    let refused = nils.get(&format!("{may}?permission=employer.mandate.give")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    refused.has("MANDATE_SCOPE").has("Be om behörighet");
    refused.has("Du får inte göra det här för Granåsens Åkeri AB nu: Ge behörighet");
    press(&mut nils, &refused).await.has("Din förfrågan är skickad");
    let allowed = nils.get(&format!("{may}?permission=employer.sickness_report.create")).await;
    assert_eq!(allowed.status, StatusCode::OK);
    allowed.has("Du har behörighet").has("för Granåsens Åkeri AB").has_not("Be om");
    // No e-service of this one has said where it is; then the words are all there is.
    allowed.has("Gå tillbaka till e-tjänsten");
    for unknown in ["", "?permission=", "?permission=employer.none", "?permission=employer.user"] {
        assert_eq!(nils.get(&format!("{may}{unknown}")).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

/// The way back: on the page that says yes, and on the first page, to whoever may do something there.
#[tokio::test]
async fn an_e_service_with_a_start_page_is_one_click_away() {
    let world = World::new(As::Plain).await;
    let client = oidc::Client {
        id: oidc::ClientId::parse("shop").unwrap(),
        name: catalogue::Text { sv: "Butiken".to_owned(), en: "The shop".to_owned() },
        service: "employer".to_owned(),
        authentication: oidc::Authentication::Public,
        redirect_uris: vec![oidc::RedirectUri::parse("http://127.0.0.1:3000/back").unwrap()],
        post_logout_redirect_uris: Vec::new(),
        backchannel_logout_uri: None,
        home: Some(oidc::RedirectUri::parse("http://127.0.0.1:3000/").unwrap()),
        userinfo: oidc::client::UserinfoForm::Json,
        loopback: oidc::client::Loopback::Listed,
    };
    let stored = store::oidc::clients::StoredClient {
        id: "shop".to_owned(),
        service: "employer".to_owned(),
        registered_at: world.app.now(),
        disabled_at: None,
        ends_at: None,
        version: 1,
        body: serde_json::to_string(&client).unwrap(),
    };
    let inserted = world.app.store().write(move |tx| store::oidc::clients::insert(tx, &stored)).await;
    assert!(inserted.unwrap());
    let mut nils = world.browser();
    nils.log_in(&world, "nils", &[]).await;
    let granas = act_for(&mut nils, "Granåsens Åkeri AB").await;
    let allowed = nils.get(&format!("{granas}/may?permission=employer.sickness_report.create")).await;
    allowed.has("<a href=\"http://127.0.0.1:3000/\">Gå till Butiken</a>").has_not("ladda om sidan");
    let home = nils.get(&granas).await;
    home.has("href=\"http://127.0.0.1:3000/\"").has("Gå till Butiken");
    // One that is switched off is not offered any more.
    let world_now = world.app.now();
    let off = world.app.store().write(move |tx| {
        let stored = store::oidc::clients::find(tx, "shop")?.unwrap();
        let off = store::oidc::clients::StoredClient { disabled_at: Some(world_now), ..stored };
        store::oidc::clients::update(tx, &off, 1)
    });
    assert!(off.await.unwrap());
    nils.get(&granas).await.has_not("Gå till Butiken");
}

/// An administrator who gives what they do not hold is told so, and where to give it.
#[tokio::test]
async fn who_may_give_and_not_use_is_told_the_difference() {
    let world = World::new(As::Plain).await;
    let mut cecilia = world.browser();
    cecilia.log_in(&world, "cecilia", &[]).await;
    let granas = act_for(&mut cecilia, "Granåsens Åkeri AB").await;
    let refused = cecilia.get(&format!("{granas}/may?permission=employer.sickness_report.create")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    refused.has("RIGHT_MISSING").has("Du får ge det här till andra men har det inte själv: ");
    refused.has("en annan behörighetsadministratör").has(&format!("href=\"{granas}/people\""));
}

/// The link of an e-service, opened by somebody who is there for themselves: what is missing is the choice.
#[tokio::test]
async fn who_is_here_for_oneself_is_told_to_choose_an_organisation() {
    let world = World::new(As::Plain).await;
    let mut nils = world.browser();
    nils.log_in(&world, "nils", &[]).await;
    let own = act_for(&mut nils, "Nils Oskarsson").await;
    let refused = nils.get(&format!("{own}/may?permission=employer.sickness_report.create")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    refused.has("Du är här för egen del. Välj den organisation").has("href=\"/party\"");
}
