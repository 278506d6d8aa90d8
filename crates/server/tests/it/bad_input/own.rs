//! What is a person's own: sessions and their end, drafts of forms, receipts, the overview.

use super::{guard, send};
use crate::support::House;
use crate::support::house::Engine;
use crate::support::table::{Walk, store};

const HERE: &str = "bad_input/own.rs::sessions_drafts_and_receipts";
const NOBODY: &str = "00000000000070008000000000000000";

#[test]
fn sessions_drafts_and_receipts() {
    let house = House::start(Engine::Sqlite);
    let (mut greta, mut hassan, mut phone) = (house.browser(), house.browser(), house.browser());
    let base = greta.log_in(&house.phone, "greta").path;
    phone.log_in(&house.phone, "greta");
    let other = hassan.log_in(&house.phone, "hassan").path;
    let mut walk = Walk::of(&house, HERE);

    let page = greta.get("/sessions");
    let (end, _) = page.form("/end");
    let foreign = {
        let id = other.rsplit('/').next().unwrap();
        let sql = "SELECT lower(hex(id)) FROM session WHERE lower(hex(person)) = ?1";
        store(&house).query_row(sql, [id], |row| row.get::<_, String>(0)).unwrap()
    };
    for (input, name) in [
        ("session to end: malformed", "x"),
        ("session to end: of nobody", NOBODY),
        ("session to end: another person's", foreign.as_str()),
    ] {
        let page = send(&mut greta, &format!("/sessions/{name}/end"), &[]);
        walk.meets(input, &page);
    }
    walk.meets("csrf: missing at the end of one's own session", &greta.post_once(&end, &[]));
    walk.meets("csrf: missing at the end of all others", &greta.post_once("/sessions/end-others", &[]));
    walk.holds(
        phone.get("/home").status == 200 && hassan.get("/home").status == 200,
        "nobody was logged out",
    );

    for (input, page) in [
        ("page of a draft: missing", None),
        ("page of a draft: another site", Some("//evil.example/for/x")),
        ("page of a draft: no page of a form", Some("/logout")),
    ] {
        let fields: Vec<_> = page.map(|page| ("page", page)).into_iter().collect();
        walk.meets(input, &send(&mut greta, "/session/drop", &fields));
    }
    let marked = [("keep", "1"), ("name", "David Ek")];
    walk.meets("csrf: missing at a form to keep", &greta.post_once("/session/keep", &marked));
    walk.meets("form to keep: from no page of ours", &send(&mut greta, "/session/keep", &marked));

    for (input, at) in [
        ("receipt: malformed", "/mine/receipts/x".to_owned()),
        ("receipt: of nobody", format!("/mine/receipts/{NOBODY}")),
        ("receipt: of another person's act", format!("/mine/receipts/{}", login_of(&house, &other))),
        ("mandate to explain: malformed", "/mine/x/why".to_owned()),
        ("mandate to explain: of nobody", format!("/mine/{NOBODY}/why")),
    ] {
        walk.meets(input, &greta.get_once(&format!("{base}{at}")));
    }
    walk.meets("the overview of another person", &greta.get_once(&format!("{other}/mine")));
    walk.meets("the receipts of another person", &greta.get_once(&format!("{other}/mine/receipts")));

    // A session that was ended by hand keeps nothing of what it sends, however genuine the form.
    let own = guard(&mut phone);
    let fields: Vec<_> = own.iter().map(|(k, v)| (k.as_str(), v.as_str())).chain(marked).collect();
    send(&mut greta, "/sessions/end-others", &[]);
    walk.moved();
    let give = format!("{base}/people/give");
    walk.meets("form to keep: of a session that was ended", &phone.post_once(&give, &fields));
    phone.cookies.remove("session");
    walk.meets("form to keep: without a session", &phone.post_once(&give, &fields));

    // After logging out, only its own browser with its own form ends what is left open.
    phone.log_in(&house.phone, "greta");
    let hidden = guard(&mut greta);
    let hidden: Vec<_> = hidden.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    greta.post("/logout", &hidden);
    walk.moved();
    walk.meets("csrf: missing at the end of what is left open", &greta.post_once("/logout/others", &[]));
    walk.meets("csrf: of the session before, at another's end", &{
        let fields = guard(&mut hassan);
        let fields: Vec<_> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        greta.post_once("/logout/others", &fields)
    });
    for (input, name) in [
        ("logged_out cookie: malformed", "x"),
        ("logged_out cookie: of nobody", NOBODY),
        ("logged_out cookie: of a session that is open", foreign.as_str()),
    ] {
        greta.cookies.insert("logged_out".to_owned(), name.to_owned());
        walk.meets(input, &greta.post_once("/logout/others", &hidden));
    }
    walk.holds(
        phone.get("/home").status == 200 && hassan.get("/home").status == 200,
        "nobody was logged out",
    );
    let secrets = [phone, hassan].into_iter().filter_map(|mut b| b.cookies.remove("session"));
    walk.finish(&secrets.collect::<Vec<_>>());
}

/// The record of the login of whoever has this start page.
fn login_of(house: &House, base: &str) -> String {
    let id = base.rsplit('/').next().unwrap();
    let sql = "SELECT lower(hex(id)) FROM record WHERE event = 'login.done' AND lower(hex(actor)) = ?1";
    store(house).query_row(sql, [id], |row| row.get(0)).unwrap()
}
