//! The employers' services: sickness reports (*sjukanmälan från arbetsgivare*), from the form to the officer's desk.
//!
//! `form` and `rules` say what can be sent, `text` makes the one text that is shown and signed, `errand` turns the
//! signed draft into a report, `pages` are the pages, `store` the tables. The service reaches the house through
//! [`Platform`] only.

mod errand;
mod form;
mod id;
mod kept;
mod pages;
mod path;
mod refusals;
mod rules;
mod store;
mod text;

use app::Platform;
use app::rows::MigrationSet;
use app::sign::Errand;
use axum::Router;
use page::door::{Door, MenuEntry};
use page::{Lang, Service, TextSource};
use std::sync::Arc;

/// The id of the service: its catalogue file, its tables, its addresses.
pub const SERVICE: &str = "employer";
/// The name of the signed errand, and the beginning of its permissions.
pub const ERRAND: &str = "employer.sickness_report";

/// The permissions that the pages ask for; the catalogue says who can have them.
mod permission {
    pub const CREATE: &str = "employer.sickness_report.create";
    pub const READ_OWN: &str = "employer.sickness_report.read_own";
    pub const READ_ALL: &str = "employer.sickness_report.read_all";
    pub const WITHDRAW: &str = "employer.sickness_report.withdraw";
    pub const RECEIVE: &str = "employer.sickness_report.receive";
}

/// The employers' services.
#[derive(Debug, Clone, Copy)]
pub struct Employer;

impl Service for Employer {
    fn id(&self) -> &'static str {
        SERVICE
    }

    fn migrations(&self) -> MigrationSet {
        store::MIGRATIONS
    }

    fn routes(&self, platform: Platform) -> Router<Door> {
        pages::routes(platform)
    }

    fn texts(&self) -> Vec<TextSource> {
        texts()
    }

    fn menu(&self) -> Vec<MenuEntry> {
        let entry = |key, path, permission| MenuEntry { key, path, permission };
        vec![
            entry("employer-menu-reports", "/employer/sickness-reports", permission::READ_OWN),
            entry("employer-menu-received", "/employer/sickness-reports/received", permission::RECEIVE),
        ]
    }

    fn errands(&self) -> Vec<Arc<dyn Errand>> {
        vec![Arc::new(errand::SicknessReport)]
    }
}

/// The service's texts.
fn texts() -> Vec<TextSource> {
    vec![
        TextSource { lang: Lang::Sv, file: "employer.sv.ftl", ftl: include_str!("../texts/employer.sv.ftl") },
        TextSource { lang: Lang::En, file: "employer.en.ftl", ftl: include_str!("../texts/employer.en.ftl") },
    ]
}

/// What a record of an act on a report names.
fn object(id: id::ReportId) -> String {
    format!("sickness_report:{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use page::{Texts, check_complete};

    #[test]
    fn every_text_is_there_in_both_languages() {
        let texts = Texts::new(&texts()).unwrap();
        assert_eq!(check_complete(&texts), Vec::<String>::new());
    }

    #[test]
    fn every_code_has_its_own_words() {
        let texts = Texts::new(&texts()).unwrap();
        for lang in Lang::ALL {
            let tr = texts.tr(lang);
            for code in refusals::ALL {
                let key = format!("conflict-{}", code.to_ascii_lowercase().replace('_', "-"));
                assert!(tr.has(&key), "{key}");
            }
            let of_house =
                ["field-missing", "text-too-long", "date-form", "choose", "phone-form", "email-form"];
            for code in of_house.into_iter().chain(["ident-length", "sickness-line", "sickness-contact"]) {
                assert!(tr.has(&format!("fault-{code}")), "{code}");
            }
            for field in form::FIELDS {
                assert!(!form::label(field, &tr).contains('⟦'), "{field}");
            }
        }
    }

    #[test]
    fn the_menu_leads_to_pages_of_the_service() {
        for entry in Employer.menu() {
            assert!(
                entry.path.starts_with("/employer/") && entry.permission.starts_with(ERRAND),
                "{entry:?}"
            );
        }
    }
}
