//! Opening: the one way to what a mark hides, for the small named group that may, with a reason and one record each,
//! committed before the answer is given. The person finds it among their own records.

use super::OPEN;
use crate::act::Want;
use crate::core::App;
use crate::refusal::Refusal;
use crate::session::Visit;
use domain::PartyId;
use ident::PersonalNumber;
use store::parties::Identifier;
use store::protected::{self, Form};
use store::vault::Field;

/// Why somebody opens. A closed list: free words in a record could name the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// An errand of the person's, or about them.
    Errand,
    /// The person has asked for it.
    OwnRequest,
    /// Something that is kept here is wrong.
    Correction,
    /// Checking what colleagues have opened.
    Review,
}

impl Reason {
    pub const ALL: [Self; 4] = [Self::Errand, Self::OwnRequest, Self::Correction, Self::Review];

    pub fn code(self) -> &'static str {
        match self {
            Self::Errand => "errand",
            Self::OwnRequest => "own_request",
            Self::Correction => "correction",
            Self::Review => "review",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// What is shown of a marked person to the one who opened it.
#[derive(Clone)]
pub struct Opened {
    pub form: Form,
    pub name: Option<String>,
    pub number: PersonalNumber,
    pub email: Option<String>,
}

/// Nothing of whom it is about.
impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opened(…)")
    }
}

impl App {
    /// Opens the person with this number. `None` for a number that leads to nobody and for a person without a mark: the
    /// two look the same. Either is recorded first.
    pub async fn open_protected(
        &self,
        visit: &Visit,
        number: &PersonalNumber,
        reason: Reason,
    ) -> Result<Option<Opened>, Refusal> {
        let want = Want::to(OPEN, self.agency());
        // Decided before the number is looked up: a refused person learns nothing, not even by the time it takes.
        self.require(visit, &want).await?;
        let (app, number) = (self.clone(), number.clone());
        let found = self
            .read(move |tx| {
                let ring = app.ring();
                let by = Identifier::PersonalNumber(number.as_str());
                let Some(person) = store::parties::find(tx, &ring, by)? else { return Ok(None) };
                let Some(form) = protected::form_of(tx, &ring, person)? else { return Ok(None) };
                let mut text = |field| store::vault::field(tx, &ring, person, field);
                let (name, email) = (text(Field::DisplayName)?, text(Field::Email)?);
                let words = |plain: store::vault::Plain| plain.as_str().to_owned();
                let opened =
                    Opened { form, name: name.map(words), number: number.clone(), email: email.map(words) };
                Ok(Some((person, opened)))
            })
            .await?;
        let person = found.as_ref().map(|(person, _)| *person);
        let event = if person.is_some() { "protected.opened" } else { "protected.sought" };
        self.look_why(visit, &want, event, reason.code(), person).await?;
        Ok(found.map(|(_, opened)| opened))
    }

    /// Whether the visitor is one of those who may open.
    pub fn may_open(&self, visit: &Visit) -> bool {
        self.decide(visit, &Want::to(OPEN, self.agency())).allowed
    }

    /// A marked person's errand is about to be shown to somebody who may open: recorded as an opening of its own.
    pub(crate) async fn open_for_errand(&self, visit: &Visit, person: PartyId) -> Result<(), Refusal> {
        let want = Want::to(OPEN, self.agency());
        self.look_why(visit, &want, "protected.opened", Reason::Errand.code(), Some(person)).await
    }

    /// There is no way to mark a person by hand, for anybody: only the population register's notices do. The attempt is
    /// refused and recorded.
    pub async fn mark_by_hand(&self, visit: &Visit) -> Refusal {
        let want = Want::to(OPEN, self.agency());
        self.refuse_by_rule(visit, &want, Refusal::Conflict("MARK_BY_REGISTER_ONLY")).await
    }
}
