//! Opening what is hidden of people with protected identity, by the wrong people. What the right ones send wrongly is performed
//! where there are such people: in `protected/scene.rs`.

use super::send;
use crate::main_job::path;
use crate::support::Browser;
use crate::support::table::Walk;

/// `astrid` acts for the agency and has every role of a first officer; this one is none of them.
pub fn opening(walk: &mut Walk<'_>, astrid: &mut Browser, greta: &mut Browser) {
    let address = path(astrid, "/protected");
    let page = astrid.get_once(&address);
    walk.meets("protected data: by an officer without the right", &page);
    let page = send(astrid, &address, &[("number", "199602132392"), ("reason", "errand")]);
    walk.meets("protected data: a form by an officer without the right", &page);
    let page = send(astrid, &address, &[]);
    walk.meets("protected data: an empty form without the right", &page);
    let page = greta.get_once(&address);
    walk.meets("protected data: by a stranger", &page);
    let own = path(greta, "/protected");
    let page = greta.get_once(&own);
    walk.meets("protected data: for oneself", &page);
}
