//! The life of one order: started, polled, renewed, completed or ended.

use domain::Instant;
use trust::bankid::Operation;

use super::{
    BankId, LONGEST, METHOD, MOST_RENEWALS, MOST_TROUBLES, PAGE_LIMIT, PATIENCE, POLL_EVERY,
    answer::{Collected, Completed},
    client::CallError,
    codes::{ErrorCode, FailedHint},
    outcome::{self, Situation},
    verify::{verify_login, verify_signature},
};
use crate::{
    browser::BrowserHash,
    method::{Answer, Completion, Method, Progress, StartRequest},
    order::{Asked, Order},
    outcome::{Failure, Outcome, Retry},
};

impl BankId {
    async fn begin(&self, request: &StartRequest) -> Result<Order, Failure> {
        let asked = Asked::new(request, &*self.entropy);
        let provider = self.start_at_provider(&asked).await?;
        Ok(Order {
            asked,
            started_at: provider.received_at,
            renewals: 0,
            provider,
            ended: false,
            revision: 0,
        })
    }

    async fn step(&self, order: &mut Order, browser: &BrowserHash) -> Progress {
        if !order.belongs_to(browser) {
            return Progress::Foreign;
        }
        if order.ended {
            return Progress::Gone;
        }
        let now = self.now();
        let situation = order.situation();
        if order.age(now) > LONGEST {
            return end(order, outcome::failed(&FailedHint::ExpiredTransaction, situation), "order:too_old");
        }
        let asked_lately = order.provider.collected_at.is_some_and(|at| now.since(at) < POLL_EVERY);
        if asked_lately {
            return Progress::Pending(outcome::pending(&order.provider.hint, situation));
        }
        order.provider.collected_at = Some(now);
        match self.counted(self.client.collect(&order.provider.reference).await) {
            Ok(Collected::Pending(hint)) => {
                if hint != order.provider.hint || order.provider.troubles != 0 {
                    order.changed();
                }
                order.provider.troubles = 0;
                order.provider.troubled_since = None;
                order.provider.hint = hint;
                Progress::Pending(outcome::pending(&order.provider.hint, situation))
            }
            Ok(Collected::Failed(FailedHint::StartFailed)) => self.renew(order).await,
            Ok(Collected::Failed(hint)) => {
                end(order, outcome::failed(&hint, situation), &format!("hint:{}", hint.as_str()))
            }
            Ok(Collected::Complete(answer)) => self.complete(order, browser, &answer),
            Err(error) => self.not_collected(order, &error, now),
        }
    }

    /// Nobody picked the order up in 30 s: a new one, silently, while the page's own limit lasts.
    async fn renew(&self, order: &mut Order) -> Progress {
        let spent = order.renewals >= MOST_RENEWALS || order.age(self.now()) >= PAGE_LIMIT;
        if spent {
            return end(order, outcome::not_started(order.situation()), "hint:startFailed");
        }
        match self.start_at_provider(&order.asked).await {
            Ok(provider) => {
                order.provider = provider;
                order.renewals += 1;
                order.changed();
                Progress::Pending(outcome::pending(&order.provider.hint, order.situation()))
            }
            Err(failure) => {
                let cause = failure.cause.clone();
                end(order, failure.outcome, &cause)
            }
        }
    }

    fn complete(&self, order: &mut Order, browser: &BrowserHash, answer: &Completed) -> Progress {
        let now = self.now();
        order.ended = true;
        order.changed();
        let completion = if order.is_signature() {
            verify_signature(order, browser, answer, &self.rules, now)
                .map(|signature| Completion::Signature(Box::new(signature)))
        } else {
            verify_login(order, browser, answer, &self.rules, now)
                .map(|login| Completion::Login(Box::new(login)))
        };
        match completion {
            Ok(completion) => Progress::Completed(completion),
            Err(failure) => {
                tracing::warn!(cause = failure.cause, "a BankID completion was refused");
                Progress::Failed(failure)
            }
        }
    }

    fn not_collected(&self, order: &mut Order, error: &CallError, now: Instant) -> Progress {
        // Another request has collected it, or the provider has forgotten it: never a fault to show
        // (a completion is delivered once; asking again gives `invalidParameters`).
        if matches!(error, CallError::Refused { code: ErrorCode::InvalidParameters, .. }) {
            order.ended = true;
            order.changed();
            return Progress::Gone;
        }
        let outcome = outcome::call(error);
        let passing = outcome.retry == Retry::Silently || *error == CallError::TimedOut;
        order.provider.troubles = order.provider.troubles.saturating_add(1);
        let since = *order.provider.troubled_since.get_or_insert(now);
        order.changed();
        if passing && order.provider.troubles < MOST_TROUBLES {
            return Progress::Pending(outcome::pending(&order.provider.hint, order.situation()));
        }
        // The person may have approved already: the answer is waited for, and it is told that it is.
        if passing && now.since(since) < PATIENCE {
            return Progress::Pending(outcome::silent(&order.provider.hint, order.situation()));
        }
        let failure = self.call_failed("collect", error);
        end(order, failure.outcome, &failure.cause)
    }

    async fn stop(&self, order: &mut Order) -> Result<(), Failure> {
        if order.ended {
            return Ok(());
        }
        order.ended = true;
        order.changed();
        match self.counted(self.client.cancel(&order.provider.reference).await) {
            Ok(()) | Err(CallError::Refused { code: ErrorCode::InvalidParameters, .. }) => Ok(()),
            Err(error) => Err(self.call_failed("cancel", &error)),
        }
    }
}

fn end(order: &mut Order, outcome: Outcome, cause: &str) -> Progress {
    order.ended = true;
    order.changed();
    Progress::Failed(Failure::new(outcome, cause))
}

impl Order {
    fn situation(&self) -> Situation {
        let operation = if self.is_signature() { Operation::Signing } else { Operation::Identification };
        Situation { operation, device: self.asked.device }
    }
}

impl Method for BankId {
    fn id(&self) -> &'static str {
        METHOD
    }

    fn start<'a>(&'a self, request: &'a StartRequest) -> Answer<'a, Result<Order, Failure>> {
        Box::pin(self.begin(request))
    }

    fn poll<'a>(&'a self, order: &'a mut Order, browser: &'a BrowserHash) -> Answer<'a, Progress> {
        Box::pin(self.step(order, browser))
    }

    fn cancel<'a>(&'a self, order: &'a mut Order) -> Answer<'a, Result<(), Failure>> {
        Box::pin(self.stop(order))
    }
}
