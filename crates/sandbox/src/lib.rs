//! Simulators for what cannot be reached: BankID, the mailbox, the demo people.
