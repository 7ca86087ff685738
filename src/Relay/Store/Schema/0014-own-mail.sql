-- Events about mail that the relay itself made, which no mail tells; and who is told by mail at an address, to know where such mail may arrive.

ALTER TABLE event ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
CREATE INDEX subscription_notify ON subscription (lower(notify_address)) WHERE ended_at IS NULL;
