//! The main job on the authority side: an employer comes into being by two officials, its administrator gives a
//! colleague authority, "Why?" shows the chain, and the removal holds at the next click.

use crate::world::{As, Browser, Page, World};
use http::StatusCode;

/// Switches to the party of that name; gives its address.
pub(crate) async fn act_for(browser: &mut Browser, name: &str) -> String {
    let page = browser.get("/party").await;
    let at = page
        .html
        .find(&format!("choice__name\">{name}"))
        .unwrap_or_else(|| panic!("{name} cannot be chosen: {}", page.html));
    let before = &page.html[..at];
    let to = before[before.rfind("value=\"").unwrap() + 7..].split('"').next().unwrap().to_owned();
    let form = with(browser, &[("to", &to), ("next", "")]).await;
    send(browser, "/party", &form).await.to.unwrap()
}

/// The fields of a form of this visit.
pub(crate) async fn with(browser: &mut Browser, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut form = browser.guard().await;
    form.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    form
}

pub(crate) async fn send(browser: &mut Browser, path: &str, form: &[(String, String)]) -> Page {
    let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &form).await
}

/// Posts a form and follows to the page that it leads to.
pub(crate) async fn done(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let form = with(browser, fields).await;
    let page = send(browser, path, &form).await;
    let to = page.to.clone().unwrap_or_else(|| panic!("{path}: {} {}", page.status, page.html));
    browser.get(&to).await
}

/// The address of the first link with these words.
#[track_caller]
pub(crate) fn link(page: &Page, words: &str) -> String {
    let at =
        page.html.find(&format!("\">{words}")).unwrap_or_else(|| panic!("no link {words}: {}", page.html));
    let before = &page.html[..at];
    before[before.rfind("href=\"").unwrap() + 6..].replace("&#38;", "&").replace("&amp;", "&")
}

const DAVID: [(&str, &str); 5] = [
    ("number", "19910302-2399"),
    ("name", "David Ek"),
    ("email", "david@granas.example"),
    ("permission", "employer.user"),
    ("need", "Sköter lönerna & <frånvaron>."),
];

// R-004-24, R-004-25, R-004-26 (part), R-004-27, R-004-31
#[tokio::test]
async fn authority_is_given_explained_and_taken_away_at_the_next_click() {
    let world = World::new(As::Plain).await;
    let (mut cecilia, mut david) = (world.browser(), world.browser());
    cecilia.log_in(&world, "cecilia", &[]).await;
    let granas = act_for(&mut cecilia, "Granåsens Åkeri AB").await;
    david.log_in(&world, "david", &[]).await;
    assert_eq!(david.get(&granas).await.status, StatusCode::NOT_FOUND);

    let people = format!("{granas}/people");
    let list = cecilia.get(&people).await;
    list.has("Cecilia").has("Behörighetsadministratör").has("Nils").has("tills vidare").has("Gäller");
    list.has_not("199102142388").has("19910214-••••");

    // Every fault at its field, and nothing typed is lost.
    let form = with(
        &mut cecilia,
        &[("number", "1991"), ("name", "David Ek"), ("last_day", "2020-01-01"), ("need", " ")],
    )
    .await;
    let page = send(&mut cecilia, &format!("{people}/give"), &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("Fel: ").has("f-number").has("value=\"David Ek\"").has("value=\"2020-01-01\"");
    page.has("href=\"#f-need\"")
        .has("href=\"#f-permission\"")
        .has("href=\"#f-email\"")
        .has("href=\"#f-last_day\"");

    let mut fields = DAVID.to_vec();
    fields.push(("last_day", "2099-12-31"));
    let page = done(&mut cecilia, &format!("{people}/give"), &fields).await;
    page.has("Behörigheten är given").has("David Ek").has("31 december 2099");

    // It works at the colleague's next click, with the login that he has.
    let here = act_for(&mut david, "Granåsens Åkeri AB").await;
    assert_eq!(here, granas);
    david.get(&granas).await.has("Lämna sjukanmälan");
    assert_eq!(david.get(&people).await.status, StatusCode::FORBIDDEN);

    // The same again is refused in the form.
    let form = with(&mut cecilia, &DAVID).await;
    let page = send(&mut cecilia, &format!("{people}/give"), &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("Personen har redan den behörigheten");

    let list = cecilia.get(&people).await;
    let of_david = &list.html[list.html.find("<h2>David").unwrap()..];
    let of_david = Page { status: list.status, to: None, html: of_david.to_owned() };
    let why = link(&of_david, "Varför?");
    let page = cecilia.get(&why).await;
    page.has("<strong>Ja.</strong>").has("BankID får användas").has("Granåsens Åkeri AB är ansluten till");
    page.has("version 2024-12-20").has("Godkändes på blankett").has("Det finns ingen spärr.");
    page.has("har behörigheten Behörighetsadministratör").has("Registrerades av Exempelmyndigheten");
    page.has("har behörigheten Användare: sjukanmälan")
        .has("Gavs av Cecilia")
        .has("Gäller till och med 31 december 2099");
    page.has_not("<title>David");
    // What he may not do is told with what is missing and who can mend it.
    let may_not = why.split('?').next().unwrap().to_owned() + "?permission=employer.sickness_report.read_all";
    cecilia.get(&may_not).await.has("<strong>Nej.</strong>").has("MANDATE_SCOPE").has("men inte för det här");
    let unknown = why.split('?').next().unwrap().to_owned() + "?permission=platform.role.give";
    assert_eq!(cecilia.get(&unknown).await.status, StatusCode::NOT_FOUND);

    let end = link(&of_david, "Ta bort");
    let page = cecilia.get(&end).await;
    page.has("slutar gälla genast").has("Sköter lönerna &#38; &#60;frånvaron&#62;.");
    let mandate = page.field("mandate");
    let page = done(&mut cecilia, end.split('?').next().unwrap(), &[("mandate", &mandate)]).await;
    page.has("Behörigheten är borttagen").has_not("<h2>David");

    // The live page ends at the next click, and says why.
    let page = david.get(&granas).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.has("MANDATE_ENDED").has("Behörighetsadministratören hos organisationen kan ändra det.");

    // Her organisation's events, complete, and nobody else's.
    let events = cecilia.get(&format!("{granas}/records")).await;
    events
        .has("Behörighet gavs")
        .has("Behörighet togs bort")
        .has("Gäller David")
        .has("Nekades")
        .has("Cecilia");
    events.has_not("Sjövik").has_not("199103022399");
}

// R-004-33 (part)
#[tokio::test]
async fn the_last_administrator_stays() {
    let world = World::new(As::Plain).await;
    let mut olga = world.browser();
    olga.log_in(&world, "olga", &[]).await;
    let sjovik = act_for(&mut olga, "Sjöviks Förskola").await;
    let list = olga.get(&format!("{sjovik}/people")).await;
    let own = &list.html[list.html.find("(du själv)").unwrap()..];
    let end = link(&Page { status: list.status, to: None, html: own.to_owned() }, "Ta bort");
    let page = olga.get(&end).await;
    page.has("din egen behörighet");
    let form = with(&mut olga, &[("mandate", &page.field("mandate"))]).await;
    let page = send(&mut olga, end.split('?').next().unwrap(), &form).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    page.has("sista behörighetsadministratören");
    olga.get(&format!("{sjovik}/people")).await.has("(du själv)");
}

// R-004-29 (part)
#[tokio::test]
async fn a_mandate_of_another_organisation_does_not_exist() {
    let world = World::new(As::Plain).await;
    let (mut olga, mut cecilia) = (world.browser(), world.browser());
    olga.log_in(&world, "olga", &[]).await;
    let sjovik = act_for(&mut olga, "Sjöviks Förskola").await;
    let foreign = link(&olga.get(&format!("{sjovik}/people")).await, "Ta bort");
    let (person, mandate) = (
        foreign.split('/').nth(4).unwrap(),
        foreign.split("mandate=").nth(1).unwrap().split('"').next().unwrap(),
    );
    cecilia.log_in(&world, "cecilia", &[]).await;
    let granas = act_for(&mut cecilia, "Granåsens Åkeri AB").await;
    for path in [
        format!("{granas}/people/{person}/end?mandate={mandate}"),
        format!("{granas}/people/{person}/end"),
        format!("{granas}/people/x/end?mandate={mandate}"),
        format!("{granas}/people/x/why"),
        format!("{granas}/people/00000000000000000000000000000009/why"),
    ] {
        assert_eq!(cecilia.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let form = with(&mut cecilia, &[("mandate", mandate)]).await;
    let page = send(&mut cecilia, &format!("{granas}/people/{person}/end"), &form).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    // The agency's pages are not there in a visit for somebody else.
    assert_eq!(cecilia.get(&format!("{granas}/applications")).await.status, StatusCode::NOT_FOUND);
}

const PAPER: [(&str, &str); 7] = [
    ("organisation_name", "Björkdals Bygg AB"),
    ("organisation_email", "info@bjorkdal.example"),
    ("administrator_number", "199511262389"),
    ("administrator_name", "Karin Holm"),
    ("administrator_email", "karin@bjorkdal.example"),
    ("terms_version", "2024-12-20"),
    ("arrived", "2026 11 02"),
];

// R-004-16, R-004-17, R-004-20, R-004-23
#[tokio::test]
async fn an_employer_comes_into_being_by_two_officials() {
    let world = World::new(As::Plain).await;
    let (mut astrid, mut bengt, mut karin) = (world.browser(), world.browser(), world.browser());
    astrid.log_in(&world, "astrid", &[]).await;
    let agency = act_for(&mut astrid, "Exempelmyndigheten").await;
    let list = format!("{agency}/applications");
    astrid.get(&list).await.has("Inga ansökningar väntar").has(&format!("{list}/register"));
    let number = world.sandbox.people().organisation("bjorkdal").unwrap().number.clone();

    let register = format!("{list}/register");
    astrid.get(&register).await.has("2024-12-20").has("multipart/form-data").has("type=\"file\"");
    let mut fields = PAPER.to_vec();
    fields.push(("organisation_number", &number));
    let form = with(&mut astrid, &fields).await;
    let form: Vec<_> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // A scan of another kind, and no scan at all.
    let page = astrid.upload(&register, &form, ("scan", b"MZ not a paper")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("Spara den som PDF").has("value=\"Karin Holm\"");
    let page = astrid.upload(&register, &form, ("other", b"%PDF-1.7 x")).await;
    page.has("href=\"#f-scan\"");
    // Without an administrator.
    let without: Vec<_> = form.iter().copied().filter(|(name, _)| *name != "administrator_number").collect();
    astrid.upload(&register, &without, ("scan", b"%PDF-1.7 x")).await.has("href=\"#f-administrator_number\"");
    // Larger than any file.
    let large = [b"%PDF-1.7".as_slice(), &vec![0; 10 * 1024 * 1024]].concat();
    assert_eq!(astrid.upload(&register, &form, ("scan", &large)).await.status, StatusCode::PAYLOAD_TOO_LARGE);

    let scan = [b"%PDF-1.7 scanned".as_slice(), &[0, 255, 13, 10]].concat();
    let case = astrid.upload(&register, &form, ("scan", &scan)).await.to.unwrap();
    let case = case.split('?').next().unwrap().to_owned();
    let page = astrid.get(&format!("{case}?done=registered")).await;
    page.has("Ansökan är registrerad").has("en kollega bekräfta").has("19951126-2389");
    page.has("2 november 2026").has_not(&format!("action=\"{case}/confirm\""));
    // A second one while the first is open.
    astrid.upload(&register, &form, ("scan", &scan)).await.has("redan en ansökan");

    // Nothing is in force, and whoever registered cannot confirm by hand either.
    karin.log_in(&world, "karin", &[]).await;
    karin.get("/party").await.has_not("Björkdals Bygg AB");
    let form = with(&mut astrid, &[]).await;
    let page = send(&mut astrid, &format!("{case}/confirm"), &form).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.has("RULE_TWO_PERSONS");

    bengt.log_in(&world, "bengt", &[]).await;
    assert_eq!(act_for(&mut bengt, "Exempelmyndigheten").await, agency);
    bengt.get(&list).await.has("Björkdals Bygg AB").has("Astrid").has(&case);
    bengt.get(&case).await.has("Det ska alltid vara två personer").has(&format!("action=\"{case}/confirm\""));
    let got = bengt.open(http::Method::GET, &format!("{case}/scan"), &[]).await;
    assert_eq!(got.headers()["content-type"], "application/pdf");
    assert!(got.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let bytes = axum::body::to_bytes(got.into_body(), 100).await.unwrap();
    assert_eq!(bytes[..], scan[..]);
    // Returning needs a reason.
    let form = with(&mut bengt, &[("reason", "because")]).await;
    let page = send(&mut bengt, &format!("{case}/return"), &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.has("href=\"#f-reason\"");
    done(&mut bengt, &format!("{case}/confirm"), &[])
        .await
        .has("Ansökan är bekräftad")
        .has("Bekräftad")
        .has("19951126-••••");

    // The administrator can begin at the next click.
    let bjorkdal = act_for(&mut karin, "Björkdals Bygg AB").await;
    let people = karin.get(&format!("{bjorkdal}/people")).await;
    people.has("Karin").has("Behörighetsadministratör");
    let why = karin.get(&link(&people, "Varför?")).await;
    why.has("Anmäldes i arbetsgivarens ansökan").has("Godkändes på blankett");
    // Confirmed once, and for good.
    let form = with(&mut bengt, &[("reason", "incomplete")]).await;
    let page = send(&mut bengt, &format!("{case}/return"), &form).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    bengt.get(&format!("{case}?done=returned")).await.has_not("Ansökan är tillbakaskickad");
    bengt.get(&format!("{list}?show=all")).await.has("Björkdals Bygg AB");
}

#[tokio::test]
async fn one_sees_ones_own_events_and_a_page_of_them_at_a_time() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let (_, page) = greta.log_in(&world, "greta", &[]).await;
    let own = link(&page, "Mina händelser");
    for _ in 0..51 {
        greta.get(&own).await;
    }
    let page = greta.get(&own).await;
    page.has("Listan med händelser lästes").has_not("Loggade in");
    let later = link(&page, "Äldre händelser");
    greta.get(&later).await.has("Loggade in").has("De senaste händelserna");
    greta.get(&format!("{own}?after=rubbish")).await.has("Listan med händelser lästes");
}

#[tokio::test]
async fn what_everybody_may_read_is_there_with_and_without_a_login() {
    let world = World::new(As::Plain).await;
    let (mut greta, mut nobody) = (world.browser(), world.browser());
    greta.log_in(&world, "greta", &[]).await;
    nobody.language = "en";
    for path in ["/terms", "/terms/employer/2024-12-20", "/help", "/accessibility", "/cookies", "/log"] {
        for (browser, language) in [(&mut greta, "lang=\"sv\""), (&mut nobody, "lang=\"en\"")] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            page.has(language);
        }
    }
    nobody
        .get("/terms")
        .await
        .has("This is a translation; the Swedish text binds.")
        .has("Version 2024-12-20");
    nobody.get("/help").await.has("08-465 004 10").has("tel:0846500410").has("support.bankid.com");
    nobody
        .get("/cookies")
        .await
        .has("<code>session</code>")
        .has("<code>browser</code>")
        .has("<code>order</code>");
    assert_eq!(nobody.get("/terms/employer/1999-01-01").await.status, StatusCode::NOT_FOUND);
    assert_eq!(nobody.get("/terms/x/y").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn outsiders_get_checkpoint_keys_and_tiles_that_fit_together() {
    let world = World::new(As::Plain).await;
    let mut nobody = world.browser();
    let note = loop {
        let page = nobody.get("/log/checkpoint").await;
        if page.status == StatusCode::OK {
            break page.html;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    };
    let size: u64 = note.lines().nth(1).unwrap().parse().unwrap();
    let page = nobody.get("/log").await;
    page.has("behorig log verify");
    let keys = activity::read_keys(&nobody.get("/log/keys").await.html).unwrap();
    let id = activity::tiles::TileId::in_tree(0, 0, size).unwrap();
    let got = nobody.open(http::Method::GET, &format!("/log/{}", id.path()), &[]).await;
    assert_eq!(got.status(), StatusCode::OK);
    let bytes = axum::body::to_bytes(got.into_body(), 10_000).await.unwrap();
    assert_eq!(bytes.len(), id.byte_len());
    // The tiles give the root that the key signed.
    let edge = activity::tiles::Edge::load(size, |_| Ok::<_, ()>(bytes.to_vec())).unwrap();
    let checkpoint = activity::Checkpoint::open(&note, &keys).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (size, edge.root()));
    for path in
        ["/log/tile/0/001", "/log/tile/0/0", "/log/tile/9/000", "/log/tile/entries/000", "/log/tile/0/000"]
    {
        assert_eq!(nobody.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

// R-004-20: two people from the first day. The codes themselves are shown once, by `behorig init`.
#[tokio::test]
async fn an_invitation_asks_for_its_code_and_takes_no_other() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    assert!(greta.get("/invitation").await.to.unwrap().starts_with("/login?next=/invitation"));
    greta.log_in(&world, "greta", &[]).await;
    greta.get("/invitation").await.has("Använd en inbjudan").has("name=\"code\"");
    let form = with(&mut greta, &[("code", ""), ("email", "greta@post.example")]).await;
    send(&mut greta, "/invitation", &form).await.has("Fyll i det här");
    for code in ["short", "ABCDE-FGHJK-MNPQR-STVWX-YZ012", "<script>"] {
        let form = with(&mut greta, &[("code", code), ("email", "greta@post.example")]).await;
        let page = send(&mut greta, "/invitation", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        page.has("Koden stämmer inte").has_not("<script>alert");
    }
    let form = with(&mut greta, &[]).await;
    assert_eq!(send(&mut greta, "/invitation/confirm", &form).await.status, StatusCode::CONFLICT);
}

// Two persons from the first day: the item 10.
#[tokio::test]
async fn the_first_two_officers_have_no_right_until_the_second_has_confirmed_the_first() {
    let world = World::new(As::Plain).await;
    let (mut greta, mut johan) = (world.browser(), world.browser());
    greta.log_in(&world, "greta", &[]).await;
    johan.log_in(&world, "johan", &[]).await;
    // Typed as people type.
    let first = world.codes[0].to_lowercase().replace('-', " ");
    let page = done(&mut greta, "/invitation", &[("code", &first), ("email", "greta@agency.example")]).await;
    page.has("Din inbjudan är använd");
    // One person cannot be both, and a used code is as unknown as a wrong one.
    let both = with(&mut greta, &[("code", &world.codes[1]), ("email", "greta@agency.example")]).await;
    assert_eq!(send(&mut greta, "/invitation", &both).await.status, StatusCode::CONFLICT);
    let used = with(&mut johan, &[("code", &world.codes[0]), ("email", "johan@agency.example")]).await;
    assert_eq!(send(&mut johan, "/invitation", &used).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let page =
        done(&mut johan, "/invitation", &[("code", &world.codes[1]), ("email", "johan@agency.example")])
            .await;
    page.has("Bekräfta den andra personen").has("Greta").has("19930718-••••").has_not("199307182387");
    greta.get("/invitation").await.has("Båda inbjudningarna är använda");
    for browser in [&mut greta, &mut johan] {
        browser.get("/party").await.has_not("choice__name\">Exempelmyndigheten");
    }
    // The first cannot confirm herself.
    let form = with(&mut greta, &[]).await;
    assert_eq!(send(&mut greta, "/invitation/confirm", &form).await.status, StatusCode::CONFLICT);

    done(&mut johan, "/invitation/confirm", &[]).await.has("Ni är klara");
    greta.get("/invitation").await.has("Ni är klara");
    for browser in [&mut greta, &mut johan] {
        let agency = act_for(browser, "Exempelmyndigheten").await;
        browser.get(&format!("{agency}/applications")).await.has("Ansökningar om anslutning");
    }
}
