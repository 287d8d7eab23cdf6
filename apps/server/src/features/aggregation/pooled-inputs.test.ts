import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntitySamples } from './entity-samples.ts';
import type { Combination, Measure } from './measure.ts';
import { PooledInputs } from './pooled-inputs.ts';
import { PeriodTimeline } from './timeline.ts';

const PERIODS = 8;

function measureOf(combinations: readonly Combination[]): Measure {
  const inputs = combinations.map((combination, at) => ({ key: `c${at}`, combination, seconds: false, sources: [] }));
  const isAmount = combinations.includes('sum');
  return { name: 'any', entity: 'cell', inputs, formula: null, isPartOfWhole: false, isAmount };
}

/** Values by period; null: no sample. */
function entity(columns: readonly (readonly (number | null)[])[], weights?: readonly number[]): EntitySamples {
  return {
    granularityS: 900,
    begins: Float64Array.from({ length: PERIODS }, (_, at) => at * 900_000),
    columns: columns.map((column) => ({
      values: Float64Array.from(column, (value) => value ?? Number.NaN),
      weights: weights ? Float64Array.from(weights) : null,
    })),
    hasSuspect: false,
    isSuspect: () => false,
  };
}

function pooled(measure: Measure, entities: readonly EntitySamples[], completed: boolean) {
  const inputs = new PooledInputs(measure, new PeriodTimeline(), completed);
  for (const one of entities) inputs.addEntity([one]);
  return inputs.settle();
}

const value = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const full = fc.array(value, { minLength: PERIODS, maxLength: PERIODS });
const gaps = fc.array(fc.boolean(), { minLength: PERIODS, maxLength: PERIODS });

describe('entities together', () => {
  it('give the sum of counts and the mean of states, period by period', () => {
    fc.assert(
      fc.property(fc.array(full, { minLength: 1, maxLength: 6 }), (cells) => {
        const entities = cells.map((cell) => entity([cell]));
        for (const completed of [false, true]) {
          const [sums] = pooled(measureOf(['sum']), entities, completed).values;
          const [means] = pooled(measureOf(['mean']), entities, completed).values;
          for (let at = 0; at < PERIODS; at++) {
            const sum = cells.reduce((total, cell) => total + cell[at], 0);
            expect(sums[at]).toBe(sum);
            expect(means[at]).toBeCloseTo(sum / cells.length, 6);
          }
        }
      }),
    );
  });

  it('give a mean by weight that lies between the smallest and the largest, and the value itself of one', () => {
    const weight = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 1e3, noNaN: true }));
    const cell = fc.tuple(full, fc.array(weight, { minLength: PERIODS, maxLength: PERIODS }));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
        const measure = measureOf(['weighted']);
        const { begins, values } = pooled(
          measure,
          cells.map(([own, weights]) => entity([own], weights)),
          false,
        );
        for (const [bin, beginMs] of begins.entries()) {
          const at = beginMs / 900_000;
          const own = cells.map(([column]) => column[at]);
          const weight = cells.reduce((sum, [, weights]) => sum + weights[at], 0);
          if (weight === 0) expect(values[0][bin]).toBeNaN();
          else if (cells.length === 1) expect(values[0][bin]).toBe(own[0]);
          else {
            expect(values[0][bin]).toBeGreaterThanOrEqual(Math.min(...own) * (1 - 1e-9));
            expect(values[0][bin]).toBeLessThanOrEqual(Math.max(...own) * (1 + 1e-9));
          }
        }
      }),
    );
  });

  it('give a total that stays as it is where cells that do not change lack samples', () => {
    const cell = fc.tuple(value, gaps);
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
        const there = cells.filter(([, own]) => own.includes(true));
        const entities = cells.map(([count, own]) => entity([own.map((is) => (is ? count : null))]));
        const [sums] = pooled(measureOf(['sum']), entities, true).values;
        const total = there.reduce((sum, [count]) => sum + count, 0);
        for (const sum of sums) expect(Math.abs(sum - total)).toBeLessThanOrEqual(1e-9 * total);
      }),
    );
  });

  it('count samples with all inputs only, where there are such', () => {
    const measure = measureOf(['sum', 'sum']);
    const whole = entity([Array<number>(8).fill(10), Array<number>(8).fill(9)]);
    const half = entity([Array<number>(8).fill(1000), Array<null>(8).fill(null)]);
    const { values, seconds, total } = pooled(measure, [whole, half], false);
    expect([...values[0]]).toEqual(Array(8).fill(10));
    expect([...seconds]).toEqual(Array(8).fill(900));
    expect(total()).toEqual({ values: [80, 72], seconds: 8 * 900, bins: 8 });
    // Counters that no cell has together are combined each by itself.
    const other = entity([Array<null>(8).fill(null), Array<number>(8).fill(4)]);
    const apart = pooled(measure, [half, other], false);
    expect([...apart.values[0], ...apart.values[1]]).toEqual([...Array(8).fill(1000), ...Array(8).fill(4)]);
    expect(apart.total()).toEqual({ values: [8000, 32], seconds: 8 * 900, bins: 8 });
  });

  it('do not depend on the granularity that comes first', () => {
    const quarters = entity([[1, 2, 3, 4, 5, 6, 7, 8]]);
    const hours: EntitySamples = { ...entity([[10]]), granularityS: 3600, begins: Float64Array.of(0) };
    const [mean] = pooled(measureOf(['mean']), [quarters, hours], false).values;
    const [same] = pooled(measureOf(['mean']), [hours, quarters], false).values;
    expect([...mean]).toEqual([...same]);
    expect(mean[0]).toBeCloseTo((1 * 900 + 10 * 3600) / 4500, 12);
  });
});
