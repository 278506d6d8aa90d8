//! Transactions, repositories, vault, evidence, sessions, outbox, migrations.
