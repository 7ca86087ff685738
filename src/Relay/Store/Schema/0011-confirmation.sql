-- Requests whose sender nothing proves yet, kept until a confirmation comes back. mail: null once confirmed; the row stays for the limits.
CREATE TABLE confirmation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asked_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    network TEXT NOT NULL,
    service TEXT NOT NULL,
    mail_id TEXT NOT NULL,
    reverse_path TEXT,
    client_address TEXT,
    mail BLOB
);
CREATE INDEX confirmation_address ON confirmation (address, asked_at);
CREATE INDEX confirmation_network ON confirmation (network, asked_at);
CREATE INDEX confirmation_age ON confirmation (asked_at);
