-- Who bears the population register's mark of protected identity (skyddade personuppgifter). The row's name is a keyed
-- hash of the party's id: a copy of these tables does not tell who is marked, only how many are.

CREATE TABLE register_mark (
    token BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

-- The last notice that was taken from the register.
CREATE TABLE register_position (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL CHECK (position >= 0)
) STRICT;
INSERT INTO register_position (one, position) VALUES (1, 0);

-- Names that were typed beside a number and did not go with it, so that nobody guesses on.
CREATE TABLE name_try (
    id BLOB PRIMARY KEY,
    person BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX name_try_person ON name_try (person, at);
