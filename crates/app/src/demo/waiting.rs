//! A paper form that waits for the second official, registered as long ago as its time allows: it lapses soon.

use super::{DAY, DemoPerson, Seeding};
use crate::application::{APPLICATION, Body, SERVICE};
use crate::cases;
use crate::refusal::Stop;
use domain::CaseId;
use domain::calendar::date_in_stockholm;
use std::time::Duration;
use store::StoreError;
use store::cases::Case;

/// The longest that a registered form can wait, in days: five working days around Christmas are fewer.
const LONGEST: u64 = 20;

/// An employer whose form has been registered.
#[derive(Debug, Clone)]
pub struct DemoApplication {
    pub number: String,
    pub name: String,
    pub email: String,
    /// Who is to be its administrator.
    pub administrator: DemoPerson,
    /// The officer who registered it: one of [`super::DemoWorld::officers`].
    pub officer: DemoPerson,
}

impl Seeding<'_, '_> {
    pub(super) fn application(&mut self, application: &DemoApplication) -> Result<(), Stop> {
        let organisation = self.organisation(&application.number, &application.name, &application.email)?;
        let administrator = self.person(&application.administrator)?;
        let opener = self.person(&application.officer)?;
        let service = self.catalogue.service(SERVICE).ok_or(StoreError::Corrupt("no such service".into()))?;
        let terms =
            service.terms_in_force(self.now).ok_or(StoreError::Corrupt("no terms in force".into()))?;
        let scan = self.paper(organisation)?;
        // The earliest day of registration whose time has not run out.
        let now = self.now;
        let days = (0..LONGEST).rev().map(|days| now - Duration::from_secs(days * DAY));
        let (opened_at, due_at) = days
            .map(|day| (day, cases::due_at(&APPLICATION, APPLICATION.first, service, day)))
            .find(|(_, due)| due.is_none_or(|due| due > now))
            .unwrap_or((now, None));
        let body = Body {
            organisation,
            administrator,
            opener,
            service: SERVICE.to_owned(),
            terms_version: terms.version.clone(),
            arrived: date_in_stockholm(opened_at),
            scan: crate::log::hex(&scan),
            closer: None,
            reason: None,
        };
        store::cases::insert(
            self.tx,
            &Case {
                id: CaseId::new(self.entropy),
                kind: APPLICATION.name.to_owned(),
                state: APPLICATION.first.to_owned(),
                party: Some(organisation),
                opener: Some(opener),
                opened_at,
                due_at,
                version: 1,
                body: cases::text(&body)?,
            },
        )?;
        Ok(())
    }
}
