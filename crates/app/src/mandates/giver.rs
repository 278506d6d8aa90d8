//! Who gave a mandate, for "why?": its first version tells.

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use domain::{Fact, FactId, PartyId};
use std::collections::BTreeMap;
use store::Tx;

/// Mandates that are asked for at once; a chain has at most four.
const MOST: usize = 16;

impl App {
    /// Who gave each of these mandates. One that the agency registered has no giver here.
    ///
    /// A later version may stand on another mandate, because its giver has left: the first one names the giver.
    pub async fn givers(&self, mandates: &[FactId]) -> Result<BTreeMap<FactId, PartyId>, Refusal> {
        let mandates: Vec<FactId> = mandates.iter().copied().take(MOST).collect();
        self.read(move |tx| {
            let mut givers = BTreeMap::new();
            for id in &mandates {
                if let Some((_, Some(parent))) = first(tx, *id)?
                    && let Some((giver, _)) = first(tx, parent)?
                {
                    givers.insert(*id, giver);
                }
            }
            Ok(givers)
        })
        .await
    }
}

/// Holder and parent as the mandate was given.
fn first(tx: &mut Tx<'_>, id: FactId) -> Result<Option<(PartyId, Option<FactId>)>, Stop> {
    Ok(match store::facts::history(tx, id)?.into_iter().next().map(|version| version.fact) {
        Some(Fact::Mandate(mandate)) => Some((mandate.holder, mandate.parent)),
        _ => None,
    })
}
