-- Who opened a case, so that people find their own.

ALTER TABLE cases ADD COLUMN opener BLOB;
CREATE INDEX cases_opener ON cases (opener, opened_at, id) WHERE opener IS NOT NULL;
