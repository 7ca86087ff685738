-- Where the log of a mailbox may lack events: how often that was so, and the first such place since each sync state.

ALTER TABLE mailbox ADD COLUMN breaks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN hierarchy_broken_at INTEGER;
ALTER TABLE folder ADD COLUMN broken_at INTEGER;
