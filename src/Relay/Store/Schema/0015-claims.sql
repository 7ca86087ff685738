-- What was settled is kept from then on, not from when it was made: a mail that was tried for days is seen as long as others.
DROP INDEX outbox_settled;
CREATE INDEX outbox_settled_at ON outbox (settled_at) WHERE due_at IS NULL;

-- When the mail of a subscription first came back without a quiet time since.
ALTER TABLE bounce ADD COLUMN troubled_since INTEGER;
