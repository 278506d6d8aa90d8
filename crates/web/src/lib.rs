//! The pages of the door itself: login, for whom one acts, mandates, applications, records.
//!
//! One route group per file; each gives its `routes()`. A page asks [`app::App`] and shows what it answers: no rule
//! and no SQL lies here. Everything works without JavaScript (WCAG 2.2 AA; lag 2018:1937).

mod asking;
mod demo;
mod hall;
mod home;
mod login;
mod logout;
mod next;
mod offer;
mod order;
mod outcome;
mod party;
mod phone;
mod session;
mod start;

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
        .merge(logout::routes())
        .with_state(Hall::new(house));
    page::dress(own.merge(services), &site)
}

/// The door's own entries of the navigation.
pub fn menu() -> Vec<MenuEntry> {
    Vec::new()
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
        sv("order.sv.ftl", include_str!("../texts/order.sv.ftl")),
        en("order.en.ftl", include_str!("../texts/order.en.ftl")),
        sv("party.sv.ftl", include_str!("../texts/party.sv.ftl")),
        en("party.en.ftl", include_str!("../texts/party.en.ftl")),
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
