//! E-mail out of the outbox, by SMTP, and calls to other programs.
//!
//! The loop over the outbox is the application's; here is how one letter leaves, what a failure means for
//! the next attempt, and when that is. Letters are plain text in UTF-8, carry a stable Message-ID (delivered
//! at least once: a second delivery is recognised as the same letter) and say nothing that only the person
//! may know.

mod back_off;
mod caller;
mod mailer;
mod message;
mod settings;

pub use back_off::{GIVE_UP_AFTER, back_off};
pub use caller::{CallError, Caller};
pub use mailer::{Cause, Mailer, SendError};
pub use message::Message;
pub use settings::{Credentials, Security, Settings, SettingsError};
