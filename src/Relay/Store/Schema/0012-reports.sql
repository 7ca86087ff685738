-- What the sender wants to be told of a mail (RFC 3461): a line for the mail, then one a recipient; in the outbox for mail that is not ours and is
-- passed on, even where nothing was said. delay_told: whether the sender knows already that it takes long.
ALTER TABLE spool ADD COLUMN wishes TEXT;
ALTER TABLE outbox ADD COLUMN wishes TEXT;
ALTER TABLE outbox ADD COLUMN delay_told INTEGER;
