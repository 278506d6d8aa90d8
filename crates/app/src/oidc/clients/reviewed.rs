//! Registering an e-service together with the catalogue file of its service: shown first as what will hold and who gains
//! and loses, then carried out as one change. `behorig client add --catalogue` does the same in two steps, each with a
//! record of its own; here catalogue, client and both records commit together or not at all.

use super::{MANAGE, NewClient, read_draft};
use crate::act::{Act, Want};
use crate::core::App;
use crate::installation::apply_in;
use crate::new_catalogue::{Effects, Preview, Turn, compare, detail};
use crate::refusal::{FieldFault, Refusal, Stop};
use crate::session::Visit;
use ::oidc::{Client, Draft};
use catalogue::{Catalogue, Joined, Mistake, Source};
use domain::Seq;
use std::fmt;
use std::str::FromStr;
use store::{StoreError, Tx};

/// What bringing a catalogue in force asks for.
pub const APPLY: &str = "platform.catalogue.apply";

/// The most bytes of a service's file. The form carries its text from page to page beside everything else that was
/// typed, and all of that fits into one form: 32 KiB of 64. The largest file of ours has 9.
pub const MOST_BYTES: usize = 32 * 1024;

/// The text of a service's catalogue file, fit to be carried in a form: UTF-8 without control characters, with plain line
/// ends, so that what comes back from the page of review is what was shown there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFile(String);

impl ServiceFile {
    /// # Errors
    /// `CATALOGUE_EMPTY`, `CATALOGUE_TOO_LARGE`, `CATALOGUE_UTF8` or `CATALOGUE_CONTROL`.
    pub fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        if bytes.len() > MOST_BYTES {
            return Err("CATALOGUE_TOO_LARGE");
        }
        let text = std::str::from_utf8(bytes).map_err(|_| "CATALOGUE_UTF8")?;
        // Editors on Windows begin a file with a mark and end lines with two characters. Every mark goes: what comes back
        // from the page of review is read by the same rule, and must be the same.
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        if text.trim().is_empty() {
            return Err("CATALOGUE_EMPTY");
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            return Err("CATALOGUE_CONTROL");
        }
        Ok(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn source(&self) -> Source {
        Source { file: "catalogue".to_owned(), text: self.0.clone() }
    }
}

/// What is wrong with a registration and its file, all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// By field, in the order of the form.
    pub fields: Vec<FieldFault>,
    /// Inside the file, in its order.
    pub file: Vec<Mistake>,
}

/// Why nothing was shown or done.
#[derive(Debug)]
pub enum NotReviewed {
    Faulty(Faults),
    Refused(Refusal),
}

impl From<Refusal> for NotReviewed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What will hold when the registration is confirmed.
#[derive(Debug, Clone)]
pub struct Review {
    pub client: Client,
    /// The catalogue as it will be.
    pub catalogue: Catalogue,
    /// `None`: the catalogue in force holds the service already, word by word.
    pub preview: Option<Preview>,
    pub seen: Seen,
}

/// What somebody saw on the page of review: a confirmation counts for that and for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The version that was in force then.
    in_force: Seq,
    gained: usize,
    lost: usize,
}

impl Seen {
    fn of(in_force: Seq, effects: Option<&Effects>) -> Self {
        let count = |turn| effects.map_or(0, |effects| effects.count(turn));
        Self { in_force, gained: count(Turn::Gains), lost: count(Turn::Loses) }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.in_force, self.gained, self.lost)
    }
}

/// No text of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotSeen;

impl FromStr for Seen {
    type Err = NotSeen;

    fn from_str(text: &str) -> Result<Self, NotSeen> {
        let mut parts = text.splitn(3, '-');
        let mut next = || parts.next().ok_or(NotSeen);
        Ok(Self {
            in_force: Seq(next()?.parse().map_err(|_| NotSeen)?),
            gained: next()?.parse().map_err(|_| NotSeen)?,
            lost: next()?.parse().map_err(|_| NotSeen)?,
        })
    }
}

impl App {
    /// What would hold if the e-service were registered with this file. Nothing is changed.
    ///
    /// # Errors
    /// Every mistake; or a refusal, [`Refusal::Conflict`] `CLIENT_EXISTS` among them.
    pub async fn review_client(
        &self,
        visit: &Visit,
        draft: &Draft,
        file: &ServiceFile,
    ) -> Result<Review, NotReviewed> {
        for permission in [MANAGE, APPLY] {
            self.require(visit, &Want::to(permission, self.agency())).await?;
        }
        let (app, draft, file) = (self.clone(), draft.clone(), file.clone());
        let found = self
            .read(move |tx| match joined(&app, tx, &draft, &file)? {
                Err(faults) => Ok(Err(faults)),
                Ok(joined) => joined.review(&app, tx).map(Ok),
            })
            .await?;
        let review = found.map_err(NotReviewed::Faulty)?;
        // A file only adds; but no catalogue comes in force while facts name what none of its files holds.
        match review.preview.as_ref().and_then(Preview::refused) {
            None => Ok(review),
            Some(_) => {
                let fields = vec![FieldFault::new("catalogue", "CATALOGUE_IN_USE")];
                Err(NotReviewed::Faulty(Faults { fields, file: Vec::new() }))
            }
        }
    }

    /// Brings the service in force and registers its e-service, as it was shown.
    ///
    /// # Errors
    /// As [`App::review_client`]; and [`Refusal::Conflict`] `REVIEW_OUTDATED` where something else than what was seen
    /// would be done: it must be shown again.
    pub async fn register_reviewed(
        &self,
        visit: &Visit,
        draft: &Draft,
        file: &ServiceFile,
        seen: Seen,
    ) -> Result<(), NotReviewed> {
        // Looked at first, so that mistakes are told as such; under the lock everything is decided again.
        let want = Want::to(APPLY, self.agency());
        let review = match self.review_client(visit, draft, file).await {
            Ok(review) if review.seen == seen => review,
            Ok(_) => return Err(self.refuse_by_rule(visit, &want, outdated()).await.into()),
            Err(NotReviewed::Refused(refusal)) => {
                return Err(self.refuse_by_rule(visit, &want, refusal).await.into());
            }
            Err(faulty) => return Err(faulty),
        };
        if review.preview.is_none() {
            return Ok(self.register_client(visit, draft_of(draft, &review.client.service)).await?);
        }
        let (draft, file) = (draft.clone(), file.clone());
        let done = self.change(visit, want, move |act| register(act, &draft, &file, seen)).await;
        Ok(done?)
    }
}

fn outdated() -> Refusal {
    Refusal::Conflict("REVIEW_OUTDATED")
}

fn register(act: &mut Act<'_, '_>, draft: &Draft, file: &ServiceFile, seen: Seen) -> Result<(), Stop> {
    let seq = act.seq()?;
    let manages = act.also(MANAGE)?;
    let joined = match joined(act.app, act.tx, draft, file)? {
        Ok(joined) => joined,
        // It was without fault a moment ago: the catalogue has moved on.
        Err(_) => return Err(outdated().into()),
    };
    let Review { client, catalogue, preview, seen: now } = joined.review(act.app, act.tx)?;
    let Some(preview) = preview.filter(|_| now == seen) else { return Err(outdated().into()) };
    if let Some(code) = preview.refused() {
        return Err(Refusal::Conflict(code).into());
    }
    apply_in(act.tx, seq, &catalogue, act.now)?;
    let (id, service) = (client.id.to_string(), client.service.clone());
    let new = NewClient { client, ends_at: None };
    if !store::oidc::clients::insert(act.tx, &new.stored(act.app.wall_now())?)? {
        return Err(Refusal::Conflict("CLIENT_EXISTS").into());
    }
    act.also_record("client.registered", Some(id), (&manages, MANAGE), &[("service", service.clone())])?;
    let mut told: Vec<(&str, String)> = vec![("service", service)];
    let counted = detail(&catalogue, &preview);
    told.extend(counted.iter().map(|(name, value)| (name.as_str(), value.clone())));
    act.record("catalogue.applied", None, &[], &told);
    Ok(())
}

/// A registration that reads well, beside the catalogue as it will be.
struct Together {
    client: Client,
    catalogue: Catalogue,
    in_force: Seq,
}

/// The draft for the service that the file describes.
fn draft_of(draft: &Draft, service: &str) -> Draft {
    Draft { service: service.to_owned(), ..draft.clone() }
}

fn joined(
    app: &App,
    tx: &mut Tx<'_>,
    draft: &Draft,
    file: &ServiceFile,
) -> Result<Result<Together, Faults>, Stop> {
    let latest = store::catalogues::latest(tx)?.ok_or_else(|| StoreError::Corrupt("no catalogue".into()))?;
    let before =
        Catalogue::from_canonical(&latest.body).map_err(|_| StoreError::Corrupt("catalogue".into()))?;
    let environment = app.installation().environment;
    let mut faults = Faults::default();
    let (service, catalogue) = match before.join(&file.source()) {
        Ok(Joined::New(service, catalogue)) => (service, *catalogue),
        Ok(Joined::Same(service)) => (service, before),
        Err(mistakes) => {
            faults.file = mistakes;
            faults.fields.push(FieldFault::new("catalogue", "CATALOGUE_MISTAKES"));
            // The rest of the form is read all the same, so that every mistake is told at once.
            let mut rest = read_draft(&draft_of(draft, catalogue::PLATFORM), environment, &before);
            faults.fields.extend(rest.as_mut().err().into_iter().flat_map(std::mem::take));
            return Ok(Err(faults));
        }
    };
    let chosen = draft.service.trim();
    if !chosen.is_empty() && chosen != service {
        faults.fields.push(FieldFault::new("service", "SERVICE_NOT_OF_FILE"));
    }
    match read_draft(&draft_of(draft, &service), environment, &catalogue) {
        Ok(client) if faults.fields.is_empty() => {
            if store::oidc::clients::find(tx, client.id.as_str())?.is_some() {
                return Err(Refusal::Conflict("CLIENT_EXISTS").into());
            }
            Ok(Ok(Together { client, catalogue, in_force: latest.seq }))
        }
        Ok(_) => Ok(Err(faults)),
        Err(more) => {
            faults.fields.extend(more);
            Ok(Err(faults))
        }
    }
}

impl Together {
    fn review(self, app: &App, tx: &mut Tx<'_>) -> Result<Review, Stop> {
        let Self { client, catalogue, in_force } = self;
        let preview = compare(tx, &catalogue, app.now())?;
        let effects = preview.as_ref().and_then(|preview| preview.effects.as_ref());
        let seen = Seen::of(in_force, effects);
        Ok(Review { client, catalogue, preview, seen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_carried_is_told_why() {
        let refused = |bytes: &[u8]| ServiceFile::parse(bytes).unwrap_err();
        assert_eq!(refused(b""), "CATALOGUE_EMPTY");
        assert_eq!(refused(b" \r\n\t"), "CATALOGUE_EMPTY");
        assert_eq!(refused(b"a = \"\xe5\""), "CATALOGUE_UTF8");
        assert_eq!(refused(b"a = \"\0\""), "CATALOGUE_CONTROL");
        assert_eq!(refused(&[b'#'; MOST_BYTES + 1]), "CATALOGUE_TOO_LARGE");
        assert!(ServiceFile::parse(&[b'#'; MOST_BYTES]).is_ok());
        let marked = ServiceFile::parse("\u{feff}a = 1\r\nb = \"å\"\r\n".as_bytes()).unwrap();
        assert_eq!(marked.as_str(), "a = 1\nb = \"å\"\n");
    }

    #[test]
    fn what_was_seen_comes_back_as_it_was() {
        let seen = Seen { in_force: Seq(12), gained: 3, lost: 0 };
        assert_eq!(seen.to_string(), "12-3-0");
        assert_eq!("12-3-0".parse(), Ok(seen));
        for wrong in ["", "12", "12-3", "12-3-0-1", "-1-0-0", "a-b-c", "12-3-99999999999999999999999"] {
            assert_eq!(wrong.parse::<Seen>(), Err(NotSeen), "{wrong}");
        }
    }
}
