import { describe, expect, it } from 'vitest';
import { networkOptions } from './network-options.ts';

describe('networkOptions', () => {
  const base = { nes: 1, cells: 1, pegs: 1, days: 1 };
  const now = (): number => Date.UTC(2025, 10, 22, 5, 30);

  it('ends at the last midnight unless told otherwise', () => {
    expect(new Date(networkOptions({ ...base, days: 14 }, now).startMs).toISOString()).toBe('2025-11-08T00:00:00.000Z');
  });

  it.each([
    [{ nes: 0 }, /nes is 0/],
    [{ pegs: 5001 }, /pegs is 5001/],
    [{ days: 1.5 }, /days is 1.5/],
    [{ cells: Number.NaN }, /cells is NaN/],
    [{ granularityS: 700 }, /granularity 700 s does not divide a day/],
    [{ startMs: Date.UTC(2025, 0, 1, 0, 7) }, /not on a boundary/],
    [{ startMs: Date.UTC(1970, 0, 1) }, /between 1990 and 2100/],
    [{ seed: -1 }, /seed is -1/],
    [{ missingFraction: 1 }, /missing is 1/],
    [{ cells: 5000, pegs: 5000 }, /2400000000 values a day/],
  ])('refuses %j', (input, message) => {
    expect(() => networkOptions({ ...base, ...input }, now)).toThrow(message);
  });
});
