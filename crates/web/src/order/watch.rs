//! The open end of an order's page: one more line when the order changes, and at the end the order to move on.

use app::App;
use app::identify::{OrderPage, Standing};
use app::session::SecretKey;
use askama::Template;
use domain::OrderId;
use futures_util::{Stream, stream};
use login::Device;
use page::Tr;
use std::time::Duration;

use super::seats::Seat;

/// How often the row is looked at. People take half a second for "at once".
const LOOK: Duration = Duration::from_millis(500);
/// Looks between two signs of life, so that no proxy between takes the connection for dead: ten seconds.
const BEAT: u32 = 20;
/// Looks after which the page is loaded anew: six minutes, longer than an order lives without a person.
const MOST: u32 = 720;
/// Looks in a row that may fail while the store is busy.
const FAILURES: u32 = 6;

/// How the order stands, in a line.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<p class="status{{ taken }}" role="status">{{ text }}</p>
"#
)]
pub(super) struct Status<'a> {
    text: std::borrow::Cow<'a, str>,
    /// The app has the order: the code and the start link are of no more use.
    taken: &'static str,
}
impl askama::filters::HtmlSafe for Status<'_> {}

impl Status<'_> {
    pub fn of(tr: &Tr, page: &OrderPage) -> Status<'static> {
        let waiting = match page.device {
            Device::Other => page.qr.is_some(),
            Device::ThisComputer | Device::ThisMobile => page.start_link.is_some(),
        };
        let message = match &page.standing {
            Standing::Pending { message } => message.as_str(),
            _ => "",
        };
        let key = match message {
            // Before the first answer, or while nobody has opened the order: say what to do, not what the app does.
            "" | "bankid-rfa1" if page.device == Device::Other && waiting => "order-wait-scan",
            "" | "bankid-rfa1" => "order-wait-start",
            other if tr.has(other) => other,
            _ if page.is_signature => "bankid-rfa21-sign",
            _ => "bankid-rfa21-auth",
        };
        Status { text: tr.get(key).into(), taken: if waiting { "" } else { " status--taken" } }
    }
}

/// The last line, and the order to move on.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<p class="status status--taken" role="status">{{ text }}</p>
<meta http-equiv="refresh" content="0;url=/order/{{ id }}{{ end }}"></div>
"#
)]
struct Last<'a> {
    text: &'a str,
    id: OrderId,
    end: &'static str,
}

/// A page's open end. Dropped with its connection, and its seat with it.
#[derive(Debug)]
pub(super) struct Watch {
    app: App,
    id: OrderId,
    key: SecretKey,
    tr: Tr,
    shown: Status<'static>,
    looks: u32,
    failures: u32,
    over: bool,
    _seat: Seat,
}

impl Watch {
    pub fn new(app: App, id: OrderId, key: SecretKey, tr: Tr, seat: Seat, page: &OrderPage) -> Self {
        let shown = Status::of(&tr, page);
        Self { app, id, key, tr, shown, looks: 0, failures: 0, over: false, _seat: seat }
    }

    /// The pieces of HTML, as they come. Ends by itself.
    pub fn pieces(self) -> impl Stream<Item = String> + Send + 'static {
        stream::unfold(self, |mut watch| async move {
            let piece = watch.next().await?;
            Some((piece, watch))
        })
    }

    async fn next(&mut self) -> Option<String> {
        if self.over {
            return None;
        }
        loop {
            tokio::time::sleep(LOOK).await;
            self.looks += 1;
            match self.app.order_page(self.id, &self.key).await {
                Ok(page) if matches!(page.standing, Standing::Pending { .. }) => {
                    self.failures = 0;
                    let now = Status::of(&self.tr, &page);
                    if now != self.shown {
                        let line = now.render().unwrap_or_default();
                        self.shown = now;
                        return Some(line);
                    }
                }
                Ok(_) => return Some(self.last("order-done", "/done")),
                Err(_) if self.failures < FAILURES => self.failures += 1,
                Err(_) => return Some(self.last("order-reload", "")),
            }
            if self.looks >= MOST {
                return Some(self.last("order-reload", ""));
            }
            if self.looks.is_multiple_of(BEAT) {
                return Some("<!-- -->\n".to_owned());
            }
        }
    }

    fn last(&mut self, key: &str, end: &'static str) -> String {
        self.over = true;
        Last { text: &self.tr.get(key), id: self.id, end }.render().unwrap_or_default()
    }
}
