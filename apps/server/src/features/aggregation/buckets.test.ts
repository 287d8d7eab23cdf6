import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketBounds, bucketIndex } from './buckets.ts';

const at = (text: string) => Date.parse(text);
const bounds = (from: string, to: string, minutes: number, zone = 'UTC') =>
  [...bucketBounds({ fromMs: at(from), toMs: at(to) }, minutes, zone)].map((ms) =>
    new Date(ms).toISOString().slice(0, 16),
  );

describe('bucketBounds', () => {
  it('begins at local midnight, not at the begin of the range', () => {
    expect(bounds('2025-08-08T08:10Z', '2025-08-08T10:00Z', 60)).toEqual([
      '2025-08-08T08:00',
      '2025-08-08T09:00',
      '2025-08-08T10:00',
    ]);
    expect(bounds('2025-08-08T00:00Z', '2025-08-08T01:00Z', 60, 'Asia/Kolkata')).toEqual([
      '2025-08-07T23:30',
      '2025-08-08T00:30',
      '2025-08-08T01:30',
    ]);
  });

  it('begins anew each day', () => {
    const hours = bounds('2025-08-08T00:00Z', '2025-08-09T10:00Z', 600).map((text) => text.slice(8));
    expect(hours).toEqual(['08T00:00', '08T10:00', '08T20:00', '09T00:00', '09T10:00']);
  });

  it('makes calendar days where clocks are set', () => {
    expect(bounds('2025-03-29T23:00Z', '2025-03-31T22:00Z', 1440, 'Europe/Berlin')).toEqual([
      '2025-03-29T23:00',
      '2025-03-30T22:00',
      '2025-03-31T22:00',
    ]);
    // The day has 23 hours.
    expect(bounds('2025-03-29T23:00Z', '2025-03-30T22:00Z', 60, 'Europe/Berlin')).toHaveLength(24);
  });

  it('takes lengths between days', () => {
    expect(bounds('2025-08-08T00:00Z', '2025-08-10T00:00Z', 2160)).toEqual([
      '2025-08-08T00:00',
      '2025-08-09T12:00',
      '2025-08-11T00:00',
    ]);
  });

  it('refuses millions of buckets', () => {
    expect(() => bounds('2000-01-01T00:00Z', '2025-01-01T00:00Z', 1)).toThrow('more than 1000000 buckets');
  });

  it('has for each time of the range one bucket, which holds it', () => {
    const minutes = fc.integer({ min: 1, max: 5000 });
    const length = fc.integer({ min: 1, max: 5 * 86_400_000 });
    const zone = fc.constantFrom('UTC', 'Asia/Seoul', 'Europe/Berlin', 'America/St_Johns');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2e12 }),
        length,
        minutes,
        zone,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (fromMs, ms, n, tz, share) => {
          const all = bucketBounds({ fromMs, toMs: fromMs + ms }, n, tz);
          const timeMs = fromMs + Math.floor(share * (ms - 1));
          const index = bucketIndex(all, timeMs);
          expect(all[index]).toBeLessThanOrEqual(timeMs);
          expect(all[index + 1]).toBeGreaterThan(timeMs);
          expect(bucketIndex(all, all[0] - 1)).toBe(-1);
          expect(bucketIndex(all, all[all.length - 1])).toBe(-1);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });
});
