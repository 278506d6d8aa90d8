//! The background work of a node: orders at the provider, the log's sequencer, mail, deadlines.
//!
//! Each kind runs in a loop of its own, so that a slow mail server delays no login. What two nodes must not do at once
//! is claimed by a row in the store; a node that dies leaves its claims to run out.

use crate::core::App;
use crate::due::{self, Rest};
use crate::outbox::Letters;
use crate::refusal::Refusal;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often a loop looks without being woken.
const ROUND: Duration = Duration::from_millis(500);
/// The longest between two tries of what fails, however long the trouble lasts; of the log, whose records are to have
/// their place within two seconds.
const LONGEST: Duration = Duration::from_secs(60);
const LONGEST_OF_LOG: Duration = Duration::from_secs(2);
/// The loop of the log.
const LOG: &str = "log";
/// What the log waits for more records before it gives them their places: those of all who write at once get one signature.
const GATHER: Duration = Duration::from_millis(50);

impl App {
    /// Runs until `stop` says so.
    pub async fn run_jobs(&self, letters: Arc<dyn Letters>, stop: watch::Receiver<bool>) {
        let mut loops = JoinSet::new();
        let app = self.clone();
        loops.spawn(every("orders", self.clone(), stop.clone(), ROUND, move || {
            let app = app.clone();
            async move { app.collect_orders().await.map(|_| ()) }
        }));
        let app = self.clone();
        loops.spawn(every(LOG, self.clone(), stop.clone(), ROUND, move || {
            let app = app.clone();
            async move { app.advance_log().await }
        }));
        let app = self.clone();
        loops.spawn(every("clock", self.clone(), stop.clone(), 2 * ROUND, move || {
            let app = app.clone();
            async move { app.ask_the_time().await }
        }));
        let app = self.clone();
        loops.spawn(every("mail", self.clone(), stop.clone(), 2 * ROUND, move || {
            let (app, letters) = (app.clone(), letters.clone());
            async move {
                let _round = app.calendar().read().await;
                app.send_mail(letters.as_ref(), app.now()).await.map(drop)
            }
        }));
        let app = self.clone();
        loops.spawn(every("deadlines", self.clone(), stop.clone(), 10 * ROUND, move || {
            let app = app.clone();
            async move {
                let _round = app.calendar().read().await;
                app.deliver_requests().await?;
                while app.carry_out_due().await? == Rest::Some {}
                app.drop_old_forms().await?;
                app.forget_old_notes().await?;
                app.warn_of_expiries().await?;
                app.forget_expired().await?;
                app.watch_floods().await
            }
        }));
        let app = self.clone();
        loops.spawn(every("notes", self.clone(), stop.clone(), 2 * ROUND, move || {
            let app = app.clone();
            async move { app.keep_notes().await }
        }));
        let app = self.clone();
        loops.spawn(every("log-outs", self.clone(), stop.clone(), 2 * ROUND, move || {
            let app = app.clone();
            async move { app.tell_logouts().await }
        }));
        let app = self.clone();
        loops.spawn(every("keys", self.clone(), stop, 2 * ROUND, move || {
            let app = app.clone();
            async move {
                if app.refresh_keys().await.map_err(|e| app.broken(crate::Stop::Store(e)))? {
                    app.rewrap_vault().await?;
                }
                Ok(())
            }
        }));
        while loops.join_next().await.is_some() {}
    }
}

impl App {
    async fn carry_out_due(&self) -> Result<Rest, Refusal> {
        let app = self.clone();
        self.write_plain(move |tx| due::carry_out(tx, &app, app.now())).await
    }
}

/// Until there is something to do for the loop.
async fn called(name: &str, app: &App) {
    if name == LOG {
        app.log_woken().await;
        tokio::time::sleep(GATHER).await;
    } else {
        app.woken().await;
    }
}

/// Runs `work` when the application is woken, and at least once a `pause`; waits longer after a failure.
async fn every<F, W>(name: &'static str, app: App, mut stop: watch::Receiver<bool>, pause: Duration, work: F)
where
    F: Fn() -> W + Send,
    W: Future<Output = Result<(), Refusal>> + Send,
{
    let mut failures = 0u32;
    loop {
        match work().await {
            Ok(()) => failures = 0,
            // It is told as it begins and as it ends, costs nothing to try, and must not be found out late to be over.
            Err(Refusal::Full | Refusal::Clock) => failures = 1,
            Err(refusal) => {
                failures = failures.saturating_add(1);
                tracing::warn!(job = name, ?refusal, failures, "background work failed; it is tried again");
            }
        }
        let longest = if name == LOG { LONGEST_OF_LOG } else { LONGEST };
        let wait = pause * 2u32.saturating_pow(failures.min(7));
        tokio::select! {
            () = tokio::time::sleep(wait.min(longest)) => {}
            () = called(name, &app), if failures == 0 => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
        if *stop.borrow() {
            return;
        }
    }
}
