-- When a subscription is to be looked at though nothing happens to it: a lease of which to remind or that ends, an acknowledgement that is
-- missing, an end that is still to be told to its owner. Null for most.
ALTER TABLE subscription ADD COLUMN wake_at INTEGER;
CREATE INDEX subscription_wake ON subscription (wake_at) WHERE wake_at IS NOT NULL;
