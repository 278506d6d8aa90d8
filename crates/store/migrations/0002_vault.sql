-- Parties under random ids, and the vault: the only place of numbers, names and contacts.

CREATE TABLE party (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation', 'system')),
    created_at INTEGER NOT NULL,
    erased_at INTEGER
) STRICT;

-- The data key of a party, sealed by the wrapping key `wrapped_by`. Without it nothing of the party can be read.
CREATE TABLE party_key (
    party BLOB PRIMARY KEY REFERENCES party (id),
    wrapped_by TEXT NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX party_key_wrapped_by ON party_key (wrapped_by);

-- Keyed hashes of numbers.
CREATE TABLE party_lookup (
    hash BLOB PRIMARY KEY,
    party BLOB NOT NULL REFERENCES party (id)
) STRICT;
CREATE INDEX party_lookup_party ON party_lookup (party);

CREATE TABLE party_field (
    party BLOB NOT NULL REFERENCES party (id),
    field TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (party, field)
) STRICT;

-- The same bytes may be evidence about two parties, each under a key of its own.
CREATE TABLE evidence (
    hash BLOB NOT NULL,
    party BLOB NOT NULL REFERENCES party (id),
    media_type TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (hash, party)
) STRICT;

-- Keys of every purpose, wrapped by a master key that lies elsewhere; the version tells a running node to reload.
CREATE TABLE stored_key (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    activated_at INTEGER,
    retired_at INTEGER,
    wrapped BLOB NOT NULL,
    public BLOB
) STRICT;
CREATE TABLE stored_key_version (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO stored_key_version (one, version) VALUES (1, 0);
