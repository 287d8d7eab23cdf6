-- The KPI store: managed elements, measured objects, PEGs, counter groups, blocks of samples, and the ingest log.
-- Internal tables live in schema pegboard; what people may read are the views in schema public.

CREATE TABLE pegboard.network_element (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL UNIQUE CHECK (name <> ''),
  user_label  text,
  vendor      text,
  type        text,
  sw_version  text,
  host        text,
  attributes  jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE pegboard.measured_object (
  id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ne_id    integer NOT NULL REFERENCES pegboard.network_element,
  ldn      text NOT NULL,
  class    text NOT NULL CHECK (class <> ''),
  cell_id  text,
  rat      text,
  UNIQUE (ne_id, ldn)
);
COMMENT ON COLUMN pegboard.measured_object.ldn IS 'the name as the file gives it; empty: the managed element itself';
COMMENT ON COLUMN pegboard.measured_object.cell_id IS 'null for objects that are no cells; a cell is (ne, rat, cell_id)';

CREATE TABLE pegboard.peg (
  id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  family       text NOT NULL CHECK (family <> ''),
  name         text NOT NULL CHECK (name <> ''),
  rat          text,
  unit         text,
  kind         text CHECK (kind IN ('cumulative', 'gauge', 'derived', 'distribution')),
  polarity     text CHECK (polarity IN ('higher_better', 'lower_better', 'neutral')),
  weight       smallint CHECK (weight BETWEEN 1 AND 10),
  critical     boolean NOT NULL DEFAULT false,
  thresholds   jsonb,
  clause       text,
  description  text,
  UNIQUE (family, name)
);

-- The order of the values of a block. A counter has one place in an object class, fixed when it is first seen:
-- peg_ids only ever grows at its end.
CREATE TABLE pegboard.counter_group (
  id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  object_class  text NOT NULL,
  peg_ids       integer[] NOT NULL
);
CREATE INDEX counter_group_object_class ON pegboard.counter_group (object_class);

-- One row a (measured object, counter group, granularity period). NULL in "values" and places beyond its end: missing.
CREATE TABLE pegboard.pm_block (
  object_id      integer NOT NULL,
  group_id       integer NOT NULL,
  "begin"        timestamptz NOT NULL,
  granularity_s  integer NOT NULL CHECK (granularity_s > 0),
  suspect        boolean NOT NULL,
  "values"       double precision[] NOT NULL CHECK (cardinality("values") > 0),
  PRIMARY KEY (object_id, group_id, "begin", granularity_s)
) PARTITION BY RANGE ("begin");

-- The values of a block as the server holds them in memory. The server spends most of a long read on sending arrays element
-- by element; this sends them as they are. Reading only, so nothing can be broken by it. Functions in the language "internal"
-- may be made by superusers (as in the embedded server): elsewhere blocks are read as arrays, which is slower.
DO $$
BEGIN
  CREATE FUNCTION pegboard.block_bytes(double precision[]) RETURNS bytea
    LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'byteasend';
  REVOKE EXECUTE ON FUNCTION pegboard.block_bytes(double precision[]) FROM PUBLIC;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'no function block_bytes: the role may not make it; blocks are read as arrays';
END
$$;

-- Merge by counter: a present value replaces, an absent one keeps.
CREATE FUNCTION pegboard.merge_values(stored double precision[], delivered double precision[])
RETURNS double precision[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_agg(coalesce(t.delivered, t.stored) ORDER BY t.place)
  FROM unnest(stored, delivered) WITH ORDINALITY AS t(stored, delivered, place)
$$;

-- Whether the merge keeps a stored value that the delivery does not bring.
CREATE FUNCTION pegboard.keeps_stored(stored double precision[], delivered double precision[])
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT EXISTS (
    SELECT FROM unnest(stored, delivered) AS t(stored, delivered)
    WHERE t.stored IS NOT NULL AND t.delivered IS NULL)
$$;

CREATE TABLE pegboard.ingest_file (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sha256         text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  name           text NOT NULL,
  format         text,
  status         text NOT NULL CHECK (status IN ('ok', 'quarantined')),
  sender         text,
  sw_version     text,
  period_begin   timestamptz,
  period_end     timestamptz,
  "values"       bigint NOT NULL,
  numbers        bigint NOT NULL,
  error_code     text,
  error_message  text,
  error_line     integer,
  warnings       jsonb NOT NULL DEFAULT '[]',
  ingested_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN pegboard.ingest_file.sha256 IS 'of the unpacked content';
-- Content counts as a duplicate only where it was taken; a refused file is listed once however often it comes.
CREATE UNIQUE INDEX ingest_file_taken ON pegboard.ingest_file (sha256) WHERE status = 'ok';
CREATE UNIQUE INDEX ingest_file_refused ON pegboard.ingest_file (sha256) WHERE status = 'quarantined';

-- For people and Grafana. The views run with the rights of their owner: a reader needs no right on the tables.
CREATE VIEW public.network_element AS
  SELECT id, name, user_label, vendor, type, sw_version, host FROM pegboard.network_element;

CREATE VIEW public.measured_object AS
  SELECT o.id, ne.name AS ne, o.ldn AS object, o.class, o.cell_id AS cell, o.rat
  FROM pegboard.measured_object o JOIN pegboard.network_element ne ON ne.id = o.ne_id;

CREATE VIEW public.peg AS
  SELECT id, family, name, rat, unit, kind, polarity, weight, critical, thresholds, clause, description FROM pegboard.peg;

CREATE VIEW public.ingest_file AS
  SELECT id, sha256, name, format, status, sender, sw_version, period_begin, period_end, "values", numbers,
         error_code, error_message, error_line, warnings, ingested_at
  FROM pegboard.ingest_file;

CREATE VIEW public.pm_sample AS
  SELECT b."begin", b.granularity_s, ne.name AS ne, o.ldn AS object, o.cell_id AS cell, p.name AS peg, v.value, b.suspect, p.family
  FROM pegboard.pm_block b
  JOIN pegboard.counter_group g ON g.id = b.group_id
  CROSS JOIN LATERAL unnest(b."values", g.peg_ids[1:cardinality(b."values")]) AS v(value, peg_id)
  JOIN pegboard.peg p ON p.id = v.peg_id
  JOIN pegboard.measured_object o ON o.id = b.object_id
  JOIN pegboard.network_element ne ON ne.id = o.ne_id
  WHERE v.value IS NOT NULL;
COMMENT ON VIEW public.pm_sample IS 'one row a sample; "begin" of the granularity period in UTC; vectors as name[0], name[1] …; cell is null for objects that are no cells';
