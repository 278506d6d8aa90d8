//! One service's file beside the catalogue in force: what the page that connects an e-service takes. A file can only add
//! its own service; whatever else it says is a mistake, told like any other.

use super::{Reading, Source, mistake, place};
use crate::canonical::Form;
use crate::check::{Finding, key};
use crate::{Catalogue, Mistake, Rule, RuleKind, Service};

/// What comes of a catalogue and the file of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joined {
    /// The catalogue with the service, whose id stands beside it.
    New(String, Box<Catalogue>),
    /// The catalogue holds this service already, word by word.
    Same(String),
}

impl Joined {
    /// The service that the file describes.
    pub fn service(&self) -> &str {
        match self {
            Self::New(service, _) | Self::Same(service) => service,
        }
    }
}

impl Catalogue {
    /// This catalogue with the service of one more file. Terms stand in files of their own: a service that has any
    /// comes in force with the whole folder.
    ///
    /// # Errors
    /// All mistakes found, as [`Catalogue::parse`] tells them; and one where the file would change a service that is
    /// there, or where a rule of it speaks of another service's permissions.
    pub fn join(&self, source: &Source) -> Result<Joined, Vec<Mistake>> {
        let sources = std::slice::from_ref(source);
        let mut reading = Reading { sources, methods: self.methods.clone(), ..Reading::default() };
        reading.file(0);
        let read = reading.services.pop_first();
        if let Some((id, service)) = &read
            && let Some(had) = self.services.get(id)
        {
            let same = had == service && reading.methods == self.methods && reading.mistakes.is_empty();
            return if same { Ok(Joined::Same(id.clone())) } else { Err(vec![reading.there(id)]) };
        }
        let Some((id, service)) = read.filter(|_| reading.mistakes.is_empty()) else {
            reading.mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
            return Err(reading.mistakes);
        };
        let mut findings = foreign(&service);
        let mut services = self.services.clone();
        services.insert(id.clone(), service);
        match Form::new(reading.methods, services).into_catalogue() {
            Ok(catalogue) if findings.is_empty() => return Ok(Joined::New(id, Box::new(catalogue))),
            Ok(_) => {}
            Err(more) => findings.extend(more),
        }
        let tell = |Finding { at, what, fix }: Finding| {
            let (file, offset) = place(&reading.places, &at);
            mistake(sources, file, offset, what, fix)
        };
        let mut mistakes: Vec<Mistake> = findings.into_iter().map(tell).collect();
        mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
        Err(mistakes)
    }
}

impl Reading<'_> {
    /// A service that is in force is changed where its file lies, with all others in view.
    fn there(&self, id: &str) -> Mistake {
        let (file, offset) = place(&self.places, id);
        let what = format!("the service `{id}` is in force already and says something else");
        let fix = "give the new service another id, or change the file in the catalogue's folder and run `behorig catalogue apply`";
        mistake(self.sources, file, offset, what, fix.to_owned())
    }
}

/// Rules that bind or give what belongs to another service. Whoever describes one service has no say in that.
fn foreign(service: &Service) -> Vec<Finding> {
    let own = |entry: &&str| entry.split('.').next() == Some(service.id.as_str());
    let tell = |rule: &Rule, entry: &str| Finding {
        at: key(&service.id, "rule", &format!("{}/{entry}", rule.id)),
        what: format!("the rule speaks of `{entry}`, which is another service's"),
        fix: format!(
            "name only what begins with `{}.`; write the rule in the other service's file",
            service.id
        ),
    };
    let spoken = service.rules.iter().flat_map(|rule| {
        let entries: Vec<&str> = match &rule.kind {
            RuleKind::Gives { gives, .. } => gives.iter().map(String::as_str).collect(),
            RuleKind::TwoPersons { steps } => steps.iter().map(String::as_str).collect(),
            RuleKind::NeedsSuccessor { package } => vec![package],
        };
        entries.into_iter().map(move |entry| (rule, entry))
    });
    spoken.filter(|(_, entry)| !own(entry)).map(|(rule, entry)| tell(rule, entry)).collect()
}
