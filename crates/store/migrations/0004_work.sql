-- Cases of several steps, and mail on its way out.

CREATE TABLE cases (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    party BLOB,
    opened_at INTEGER NOT NULL,
    due_at INTEGER,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    leased_by TEXT,
    leased_until INTEGER
) STRICT;
CREATE INDEX cases_kind ON cases (kind, state, opened_at, id);
CREATE INDEX cases_party ON cases (party, opened_at, id);
CREATE INDEX cases_due ON cases (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE mail (
    id BLOB PRIMARY KEY,
    event TEXT NOT NULL,
    recipient BLOB NOT NULL,
    channel TEXT NOT NULL,
    template TEXT NOT NULL,
    args TEXT NOT NULL,
    message_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    leased_by TEXT,
    UNIQUE (event, recipient, channel)
) STRICT;
CREATE INDEX mail_waiting ON mail (next_at) WHERE state = 'waiting';
