-- The installation, the counter of changes, facts under it, and the catalogue.

CREATE TABLE installation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    environment TEXT NOT NULL CHECK (environment IN ('demo', 'test', 'production')),
    origin TEXT NOT NULL,
    agency BLOB NOT NULL,
    epoch INTEGER NOT NULL CHECK (epoch > 0),
    created_at INTEGER NOT NULL
) STRICT;

-- The one write lock of changing transactions: gap-free and in commit order, unlike a database sequence.
CREATE TABLE counter (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO counter (one, seq) VALUES (1, 0);

-- subject, party and parent repeat what the body says, so that they can be searched.
CREATE TABLE fact_version (
    id BLOB NOT NULL,
    seq_from INTEGER NOT NULL,
    seq_to INTEGER,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER,
    kind TEXT NOT NULL,
    subject BLOB,
    party BLOB,
    parent BLOB,
    body TEXT NOT NULL,
    PRIMARY KEY (id, seq_from),
    CHECK (seq_to > seq_from),
    CHECK (valid_to >= valid_from)
) STRICT;
CREATE UNIQUE INDEX fact_version_current ON fact_version (id) WHERE seq_to IS NULL;
CREATE INDEX fact_version_subject ON fact_version (subject, seq_to);
CREATE INDEX fact_version_party ON fact_version (party, seq_to);
CREATE INDEX fact_version_changed ON fact_version ((coalesce(seq_to, seq_from)));

CREATE TABLE catalogue (
    seq INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    body TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
