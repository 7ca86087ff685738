-- Mails taken from a mailbox file or folder and not removed there yet: found again after a crash, they are only removed. No row outlives the removal.

CREATE TABLE picked (
    source TEXT NOT NULL,
    mail TEXT NOT NULL,
    PRIMARY KEY (source, mail)
) WITHOUT ROWID;
