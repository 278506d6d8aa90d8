//! The administrator's whole number, for the official who compares it with the paper.

use super::{ApplicationView, REGISTERED};
use crate::act::Want;
use crate::core::App;
use crate::refusal::Refusal;
use crate::session::Visit;
use ident::PersonalNumber;
use store::vault::Field;

impl App {
    /// The number of the administrator to be, while the application waits to be compared with its paper; `None`
    /// afterwards. The reading of the case has been recorded by [`App::application`].
    pub async fn administrator_number(
        &self,
        visit: &Visit,
        case: &ApplicationView,
    ) -> Result<Option<PersonalNumber>, Refusal> {
        self.require(visit, &Want::to("platform.application.read", self.agency())).await?;
        if case.state != REGISTERED {
            return Ok(None);
        }
        let (app, person) = (self.clone(), case.body.administrator);
        let hidden = !self.hidden(visit, [person]).await?.is_empty();
        self.read(move |tx| {
            if hidden {
                return Ok(None);
            }
            let number = store::vault::field(tx, &app.ring(), person, Field::PersonalNumber)?;
            Ok(number.and_then(|plain| PersonalNumber::parse(plain.as_str()).ok()))
        })
        .await
    }
}
