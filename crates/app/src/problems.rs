//! What is noted of problems (*fel*) that somebody was shown, so that the code on the page leads to the cause: by which
//! page, under which rule, and what had broken. Support reads it ([`crate::support`]).
//!
//! A note is no record: nothing rests on it, and a store that is away must not lose it. It waits in memory, bounded, and is
//! written with its neighbours within a second. A flood by strangers is noted in part: its own few are kept, and the
//! technical log has every one.

use crate::core::App;
use crate::refusal::Refusal;
use activity::Reference;
use domain::PartyId;
use std::sync::{Mutex, PoisonError};
use store::problems::{MOST, MOST_OF_STRANGERS, Note};

/// Notes that wait to be written at most.
const WAITING: usize = 1000;
/// Of these, how many may be of strangers whom nothing of ours has failed: in a round of about a second.
const OF_STRANGERS: usize = 10;
/// After so many notes the store is looked through for those above its number.
const TRIM_EVERY: usize = 500;
/// Longest text in a note, in characters.
const LONGEST: usize = 500;

/// A problem as a page has shown it.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// As on the page. One that is none is not noted.
    pub reference: String,
    pub code: String,
    pub status: u16,
    pub method: String,
    /// The pattern of the address, never what was filled in; `None` where nobody has a route.
    pub route: Option<String>,
    pub rule: Option<String>,
    /// What had broken, if the page itself knows.
    pub cause: Option<String>,
    /// Who was logged in.
    pub person: Option<PartyId>,
}

/// Notes on their way to the store.
#[derive(Debug, Default)]
pub(crate) struct Notebook {
    waiting: Mutex<Waiting>,
    /// Held while notes go to the store: whoever looks one up waits for those under way.
    going: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Waiting {
    notes: Vec<Note>,
    strangers: usize,
    written: usize,
    /// Not noted, because too many waited.
    dropped: u64,
}

impl Waiting {
    fn put(&mut self, note: Note) {
        let stranger = is_strangers(&note);
        if self.notes.len() >= WAITING || (stranger && self.strangers >= OF_STRANGERS) {
            self.dropped = self.dropped.saturating_add(1);
            return;
        }
        self.strangers += usize::from(stranger);
        self.notes.push(note);
    }
}

/// Nobody was logged in, and nothing of ours had failed.
fn is_strangers(note: &Note) -> bool {
    note.person.is_none() && note.cause.is_none() && note.status.is_none_or(|status| status < 500)
}

impl Notebook {
    fn with<T>(&self, work: impl FnOnce(&mut Waiting) -> T) -> T {
        work(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn dropped(&self) -> u64 {
        self.with(|waiting| waiting.dropped)
    }
}

impl App {
    /// A page has shown a problem.
    pub fn note_shown(&self, shown: Shown) {
        let Ok(reference) = shown.reference.parse() else { return };
        let note = Note {
            code: Some(short(&shown.code)),
            status: Some(shown.status),
            method: Some(short(&shown.method)),
            route: shown.route.as_deref().map(short),
            rule: shown.rule.as_deref().map(short),
            cause: shown.cause.as_deref().map(short),
            person: shown.person,
            ..self.note(reference)
        };
        self.notebook().with(|waiting| waiting.put(note));
    }

    /// Something of ours has broken; whoever is told so gets this reference.
    pub(crate) fn note_fault(&self, reference: &Reference, error: &dyn std::error::Error) {
        let mut cause = error.to_string();
        let mut deeper = error.source();
        while let Some(source) = deeper {
            cause = format!("{cause}: {source}");
            deeper = source.source();
        }
        let note = Note { cause: Some(short(&cause)), ..self.note(reference.clone()) };
        self.notebook().with(|waiting| waiting.put(note));
    }

    fn note(&self, reference: Reference) -> Note {
        Note {
            reference,
            at: self.now(),
            node: self.settings().node.clone(),
            code: None,
            status: None,
            method: None,
            route: None,
            rule: None,
            cause: None,
            person: None,
        }
    }

    /// Writes what waits. What cannot be written now waits on.
    pub(crate) async fn keep_notes(&self) -> Result<(), Refusal> {
        let _going = self.notebook().going.lock().await;
        let notes = self.notebook().with(|waiting| {
            waiting.strangers = 0;
            std::mem::take(&mut waiting.notes)
        });
        if notes.is_empty() {
            return Ok(());
        }
        let (wanted, written) = (notes.clone(), notes.len());
        let kept = self
            .write_plain(move |tx| {
                for note in &wanted {
                    store::problems::keep(tx, note)?;
                }
                Ok(())
            })
            .await;
        if let Err(refusal) = kept {
            self.notebook().with(|waiting| {
                for note in notes {
                    waiting.put(note);
                }
            });
            return Err(refusal);
        }
        let trim = self.notebook().with(|waiting| {
            waiting.written += written;
            let due = waiting.written >= TRIM_EVERY;
            if due {
                waiting.written = 0;
            }
            due
        });
        if trim {
            self.write_plain(|tx| Ok(store::problems::forget_above(tx, MOST, MOST_OF_STRANGERS)?)).await?;
        }
        Ok(())
    }

    /// Takes away what is past its time. An idle round costs one read.
    pub(crate) async fn forget_old_notes(&self) -> Result<(), Refusal> {
        let now = self.now();
        if self.read(move |tx| Ok(store::problems::any_old(tx, now)?)).await? {
            self.write_plain(move |tx| Ok(store::problems::forget(tx, now)?)).await?;
        }
        Ok(())
    }

    /// Problems that were shown and not noted since this node began, because too many came at once.
    pub fn notes_dropped(&self) -> u64 {
        self.notebook().dropped()
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Instant;

    fn note(n: usize, person: Option<PartyId>, status: u16) -> Note {
        Note {
            reference: format!("{n:010}").parse().unwrap(),
            at: Instant::from_micros(0),
            node: "a".into(),
            code: None,
            status: Some(status),
            method: None,
            route: None,
            rule: None,
            cause: None,
            person,
        }
    }

    #[test]
    fn a_flood_of_strangers_leaves_room_for_visitors_and_faults() {
        let book = Notebook::default();
        for n in 0..5000 {
            book.with(|waiting| waiting.put(note(n, None, 404)));
        }
        let person = Some(PartyId::from_bytes([7; 16]));
        book.with(|waiting| waiting.put(note(5001, person, 404)));
        book.with(|waiting| waiting.put(note(5002, None, 500)));
        assert_eq!(book.with(|waiting| waiting.notes.len()), OF_STRANGERS + 2);
        assert_eq!(book.dropped(), 5000 - OF_STRANGERS as u64);
        for n in 6000..9000 {
            book.with(|waiting| waiting.put(note(n, person, 403)));
        }
        assert_eq!(book.with(|waiting| waiting.notes.len()), WAITING);
    }
}
