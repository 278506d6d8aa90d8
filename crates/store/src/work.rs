//! A caller's closure made into something that an engine can queue, run again and answer.

use crate::{StoreError, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// What became of one run of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ran {
    /// The closure is content and every statement worked: keep its changes.
    Keep,
    /// The closure refused: undo its changes; its own answer stands.
    Undo,
    /// A statement failed: undo. The engine decides whether to run the job again.
    Failed(StoreError),
    /// The closure panicked: undo.
    Panicked,
}

/// A job whose types are forgotten. It may run several times; the last run counts.
pub(crate) trait Work: Send {
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran;
    /// Answers the caller: with the closure's own outcome, or with the engine's error.
    fn answer(self: Box<Self>, end: Result<(), StoreError>);
}

struct Job<F, T, E> {
    closure: F,
    outcome: Option<Result<T, E>>,
    panicked: bool,
    caller: oneshot::Sender<Result<T, E>>,
}

/// The job, and where its answer arrives.
pub(crate) fn job<F, T, E>(closure: F) -> (Box<dyn Work>, oneshot::Receiver<Result<T, E>>)
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (caller, answer) = oneshot::channel();
    (Box::new(Job { closure, outcome: None, panicked: false, caller }), answer)
}

impl<F, T, E> Work for Job<F, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        self.outcome = None;
        if self.panicked {
            return Ran::Panicked;
        }
        // After a panic the closure is never called again, so that its broken state cannot be seen.
        let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| (self.closure)(tx))) else {
            self.panicked = true;
            return Ran::Panicked;
        };
        match (outcome, tx.failed()) {
            (Ok(value), None) => {
                self.outcome = Some(Ok(value));
                Ran::Keep
            }
            (Err(refusal), None) => {
                self.outcome = Some(Err(refusal));
                Ran::Undo
            }
            (Ok(_), Some(error)) => {
                self.outcome = Some(Err(error.clone().into()));
                Ran::Failed(error.clone())
            }
            (Err(refusal), Some(error)) => {
                self.outcome = Some(Err(refusal));
                Ran::Failed(error.clone())
            }
        }
    }

    fn answer(self: Box<Self>, end: Result<(), StoreError>) {
        let outcome = match (end, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(StoreError::Panicked.into()),
            (Err(error), _) => Err(error.into()),
        };
        // A caller who went away does not need the answer; what was committed stays committed.
        let _ = self.caller.send(outcome);
    }
}
