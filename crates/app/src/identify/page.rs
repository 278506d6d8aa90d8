//! What the page of an order needs, for the browser that began it.

use super::{Body, CANCELLED, COLLECTED, End, ORDER_MOVED_ON, PENDING, Purpose, own_row};
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::session::SecretKey;
use domain::{Instant, OrderId};
use login::{Device, Method as _};
use store::StoreError;

/// How an order stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// On its way; `message` is the key of the text to show.
    Pending {
        message: String,
    },
    /// A login is ready to be fetched.
    Ready,
    Ended(End),
    /// The visitor, or the timer, gave it up.
    Cancelled,
}

/// An order as its page shows it.
#[derive(Debug, Clone)]
pub struct OrderPage {
    pub id: OrderId,
    pub standing: Standing,
    pub device: Device,
    pub is_signature: bool,
    /// The text shown in the app, word for word.
    pub text: String,
    /// The language of the text, if it is not the page's.
    pub text_lang: Option<String>,
    /// Where the same-device button leads.
    pub start_link: Option<String>,
    /// The text of the moving code now; `None` once the app has the order.
    pub qr: Option<String>,
    pub started_at: Instant,
    pub expires_at: Instant,
    pub back: String,
    /// Grows at every change worth showing.
    pub version: u32,
}

impl App {
    /// The order's page. A stranger's order looks as if it did not exist.
    pub async fn order_page(&self, id: OrderId, browser: &SecretKey) -> Result<OrderPage, Refusal> {
        let (app, hash) = (self.clone(), browser.hash());
        let row = self.read(move |tx| own_row(&app, tx, id, &hash)).await?;
        let body = Body::of(&row).map_err(|stop| self.broken(stop))?;
        let standing =
            match row.state.as_str() {
                PENDING => Standing::Pending { message: body.message.clone() },
                COLLECTED => Standing::Ready,
                CANCELLED | super::ABANDONED => Standing::Cancelled,
                _ => Standing::Ended(body.end.clone().ok_or_else(|| {
                    self.broken(Stop::Store(StoreError::Corrupt("order without end".into())))
                })?),
            };
        let pending = matches!(standing, Standing::Pending { .. });
        Ok(OrderPage {
            id,
            device: body.order.device(),
            is_signature: body.order.is_signature(),
            text_lang: match &body.purpose {
                Purpose::Signature(bound) => Some(bound.lang.clone()),
                Purpose::Login { .. } => None,
            },
            text: body.order.text().as_str().to_owned(),
            start_link: pending.then(|| self.bankid().start_link(&body.order)).flatten(),
            qr: pending.then(|| body.order.qr_text(self.wall_now())).flatten(),
            started_at: row.started_at,
            expires_at: row.expires_at,
            back: body.back,
            version: row.version,
            standing,
        })
    }

    /// Whether the value in the return address is this order's.
    pub async fn is_return(&self, id: OrderId, browser: &SecretKey, nonce: &str) -> Result<bool, Refusal> {
        let (app, hash) = (self.clone(), browser.hash());
        let row = self.read(move |tx| own_row(&app, tx, id, &hash)).await?;
        let body = Body::of(&row).map_err(|stop| self.broken(stop))?;
        Ok(body.order.is_return_nonce(nonce))
    }

    /// The visitor leaves: the order is ended here and at the provider. Twice is the same as once.
    pub async fn cancel_order(&self, id: OrderId, browser: &SecretKey) -> Result<String, Refusal> {
        let (back, left) = loop {
            match self.leave(id, browser).await {
                // The background work has just asked the provider about it: what it wrote is read again. It asks at
                // most once in two seconds, so that the next try comes through.
                Err(Refusal::Conflict(ORDER_MOVED_ON)) => {}
                left => break left?,
            }
        };
        if let Some(mut order) = left
            && let Err(failure) = self.bankid().cancel(&mut order).await
        {
            // It ends by itself at the provider within three minutes.
            tracing::info!(cause = failure.cause, "the provider did not take the cancellation");
        }
        Ok(back)
    }

    /// Ends the order here; gives the page to go back to, and the order if it was still on its way.
    async fn leave(
        &self,
        id: OrderId,
        browser: &SecretKey,
    ) -> Result<(String, Option<login::Order>), Refusal> {
        let (app, hash) = (self.clone(), browser.hash());
        let left = self
            .write_plain(move |tx| {
                let row = own_row(&app, tx, id, &hash)?;
                let mut body = Body::of(&row)?;
                let back = body.back.clone();
                if row.state != PENDING && row.state != COLLECTED {
                    return Ok((back, None));
                }
                body.answer = None;
                super::collect::put(tx, &app, &row, CANCELLED, &body)?;
                let event = if body.order.is_signature() { "signature.cancelled" } else { "login.cancelled" };
                let fault = activity::FaultClass::User;
                let record = super::begin::failure_record(&app, event, "cancelled_by_user", fault);
                app.append(tx, &record)?;
                Ok((back, Some(body.order)))
            })
            .await?;
        self.wake();
        Ok(left)
    }
}
