-- What catching up needs: when a sync state was taken and where the log then ended, whether new folders are watched too, what was moved away, and the gaps that are left.

ALTER TABLE mailbox ADD COLUMN all_folders INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mailbox ADD COLUMN hierarchy_synced_at INTEGER;
ALTER TABLE mailbox ADD COLUMN hierarchy_synced_position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folder ADD COLUMN synced_at INTEGER;
ALTER TABLE folder ADD COLUMN synced_position INTEGER NOT NULL DEFAULT 0;

ALTER TABLE event ADD COLUMN old_object_key INTEGER;
CREATE INDEX event_old_object ON event (old_object_key) WHERE old_object_key IS NOT NULL;

-- gap_to: not null in the rows that are no event but the note that events may be missing.
ALTER TABLE event ADD COLUMN gap_from INTEGER;
ALTER TABLE event ADD COLUMN gap_to INTEGER;
ALTER TABLE event ADD COLUMN gap_folder TEXT;
ALTER TABLE event ADD COLUMN gap_reason TEXT;
