-- Refused files as entries that can be read again: where each came from, with which options, and, of uploads, what was sent.

ALTER TABLE pegboard.ingest_file
  ALTER COLUMN sha256 DROP NOT NULL,
  ADD COLUMN origin         text CHECK (origin ~ '^[0-9a-f]{64}$'),
  ADD COLUMN source         text CHECK (source IN ('path', 'upload', 'unknown')),
  ADD COLUMN path           text,
  ADD COLUMN entry          text,
  ADD COLUMN ne             text,
  ADD COLUMN cell           text,
  ADD COLUMN time_zone      text,
  ADD COLUMN error_hint     text,
  ADD COLUMN error_column   integer,
  ADD COLUMN first_seen_at  timestamptz,
  ADD COLUMN times          integer CHECK (times > 0),
  ADD COLUMN content        text CHECK (content IN ('in_place', 'kept', 'not_kept')),
  ADD COLUMN content_note   text,
  ADD COLUMN content_bytes  bigint;
COMMENT ON COLUMN pegboard.ingest_file.sha256 IS 'of the unpacked content; null where it could not be read';
COMMENT ON COLUMN pegboard.ingest_file.origin IS 'of refused files: SHA-256 of where it came from; the same place is one entry';
COMMENT ON COLUMN pegboard.ingest_file.path IS 'absolute; the file stays where it is';
COMMENT ON COLUMN pegboard.ingest_file.entry IS 'the entry of the archive';
COMMENT ON COLUMN pegboard.ingest_file.content_note IS 'why the content was not kept';
COMMENT ON COLUMN pegboard.ingest_file.content_bytes IS 'bytes in quarantine_content, packed';

-- Until now a refused file was known by its content only.
UPDATE pegboard.ingest_file SET
  origin = sha256, source = 'unknown', first_seen_at = ingested_at, times = 1, content = 'not_kept',
  content_note = 'refused by an earlier version, which kept no content'
WHERE status = 'quarantined';

ALTER TABLE pegboard.ingest_file
  ADD CHECK (status = 'quarantined' OR sha256 IS NOT NULL),
  ADD CHECK (status = 'ok' OR (origin IS NOT NULL AND source IS NOT NULL AND first_seen_at IS NOT NULL AND times IS NOT NULL AND content IS NOT NULL));

-- Content at several places (empty files, say) is several entries; all of them go when it is taken.
DROP INDEX pegboard.ingest_file_refused;
CREATE INDEX ingest_file_refused ON pegboard.ingest_file (sha256) WHERE status = 'quarantined';
CREATE UNIQUE INDEX ingest_file_origin ON pegboard.ingest_file (origin) WHERE status = 'quarantined';
CREATE INDEX ingest_file_quarantined ON pegboard.ingest_file (id) WHERE status = 'quarantined';

-- What was sent of refused uploads, packed by gzip, in parts of bounded size.
CREATE TABLE pegboard.quarantine_content (
  file_id  bigint NOT NULL REFERENCES pegboard.ingest_file ON DELETE CASCADE,
  part     integer NOT NULL CHECK (part >= 0),
  bytes    bytea NOT NULL,
  PRIMARY KEY (file_id, part)
);
ALTER TABLE pegboard.quarantine_content ALTER COLUMN bytes SET STORAGE EXTERNAL;
