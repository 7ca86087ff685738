-- Streams that are open: each is a GetStreamingEvents whose answers are still coming. frame: what they have in common, as text that only
-- Subscriptions reads. ends_at: 0 when it is to be closed before its time; end_reason and end_subscription then say why.
CREATE TABLE stream (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    ends_at INTEGER NOT NULL,
    frame TEXT NOT NULL,
    end_reason INTEGER NOT NULL DEFAULT 0,
    end_subscription INTEGER
);
CREATE INDEX stream_end ON stream (ends_at);

CREATE TABLE stream_subscription (
    subscription_id INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL
);
CREATE INDEX stream_subscription_stream ON stream_subscription (stream_id);
