//! Moving domain time forward, with everything that falls due on the way at its own instant and in order.
//!
//! A step to an instant and what falls due at it are committed together: nobody ever sees a time at which something due
//! has not happened, and a case that lapses on day 5 has its record and its letter dated day 5, before those of day 6.

use crate::core::App;
use crate::due;
use crate::outbox::{Letters, Tried};
use crate::refusal::Refusal;
use activity::{Record, RecordClass};
use domain::{Clock as _, Instant};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::Movable;

/// The furthest that one call may move the clock: ten years, as far as the simulators go.
const LONGEST_STEP: Duration = Duration::from_secs(10 * 366 * 24 * 3600);
/// The furthest in all.
const LONGEST: Duration = Duration::from_secs(15 * 366 * 24 * 3600);

/// Something outside the store that moves with it, such as the simulators' timers. Asked first: if it does not move,
/// nothing does.
pub trait Beside: Send + Sync + std::fmt::Debug {
    fn advance<'a>(&'a self, by: Duration) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>>;
}

/// How far the clock is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    By(Duration),
    To(Instant),
}

/// What has been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub from: Instant,
    pub to: Instant,
}

/// Why the clock was not moved.
#[derive(Debug)]
pub enum NotMoved {
    /// Only forward.
    Backwards,
    /// More than ten years at once, or fifteen in all.
    TooFar,
    /// What moves beside it did not.
    Beside(String),
    /// The store stopped on the way: what had been due until then is done, and time stands there.
    Broken(Refusal),
}

/// The one way in which domain time moves; there is none for a production store.
#[derive(Debug, Clone)]
pub struct Mover {
    app: App,
    letters: Arc<dyn Letters>,
    beside: Vec<Arc<dyn Beside>>,
}

impl Mover {
    /// `None` for a production store.
    pub fn of(app: App, letters: Arc<dyn Letters>, beside: Vec<Arc<dyn Beside>>) -> Option<Mover> {
        match Movable::from(app.installation().environment) {
            Movable::Yes => Some(Mover { app, letters, beside }),
            Movable::No => None,
        }
    }

    /// Moves the clock, carries out what falls due on the way, sends its letters and signs the log over it.
    pub async fn advance(&self, wanted: Wanted) -> Result<Moved, NotMoved> {
        let app = &self.app;
        // No round of the calendar or of the mail beside it: each would do the due work at a time of its own.
        let _alone = app.calendar().write().await;
        app.refresh_clock().await.map_err(NotMoved::Broken)?;
        let (base, ahead) = (app.domain_clock().base_now(), app.domain_clock().ahead());
        let from = base + ahead;
        let by = match wanted {
            Wanted::By(by) => by,
            Wanted::To(to) => to.since(from),
        };
        if by.is_zero() {
            return Err(NotMoved::Backwards);
        }
        if by > LONGEST_STEP || ahead + by > LONGEST {
            return Err(NotMoved::TooFar);
        }
        for beside in &self.beside {
            beside.advance(by).await.map_err(NotMoved::Beside)?;
        }
        let moved = Moved { from, to: from + by };
        self.walk(base, moved).await.map_err(NotMoved::Broken)?;
        // Acknowledged is in the tree: else the log would look as if it had waited for days.
        app.advance_log().await.map_err(NotMoved::Broken)?;
        app.wake();
        Ok(moved)
    }

    async fn walk(&self, base: Instant, moved: Moved) -> Result<(), Refusal> {
        let mut mail = self.step(base, moved.from, Tried::All, None).await?;
        let mut at = moved.from;
        loop {
            let (after, asked) = (at, mail);
            let next = self.app.read(move |tx| due::next(tx, after, asked)).await?;
            let Some(next) = next.filter(|next| *next < moved.to) else { break };
            mail = self.step(base, next, mail, None).await?;
            at = next;
        }
        self.step(base, moved.to, mail, Some(moved)).await.map(drop)
    }

    /// To one instant, with what is due at it. Says whether the mail server took the letters so far.
    async fn step(
        &self,
        base: Instant,
        at: Instant,
        mail: Tried,
        end: Option<Moved>,
    ) -> Result<Tried, Refusal> {
        let mut end = end.map(|moved| record(&self.app, moved));
        loop {
            let (app, end) = (self.app.clone(), end.take());
            let (ahead, rest) = self
                .app
                .write_plain(move |tx| {
                    let ahead = store::clock::raise(tx, at.since(base))?;
                    let rest = due::carry_out(tx, &app, at)?;
                    if let Some(record) = &end {
                        app.append(tx, record)?;
                    }
                    Ok((ahead, rest))
                })
                .await?;
            self.app.domain_clock().raise(ahead);
            if rest == due::Rest::None {
                break;
            }
        }
        // A server that does not answer now is not asked at each of its letters' instants: the rest waits for the loop.
        match mail {
            Tried::All => self.app.send_mail(self.letters.as_ref(), at).await,
            Tried::Stuck => Ok(Tried::Stuck),
        }
    }
}

fn record(app: &App, moved: Moved) -> Record {
    Record {
        party: Some(app.agency()),
        detail: BTreeMap::from([
            ("from".to_owned(), moved.from.to_string()),
            ("to".to_owned(), moved.to.to_string()),
        ]),
        ..Record::new(app.entropy(), moved.to, RecordClass::System, "clock.moved")
    }
}
