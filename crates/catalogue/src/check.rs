//! What must hold in a catalogue as a whole. The same checks run on files and on the stored form.

use crate::canonical::Form;

/// One thing that does not hold, and at which [`key`].
#[derive(Debug)]
pub(crate) struct Finding {
    pub at: String,
    pub what: String,
    pub fix: String,
}

/// The name of a place: service, kind of thing, id. Parts of a thing append theirs after a slash.
pub(crate) fn key(service: &str, what: &str, id: &str) -> String {
    match what {
        "" => service.to_owned(),
        _ => format!("{service}/{what}/{id}"),
    }
}

pub(crate) fn check(_form: &Form) -> Vec<Finding> {
    Vec::new()
}
