//! People of the sandbox, and what they are in a house that has been furnished.

use app::demo::{DemoEmployer, DemoPerson, DemoWorld};
use ident::PersonalNumber;

/// A person of the sandbox.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// The sandbox's own name of the person.
    pub id: &'static str,
    pub number: &'static str,
    pub name: &'static str,
}

impl Person {
    pub fn number(&self) -> PersonalNumber {
        PersonalNumber::parse(self.number).unwrap()
    }

    pub fn email(&self) -> String {
        format!("{}@post.example", self.id)
    }

    pub fn demo(&self) -> DemoPerson {
        DemoPerson { number: self.number.into(), name: self.name.into(), email: self.email() }
    }
}

pub const ASTRID: Person = Person { id: "astrid", number: "199001012385", name: "Astrid Alm" };
pub const BENGT: Person = Person { id: "bengt", number: "199001022392", name: "Bengt Berglund Ek" };
pub const CECILIA: Person = Person { id: "cecilia", number: "199102142388", name: "Cecilia Dahl" };
pub const DAVID: Person = Person { id: "david", number: "199103022399", name: "David Ek" };
pub const ELIN: Person = Person { id: "elin", number: "199205052385", name: "Elin Forsman" };
pub const FARID: Person = Person { id: "farid", number: "199206162399", name: "Farid Gran" };
pub const KARIN: Person = Person { id: "karin", number: "199511262389", name: "Karin Lind" };
pub const OLGA: Person = Person { id: "olga", number: "199703162389", name: "Olga Palm" };

/// Organisation number of the haulier.
pub const GRANAS: &str = "4056201108";

/// Astrid and Bengt are officers; Cecilia administers the haulier, where Elin is a user; Olga administers the preschool.
pub fn world() -> DemoWorld {
    let employer = |number: &str, name: &str, administrator: Person, users| DemoEmployer {
        number: number.into(),
        name: name.into(),
        email: format!("{}@arbetsgivare.example", &number[..6]),
        administrator: administrator.demo(),
        users,
    };
    DemoWorld {
        officers: vec![ASTRID.demo(), BENGT.demo()],
        employers: vec![
            employer(GRANAS, "Granåsens Åkeri AB", CECILIA, vec![(ELIN.demo(), "employer.user".into())]),
            employer("4070204401", "Sjöviks Förskola ekonomisk förening", OLGA, Vec::new()),
        ],
        ..DemoWorld::default()
    }
}
