//! A machine's clock that is years behind what was recorded by it: nothing is answered or recorded, nobody can talk the node
//! out of it, and the way back is a backup from before (`docs/operate.md`).

use crate::support::house::{Engine, eventually};
use crate::support::table::Table;
use crate::support::{Browser, House};

const HERE: &str = "bad_input/clock.rs::a_clock_that_was_years_ahead";
const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn a_clock_that_was_years_ahead() {
    let mut house = House::start(Engine::Sqlite);
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta").expect(200, "Greta");
    let backup = house.folder.join("before.backup").display().to_string();
    let (sound, said) = house.run(&["backup", "--to", &backup]);
    assert!(sound, "{said}");
    eventually("the log at rest", || (house.metric("behorig_log_waiting") == 0).then_some(()));
    // A clock that is right is accepted without a word; a page of a browser is not asked.
    let operations = house.nodes[0].told("operations");
    let right = |headers: &[(&str, &str)], body: &str| {
        Browser::at(&operations).exactly("POST", "/clock/right", headers, body)
    };
    let mut rows = Table::of(HERE);
    let page = right(&[JSON], "{}");
    rows.performed("clock: said to be right, and it is", &page);
    let page = right(&[JSON, ("sec-fetch-site", "same-origin")], "{}");
    rows.performed("clock: said to be right, by a page of a browser", &page);
    let page = right(&[JSON], "{\"by\":1}");
    rows.performed("clock: said to be right, with a mistake", &page);

    // What a clock ten years ahead has recorded, and then it was set right.
    let newest = "UPDATE record SET at = at + 315360000000000 WHERE id = \
                  (SELECT record FROM log_leaf ORDER BY position DESC LIMIT 1)";
    crate::support::client::aged(&house, newest);
    eventually("the node to notice", || (house.metric("behorig_clock_off_seconds") > 0).then_some(()));
    let page = greta.get_once("/home");
    rows.performed("clock: behind what was recorded, who is logged in", &page);
    let mut stranger = house.browser();
    let page = super::raw(&mut stranger, "/login/bankid", super::FORM.1, "device=this");
    rows.performed("clock: behind what was recorded, a login", &page);
    let page = right(&[JSON], "{}");
    rows.performed("clock: behind what was recorded, said to be right", &page);
    let ready = Browser::at(&operations).get("/readyz");
    assert!(ready.status == 503 && ready.html.contains("clock is wrong"), "{}", ready.html);
    assert_eq!(rows.left(), Vec::<String>::new());

    // As docs/operate.md says: the newest backup from before.
    house.kill();
    let (sound, said) = house.run(&["restore", "--no-erasures", "--replace", "--from", &backup]);
    assert!(sound && said.contains("the log is sound"), "{said}");
    house.node();
    let page = house.browser().log_in(&house.phone, "greta");
    page.expect(200, "Greta");
    assert_eq!(house.metric("behorig_clock_off_seconds"), 0);
}
