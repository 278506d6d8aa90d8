-- Sessions and orders whose time is long over are forgotten, and found by when it ended.

CREATE INDEX session_ends ON session (ends_at);
CREATE INDEX eid_order_expires ON eid_order (expires_at);
