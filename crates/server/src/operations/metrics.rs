//! `/metrics`: Prometheus text format 0.0.4. What each tells and when to act stands in `docs/operate.md`, whose table a
//! test compares with what is printed here. What the node knows by itself is told also while the store does not answer.

use app::App;
use axum::extract::State;
use axum::response::IntoResponse;
use http::header;
use std::fmt::Write as _;

pub async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let node = app.node_status();
    let mut text = Text::default();
    text.gauge(
        "behorig_store_failing_seconds",
        "Since the first write that failed; 0: writing works.",
        node.store_failing,
    );
    text.family(
        "behorig_provider_failing_seconds",
        "Since the e-ID first did not answer; 0: it does.",
        "gauge",
    );
    text.line("behorig_provider_failing_seconds{provider=\"bankid\"}", node.provider.failing);
    text.family(
        "behorig_provider_calls_total",
        "Calls of this node to the e-ID, by what became of them.",
        "counter",
    );
    for (result, count) in
        [("answered", node.provider.calls.answered), ("failed", node.provider.calls.failed)]
    {
        let name = format!("behorig_provider_calls_total{{provider=\"bankid\",result=\"{result}\"}}");
        text.line(&name, count);
    }
    text.family(
        "behorig_notes_dropped_total",
        "Problems that were shown and not noted for support.",
        "counter",
    );
    text.line("behorig_notes_dropped_total", node.notes_dropped);
    let floods = app.floods();
    text.gauge(
        "behorig_beginnings_waiting",
        "Logins and requests of e-services that are under way.",
        floods.waiting,
    );
    text.family(
        "behorig_beginnings_refused_total",
        "Logins and requests by strangers that this node refused because there were too many.",
        "counter",
    );
    text.line("behorig_beginnings_refused_total", floods.refused);
    let (status, expiries) = (app.status().await, app.expiries().await);
    text.gauge("behorig_store_up", "1 when the store answers.", u8::from(status.is_ok()));
    if let Ok(status) = status {
        text.gauge("behorig_store_full", "1 while the store has no room to write.", u8::from(status.full));
        text.gauge(
            "behorig_clock_off_seconds",
            "How far the machine's clock is off; 0 while it is trusted. Nothing is answered meanwhile.",
            status.clock_off.as_secs(),
        );
        text.gauge("behorig_epoch", "The life of the store: each restore begins another.", status.head.epoch);
        text.gauge("behorig_seq", "Number of the last change.", status.head.seq.0);
        text.gauge("behorig_log_size", "Records in the log's tree.", status.log_size);
        text.gauge(
            "behorig_log_waiting",
            "Records that wait for their place in the tree.",
            status.log_waiting,
        );
        text.gauge(
            "behorig_log_unsigned_seconds",
            "Age of the oldest record that no checkpoint covers.",
            status.log_unsigned.as_secs(),
        );
        text.gauge("behorig_mail_waiting", "Letters that wait to be sent.", status.mail_waiting);
        text.gauge(
            "behorig_mail_oldest_seconds",
            "Age of the oldest letter that waits.",
            status.mail_oldest.as_secs(),
        );
        text.gauge(
            "behorig_due_late_seconds",
            "Since the oldest deadline that is not carried out.",
            status.due_late.as_secs(),
        );
    }
    if let Ok(expiries) = expiries {
        let now = app.wall_now();
        text.family("behorig_expires_seconds", "Until it runs out; negative: it has.", "gauge");
        for expiring in expiries {
            let name = format!("behorig_expires_seconds{{what=\"{}\"}}", expiring.what.word());
            text.line(&name, expiring.seconds_left(now));
        }
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text.0)
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn gauge(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.family(name, help, "gauge");
        self.line(name, value);
    }

    fn family(&mut self, name: &str, help: &str, kind: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{name} {value}");
    }
}
