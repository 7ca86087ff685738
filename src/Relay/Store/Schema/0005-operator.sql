-- What "where is my mail?" needs beside the rows themselves: which request a mail was and which mails it led to, how each attempt to send one went, and what the operator did.

CREATE TABLE handled (
    spool_id INTEGER PRIMARY KEY,
    handled_at INTEGER NOT NULL,
    request_key INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    led_to TEXT
);
CREATE INDEX handled_request ON handled (request_key);

-- One line an attempt that failed, oldest first; null where the first one succeeded.
ALTER TABLE outbox ADD COLUMN history TEXT;

-- Read by every running relay too, whose memory of a subscription may be wrong after such an action.
CREATE TABLE operator_action (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    done_at INTEGER NOT NULL,
    spool_id INTEGER,
    outbox_id INTEGER,
    subscription_id INTEGER,
    action TEXT NOT NULL
);

CREATE INDEX event_gap ON event (position) WHERE gap_to IS NOT NULL;
