-- Records of every attempt, and the tree over them: the second order.

CREATE TABLE record (
    id BLOB PRIMARY KEY,
    seq INTEGER UNIQUE,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    actor BLOB,
    party BLOB,
    reference TEXT NOT NULL,
    body TEXT NOT NULL,
    salt BLOB NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX record_actor ON record (actor, at, id);
CREATE INDEX record_party ON record (party, at, id);
CREATE INDEX record_reference ON record (reference);

-- Leaf hashes that wait for their position. A queue and not "id above the last one": commits come in any order.
CREATE TABLE leaf_queue (
    record BLOB PRIMARY KEY REFERENCES record (id),
    at INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX leaf_queue_at ON leaf_queue (at, record);

CREATE TABLE log_tree (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL,
    root BLOB NOT NULL
) STRICT;

CREATE TABLE log_leaf (
    position INTEGER PRIMARY KEY,
    record BLOB NOT NULL UNIQUE REFERENCES record (id)
) STRICT;

-- C2SP tlog-tiles: level 0 holds the leaf hashes. A partial tile grows in place; its earlier forms are its beginnings.
CREATE TABLE log_tile (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, number)
) STRICT;

CREATE TABLE log_checkpoint (
    size INTEGER PRIMARY KEY,
    note TEXT NOT NULL
) STRICT;
