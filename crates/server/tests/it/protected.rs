//! Protected identity from the first page: three people in ordinary situations, and a crawl of every route of the program
//! as every role and as nobody, which finds no name, number or contact of theirs outside those who are entitled.
//!
//! The routes are read out of the sources: one without an entry in [`routes::CRAWLED`] fails the test.

mod api;
mod canary;
mod routes;
mod scene;

use crate::support::Browser;
use canary::Seen;
use routes::{CRAWLED, Ids, addresses, in_the_sources};
use scene::Scene;
use std::collections::BTreeSet;

/// Who looks, and for whom; nobody at all first.
const VISITORS: [(&str, &str); 11] = [
    ("greta", ""),
    ("cecilia", "Granåsens"),
    ("elin", "Granåsens"),
    ("nils", "Granåsens"),
    ("olga", "Sjöviks"),
    ("ylva", "Kvarnbyns"),
    ("astrid", "Exempelmyndigheten"),
    ("per", "Exempelmyndigheten"),
    ("rut", "Exempelmyndigheten"),
    ("sten", "Exempelmyndigheten"),
    ("ulla", "Exempelmyndigheten"),
];

#[test]
fn every_route_has_an_entry_in_the_crawl() {
    let crawled: BTreeSet<String> = CRAWLED.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(in_the_sources(), crawled);
    assert!(crawled.len() > 70, "{}", crawled.len());
    // What programs call is asked with tokens too.
    let called = |route: &&String| {
        (route.starts_with("/oauth/") || route.starts_with("/access/")) && !route.contains('{')
    };
    let without = ["/oauth/authorize", "/oauth/keys"];
    let by_programs: BTreeSet<&str> = crawled.iter().filter(called).map(String::as_str).collect();
    let expected: BTreeSet<&str> = api::ROUTES.into_iter().chain(without).collect();
    assert_eq!(by_programs, expected);
}

// R-002-45 (part)
#[test]
fn nobody_but_the_entitled_finds_a_protected_person() {
    let scene = Scene::play();
    let ids = scene.ids.clone();
    let mut leaks = Vec::new();
    let mut pages = 0;
    let mut nobody = scene.browser();
    pages += crawl(&mut nobody, "nobody", &ids, &mut leaks);
    for (who, party) in VISITORS {
        let mut visitor = scene.log_in(who, party);
        let acting = match party {
            // A stranger, at the door of an organisation and at her own.
            "" => ids.parties.iter().cloned().chain(scene::self_of(&mut visitor)).collect(),
            _ => vec![scene::acting_for(&mut visitor)],
        };
        let own = Ids { parties: acting, ..ids.clone() };
        pages += crawl(&mut visitor, who, &own, &mut leaks);
    }
    assert!(pages > 1_000, "only {pages} answers were looked at");
    let told = api::crawl(&scene, &mut leaks);
    assert!(told > 60, "only {told} answers to programs were looked at");
    pages += told;
    // Last, so that letters, metrics and log tell of all that was done above.
    scene.beside(&mut leaks);
    assert!(leaks.is_empty(), "{} of {pages} answers:\n{}", leaks.len(), leaks.join("\n"));
}

/// Asks for every address by GET, and sends a form that must be refused; gives how many answers it looked at.
fn crawl(visitor: &mut Browser, who: &str, ids: &Ids, leaks: &mut Vec<String>) -> usize {
    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
    let mut looked = 0;
    for (route, patterns) in CRAWLED {
        for address in patterns.iter().flat_map(|pattern| addresses(pattern, ids)) {
            // What is the same for everybody is asked by three.
            let public = !route.starts_with("/for/") && !["nobody", "cecilia", "astrid"].contains(&who);
            if public || routes::is_excepted(who, route, &address, ids) {
                continue;
            }
            let get = match *route {
                // It streams until the order ends; its first piece is enough.
                "/order/{id}" | "/order/{id}/qr" => visitor.peek(&address),
                _ => visitor.exactly(
                    "GET",
                    &address,
                    &[("accept", "text/html"), ("sec-fetch-site", "same-origin")],
                    "",
                ),
            };
            let post = visitor.exactly("POST", &address, &[FORM, ("sec-fetch-site", "same-origin")], "x=y");
            for (method, page) in [("GET", get), ("POST", post)] {
                looked += 1;
                assert_ne!(page.status, 500, "{who}: {method} {address}");
                leaks.extend(Seen::answer(who, method, &address, &page).leaks());
            }
        }
    }
    looked
}
