-- Support by reference code: what a page showed under a code and what had broken, and why somebody looked a code up.

-- Pages and technical faults; what a record tells is not repeated here. Bounded, and forgotten after a stated time.
CREATE TABLE problem_note (
    reference TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    node TEXT NOT NULL,
    code TEXT,
    status INTEGER,
    method TEXT,
    route TEXT,
    rule TEXT,
    cause TEXT,
    person BLOB
) STRICT;
CREATE INDEX problem_note_at ON problem_note (at);
CREATE INDEX problem_note_person ON problem_note (person, at);

-- The reason that an officer gave for looking a code up, by the record of the look-up, sealed under the key of the person
-- whom it concerns: it goes with the person.
CREATE TABLE lookup_reason (
    record BLOB PRIMARY KEY REFERENCES record (id),
    party BLOB NOT NULL REFERENCES party (id),
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX lookup_reason_party ON lookup_reason (party);
