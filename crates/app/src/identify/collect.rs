//! Asking the provider how orders stand. Run by the background loop of every node; a row is claimed before it is asked
//! about, so that one node asks at most once in two seconds.

use super::begin::{failure_record, failure_record_of};
use super::{ABANDONED, Body, COLLECTED, End, FAILED, ORDER_MOVED_ON, PENDING, Purpose};
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use activity::{FaultClass, Record};
use domain::{Instant, OrderId};
use login::bankid::POLL_EVERY;
use login::bankid::client::Client;
use login::{BrowserHash, Completion, Method as _, Progress, VerifiedSignature};
use std::sync::PoisonError;
use std::time::Duration;
use store::orders::Order as Row;

/// Orders asked about in one round, at once.
const AT_ONCE: u32 = 64;

/// Between two tries to keep what was given once.
const AGAIN: Duration = Duration::from_millis(500);

/// What the provider gives once.
#[derive(Clone, Copy)]
enum Given<'g> {
    Login,
    Signature(&'g VerifiedSignature),
    Failure(&'g Record),
}

impl App {
    /// One round. Returns how many orders are still on their way.
    pub(crate) async fn collect_orders(&self) -> Result<usize, Refusal> {
        let pending = self.read(|tx| Ok(store::orders::pending(tx, AT_ONCE)?)).await?;
        let mut asked = tokio::task::JoinSet::new();
        let waiting = pending.len();
        for (id, last) in pending {
            if last.is_none_or(|at| self.now().since(at) >= POLL_EVERY) {
                let app = self.clone();
                asked.spawn(async move { app.collect_one(id).await });
            }
        }
        while let Some(done) = asked.join_next().await {
            match done {
                Ok(Err(Refusal::Conflict(_) | Refusal::NotFound)) | Ok(Ok(())) => {}
                Ok(Err(refusal)) => tracing::warn!(?refusal, "an order could not be asked about"),
                Err(error) => tracing::error!(%error, "an order's question was cut off"),
            }
        }
        Ok(waiting)
    }

    async fn collect_one(&self, id: OrderId) -> Result<(), Refusal> {
        let app = self.clone();
        let claimed = self
            .write_plain(move |tx| {
                let now = app.now();
                if !store::orders::claim_collect(tx, id, now, POLL_EVERY)? {
                    return Ok(None);
                }
                Ok(store::orders::find(tx, &app.ring(), id)?)
            })
            .await?;
        let Some(row) = claimed.filter(|row| row.state == PENDING) else { return Ok(()) };
        let mut body = Body::of(&row).map_err(|stop| self.broken(stop))?;
        let revision = body.order.revision();
        let browser = BrowserHash::from_bytes(row.browser_hash);
        match self.bankid().poll(&mut body.order, &browser).await {
            Progress::Pending(outcome) => {
                if body.order.revision() != revision || body.message != outcome.text {
                    outcome.text.clone_into(&mut body.message);
                    self.keep(&row, PENDING, &body).await?;
                }
                Ok(())
            }
            Progress::Completed(Completion::Login(login)) => {
                // Durable before anybody sees it: the provider gives a completion once.
                body.answer = Some(login.evidence().answer().to_vec());
                self.keep_given(row, &body, Given::Login).await
            }
            Progress::Completed(Completion::Signature(signature)) => {
                body.answer = Some(signature.evidence().answer().to_vec());
                self.keep_given(row, &body, Given::Signature(&signature)).await
            }
            Progress::Failed(failure) => {
                let record = failure_record_of(self, event_of(&body.purpose), &failure);
                let outcome = failure.outcome;
                body.end = Some(End::Failed {
                    text: outcome.text.to_owned(),
                    code: outcome.code.as_str().to_owned(),
                    reference: Some(record.reference.to_string()),
                });
                self.keep_given(row, &body, Given::Failure(&record)).await
            }
            Progress::Gone => {
                // A completion is given once. Another node may hold it in its hand and be about to keep it: as long as
                // a call may take, the order is left alone. After that nobody has it.
                if !self.is_gone_for_good(id) {
                    return Ok(());
                }
                let record = failure_record(self, event_of(&body.purpose), "gone", FaultClass::Us);
                body.end = Some(End::Failed {
                    text: "bankid-rfa22".into(),
                    code: "provider_down".into(),
                    reference: Some(record.reference.to_string()),
                });
                self.keep_with(&row, FAILED, &body, Some(record)).await
            }
            // The row carries the hash that the order was begun with; this cannot be but by a damaged row.
            Progress::Foreign => Err(Refusal::NotFound),
        }
    }

    /// Whether the provider has said for longer than a call may take that it knows nothing of this order.
    fn is_gone_for_good(&self, id: OrderId) -> bool {
        // How long a call takes is told by the machine's time.
        let now = self.wall_now();
        let mut gone = self.gone().lock().unwrap_or_else(PoisonError::into_inner);
        // Orders that another node has ended are not asked about again; their notes go after a while.
        gone.retain(|other, since| *other == id || now.since(*since) < 10 * Client::CALL);
        let since = *gone.entry(id).or_insert(now);
        // A call, and as long again to keep what it gave.
        let for_good = now.since(since) >= 2 * Client::CALL;
        if for_good {
            gone.remove(&id);
        }
        for_good
    }

    /// Keeps what was given once. A store that is away or full for a moment must not lose it: as long as a call may take,
    /// others do not count the order as gone.
    async fn keep_given(&self, row: Row, body: &Body, given: Given<'_>) -> Result<(), Refusal> {
        let begun = self.wall_now();
        loop {
            let kept = match given {
                Given::Login => self.keep(&row, COLLECTED, body).await,
                Given::Signature(signature) => self.sign_off(&row, body, signature).await,
                Given::Failure(record) => self.keep_with(&row, FAILED, body, Some(record.clone())).await,
            };
            match kept {
                // The visitor has left, or another node has kept it.
                Err(Refusal::Conflict(ORDER_MOVED_ON)) => return Ok(()),
                Err(Refusal::Unavailable | Refusal::Full) if self.wall_now().since(begun) < Client::CALL => {
                    tokio::time::sleep(AGAIN).await;
                }
                kept => return kept,
            }
        }
    }

    /// Carries out what was signed, or keeps why not.
    async fn sign_off(&self, row: &Row, body: &Body, signature: &VerifiedSignature) -> Result<(), Refusal> {
        let Some(not_done) = self.carry_out(row, body, signature).await? else { return Ok(()) };
        let body = Body { answer: None, end: Some(not_done.end), ..body.clone() };
        self.keep_with(row, FAILED, &body, Some(not_done.record)).await
    }

    async fn keep(&self, row: &Row, state: &'static str, body: &Body) -> Result<(), Refusal> {
        self.keep_with(row, state, body, None).await
    }

    async fn keep_with(
        &self,
        row: &Row,
        state: &'static str,
        body: &Body,
        record: Option<Record>,
    ) -> Result<(), Refusal> {
        let (app, body, row) = (self.clone(), body.clone(), row.clone());
        self.write_plain(move |tx| {
            put(tx, &app, &row, state, &body)?;
            if let Some(record) = &record {
                app.append(tx, record)?;
            }
            Ok(())
        })
        .await?;
        self.wake();
        Ok(())
    }

    /// Orders whose time has run out at `now` without an end: one record each, by timer. Gives how many there were.
    pub(crate) fn abandon_due(&self, tx: &mut store::Tx<'_>, now: Instant) -> Result<usize, Stop> {
        let before = now + Duration::from_micros(1);
        let late = store::orders::unfinished_before(tx, &self.ring(), before, crate::due::AT_ONCE)?;
        for row in &late {
            let body = Body::of(row)?;
            match put(tx, self, row, ABANDONED, &Body { answer: None, ..body }) {
                // It has come to another end at this moment, which has its own record.
                Err(Stop::No(Refusal::Conflict(ORDER_MOVED_ON))) => continue,
                put => put?,
            }
            let event = if row.purpose == "login" { "login.abandoned" } else { "signature.abandoned" };
            let record = Record { at: now, ..failure_record(self, event, "expired", FaultClass::User) };
            self.append(tx, &record)?;
        }
        Ok(late.len())
    }
}

/// Writes the row if nobody else has since it was read; the end of an order, if it has not ended: the provider gives a
/// completion once, and what another node, whose question took longer, has kept since of the way there holds it up no longer.
pub(crate) fn put(
    tx: &mut store::Tx<'_>,
    app: &App,
    row: &Row,
    state: &str,
    body: &Body,
) -> Result<(), Stop> {
    let next = Row { state: state.to_owned(), body: body.to_bytes()?, ..row.clone() };
    let (ring, entropy) = (app.ring(), app.entropy());
    let written = if row.state == PENDING && state != PENDING {
        store::orders::end_pending(tx, &ring, entropy, &next)?
    } else {
        store::orders::update(tx, &ring, entropy, &next, row.version)?
    };
    if written { Ok(()) } else { Err(Stop::No(Refusal::Conflict(ORDER_MOVED_ON))) }
}

fn event_of(purpose: &Purpose) -> &'static str {
    match purpose {
        Purpose::Login { .. } => "login.failed",
        Purpose::Signature(_) => "signature.failed",
    }
}
