-- Names that only refused files brought are not shown. A large file gives its names before it is known whether it will be taken:
-- they are not "seen" until it is, or until another file that is taken brings them.

ALTER TABLE pegboard.network_element ADD COLUMN seen boolean NOT NULL DEFAULT true;
ALTER TABLE pegboard.measured_object ADD COLUMN seen boolean NOT NULL DEFAULT true;
ALTER TABLE pegboard.peg ADD COLUMN seen boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN pegboard.network_element.seen IS 'false: no file with it has been taken yet';
COMMENT ON COLUMN pegboard.measured_object.seen IS 'false: no file with it has been taken yet';
COMMENT ON COLUMN pegboard.peg.seen IS 'false: no file with it has been taken yet, and nobody has described it';

CREATE OR REPLACE VIEW public.network_element AS
  SELECT id, name, user_label, vendor, type, sw_version, host FROM pegboard.network_element WHERE seen;

CREATE OR REPLACE VIEW public.measured_object AS
  SELECT o.id, ne.name AS ne, o.ldn AS object, o.class, o.cell_id AS cell, o.rat
  FROM pegboard.measured_object o JOIN pegboard.network_element ne ON ne.id = o.ne_id WHERE o.seen;

CREATE OR REPLACE VIEW public.peg AS
  SELECT p.id, p.family, p.name, p.rat, coalesce(p.unit, d.unit) AS unit, coalesce(p.kind, d.kind) AS kind,
         coalesce(p.polarity, d.polarity) AS polarity, coalesce(p.weight, d.weight) AS weight, p.critical,
         coalesce(p.thresholds, d.thresholds) AS thresholds, coalesce(p.clause, d.clause) AS clause, p.description,
         coalesce(d.base, p.name) AS base, coalesce(d.dimensions, '{}') AS dimensions
  FROM pegboard.peg p LEFT JOIN pegboard.peg_default d ON d.peg_id = p.id WHERE p.seen;
