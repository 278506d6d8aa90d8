//! What an officer types who looks a reference code up, and who may not.

use super::send;
use crate::main_job::{officers, path};
use crate::support::House;
use crate::support::house::Engine;
use crate::support::table::Walk;

const HERE: &str = "bad_input/support.rs::reference_codes";
const WHY: &str = "Personen ringer om en felsida";

#[test]
fn reference_codes() {
    let house = House::start(Engine::Sqlite);
    let mut greta = house.browser();
    let home = greta.log_in(&house.phone, "greta").path;
    let (mut astrid, _) = officers(&house);
    let desk = path(&astrid, "/support");
    let mut walk = Walk::of(&house, HERE);
    let nowhere = greta.get_once(&format!("{home}/mine/receipts/x"));
    let code = nowhere.html.split("<code id=\"reference\">").nth(1).unwrap()[..11].to_owned();
    let heard = code.to_lowercase().replace('0', "o").replace('1', "l").replace('-', "  ");
    let long = "7".repeat(65);
    let wordy = "å".repeat(301);
    for (input, code, why) in [
        ("reference code: missing", "", WHY),
        ("reference code: malformed", "7K2MQ", WHY),
        ("reference code: with a letter that no code has", "7K2MQ-X94TU", WHY),
        ("reference code: too long", &long, WHY),
        ("reference code: markup", "<b>7K2MQ</b>", WHY),
        ("reference code: of nothing, at the desk", "7K2MQ-X94TD", WHY),
        ("reference code: heard on the telephone", &heard, WHY),
        ("reason: missing", &code, " "),
        ("reason: too long", &code, &wordy),
        ("reason: a personal number", &code, "19920505-2385 ringer"),
        ("reason: an address", &code, "svar till elin@post.example"),
    ] {
        let page = send(&mut astrid, &desk, &[("code", code), ("reason", why)]);
        walk.meets(input, &page);
    }
    let asked = [("code", code.as_str()), ("reason", WHY)];
    walk.meets("csrf: missing at a look-up", &astrid.post_once(&desk, &asked));
    walk.meets("look-up by a stranger", &send(&mut greta, &desk, &asked));
    walk.meets("look-up for oneself", &send(&mut greta, &format!("{home}/support"), &asked));
    // Six were made above.
    for _ in 6..30 {
        let page = send(&mut astrid, &desk, &[("code", "7K2MQ-X94TD"), ("reason", WHY)]);
        walk.holds(page.status == 422, "a look-up within the limit");
    }
    walk.meets("look-ups: more than thirty in ten minutes", &send(&mut astrid, &desk, &asked));
    let secrets = [greta, astrid].into_iter().filter_map(|mut b| b.cookies.remove("session"));
    walk.finish(&secrets.collect::<Vec<_>>());
}
