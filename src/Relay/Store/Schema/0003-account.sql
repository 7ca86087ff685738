-- Accounts of SMTP AUTH. Of a password only what SCRAM keeps (RFC 5802 §3): salted and iterated, of no use to who steals it.

CREATE TABLE account (
    name TEXT PRIMARY KEY,
    salt BLOB NOT NULL,
    iterations INTEGER NOT NULL,
    stored_key BLOB NOT NULL,
    server_key BLOB NOT NULL,
    changed_at INTEGER NOT NULL
);
