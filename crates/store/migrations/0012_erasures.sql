-- How far the list of erasures that lies outside the store has been carried out in it, and the mark of the last one.

CREATE TABLE erasure_list (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    entries INTEGER NOT NULL CHECK (entries >= 0),
    mark BLOB NOT NULL
) STRICT;
