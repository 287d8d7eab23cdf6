import { formulaReferences, type NameNode, parseFormula } from '@pegboard/formula';
import { CATALOGUE, type CounterDefinition, type KpiDefinition, type Rat } from '@pegboard/kpi-catalogue';
import { option, seededRandom } from './measure.ts';

/** Two weeks of all counters that the shipped KPIs stand on: 200 LTE and 200 NR cells, 14 days of 15 minutes. */
export const CELLS = Number(option('cells') ?? 200);
export const CELLS_OF_NE = 4;
export const PERIOD_S = 900;
const DAYS = 14;
export const PERIODS = (DAYS * 86_400) / PERIOD_S;
export const START_MS = Date.UTC(2026, 0, 1);
export const MIDDLE_MS = START_MS + (DAYS / 2) * 86_400_000;
export const END_MS = START_MS + DAYS * 86_400_000;
/** Of the granularity periods of a cell. */
const MISSING_SHARE = 0.01;

export const RATS = ['LTE', 'NR'] as const satisfies readonly Rat[];
export const CLASSES = { LTE: 'EUtranCellFDD', NR: 'NRCellDU' } as const;

/** The energy is that of a node, not of a cell: it has no place in a table of cells. */
export const KPIS = CATALOGUE.kpis.filter(({ id }) => id !== 'N23');

/** A counter as files deliver it. */
export interface BenchCounter {
  readonly name: string;
  readonly definition: CounterDefinition;
  /** Of the sub-counter; null: the counter itself. */
  readonly value: string | null;
}

/** Values of a dimension that have a sub-counter. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  QCI: ['1', '9'],
  '5QI': ['1', '9'],
  CQI: Array.from({ length: 16 }, (_, bin) => `${bin}`),
};

/** The counters that KPIs of a RAT refer to, and those that weight them. */
export const COUNTERS: Readonly<Record<Rat, readonly BenchCounter[]>> = {
  LTE: countersOf('LTE'),
  NR: countersOf('NR'),
};

function countersOf(rat: Rat): BenchCounter[] {
  const definitions = new Map(
    CATALOGUE.counters.filter((counter) => counter.rat === rat).map((counter) => [counter.name, counter]),
  );
  const all = new Map<string, BenchCounter>();
  const add = (definition: CounterDefinition | undefined, selector: NameNode['selectors'][number] | undefined) => {
    if (!definition) return;
    const values = selector ? (selector.value === null ? VALUES[selector.dimension] : [selector.value]) : [null];
    for (const value of values ?? []) {
      const name =
        value === null ? definition.name : `${definition.name}.${selector?.dimension === 'CQI' ? 'Bin' : ''}${value}`;
      all.set(name, { name, definition, value });
    }
    if (definition.weightedBy !== null) add(definitions.get(definition.weightedBy), undefined);
  };
  for (const kpi of KPIS.filter((each) => each.rat === rat))
    for (const { name, selectors } of referencesOf(kpi)) add(definitions.get(name), selectors[0]);
  return [...all.values()];
}

function referencesOf({ formula }: KpiDefinition): readonly NameNode[] {
  const parsed = parseFormula(formula ?? '');
  return parsed.status === 'ok' ? formulaReferences(parsed.formula.root) : [];
}

/** The values of the cells of a RAT, one granularity period after the other; NaN throughout: the cell sent nothing. */
export function* generatedPeriods(rat: Rat): Generator<{ period: number; values: Float64Array }> {
  const random = seededRandom(rat === 'LTE' ? 1 : 2);
  const counters = COUNTERS[rat];
  const values = new Float64Array(CELLS * counters.length);
  for (let period = 0; period < PERIODS; period++) {
    const cycle = 1 - 0.6 * Math.cos((2 * Math.PI * (period % 96)) / 96);
    for (let cell = 0; cell < CELLS; cell++) {
      const own = values.subarray(cell * counters.length, (cell + 1) * counters.length);
      if (random() < MISSING_SHARE) own.fill(Number.NaN);
      else fillCell(own, counters, cycle * (1 + (cell % 7)), random);
    }
    yield { period, values };
  }
}

function fillCell(values: Float64Array, counters: readonly BenchCounter[], load: number, random: () => number): void {
  for (const [at, { name, definition }] of counters.entries()) {
    const part = /succ|relact|err|too|wrong|unavailable|downtime/i.test(name) ? 0.4 : 1;
    values[at] =
      definition.kind === 'cumulative' ? Math.floor(load * part * (100 + 100 * random())) : 20 + 60 * random();
  }
}
