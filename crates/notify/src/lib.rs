//! E-mail out of the outbox.
