-- lane: a number for the recipient's domain, so that mails to one that hangs are left where they are. cursor_before: where the subscription stood before
-- this mail told it more, which is where to begin again if the mail never arrived.
ALTER TABLE outbox ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN cursor_before INTEGER;
DROP INDEX outbox_open;
CREATE INDEX outbox_open ON outbox (kind, due_at, id, lane) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_sequence ON outbox (subscription_id, sequence) WHERE sequence IS NOT NULL;

-- Subscriptions whose mail came back lately. next_at: when something is to be done about a suspended one.
CREATE TABLE bounce (
    subscription_id INTEGER PRIMARY KEY,
    score INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    suspended_at INTEGER,
    next_at INTEGER,
    missed_from INTEGER,
    probes INTEGER NOT NULL,
    probe_id TEXT,
    reason TEXT NOT NULL
);
CREATE INDEX bounce_due ON bounce (next_at) WHERE next_at IS NOT NULL;
