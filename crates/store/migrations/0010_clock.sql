-- How far domain time runs ahead of the machine's. Moved in demo and test stores only, and only forward.

CREATE TABLE domain_clock (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    ahead_micros INTEGER NOT NULL CHECK (ahead_micros >= 0)
) STRICT;
INSERT INTO domain_clock (one, ahead_micros) VALUES (1, 0);
