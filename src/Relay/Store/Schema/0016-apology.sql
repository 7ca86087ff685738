-- Whether the sender of a mail that was set aside has had his one fault; the operator may have it tried again as often as he likes.
ALTER TABLE spool ADD COLUMN apologised INTEGER NOT NULL DEFAULT 0;

-- How many crashes in a row found the mail claimed.
ALTER TABLE spool ADD COLUMN cuts INTEGER NOT NULL DEFAULT 0;
