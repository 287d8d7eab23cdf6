import type { MeasurementBlock } from '@pegboard/pm-files';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockMemory } from './block-memory.ts';

function blockOf(ne: string, ldn: string, family: string | null, beginMs: number, values: readonly number[]) {
  return {
    managedElement: { name: ne, userLabel: null, swVersion: null, vendor: null },
    ldn,
    layout: { family, names: ['a', 'b'] },
    beginMs,
    granularityS: 900,
    suspect: false,
    values: Float64Array.from(values),
  } satisfies MeasurementBlock;
}

describe('BlockMemory', () => {
  it('knows a block exactly where it was last seen with the same values and was not forgotten', () => {
    const value = fc.constantFrom(0, 1, -1, 0.1, Number.NaN);
    const see = fc.record({
      ne: fc.constantFrom('N', 'M'),
      ldn: fc.constantFrom('', 'Cell=1', 'Cell=2'),
      family: fc.constantFrom(null, 'F', 'G'),
      beginMs: fc.constantFrom(0, 900_000, 1_800_000),
      values: fc.tuple(value, value),
    });
    const step = fc.oneof({ arbitrary: see, weight: 9 }, { arbitrary: fc.constantFrom(900_000, 1_800_000), weight: 1 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const memory = new BlockMemory();
        const expected = new Map<string, { readonly beginMs: number; readonly values: string }>();
        for (const seen of steps) {
          if (typeof seen === 'number') {
            memory.forgetBefore(seen);
            for (const [key, { beginMs }] of expected) if (beginMs < seen) expected.delete(key);
            continue;
          }
          const { ne, ldn, family, beginMs, values } = seen;
          const key = [ne, ldn, family, beginMs].join('|');
          const isKnown = memory.isKnown(blockOf(ne, ldn, family, beginMs, values));
          expect(isKnown).toBe(expected.get(key)?.values === values.join());
          expected.set(key, { beginMs, values: values.join() });
        }
      }),
    );
  });
});
