//! Reading the activity log: an organisation's own activity, a person's own, and what is published for everybody.
//!
//! A person's own are what they did, what was done for them, and what was about them: who acted, and who looked.
//! An organisation's administrators get a complete list of what was done in its name and nothing else (R-004-27).
//! Reading it is an act itself and leaves a record.

use crate::act::Want;
use crate::application::SERVICE;
use crate::core::App;
use crate::refusal::Refusal;
use crate::session::Visit;
use activity::receipt::Receipt;
use activity::tiles::TileId;
use activity::{Record, Reference};
use domain::{Instant, PartyId, RecordId};
use std::collections::BTreeMap;
use store::records::Part;
use store::{StoreError, Tx};

/// Records on a page.
const PAGE: u32 = 50;

/// Whose records a visit may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// What the visitor has done for whomever, and what others have done for or about the visitor.
    Own,
    /// What has been done for the party of the visit.
    Party,
}

/// Where a page of the list ended: time and id of its last record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After(pub Instant, pub RecordId);

/// `MICROSECONDS.ID`, for an address.
impl std::fmt::Display for After {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0.micros(), self.1)
    }
}

impl std::str::FromStr for After {
    type Err = domain::id::BadId;

    fn from_str(text: &str) -> Result<Self, domain::id::BadId> {
        let (micros, id) = text.split_once('.').ok_or(domain::id::BadId)?;
        let micros = micros.parse().map_err(|_| domain::id::BadId)?;
        Ok(Self(Instant::from_micros(micros), id.parse()?))
    }
}

/// A page of the list, newest first.
#[derive(Debug, Clone)]
pub struct Page {
    pub whose: Whose,
    pub records: Vec<Record>,
    /// Why support looked somebody's code up, by the record that tells of it.
    pub reasons: BTreeMap<RecordId, String>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<After>,
}

impl Page {
    /// Of one record more than a page holds: whether there is a next page.
    fn cut(whose: Whose, records: &mut Vec<Record>) -> Page {
        let more = records.len() > PAGE as usize;
        records.truncate(PAGE as usize);
        let next = records.last().filter(|_| more).map(|record| After(record.at, record.id));
        Page { whose, records: std::mem::take(records), reasons: BTreeMap::new(), next }
    }
}

/// What seeing one's own needs.
fn own_want(visit: &Visit) -> Want {
    Want::to("platform.mandate.read_own", visit.person())
}

/// What the person did, what was done for them, and what was about them, each record once. Three bounded reads of an
/// index each.
fn own(
    tx: &mut Tx<'_>,
    person: PartyId,
    after: Option<store::records::RecordPage>,
) -> Result<Vec<Record>, StoreError> {
    let mut all = store::records::of_actor(tx, person, PAGE + 1, after)?;
    all.extend(store::records::of_party(tx, person, PAGE + 1, after)?);
    all.extend(store::records::bearing_on(tx, person, Part::Concerned, PAGE + 1, after)?);
    all.sort_by_key(|record| std::cmp::Reverse((record.at, record.id)));
    all.dedup_by_key(|record| record.id);
    Ok(all)
}

impl App {
    /// Whose records the list shows at this visit, and what is needed to see them.
    fn records_want(&self, visit: &Visit) -> (Whose, Want) {
        if visit.acts_for_self() {
            (Whose::Own, own_want(visit))
        } else if visit.party() == self.agency() {
            (Whose::Party, Want::to("platform.record.read", visit.party()))
        } else {
            (Whose::Party, Want::to(&format!("{SERVICE}.mandate.read"), visit.party()))
        }
    }

    /// A page of the records that the visit may see. The reading is recorded before the answer.
    pub async fn records(&self, visit: &Visit, after: Option<After>) -> Result<Page, Refusal> {
        let (whose, want) = self.records_want(visit);
        self.look(visit, &want, "records.read", None).await?;
        let (person, party) = (visit.person(), visit.party());
        let after = after.map(|After(at, id)| (at, id));
        let mut records = self
            .read(move |tx| {
                Ok(match whose {
                    Whose::Own => own(tx, person, after)?,
                    Whose::Party => store::records::of_party(tx, party, PAGE + 1, after)?,
                })
            })
            .await?;
        let page = Page::cut(whose, &mut records);
        let reasons = self.lookup_reasons(&page.records).await?;
        Ok(Page { reasons, ..page })
    }

    /// A page of the acts that the visitor has signed. As with all reading of records, it is recorded before the answer.
    pub async fn signed(&self, visit: &Visit, after: Option<After>) -> Result<Page, Refusal> {
        self.look(visit, &own_want(visit), "records.signed_read", None).await?;
        let (person, after) = (visit.person(), after.map(|After(at, id)| (at, id)));
        let page =
            move |tx: &mut Tx<'_>| Ok(store::records::bearing_on(tx, person, Part::Signed, PAGE + 1, after)?);
        let mut records = self.read(page).await?;
        Ok(Page::cut(Whose::Own, &mut records))
    }

    /// The receipt of one of the visitor's own acts, to be checked without us. Another's record does not exist here: its
    /// text tells more than its owner's list does.
    ///
    /// Conflicts: `RECEIPT_NOT_YET` until the record has its place under a signed checkpoint, within seconds.
    pub async fn receipt(&self, visit: &Visit, id: RecordId) -> Result<(Reference, Receipt), Refusal> {
        let want = own_want(visit);
        self.require(visit, &want).await?;
        let person = visit.person();
        let found = self.read(move |tx| {
            let stored = store::records::get(tx, id)?.filter(|stored| stored.record.actor == Some(person));
            let Some(stored) = stored else { return Ok(None) };
            let reference = stored.record.reference.clone();
            Ok(Some((reference, crate::log::receipt_of(tx, stored)?)))
        });
        match found.await? {
            None => Err(self.refuse_by_rule(visit, &want, Refusal::NotFound).await),
            Some((_, None)) => Err(Refusal::Conflict("RECEIPT_NOT_YET")),
            Some((reference, Some(receipt))) => {
                self.look(visit, &want, "receipt.read", Some(id.to_string())).await?;
                Ok((reference, receipt))
            }
        }
    }

    /// A tile of the log for outsiders: only what the latest signed checkpoint covers is published. `None` for a tile
    /// that such a tree does not have.
    pub async fn published_tile(&self, id: TileId) -> Result<Option<Vec<u8>>, Refusal> {
        self.read(move |tx| {
            let Some((size, _)) = store::log::latest_checkpoint(tx)? else { return Ok(None) };
            let covered =
                TileId::in_tree(id.level, id.index, size).is_some_and(|whole| id.width <= whole.width);
            if !covered {
                return Ok(None);
            }
            Ok(Some(store::log::tile(tx, id)?))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_page_comes_back_from_an_address() {
        let after = After(Instant::from_micros(1_795_000_000_000_001), RecordId::from_bytes([7; 16]));
        assert_eq!(after.to_string().parse(), Ok(after));
        for bad in [
            "",
            ".",
            "1.",
            "x.07070707070707070707070707070707",
            "1.0707",
            "99999999999999999999.07070707070707070707070707070707",
        ] {
            assert!(bad.parse::<After>().is_err(), "{bad:?}");
        }
    }
}
