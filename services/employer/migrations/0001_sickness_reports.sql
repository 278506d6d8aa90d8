-- Sickness reports. No name, number or contact lies here, and no word of what was typed: that is kept in the vault
-- under the employee's key, by the id of the row. A report keeps the id that its draft had.

CREATE TABLE employer_sickness_draft (
    id BLOB PRIMARY KEY,
    organisation BLOB NOT NULL,
    reporter BLOB NOT NULL,
    employee BLOB NOT NULL,
    first_sick_day TEXT NOT NULL,
    last_sick_pay_day TEXT NOT NULL,
    degree INTEGER NOT NULL,
    lang TEXT NOT NULL,
    version INTEGER NOT NULL,
    saved_at INTEGER NOT NULL
) STRICT;
CREATE INDEX employer_sickness_draft_reporter ON employer_sickness_draft (reporter, organisation, saved_at);

CREATE TABLE employer_sickness_report (
    id BLOB PRIMARY KEY,
    organisation BLOB NOT NULL,
    reporter BLOB NOT NULL,
    employee BLOB NOT NULL,
    first_sick_day TEXT NOT NULL,
    last_sick_pay_day TEXT NOT NULL,
    degree INTEGER NOT NULL,
    lang TEXT NOT NULL,
    late INTEGER NOT NULL CHECK (late IN (0, 1)),
    reference TEXT NOT NULL,
    evidence BLOB NOT NULL,
    signed_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'opened', 'withdrawn')),
    opened_by BLOB,
    opened_at INTEGER,
    withdrawn_at INTEGER,
    CHECK ((state = 'opened') = (opened_at IS NOT NULL)),
    CHECK ((opened_by IS NULL) = (opened_at IS NULL)),
    CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL))
) STRICT;
CREATE INDEX employer_sickness_report_organisation ON employer_sickness_report (organisation, received_at, id);
CREATE INDEX employer_sickness_report_state ON employer_sickness_report (state, received_at, id);
CREATE INDEX employer_sickness_report_received ON employer_sickness_report (received_at, id);
