//! Mail out of the outbox: one row per (event, recipient, channel), delivered at least once with a stable Message-ID.
//!
//! Rows carry a template and one argument without personal data; address and text are put together when it is sent.

use crate::act::Act;
use crate::core::App;
use crate::expiries::OPERATORS;
use crate::refusal::{Refusal, Stop};
use domain::{Instant, MailId, PartyId};
use notify::{Message, SendError};
use store::Tx;
use store::outbox::{Mail, MailState};
use store::vault::Field;

/// Turns a template and its argument into subject and text, in the language of the recipient.
pub trait Letters: Send + Sync + std::fmt::Debug {
    fn write(&self, template: &str, argument: &str, public_url: &str) -> Letter;
}

/// How a round of sending went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    /// Every letter that was due has left, or never will.
    All,
    /// Some letter waits for a better time.
    Stuck,
}

/// Letters taken from the outbox at once.
const AT_ONCE: u32 = 20;

/// A letter's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
}

impl Act<'_, '_> {
    /// Puts a letter into the outbox, in this act's transaction.
    pub fn mail(&mut self, event: &str, to: PartyId, template: &str, argument: &str) -> Result<(), Stop> {
        self.app.mail_in(self.tx, event, to, template, argument, self.now)
    }
}

impl App {
    pub(crate) fn mail_in(
        &self,
        tx: &mut Tx<'_>,
        event: &str,
        to: PartyId,
        template: &str,
        argument: &str,
        now: Instant,
    ) -> Result<(), Stop> {
        self.enqueue(tx, (event, to, "email"), template, argument, now).map(drop)
    }

    /// A letter to the operators' address of the configuration. `false`: they have been told of this event.
    pub(crate) fn mail_operators_in(
        &self,
        tx: &mut Tx<'_>,
        event: &str,
        template: &str,
        argument: &str,
        now: Instant,
    ) -> Result<bool, Stop> {
        self.enqueue(tx, (event, self.agency(), OPERATORS), template, argument, now)
    }

    fn enqueue(
        &self,
        tx: &mut Tx<'_>,
        (event, to, channel): (&str, PartyId, &str),
        template: &str,
        argument: &str,
        now: Instant,
    ) -> Result<bool, Stop> {
        // The name of the event and recipient, not of the attempt: a second delivery is recognised as the same letter.
        let name = crate::log::hex(&crate::session::sha256(format!("{event}/{to}/{channel}").as_bytes()));
        let domain =
            self.settings().mail_from.rsplit_once('@').map_or("localhost", |(_, d)| d.trim_end_matches('>'));
        let mail = Mail {
            id: MailId::new(self.entropy()),
            event: event.to_owned(),
            recipient: to,
            channel: channel.to_owned(),
            template: template.to_owned(),
            args: argument.to_owned(),
            message_id: format!("{}@{domain}", &name[..32]),
            created_at: now,
            state: MailState::Waiting,
            attempts: 0,
            next_at: now,
        };
        Ok(store::outbox::enqueue(tx, &mail)?)
    }

    /// Sends what is due at `now`, until nothing is. Says whether the mail server took it.
    pub(crate) async fn send_mail(&self, letters: &dyn Letters, now: Instant) -> Result<Tried, Refusal> {
        let mut tried = Tried::All;
        loop {
            let app = self.clone();
            let due = self
                .write_plain(move |tx| Ok(store::outbox::lease(tx, now, &app.settings().node, AT_ONCE)?))
                .await?;
            for mail in &due {
                match self.send_one(mail, letters, now).await {
                    Ok(Tried::All) => {}
                    Ok(Tried::Stuck) => tried = Tried::Stuck,
                    // One that cannot be put together holds up no other; it is due again when its lease is over.
                    Err(refusal) => {
                        tried = Tried::Stuck;
                        tracing::warn!(
                            ?refusal,
                            message_id = mail.message_id,
                            "a letter could not be handled"
                        );
                    }
                }
            }
            if due.is_empty() || tried == Tried::Stuck {
                return Ok(tried);
            }
        }
    }

    async fn send_one(&self, mail: &Mail, letters: &dyn Letters, now: Instant) -> Result<Tried, Refusal> {
        let (app, recipient) = (self.clone(), mail.recipient);
        let address = if mail.channel == OPERATORS {
            self.watched().operators()
        } else {
            self.read(move |tx| Ok(store::vault::field(tx, &app.ring(), recipient, Field::Email)?))
                .await?
                .map(|plain| plain.as_str().to_owned())
        };
        let id = mail.id;
        let Some(to) = address else {
            // Nobody to send it to: the row is finished. What it would have told stands on the person's own pages.
            self.write_plain(move |tx| Ok(store::outbox::failed(tx, id, None)?)).await?;
            return Ok(Tried::All);
        };
        let letter = letters.write(&mail.template, &mail.args, &self.settings().public_url);
        let message = Message {
            to,
            subject: letter.subject,
            text: letter.text,
            message_id: mail.message_id.clone(),
            written_at: mail.created_at,
        };
        let sent = self.mailer().send(&message).await;
        let attempts = mail.attempts;
        self.write_plain(move |tx| {
            match &sent {
                Ok(()) => store::outbox::sent(tx, id)?,
                Err(SendError::Later(_)) => {
                    store::outbox::failed(tx, id, Some(now + notify::back_off(attempts)))?;
                    return Ok(Tried::Stuck);
                }
                Err(SendError::Never(_)) => store::outbox::failed(tx, id, None)?,
            }
            Ok::<_, Stop>(Tried::All)
        })
        .await
    }
}
