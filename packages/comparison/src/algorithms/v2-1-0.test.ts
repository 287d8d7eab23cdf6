import { readFileSync } from 'node:fs';
import { pegComparisonRow, pegComparisonSummary } from '@pegboard/contracts';
import { summarize } from '@pegboard/stats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeriodSummary, Polarity, SeriesPair } from '../series.ts';
import { compareV210 } from './v2-1-0.ts';
import { verdictV210 } from './v2-1-0-verdict.ts';

interface ReferencePeriod {
  readonly avg: number | null;
  readonly rsd: number | null;
  readonly count: number;
}

interface ReferenceCase {
  readonly name: string;
  readonly n1: readonly number[];
  readonly n: readonly number[];
  readonly polarity: Polarity | null;
  readonly weight: number | null;
  readonly expected: {
    readonly n1: ReferencePeriod;
    readonly n: ReferencePeriod;
    readonly weight: number;
    readonly data_quality: string;
    readonly outcome: string;
    readonly reason?: string;
    readonly comparison: null | {
      readonly change_percent: number | null;
      readonly change_absolute: number;
      readonly trend: string;
      readonly significance: string;
      readonly confidence: number;
      readonly flags: readonly string[];
    };
  };
}

const REFERENCE: {
  readonly cases: readonly ReferenceCase[];
  readonly summary: Readonly<Record<string, number | string>> & { readonly weighted_avg_change: number };
  readonly score: number;
  readonly order: readonly string[];
} = JSON.parse(readFileSync(new URL('../../fixtures/v2-1-0.json', import.meta.url), 'utf8'));

const NOW = Date.UTC(2025, 7, 15, 0, 5);

function period(values: readonly number[]): PeriodSummary {
  return { ...summarize(values), values };
}

function series(overrides: Partial<SeriesPair> = {}): SeriesPair {
  return {
    pegName: 'A',
    family: 'NRCellDU',
    ne: 'ne1',
    object: 'NRCellDU=20',
    cellId: '20',
    polarity: null,
    weight: null,
    nMinus1: period([45, 46, 47]),
    n: period([60, 61, 62]),
    flags: [],
    ...overrides,
  };
}

function ofCase(reference: ReferenceCase): SeriesPair {
  const { name, polarity, weight, n1, n } = reference;
  return series({ pegName: name, polarity, weight, nMinus1: period(n1), n: period(n) });
}

const close = (value: number | null) =>
  value === null ? null : expect.closeTo(value, 12 - Math.ceil(Math.log10(Math.abs(value) + 1)));

describe('compareV210', () => {
  it('gives the check value', () => {
    const { rows, summary } = compareV210([series()], { nowMs: NOW });
    expect(rows).toEqual([
      {
        peg_name: 'A',
        weight: 5,
        n1_period: { avg: 46, rsd: expect.closeTo(2.1739, 4), values: [45, 46, 47], count: 3 },
        n_period: { avg: 61, rsd: expect.closeTo(1.6393, 4), values: [60, 61, 62], count: 3 },
        comparison: {
          change_percent: expect.closeTo(32.6087, 4),
          change_absolute: 15,
          trend: 'up',
          significance: 'high',
          confidence: expect.closeTo(0.612, 12),
        },
        metadata: {
          ne: 'ne1',
          object: 'NRCellDU=20',
          cell_id: '20',
          family: 'NRCellDU',
          polarity: 'higher_better',
          outcome: 'improved',
          calculated_at: '2025-08-15T00:05:00.000Z',
          data_quality: 'high',
        },
      },
    ]);
    expect(summary).toMatchObject({ total_pegs: 1, improved: 1, overall_trend: 'improving' });
  });

  it.each(REFERENCE.cases.map((reference) => [reference.name, reference] as const))(
    'agrees: %s',
    (_name, reference) => {
      const [row] = compareV210([ofCase(reference)], { nowMs: NOW }).rows;
      const { expected } = reference;
      expect(row.n1_period).toMatchObject({ ...expected.n1, avg: close(expected.n1.avg), rsd: close(expected.n1.rsd) });
      expect(row.n_period).toMatchObject({ ...expected.n, avg: close(expected.n.avg), rsd: close(expected.n.rsd) });
      expect(row.weight).toBe(expected.weight);
      expect(row.metadata).toMatchObject({ outcome: expected.outcome, data_quality: expected.data_quality });
      expect(row.reason).toBe(expected.reason);
      const flags = expected.comparison?.flags ?? [];
      expect(row.comparison).toEqual(
        expected.comparison === null
          ? null
          : {
              ...expected.comparison,
              change_percent: close(expected.comparison.change_percent),
              change_absolute: close(expected.comparison.change_absolute),
              confidence: close(expected.comparison.confidence),
              flags: flags.length === 0 ? undefined : flags,
            },
      );
    },
  );

  it('agrees on summary, score and order of all cases together', () => {
    const { rows, summary } = compareV210(REFERENCE.cases.map(ofCase), { nowMs: NOW });
    expect(summary).toEqual({
      ...REFERENCE.summary,
      weighted_avg_change: expect.closeTo(REFERENCE.summary.weighted_avg_change, 9),
    });
    expect(verdictV210(rows).score).toBeCloseTo(REFERENCE.score, 9);
    expect(rows.map((row) => row.peg_name)).toEqual(REFERENCE.order);
  });

  it('lists up to 200 values of a period, and says where it does not', () => {
    const many = Array.from({ length: 201 }, (_, index) => index);
    const [row] = compareV210([series({ nMinus1: period(many.slice(0, 200)), n: period(many) })], { nowMs: NOW }).rows;
    expect(row.n1_period.values).toHaveLength(200);
    expect(row.n1_period).not.toHaveProperty('values_omitted');
    expect(row.n_period).toMatchObject({ count: 201, values: null, values_omitted: true });
    const reduced = { ...period([1, 2]), values: null };
    expect(compareV210([series({ n: reduced })], { nowMs: NOW }).rows[0].n_period).toMatchObject({
      values: null,
      values_omitted: true,
    });
  });

  it('takes polarity and weight from the request first, by family where it says so', () => {
    const outcome = (pegDefinitions: Record<string, { weight?: number; polarity?: Polarity }>, pair = series()) => {
      const [row] = compareV210([pair], { nowMs: NOW, pegDefinitions }).rows;
      return [row.metadata.outcome, row.metadata.polarity, row.weight];
    };
    const stored = series({ polarity: 'neutral', weight: 2 });
    expect(outcome({}, stored)).toEqual(['neutral', 'neutral', 2]);
    expect(outcome({ A: { polarity: 'lower_better' } }, stored)).toEqual(['declined', 'lower_better', 2]);
    expect(outcome({ A: { weight: 9 } }, stored)).toEqual(['neutral', 'neutral', 9]);
    expect(outcome({ 'NRCellDU/A': { weight: 7 }, A: { weight: 9 } })).toEqual(['improved', 'higher_better', 7]);
    expect(outcome({}, series({ pegName: 'constructor' }))).toEqual(['improved', 'higher_better', 5]);
  });

  it('hands on what was remarked on the samples', () => {
    const { rows } = compareV210([series({ flags: ['suspect_samples'] })], { nowMs: NOW });
    expect(rows[0].metadata.flags).toEqual(['suspect_samples']);
  });

  it('shows amounts of different cells, and does not compare them', () => {
    const { rows } = compareV210([series({ hasNoCommonCells: true })], { nowMs: NOW });
    expect(rows[0]).toMatchObject({
      n1_period: { avg: 46 },
      n_period: { avg: 61 },
      comparison: null,
      reason: 'no_common_cells',
      metadata: { outcome: 'incomplete' },
    });
    expect(verdictV210(rows).verdict).toBe('NO_VERDICT');
  });

  it('says null where a double cannot hold the result', () => {
    const huge = series({ nMinus1: period([-1e308, -1e308]), n: period([1e308, 1e308]) });
    expect(compareV210([huge], { nowMs: NOW }).rows[0].comparison).toMatchObject({
      change_absolute: null,
      change_percent: 200,
      trend: 'up',
      flags: ['not_representable'],
    });
    const surge = series({ nMinus1: period([5e-324]), n: period([1e300]) });
    expect(compareV210([surge], { nowMs: NOW }).rows[0].comparison).toMatchObject({
      change_absolute: 1e300,
      change_percent: null,
      trend: 'up',
      significance: 'high',
      flags: ['not_representable'],
    });
  });

  it('compares nothing without series', () => {
    const { rows, summary } = compareV210([], { nowMs: NOW });
    expect(rows).toEqual([]);
    expect(summary).toEqual({
      total_pegs: 0,
      improved: 0,
      declined: 0,
      stable: 0,
      neutral: 0,
      incomplete: 0,
      weighted_avg_change: null,
      overall_trend: 'stable',
    });
  });
});

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e308, -1e308, Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, -5e-324, 1e-310),
  fc.integer({ min: -50, max: 50 }),
);
const values = fc.oneof(
  fc.array(value, { maxLength: 12 }),
  fc.tuple(value, fc.integer({ min: 1, max: 12 })).map(([one, count]) => Array.from({ length: count }, () => one)),
);
const anySeries = fc
  .record({
    pegName: fc.constantFrom('A', 'B', 'C'),
    ne: fc.constantFrom('ne1', 'ne2', null),
    cellId: fc.constantFrom('20', '200', null),
    polarity: fc.constantFrom<Polarity | null>('higher_better', 'lower_better', 'neutral', null),
    weight: fc.option(fc.integer({ min: 1, max: 10 })),
    nMinus1: values.map(period),
    n: values.map(period),
  })
  .map((record) => series({ ...record, object: `cell ${record.cellId}` }));
const anySelection = fc.uniqueArray(anySeries, {
  maxLength: 18,
  selector: (pair) => JSON.stringify([pair.pegName, pair.ne, pair.cellId]),
});

describe('for any finite samples', () => {
  it('rows and summary fit the wire: no NaN, no Infinity', () => {
    fc.assert(
      fc.property(anySelection, (selection) => {
        const { rows, summary } = compareV210(selection, { nowMs: NOW });
        for (const row of rows) expect(pegComparisonRow.safeParse(row)).toMatchObject({ success: true });
        expect(pegComparisonSummary.safeParse(summary)).toMatchObject({ success: true });
        const { improved, declined, stable, neutral, incomplete } = summary;
        expect(improved + declined + stable + neutral + incomplete).toBe(summary.total_pegs);
        expect(summary.total_pegs).toBe(selection.length);
      }),
    );
  });

  it('the order of the series does not matter', () => {
    const shuffled = anySelection.chain((selection) =>
      fc.tuple(fc.constant(selection), fc.shuffledSubarray(selection, { minLength: selection.length })),
    );
    fc.assert(
      fc.property(shuffled, ([selection, other]) => {
        expect(compareV210(other, { nowMs: NOW })).toEqual(compareV210(selection, { nowMs: NOW }));
      }),
    );
  });

  it('swapping the periods swaps up and down, and polarity swaps improved and declined', () => {
    fc.assert(
      fc.property(anySeries, (pair) => {
        const of = (changed: Partial<SeriesPair>) => compareV210([{ ...pair, ...changed }], { nowMs: NOW }).rows[0];
        const swapped = of({ nMinus1: pair.n, n: pair.nMinus1 }).comparison;
        const straight = of({}).comparison;
        if (straight !== null && swapped !== null && straight.trend !== 'stable' && swapped.trend !== 'stable') {
          expect(swapped.trend).not.toBe(straight.trend);
        }
        const higher = of({ polarity: 'higher_better' }).metadata.outcome;
        const mirrored: Record<string, string> = { improved: 'declined', declined: 'improved' };
        expect(of({ polarity: 'lower_better' }).metadata.outcome).toBe(mirrored[higher] ?? higher);
      }),
    );
  });

  it('the declined come first, the incomplete last, by falling severity in between', () => {
    fc.assert(
      fc.property(anySelection, (selection) => {
        const { rows } = compareV210(selection, { nowMs: NOW });
        const ranks = rows.map((row) => ({ declined: 0, incomplete: 2 })[row.metadata.outcome as 'declined'] ?? 1);
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
        rows.slice(1).forEach((row, index) => {
          const before = rows[index];
          if (ranks[index] !== ranks[index + 1] || before.comparison?.change_percent == null) return;
          expect(row.comparison?.change_percent).not.toBeNull();
          expect((row.weight / 16) * Math.abs(row.comparison?.change_percent ?? 0)).toBeLessThanOrEqual(
            (before.weight / 16) * Math.abs(before.comparison.change_percent),
          );
        });
      }),
    );
  });
});

describe('verdictV210', () => {
  const rowsOf = (...parts: [number, number, number][]) =>
    compareV210(
      parts.map(([weight, before, after], index) =>
        series({ pegName: `P${index}`, weight, nMinus1: period([before]), n: period(after < 0 ? [] : [after]) }),
      ),
      { nowMs: NOW },
    ).rows;

  it.each([
    ['nothing declined', rowsOf([5, 10, 10], [5, 10, 20]), 100, 'PASS'],
    ['exactly 95', rowsOf([1, 10, 1], [10, 10, 10], [9, 10, 10]), 95, 'PASS'],
    ['below 95', rowsOf([1, 10, 1], [9, 10, 10]), 90, 'MARGINAL'],
    ['exactly 75', rowsOf([5, 10, 1], [10, 10, 10], [5, 10, 10]), 75, 'MARGINAL'],
    ['below 75', rowsOf([6, 10, 1], [4, 10, 10]), 40, 'FAIL'],
    ['all declined', rowsOf([6, 10, 1]), 0, 'FAIL'],
    ['the incomplete do not count', rowsOf([5, 10, 10], [10, 10, -1]), 100, 'PASS'],
    ['nothing comparable', rowsOf([5, 10, -1]), null, 'NO_VERDICT'],
    ['nothing at all', rowsOf(), null, 'NO_VERDICT'],
  ])('%s', (_name, rows, score, verdict) => {
    expect(verdictV210(rows)).toMatchObject({ score, verdict });
  });

  it('says why', () => {
    expect(verdictV210(rowsOf([6, 10, 1], [5, 10, 10], [1, 10, -1])).reasons).toEqual([
      '1 of 2 comparable series declined; 45.4 % of the weight did not',
      '1 series have no samples that both periods share, and do not count',
    ]);
    expect(verdictV210([]).reasons).toEqual(['nothing was compared: no series has samples in the two periods']);
  });
});
