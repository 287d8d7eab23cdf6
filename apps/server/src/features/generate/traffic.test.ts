import { describe, expect, it } from 'vitest';
import { cellLoad, cellTraffic } from './traffic.ts';

const TUESDAY = Date.UTC(2025, 10, 11) / 86_400_000;

describe('cellLoad', () => {
  it('runs on over midnight: the step between days is as small as within a day', () => {
    const steps = Array.from({ length: 600 }, (_, index) => {
      const traffic = { ...cellTraffic(3, `ne-${index}`, `ne-${index}/1`), kind: 'mixed' as const };
      const before = cellLoad(3, traffic, TUESDAY, 900)[95]!;
      const after = cellLoad(3, traffic, TUESDAY + 1, 900)[0]!;
      return Math.log(after / before);
    });
    const average = steps.reduce((sum, step) => sum + step, 0) / steps.length;
    const variance = steps.reduce((sum, step) => sum + (step - average) ** 2, 0) / (steps.length - 1);
    expect(variance).toBeLessThan(0.007); // 0.004 with the noise running on, 0.011 where it starts anew
  });

  it('depends on the seed, the cell and the day', () => {
    const traffic = cellTraffic(3, 'ne', 'ne/1');
    const load = cellLoad(3, traffic, TUESDAY, 900);
    expect(cellLoad(3, traffic, TUESDAY, 900)).toEqual(load);
    expect(cellLoad(4, traffic, TUESDAY, 900)).not.toEqual(load);
    expect(cellLoad(3, traffic, TUESDAY + 7, 900)).not.toEqual(load);
    expect(cellLoad(3, { ...traffic, cellHash: 1 }, TUESDAY, 900)).not.toEqual(load);
  });

  it('has cells of different size around 1', () => {
    const levels = Array.from({ length: 500 }, (_, index) => cellTraffic(1, 'ne', `ne/${index}`).level).sort(
      (a, b) => a - b,
    );
    expect(levels[250]).toBeGreaterThan(0.9);
    expect(levels[250]).toBeLessThan(1.1);
    expect(levels[450]! / levels[50]!).toBeGreaterThan(1.8);
  });
});
