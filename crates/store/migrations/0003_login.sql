-- Sessions, orders under way at an e-ID provider, invitations of the first officers.

CREATE TABLE session (
    key_hash BLOB PRIMARY KEY,
    person BLOB NOT NULL,
    party BLOB NOT NULL,
    method TEXT NOT NULL,
    assurance INTEGER NOT NULL,
    evidence BLOB NOT NULL,
    opened_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    idle_seconds INTEGER NOT NULL,
    lang TEXT,
    ended_at INTEGER
) STRICT;
CREATE INDEX session_person ON session (person);

CREATE TABLE eid_order (
    id BLOB PRIMARY KEY,
    browser_hash BLOB NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_collect_at INTEGER,
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX eid_order_pending ON eid_order (expires_at) WHERE state = 'pending';

CREATE TABLE invitation (
    code_hash BLOB PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE CHECK (number IN (1, 2)),
    person BLOB UNIQUE,
    redeemed_at INTEGER,
    confirmed_at INTEGER
) STRICT;
