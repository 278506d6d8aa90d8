//! `/for/{party}/operations`: how the system stands and what of its own runs out, for those who run it.
//!
//! The same list as the metric `behorig_expires_seconds` and `behorig check`; `docs/operate.md` says what to do.

use app::App;
use app::expiries::{Expiring, FAILS_WITHIN, READ as EXPIRIES};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use login::pulse::{LATELY, Standing};
use page::door::Visitor;
use page::{Badge, Facts, Problem, TimeTag, Tone, Tr, codes};
use std::time::Duration;

use crate::hall::Hall;

/// What seeing the page needs.
pub(crate) const READ: &str = EXPIRIES;

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/for/{party}/operations", get(page))
}

struct Row {
    what: String,
    todo: String,
    at: TimeTag,
    left: Badge,
}

#[derive(Template)]
#[template(path = "operations/page.html")]
struct Body<'a> {
    tr: &'a Tr,
    rows: Vec<Row>,
    facts: Facts,
}

async fn page(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    if visitor.party.id != app.agency() {
        return Err(Problem::of(&codes::NOT_FOUND).in_frame(visitor.frame("")));
    }
    let refused = |refusal| visitor.refused(refusal);
    let expiries = app.expiries_seen(&visitor.visit).await.map_err(refused)?;
    let status = app.status().await.map_err(refused)?;
    let (tr, node) = (visitor.tr(), app.node_status());
    let now = app.wall_now();
    let age = |time: Duration| tr.with("operations-seconds", &[("count", time.as_secs().into())]);
    let fails = |seconds: u64| fails(tr, seconds);
    let facts = Facts::new()
        .fact(tr.get("operations-store"), fails(node.store_failing))
        .fact(tr.get("operations-provider"), provider(tr, node.provider))
        .fact(tr.get("operations-log"), age(status.log_unsigned))
        .fact(tr.get("operations-mail"), tr.number(status.mail_waiting))
        .fact(tr.get("operations-mail-oldest"), age(status.mail_oldest))
        .fact(tr.get("operations-late"), age(status.due_late));
    let rows = expiries.iter().map(|expiring| row(tr, expiring, now)).collect();
    Ok(visitor.frame(tr.get("operations-title")).wide().render(&Body { tr, rows, facts }))
}

fn fails(tr: &Tr, seconds: u64) -> String {
    match seconds {
        0 => tr.get("operations-well"),
        seconds => tr.with("operations-fails", &[("count", seconds.into())]),
    }
}

/// One that answers now may have failed a moment ago, and will again: how often is told too.
fn provider(tr: &Tr, standing: Standing) -> String {
    let now = fails(tr, standing.failing);
    match standing.lately.failed {
        0 => now,
        failed => {
            let counts = [
                ("failed", failed.into()),
                ("all", standing.lately.all().into()),
                ("minutes", LATELY.into()),
            ];
            format!("{now}. {}", tr.with("operations-provider-lately", &counts))
        }
    }
}

fn row(tr: &Tr, expiring: &Expiring, now: domain::Instant) -> Row {
    let days = expiring.days_left(now);
    let word = expiring.what.word().replace('_', "-");
    let left = match u64::try_from(days) {
        Err(_) => Badge::new(Tone::Error, tr.get("operations-expired")),
        Ok(left) => {
            let text = tr.with("operations-days", &[("count", left.into())]);
            match expiring.passed(now) {
                None => Badge::new(Tone::Success, text),
                Some(_) if days < FAILS_WITHIN => Badge::new(Tone::Error, text),
                Some(_) => Badge::new(Tone::Warning, text),
            }
        }
    };
    Row {
        what: tr.get(&format!("expiry-{word}")),
        todo: tr.get(&format!("expiry-{word}-do")),
        at: tr.time_tag(expiring.at),
        left,
    }
}

#[cfg(test)]
mod tests {
    use app::expiries::What;
    use keyring::Purpose;
    use page::{Lang, Texts};

    #[test]
    fn everything_that_runs_out_has_words() {
        let texts = Texts::new(&crate::texts()).unwrap();
        let certificates = [
            What::BankidCertificate,
            What::BankidIssuers,
            What::BankidServerRoots,
            What::BankidSigningRoots,
            What::PublicCertificate,
        ];
        for what in certificates.into_iter().chain(Purpose::ALL.map(What::Key)) {
            let word = what.word().replace('_', "-");
            for key in [format!("expiry-{word}"), format!("expiry-{word}-do")] {
                assert!(Lang::ALL.iter().all(|lang| texts.tr(*lang).has(&key)), "{key}");
            }
        }
    }
}
