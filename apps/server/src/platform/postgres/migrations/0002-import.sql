-- How far the imports from other databases have come, so that a later run continues.

CREATE TABLE pegboard.import_progress (
  id             text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{64}$'),
  source         text NOT NULL,
  options        jsonb NOT NULL,
  read_from_ms   bigint,
  read_to_ms     bigint NOT NULL,
  granularities  jsonb NOT NULL,
  "rows"         bigint NOT NULL,
  "values"       bigint NOT NULL,
  updated_at     timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN pegboard.import_progress.id IS 'SHA-256 of server, database, table and the options that decide what samples come out';
COMMENT ON COLUMN pegboard.import_progress.read_from_ms IS 'begin of the time that was read, ms of the clock of the source; null: all that there was';
COMMENT ON COLUMN pegboard.import_progress.read_to_ms IS 'its end, exclusive';
COMMENT ON COLUMN pegboard.import_progress.granularities IS 'seconds by family, as inferred by the first run; the empty name stands for the others';
