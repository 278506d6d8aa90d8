-- Orders whose result nobody has come to fetch, by the time when they are given up.

CREATE INDEX eid_order_collected ON eid_order (expires_at) WHERE state = 'collected';
