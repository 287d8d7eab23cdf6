-- What the shipped catalogue says of PEGs, and KPIs that administrators define or change.

-- Apart from pegboard.peg, so that what administrators and catalogue files say is never overwritten: it goes before this.
CREATE TABLE pegboard.peg_default (
  peg_id             integer PRIMARY KEY REFERENCES pegboard.peg ON DELETE CASCADE,
  base               text NOT NULL,
  dimensions         jsonb NOT NULL,
  is_total           boolean NOT NULL,
  kind               text CHECK (kind IN ('cumulative', 'gauge', 'derived', 'distribution')),
  unit               text,
  weighted_by        text,
  polarity           text CHECK (polarity IN ('higher_better', 'lower_better', 'neutral')),
  weight             smallint CHECK (weight BETWEEN 1 AND 10),
  thresholds         jsonb,
  category           text,
  clause             text
);
COMMENT ON COLUMN pegboard.peg_default.base IS 'the counter that this is a sub-counter of, or its own name';
COMMENT ON COLUMN pegboard.peg_default.dimensions IS 'values by dimension, e.g. {"QCI":"9"}';
COMMENT ON COLUMN pegboard.peg_default.is_total IS 'the .sum of a counter: the total of its sub-counters, never added to them';

-- One row: the version of the catalogue that peg_default was made from.
CREATE TABLE pegboard.catalogue_version (
  single     boolean PRIMARY KEY DEFAULT true CHECK (single),
  version    text NOT NULL,
  loaded_at  timestamptz NOT NULL DEFAULT now()
);

-- KPIs of administrators, and what they change of those of the catalogue (then "formula" may be null: the catalogue's).
CREATE TABLE pegboard.kpi (
  name            text PRIMARY KEY CHECK (name <> ''),
  formula         text,
  version         integer NOT NULL CHECK (version >= 0),
  effective_from  timestamptz,
  unit            text,
  rat             text,
  category        text,
  polarity        text CHECK (polarity IN ('higher_better', 'lower_better', 'neutral')),
  weight          smallint CHECK (weight BETWEEN 1 AND 10),
  critical        boolean,
  thresholds      jsonb,
  description     text,
  updated_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN pegboard.kpi.version IS 'of the formula, from 1; 0 while there is none';

-- Every formula that a KPI has had; append-only, also where the KPI is deleted.
CREATE TABLE pegboard.kpi_formula (
  name            text NOT NULL,
  version         integer NOT NULL CHECK (version > 0),
  formula         text NOT NULL,
  effective_from  timestamptz NOT NULL,
  PRIMARY KEY (name, version)
);

CREATE OR REPLACE VIEW public.peg AS
  SELECT p.id, p.family, p.name, p.rat, coalesce(p.unit, d.unit) AS unit, coalesce(p.kind, d.kind) AS kind,
         coalesce(p.polarity, d.polarity) AS polarity, coalesce(p.weight, d.weight) AS weight, p.critical,
         coalesce(p.thresholds, d.thresholds) AS thresholds, coalesce(p.clause, d.clause) AS clause, p.description,
         coalesce(d.base, p.name) AS base, coalesce(d.dimensions, '{}') AS dimensions
  FROM pegboard.peg p LEFT JOIN pegboard.peg_default d ON d.peg_id = p.id;
