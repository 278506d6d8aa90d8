//! From texts to a catalogue: every mistake with file, line, column and a way to mend it.

mod join;
mod service;

pub use join::Joined;

use crate::canonical::Form;
use crate::check::{Finding, key};
use crate::mistake::Mistake;
use crate::{Catalogue, Method, Service, raw};
use domain::Assurance;
use std::collections::BTreeMap;
use toml::Spanned;

/// A file as the caller read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its path, as mistakes shall name it.
    pub file: String,
    pub text: String,
}

/// The most files of either kind, and the most bytes of one.
const MOST_FILES: usize = 256;
const MOST_BYTES: usize = 1024 * 1024;

impl Catalogue {
    /// Reads the files of the services and the texts of terms that they name.
    ///
    /// A terms text is found by its path: a service file that names `terms/x.sv.md` takes the source whose path
    /// is that or ends in `/terms/x.sv.md`.
    ///
    /// # Errors
    /// All mistakes found: of a file that is not TOML of the right shape the first one, of the rest all.
    pub fn parse(sources: &[Source], terms: &[Source]) -> Result<Catalogue, Vec<Mistake>> {
        let mut reading = Reading { sources, terms, ..Reading::default() };
        if sources.len() > MOST_FILES || terms.len() > MOST_FILES {
            return Err(vec![Mistake {
                file: sources.first().map(|s| s.file.clone()).unwrap_or_default(),
                line: 1,
                column: 1,
                what: format!("more than {MOST_FILES} files"),
                fix: "name only the catalogue's own files".to_owned(),
            }]);
        }
        for index in 0..sources.len() {
            reading.file(index);
        }
        let form = Form::new(reading.methods, reading.services);
        let mut mistakes = reading.mistakes;
        match form.into_catalogue() {
            Ok(catalogue) if mistakes.is_empty() => return Ok(catalogue),
            Ok(_) => {}
            // What a thing left out would break as well is not told yet: first things first.
            Err(_) if !mistakes.is_empty() => {}
            Err(findings) => {
                for Finding { at, what, fix } in findings {
                    let (file, offset) = place(&reading.places, &at);
                    mistakes.push(mistake(sources, file, offset, what, fix));
                }
            }
        }
        mistakes.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        Err(mistakes)
    }
}

/// The nearest known place: that of the key itself, or of what it is a part of.
fn place(places: &BTreeMap<String, (usize, usize)>, at: &str) -> (usize, usize) {
    let mut at = at;
    loop {
        if let Some(place) = places.get(at) {
            return *place;
        }
        match at.rsplit_once('/') {
            Some((whole, _)) => at = whole,
            None => return (0, 0),
        }
    }
}

fn mistake(sources: &[Source], file: usize, offset: usize, what: String, fix: String) -> Mistake {
    let (name, text) = sources.get(file).map_or(("catalogue", ""), |s| (s.file.as_str(), s.text.as_str()));
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Mistake {
        file: name.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        what,
        fix,
    }
}

#[derive(Default)]
struct Reading<'s> {
    sources: &'s [Source],
    terms: &'s [Source],
    methods: BTreeMap<String, Method>,
    services: BTreeMap<String, Service>,
    /// Where each thing stands, by its [`key`].
    places: BTreeMap<String, (usize, usize)>,
    mistakes: Vec<Mistake>,
}

impl Reading<'_> {
    fn wrong(&mut self, file: usize, offset: usize, what: impl Into<String>, fix: impl Into<String>) {
        self.mistakes.push(mistake(self.sources, file, offset, what.into(), fix.into()));
    }

    fn file(&mut self, index: usize) {
        let text = &self.sources[index].text;
        if text.len() > MOST_BYTES {
            return self.wrong(index, 0, "the file is larger than 1 MiB", "split the service in two");
        }
        match toml::from_str::<raw::File>(text) {
            Ok(file) => self.service(index, file),
            Err(error) => {
                let offset = error.span().map_or(0, |span| span.start);
                let message = error.message().to_owned();
                let fix = if message.starts_with("unknown field") || message.starts_with("unknown variant") {
                    "take it away, or write one of the words that the message names"
                } else if message.starts_with("missing field") {
                    "add it here; every name and text is needed in both `sv` and `en`"
                } else {
                    "correct the file at this place"
                };
                self.wrong(index, offset, message, fix);
            }
        }
    }

    fn put(&mut self, index: usize, service: &str, what: &str, id: &Spanned<String>) {
        self.places.insert(key(service, what, id.get_ref()), (index, id.span().start));
    }

    fn duplicate(&mut self, index: usize, offset: usize, what: &str, id: &str) {
        self.wrong(
            index,
            offset,
            format!("the {what} `{id}` is there already"),
            "give one of the two another id, or take it away",
        );
    }

    fn level(&mut self, index: usize, level: &Spanned<i64>) -> Assurance {
        match u8::try_from(*level.get_ref()).ok().and_then(|l| Assurance::try_from(l).ok()) {
            Some(level) => level,
            None => {
                let what = format!("{} is not an assurance level", level.get_ref());
                self.wrong(index, level.span().start, what, "write 1, 2, 3 or 4");
                Assurance::Level4
            }
        }
    }
}
