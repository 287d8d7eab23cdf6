import { judgeRow as judgeRowSchema } from '@pegboard/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvidenceCollector } from './collect-evidence.ts';
import type { JudgeContext, JudgeSeries, PeriodSamples, SeriesTraits } from './judge-input.ts';
import { judgeRow } from './judge-row.ts';
import { judgeTogether } from './judge-together.ts';
import type { SeriesJudgement } from './judgement.ts';
import { contextOf, DAY_MS, daily, normalNumbers, samplesFrom, seriesOf, TRAITS } from './testing/make-series.ts';

const judge = (context: JudgeContext, series: readonly JudgeSeries[]): SeriesJudgement[] =>
  judgeTogether(series.map(createEvidenceCollector(context)));

const MIRRORED: Record<string, string> = {
  degraded: 'improved',
  improved: 'degraded',
  added: 'removed',
  removed: 'added',
};

/** A few positive series with cycle, noise, days and shifts of all sizes. */
const positive = fc.record({
  days: fc.constantFrom(1, 2, 3, 5, 7, 10, 14),
  seed: fc.integer({ min: 1, max: 1e6 }),
  noise: fc.constantFrom(0.02, 0.1, 0.4),
  dayEffect: fc.constantFrom(0, 0.03, 0.15),
  shifts: fc.array(fc.constantFrom(0.2, 0.8, 0.95, 1, 1, 1.04, 1.25, 3), { minLength: 1, maxLength: 6 }),
  missing: fc.constantFrom(0, 0.2),
});

function positiveSeries({
  days,
  seed,
  noise,
  dayEffect,
  shifts,
  missing,
}: typeof positive extends fc.Arbitrary<infer T> ? T : never) {
  const context = contextOf(days);
  const normal = normalNumbers(seed);
  const series = shifts.map((shift, i) => {
    const side = (period: { fromMs: number; toMs: number }, factor: number) => {
      const effects = Array.from({ length: days + 1 }, () => Math.exp(dayEffect * normal()));
      return samplesFrom(period, 3600, (ms) =>
        Math.abs(normal()) < missing / 0.8
          ? Number.NaN
          : 100 * daily(ms) * factor * Math.exp(noise * normal()) * effects[Math.floor((ms - period.fromMs) / DAY_MS)],
      );
    };
    return seriesOf(side(context.nMinus1, 1), side(context.n, shift), { object: `cell${i}` });
  });
  return { context, series };
}

describe('judge-1', () => {
  it('mirrors its verdict where the periods are swapped', () => {
    fc.assert(
      fc.property(positive, (input) => {
        const { context, series } = positiveSeries(input);
        const swapped = series.map((one) => ({ ...one, nMinus1: one.n, n: one.nMinus1 }));
        const there = judge(context, series);
        const back = judge({ ...context, nMinus1: context.n, n: context.nMinus1 }, swapped);
        there.forEach((one, i) => {
          expect(back[i].verdict).toBe(MIRRORED[one.verdict] ?? one.verdict);
          expect(back[i].shift ?? 0).toBeCloseTo(-(one.shift ?? 0), 9);
          expect(back[i].p ?? 0).toBeCloseTo(one.p ?? 0, 9);
        });
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('keeps its verdict where all values are multiplied', () => {
    fc.assert(
      fc.property(positive, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (input, factor) => {
        const { context, series } = positiveSeries(input);
        const times = (samples: PeriodSamples | null) =>
          samples && { ...samples, values: samples.values.map((value) => value * factor) };
        const scaled = series.map((one) => ({ ...one, nMinus1: times(one.nMinus1), n: times(one.n) }));
        const plain = judge(context, series);
        judge(context, scaled).forEach((one, i) => {
          expect(one.verdict).toBe(plain[i].verdict);
          expect(one.p ?? 0).toBeCloseTo(plain[i].p ?? 0, 9);
        });
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('does not depend on the order of series or samples', () => {
    fc.assert(
      fc.property(positive, fc.integer({ min: 1, max: 1e6 }), (input, seed) => {
        const { context, series } = positiveSeries(input);
        const normal = normalNumbers(seed);
        const shuffled = <Item>(items: readonly Item[]): Item[] =>
          items
            .map((item) => ({ item, key: normal() }))
            .sort((a, b) => a.key - b.key)
            .map(({ item }) => item);
        const mixed = (samples: PeriodSamples | null) => {
          if (!samples) return null;
          const order = shuffled([...samples.values.keys()]);
          const take = (column: Float64Array) => Float64Array.from(order, (at) => column[at]);
          return { ...samples, beginMs: take(samples.beginMs), values: take(samples.values) };
        };
        const plain = new Map(judge(context, series).map((one) => [one.evidence.about.object, one]));
        const others = judge(
          context,
          shuffled(series).map((one) => ({ ...one, nMinus1: mixed(one.nMinus1), n: mixed(one.n) })),
        );
        for (const other of others) {
          const one = plain.get(other.evidence.about.object);
          expect(other.verdict).toBe(one?.verdict);
          expect(other.q ?? 0).toBeCloseTo(one?.q ?? 0, 10);
          expect(other.severity).toBeCloseTo(one?.severity ?? 0, 6);
        }
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  it('corrects p as Benjamini and Hochberg do', () => {
    fc.assert(
      fc.property(positive, (input) => {
        const { context, series } = positiveSeries(input);
        const tested = judge(context, series).filter(({ p }) => p !== null);
        const ps = tested.map(({ p }) => p ?? 1).sort((a, b) => a - b);
        for (const { p, q } of tested) {
          const expected = Math.min(
            ...ps.map((other, rank) => (other >= (p ?? 1) ? (other * ps.length) / (rank + 1) : 1)),
            1,
          );
          expect(q).toBeCloseTo(expected, 12);
        }
      }),
      { numRuns: 40, seed: 4 },
    );
  });

  const wild = fc.oneof(
    { weight: 3, arbitrary: fc.double({ min: -1e3, max: 1e3 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324, -5e-324, 100, 1),
    },
  );
  const traits: fc.Arbitrary<SeriesTraits> = fc.record({
    polarity: fc.constantFrom('higher_better', 'lower_better', 'neutral'),
    weight: fc.integer({ min: 1, max: 10 }),
    critical: fc.boolean(),
    scale: fc.constantFrom('relative', 'failure', 'points', 'db'),
    threshold: fc.constantFrom(null, 0.001, 5, 900),
    kind: fc.constantFrom('cumulative', 'gauge', 'derived', 'ratio', 'rate', 'mean', 'total', null),
  });
  const anySide = fc.option(
    fc.record({
      offsets: fc.array(fc.integer({ min: -40, max: 1000 }), { maxLength: 40 }),
      isHourly: fc.boolean(),
      values: fc.array(wild, { minLength: 40, maxLength: 40 }),
      repeats: fc.integer({ min: 1, max: 8 }),
      numerators: fc.option(fc.array(wild, { minLength: 40, maxLength: 40 })),
      denominators: fc.array(wild, { minLength: 40, maxLength: 40 }),
    }),
    { freq: 8 },
  );

  it('gives a defined row, without NaN or Infinity, for any input', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            traits,
            nMinus1: anySide,
            n: anySide,
            granularityS: fc.constantFrom(1, 60, 900, 3600, 86_400, 604_800),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        fc.constantFrom(0.25, 1, 2, 7, 30),
        fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
        (inputs, days, timeZone) => {
          const context = contextOf(days, days, timeZone, Date.UTC(2026, 2, 25));
          const side = (
            input: (typeof inputs)[number]['n'],
            fromMs: number,
            granularityS: number,
          ): PeriodSamples | null => {
            if (!input) return null;
            const count = input.isHourly ? 40 * input.repeats : input.offsets.length;
            const at = (i: number) => (input.isHourly ? i : input.offsets[i]);
            const cycled = (column: readonly number[]) =>
              Float64Array.from({ length: count }, (_, i) => column[i % 40]);
            return {
              beginMs: Float64Array.from({ length: count }, (_, i) => fromMs + at(i) * granularityS * 1000),
              values: cycled(input.values),
              suspect: null,
              numerator: input.numerators && cycled(input.numerators),
              denominator: input.numerators && cycled(input.denominators),
            };
          };
          const series = inputs.map((input, i) => ({
            ...seriesOf(
              side(input.nMinus1, context.nMinus1.fromMs, input.granularityS),
              side(input.n, context.n.fromMs, input.granularityS),
              { object: `c${i}` },
            ),
            granularityS: input.granularityS,
            traits: input.traits,
          }));
          for (const judgement of judge(context, series)) {
            const parsed = judgeRowSchema.safeParse(judgeRow(judgement));
            expect(parsed.error?.issues ?? []).toEqual([]);
            expect(allFinite(judgement)).toBe(true);
          }
        },
      ),
      { numRuns: 400, seed: 5 },
    );
  });

  it('holds nothing of a series in the evidence of the next', () => {
    const context = contextOf(7);
    const one = seriesOf(
      samplesFrom(context.nMinus1, 3600, daily),
      samplesFrom(context.n, 3600, (ms) => 2 * daily(ms)),
    );
    const other = seriesOf(
      samplesFrom(context.nMinus1, 900, (ms) => daily(ms) + 1),
      null,
      { granularityS: 900 },
    );
    const collect = createEvidenceCollector(context);
    const first = collect(one);
    collect(other);
    expect(collect(one)).toEqual(first);
    expect(structuredClone(first)).toEqual(first);
  });
});

function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(allFinite);
}

describe('the input of a judge', () => {
  it('is refused where a period ends before it begins, or the zone is none', () => {
    const context = contextOf(1);
    expect(() => createEvidenceCollector({ ...context, n: { fromMs: 1, toMs: 1 } })).toThrow(/period N must end/);
    expect(() => createEvidenceCollector({ ...context, timeZone: 'Mars/Olympus' })).toThrow(/Mars/);
    expect(() => createEvidenceCollector(context)({ ...seriesOf(null, null), granularityS: 0 })).toThrow(/granularity/);
    expect(TRAITS.polarity).toBe('higher_better');
  });
});
