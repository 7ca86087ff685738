-- All folders watched: up to here it is settled what became of items that only search folders told of.

ALTER TABLE mailbox ADD COLUMN strays_position INTEGER NOT NULL DEFAULT 0;
UPDATE mailbox SET strays_position = hierarchy_synced_position;
