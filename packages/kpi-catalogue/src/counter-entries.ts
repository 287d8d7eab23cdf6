import type { CounterDefinition, CounterKind, Dimension, Rat } from './catalogue-types.ts';

interface Extras {
  readonly dimensions?: readonly Dimension[];
  readonly weightedBy?: string;
  readonly unitUnverified?: boolean;
  readonly note?: string;
}

function counter(
  rat: Rat,
  kind: CounterKind,
  name: string,
  unit: string,
  clause: string,
  { dimensions = [], weightedBy, unitUnverified = false, note }: Extras,
): CounterDefinition {
  return {
    name,
    rat,
    unit,
    kind,
    dimensions,
    totalOf: null,
    weightedBy: weightedBy ?? null,
    clause,
    unitUnverified,
    note: note ?? null,
  };
}

/** Shorthands for the entries of one RAT. */
export function counterEntries(rat: Rat) {
  return {
    count: (name: string, clause: string, extras: Extras = {}) => counter(rat, 'cumulative', name, '1', clause, extras),
    amount: (name: string, unit: string, clause: string, extras: Extras = {}) =>
      counter(rat, 'cumulative', name, unit, clause, extras),
    gauge: (name: string, unit: string, clause: string, extras: Extras = {}) =>
      counter(rat, 'gauge', name, unit, clause, extras),
    derived: (name: string, unit: string, clause: string, weightedBy: string, extras: Extras = {}) =>
      counter(rat, 'derived', name, unit, clause, { ...extras, weightedBy }),
    /** A counter with sub-counters and the `.sum` that totals them. */
    withTotal(entry: CounterDefinition): readonly CounterDefinition[] {
      return [entry, { ...entry, name: `${entry.name}.sum`, dimensions: [], totalOf: entry.name }];
    },
  };
}
