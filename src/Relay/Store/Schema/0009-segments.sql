-- Where the octets of a mail lie that was accepted into the segments of the spool; null where they lie in spool_content or in a file.
ALTER TABLE spool ADD COLUMN segment INTEGER;
ALTER TABLE spool ADD COLUMN segment_offset INTEGER;
CREATE INDEX spool_segment ON spool (segment) WHERE segment IS NOT NULL;

-- How far the segments have been read into rows, kept in the transactions that add the rows.
CREATE TABLE spool_log (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    segment INTEGER NOT NULL,
    segment_offset INTEGER NOT NULL
);
INSERT INTO spool_log (id, segment, segment_offset) VALUES (1, 0, 0);
