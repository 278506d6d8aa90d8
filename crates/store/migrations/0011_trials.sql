-- Trials of clients' registrations: what a trial holds and has come to, sealed. Its client has the same id in oidc_client
-- while the trial is under way. Times are the machine's.
CREATE TABLE oidc_trial (
    id TEXT PRIMARY KEY,
    ends_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX oidc_trial_ends ON oidc_trial (ends_at);
