//! The demo's people in the places that their situations tell (`people.toml` of the sandbox).

use app::demo::{DemoApplication, DemoDated, DemoEmployer, DemoEnd, DemoPerson, DemoRefused, DemoWorld};
use sandbox::People;

/// The reference code that Farid has got; `people.toml` tells it too.
const CODE: &str = "FAR7D-NEK4D";

/// Whoever the sandbox does not know is left out; a test holds that nobody is.
pub fn world(people: &People) -> DemoWorld {
    let of = Cast(people);
    let roles = [("per", "platform.operator"), ("rut", "platform.support"), ("sten", "platform.auditor")];
    let employers = [
        of.employer(
            "granas",
            "cecilia",
            &[("elin", "employer.user"), ("nils", "employer.payroll_manager"), ("nils", "example.user")],
        ),
        of.employer("sjovik", "olga", &[("nils", "employer.user")]),
        of.employer("kvarnby", "ylva", &[("nils", "employer.user")]),
    ];
    let dated =
        [of.dated("granas", "farid", DemoEnd::DaysAgo(3)), of.dated("granas", "tora", DemoEnd::InDays(14))];
    DemoWorld {
        roles: roles.into_iter().filter_map(|(id, role)| Some((of.person(id)?, role.to_owned()))).collect(),
        officers: ["astrid", "bengt"].into_iter().filter_map(|id| of.person(id)).collect(),
        employers: employers.into_iter().flatten().collect(),
        dated: dated.into_iter().flatten().collect(),
        waiting: of.waiting("lundby", "vera", "astrid").into_iter().collect(),
        refused: of.refused("granas", "farid", CODE).into_iter().collect(),
    }
}

struct Cast<'a>(&'a People);

impl Cast<'_> {
    fn person(&self, id: &str) -> Option<DemoPerson> {
        self.0.get(id).map(|person| DemoPerson {
            number: person.personal_number.clone(),
            name: person.name(),
            email: format!("{id}@post.example"),
        })
    }

    fn employer(&self, id: &str, administrator: &str, users: &[(&str, &str)]) -> Option<DemoEmployer> {
        let organisation = self.0.organisation(id)?;
        Some(DemoEmployer {
            number: organisation.number.clone(),
            name: organisation.name.clone(),
            email: format!("info@{id}.example"),
            administrator: self.person(administrator)?,
            users: users
                .iter()
                .filter_map(|(user, package)| Some((self.person(user)?, (*package).to_owned())))
                .collect(),
        })
    }

    fn dated(&self, employer: &str, user: &str, end: DemoEnd) -> Option<DemoDated> {
        Some(DemoDated {
            employer: self.0.organisation(employer)?.number.clone(),
            user: self.person(user)?,
            package: "employer.user".to_owned(),
            end,
        })
    }

    fn refused(&self, employer: &str, person: &str, code: &str) -> Option<DemoRefused> {
        Some(DemoRefused {
            employer: self.0.organisation(employer)?.number.clone(),
            person: self.person(person)?,
            permission: "employer.sickness_report.create".to_owned(),
            reference: code.parse().ok()?,
            route: "/for/{party}/employer/sickness-reports/new".to_owned(),
        })
    }

    fn waiting(&self, id: &str, administrator: &str, officer: &str) -> Option<DemoApplication> {
        let organisation = self.0.organisation(id)?;
        Some(DemoApplication {
            number: organisation.number.clone(),
            name: organisation.name.clone(),
            email: format!("info@{id}.example"),
            administrator: self.person(administrator)?,
            officer: self.person(officer)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_left_out() {
        let people = People::load().unwrap();
        let world = world(&people);
        assert_eq!((world.roles.len(), world.officers.len(), world.employers.len()), (3, 2, 3));
        assert_eq!(world.employers.iter().map(|employer| employer.users.len()).sum::<usize>(), 5);
        assert_eq!((world.dated.len(), world.waiting.len(), world.refused.len()), (2, 1, 1));
        let rut = people.get("rut").unwrap();
        assert!(rut.situation.sv.contains(CODE) && rut.situation.en.contains(CODE));
    }
}
