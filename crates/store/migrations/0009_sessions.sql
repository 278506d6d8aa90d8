-- What a person may see and keep around a session: its public name, forms typed too late, records about oneself.

-- A session opened by an earlier release has neither name nor client.
ALTER TABLE session ADD COLUMN id BLOB;
ALTER TABLE session ADD COLUMN client TEXT;
CREATE UNIQUE INDEX session_id ON session (id);

-- What was typed in a form whose session had ended, by the address of the form's page, sealed under the person's key.
CREATE TABLE form_draft (
    person BLOB NOT NULL REFERENCES party (id),
    path TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (person, path)
) STRICT;
CREATE INDEX form_draft_saved ON form_draft (saved_at);

-- Whom a record concerns besides who acted and for whom, and who signed what it records. Beside the records and not in
-- them: it can be erased with the person, and no canonical text changes.
CREATE TABLE record_about (
    party BLOB NOT NULL REFERENCES party (id),
    part TEXT NOT NULL CHECK (part IN ('concerned', 'signed')),
    at INTEGER NOT NULL,
    record BLOB NOT NULL REFERENCES record (id),
    PRIMARY KEY (party, part, at, record)
) STRICT;
