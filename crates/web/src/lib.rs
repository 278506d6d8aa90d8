//! The pages of the door itself: login, for whom one acts, mandates, applications, records.
//!
//! One route group per file; each gives its `routes()`. A page asks [`app::App`] and shows what it answers: no rule
//! and no SQL lies here. Everything works without JavaScript (WCAG 2.2 AA; lag 2018:1937).

mod accessibility;
mod applications;
mod asking;
mod authorize;
mod clients;
mod content;
mod demo;
mod elsewhere;
mod faults;
mod hall;
mod home;
mod invitation;
mod log;
mod login;
mod logout;
mod may;
mod mine;
mod next;
mod offer;
mod operations;
mod order;
mod outcome;
mod party;
mod people;
mod phone;
mod prose;
mod protected;
mod records;
mod requests;
mod session;
mod sessions;
mod start;
mod support;
mod terms;

pub use hall::House;
pub use phone::{BadPhone, DemoPhone};

use axum::Router;
use hall::Hall;
use page::door::{Door, MenuEntry};
use page::{Lang, TextSource};

/// All pages of the installation, dressed. `services` holds the services' pages, nested below `/for/{party}`.
pub fn router(house: House, services: Router<Door>) -> Router {
    let site = house.door.site.clone();
    let services = services.with_state(house.door.clone());
    let own = Router::new()
        .merge(start::routes())
        .merge(demo::routes())
        .merge(login::routes())
        .merge(order::routes())
        .merge(party::routes())
        .merge(home::routes())
        .merge(session::routes())
        .merge(sessions::routes())
        .merge(mine::routes())
        .merge(logout::routes())
        .merge(authorize::routes())
        .merge(invitation::routes())
        .merge(people::routes())
        .merge(requests::routes())
        .merge(may::routes())
        .merge(applications::routes())
        .merge(clients::routes())
        .merge(protected::routes())
        .merge(records::routes())
        .merge(support::routes())
        .merge(operations::routes())
        .merge(terms::routes())
        .merge(content::routes())
        .merge(log::routes())
        .with_state(Hall::new(house));
    page::dress(own.merge(services), &site)
}

/// The door's own entries of the navigation.
pub fn menu() -> Vec<MenuEntry> {
    let entry = |key, path, permission| MenuEntry { key, path, permission };
    vec![
        entry("nav-mine", "/mine", mine::READ),
        entry("nav-applications", "/applications", applications::READ),
        entry("nav-people", "/people", people::READ),
        // One page: what one is to answer, or one's own.
        entry("nav-requests", "/requests", requests::ANSWER),
        entry("nav-requests-own", "/requests", requests::READ_OWN),
        entry("nav-clients", "/clients", clients::MANAGE),
        entry("nav-support", "/support", support::LOOK),
        entry("nav-operations", "/operations", operations::READ),
        entry("nav-protected", "/protected", app::protected::OPEN),
        // One page; whose events it shows, and what is needed to see them, depends on the party.
        entry("nav-records", "/records", people::READ),
        entry("nav-records-own", "/records", "platform.mandate.read_own"),
        entry("nav-records-agency", "/records", "platform.record.read"),
    ]
}

/// The texts of these pages and of the login methods.
pub fn texts() -> Vec<TextSource> {
    const fn sv(file: &'static str, ftl: &'static str) -> TextSource {
        TextSource { lang: Lang::Sv, file, ftl }
    }
    const fn en(file: &'static str, ftl: &'static str) -> TextSource {
        TextSource { lang: Lang::En, file, ftl }
    }
    vec![
        sv("bankid.sv.ftl", include_str!("../../login/texts/bankid.sv.ftl")),
        en("bankid.en.ftl", include_str!("../../login/texts/bankid.en.ftl")),
        sv("login.sv.ftl", include_str!("../texts/login.sv.ftl")),
        en("login.en.ftl", include_str!("../texts/login.en.ftl")),
        sv("demo.sv.ftl", include_str!("../texts/demo.sv.ftl")),
        en("demo.en.ftl", include_str!("../texts/demo.en.ftl")),
        sv("order.sv.ftl", include_str!("../texts/order.sv.ftl")),
        en("order.en.ftl", include_str!("../texts/order.en.ftl")),
        sv("party.sv.ftl", include_str!("../texts/party.sv.ftl")),
        en("party.en.ftl", include_str!("../texts/party.en.ftl")),
        sv("invitation.sv.ftl", include_str!("../texts/invitation.sv.ftl")),
        en("invitation.en.ftl", include_str!("../texts/invitation.en.ftl")),
        sv("people.sv.ftl", include_str!("../texts/people.sv.ftl")),
        en("people.en.ftl", include_str!("../texts/people.en.ftl")),
        sv("requests.sv.ftl", include_str!("../texts/requests.sv.ftl")),
        en("requests.en.ftl", include_str!("../texts/requests.en.ftl")),
        sv("applications.sv.ftl", include_str!("../texts/applications.sv.ftl")),
        en("applications.en.ftl", include_str!("../texts/applications.en.ftl")),
        sv("clients.sv.ftl", include_str!("../texts/clients.sv.ftl")),
        en("clients.en.ftl", include_str!("../texts/clients.en.ftl")),
        sv("trial.sv.ftl", include_str!("../texts/trial.sv.ftl")),
        en("trial.en.ftl", include_str!("../texts/trial.en.ftl")),
        sv("protected.sv.ftl", include_str!("../texts/protected.sv.ftl")),
        en("protected.en.ftl", include_str!("../texts/protected.en.ftl")),
        sv("records.sv.ftl", include_str!("../texts/records.sv.ftl")),
        en("records.en.ftl", include_str!("../texts/records.en.ftl")),
        sv("operations.sv.ftl", include_str!("../texts/operations.sv.ftl")),
        en("operations.en.ftl", include_str!("../texts/operations.en.ftl")),
        sv("support.sv.ftl", include_str!("../texts/support.sv.ftl")),
        en("support.en.ftl", include_str!("../texts/support.en.ftl")),
        sv("mine.sv.ftl", include_str!("../texts/mine.sv.ftl")),
        en("mine.en.ftl", include_str!("../texts/mine.en.ftl")),
        sv("content.sv.ftl", include_str!("../texts/content.sv.ftl")),
        en("content.en.ftl", include_str!("../texts/content.en.ftl")),
        sv("mail.sv.ftl", include_str!("../texts/mail.sv.ftl")),
        en("mail.en.ftl", include_str!("../texts/mail.en.ftl")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use page::{Texts, check_complete};

    #[test]
    fn every_text_exists_in_both_languages() {
        assert_eq!(check_complete(&Texts::new(&texts()).unwrap()), Vec::<String>::new());
    }
}
