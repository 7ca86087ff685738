-- In the words of SQLite; each dialect replaces those that its database does not know (SqlDialect.Schema).
-- Times are milliseconds since 1970 in UTC. A key is a number made of a text (TextKey), so that no text is indexed; the text
-- beside it decides.

CREATE TABLE identity (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    log_id BLOB NOT NULL,
    signing_key BLOB NOT NULL
);

-- due_at: 0 is at once, whatever the clock says; the end of the lease while claimed; null when settled.
-- The content stands apart, since a claim and a settlement write the whole row again.
CREATE TABLE spool (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    due_at INTEGER,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    mail_id TEXT NOT NULL,
    reverse_path TEXT,
    recipients TEXT NOT NULL,
    via TEXT NOT NULL,
    client_address TEXT,
    hello_name TEXT,
    tls INTEGER NOT NULL,
    account TEXT,
    length INTEGER NOT NULL,
    file TEXT,
    note TEXT
);
CREATE INDEX spool_open ON spool (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX spool_set_aside ON spool (id) WHERE state = 3;
CREATE INDEX spool_done ON spool (received_at) WHERE state = 2;
CREATE INDEX spool_file ON spool (file) WHERE file IS NOT NULL;

CREATE TABLE spool_content (
    id INTEGER PRIMARY KEY,
    octets BLOB NOT NULL
);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    due_at INTEGER,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    reverse_path TEXT,
    recipient TEXT NOT NULL,
    message_id TEXT NOT NULL,
    message_key INTEGER NOT NULL,
    subscription_id INTEGER,
    sequence INTEGER,
    length INTEGER NOT NULL,
    settled_at INTEGER,
    note TEXT
);
CREATE INDEX outbox_open ON outbox (kind, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_given_up ON outbox (id) WHERE state = 3;
CREATE INDEX outbox_settled ON outbox (created_at) WHERE due_at IS NULL;
CREATE INDEX outbox_subscription ON outbox (subscription_id) WHERE due_at IS NOT NULL AND subscription_id IS NOT NULL;
CREATE INDEX outbox_message ON outbox (message_key);

CREATE TABLE outbox_content (
    id INTEGER PRIMARY KEY,
    octets BLOB NOT NULL
);

-- One row: the last position given, and the last one purged.
CREATE TABLE event_log (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last_position INTEGER NOT NULL,
    purged_position INTEGER NOT NULL
);
INSERT INTO event_log (id, last_position, purged_position) VALUES (1, 0, 0);

CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    mailbox_id INTEGER NOT NULL,
    logged_at INTEGER NOT NULL,
    caught_up INTEGER NOT NULL,
    type INTEGER NOT NULL,
    is_folder INTEGER NOT NULL,
    time_stamp INTEGER NOT NULL,
    object_key INTEGER NOT NULL,
    object_id TEXT NOT NULL,
    object_change_key TEXT,
    parent_id TEXT,
    parent_change_key TEXT,
    old_object_id TEXT,
    old_object_change_key TEXT,
    old_parent_id TEXT,
    old_parent_change_key TEXT,
    unread_count INTEGER,
    watermark TEXT
);
CREATE INDEX event_mailbox ON event (mailbox_id, position);
CREATE INDEX event_object ON event (object_key, position);

CREATE TABLE mailbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    address_folded TEXT NOT NULL UNIQUE,
    hierarchy_state TEXT,
    upstream_subscription TEXT
);

CREATE TABLE folder (
    mailbox_id INTEGER NOT NULL,
    folder_id TEXT NOT NULL,
    name TEXT NOT NULL,
    sync_state TEXT,
    PRIMARY KEY (mailbox_id, folder_id)
);

CREATE TABLE subscription (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cursor INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    state INTEGER NOT NULL,
    end_reason TEXT,
    ended_at INTEGER,
    public_id TEXT NOT NULL,
    public_key INTEGER NOT NULL,
    principal TEXT NOT NULL,
    principal_key INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    mailbox_id INTEGER NOT NULL,
    all_folders INTEGER NOT NULL,
    event_types INTEGER NOT NULL,
    period_minutes INTEGER NOT NULL,
    notify_address TEXT NOT NULL,
    service_address TEXT NOT NULL,
    soap_version INTEGER NOT NULL,
    root_message_id TEXT,
    created_at INTEGER NOT NULL,
    settings TEXT
);
CREATE INDEX subscription_open ON subscription (id) WHERE ended_at IS NULL;
CREATE INDEX subscription_ended ON subscription (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX subscription_public ON subscription (public_key);
CREATE INDEX subscription_principal ON subscription (principal_key) WHERE ended_at IS NULL;

CREATE TABLE subscription_folder (
    subscription_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    folder_id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (subscription_id, ordinal)
) WITHOUT ROWID;

-- request: the first 16 octets of a hash of principal, service, request id and octets.
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request BLOB NOT NULL UNIQUE,
    answered_at INTEGER NOT NULL,
    principal TEXT NOT NULL,
    service TEXT NOT NULL,
    request_id TEXT NOT NULL,
    answer_to TEXT NOT NULL,
    message_id TEXT NOT NULL,
    answer BLOB NOT NULL
);
