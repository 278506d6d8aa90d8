-- Connected e-services, and what is on its way between them and a visitor. Times here are the machine's, not the domain's.

CREATE TABLE oidc_client (
    id TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    disabled_at INTEGER,
    -- Life of a client for one trial of its registration; NULL for all others.
    ends_at INTEGER,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Requests that were pushed, or that wait for a visitor's login; found by the hash of a random handle.
CREATE TABLE oidc_request (
    handle_hash BLOB PRIMARY KEY,
    client TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX oidc_request_expires ON oidc_request (expires_at);

-- What counts once, such as the jti of an assertion.
CREATE TABLE oidc_once (
    hash BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX oidc_once_expires ON oidc_once (expires_at);

-- A person's name in one service: random, so that two services cannot compare their visitors.
CREATE TABLE oidc_subject (
    sector TEXT NOT NULL,
    person BLOB NOT NULL REFERENCES party (id),
    subject BLOB NOT NULL UNIQUE,
    PRIMARY KEY (sector, person)
) STRICT;
CREATE INDEX oidc_subject_person ON oidc_subject (person);

-- A visitor's access token. The code that it came from is unique: a second use of the code finds it.
CREATE TABLE oidc_token (
    hash BLOB PRIMARY KEY,
    code_hash BLOB NOT NULL UNIQUE,
    client TEXT NOT NULL,
    session BLOB NOT NULL,
    person BLOB NOT NULL,
    party BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX oidc_token_session ON oidc_token (session);
CREATE INDEX oidc_token_expires ON oidc_token (expires_at);
CREATE INDEX oidc_token_person ON oidc_token (client, person, expires_at);

-- Clients that are to be told of a session's end.
CREATE TABLE oidc_logout (
    id BLOB PRIMARY KEY,
    client TEXT NOT NULL,
    subject BLOB NOT NULL,
    sid TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'told', 'failed')),
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    leased_by TEXT
) STRICT;
CREATE INDEX oidc_logout_waiting ON oidc_logout (next_at) WHERE state = 'waiting';
