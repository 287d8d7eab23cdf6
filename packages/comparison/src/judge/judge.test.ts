import { type JudgeRow, judgeRow as judgeRowSchema } from '@pegboard/contracts';
import { describe, expect, it } from 'vitest';
import { createEvidenceCollector } from './collect-evidence.ts';
import type { JudgeContext, JudgeSeries } from './judge-input.ts';
import { judgeRow } from './judge-row.ts';
import { judgeTogether } from './judge-together.ts';
import {
  contextOf,
  DAY_MS,
  daily,
  HOUR_MS,
  MONDAY_MS,
  normalNumbers,
  ratioFrom,
  samplesFrom,
  seriesOf,
  uniformNumbers,
} from './testing/make-series.ts';

function judge(context: JudgeContext, series: readonly JudgeSeries[]): JudgeRow[] {
  const rows = judgeTogether(series.map(createEvidenceCollector(context))).map(judgeRow);
  for (const row of rows) expect(judgeRowSchema.safeParse(row)).toMatchObject({ success: true });
  return rows;
}

/** Cells of one PEG with a daily cycle, noise and days that differ; `factor` is put into N of the first `hit` cells. */
function cells(
  context: JudgeContext,
  { count = 20, hit = 1000, factor = 1, noise = 0.05, day = 0.03, seed = 7, granularityS = 3600 },
): JudgeSeries[] {
  const normal = normalNumbers(seed);
  return Array.from({ length: count }, (_, cell) => {
    const side = (period: { fromMs: number; toMs: number }, shift: number) => {
      const days = Array.from({ length: 40 }, () => Math.exp(day * normal()));
      return samplesFrom(
        period,
        granularityS,
        (ms) => 1000 * daily(ms) * days[Math.floor((ms - period.fromMs) / DAY_MS)] * Math.exp(noise * normal()) * shift,
      );
    };
    return seriesOf(side(context.nMinus1, 1), side(context.n, cell < hit ? factor : 1), {
      granularityS,
      object: `cell${cell}`,
    });
  });
}

const verdicts = (rows: readonly JudgeRow[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { verdict } of rows) counts[verdict] = (counts[verdict] ?? 0) + 1;
  return counts;
};

describe('a week against a week', () => {
  const context = contextOf(7);

  it('finds −20 % in all cells', () => {
    const rows = judge(context, cells(context, { factor: 0.8 }));
    expect(verdicts(rows)).toEqual({ degraded: 20 });
    const [first] = rows;
    expect(first).toMatchObject({
      test: 'moderated_day_t',
      reason: 'certain_and_large',
      evidence: { match: 'time_of_week', days: [7, 7] },
    });
    expect(first.shift?.percent).toBeCloseTo(-20, -0.5);
    expect(first.effect?.value).toBeLessThan(-0.9);
  });

  it('finds the one bad cell of 40 and no other', () => {
    const rows = judge(context, cells(context, { count: 40, hit: 1, factor: 0.8 }));
    expect(rows[0].verdict).toBe('degraded');
    expect(rows.slice(1).filter(({ verdict }) => verdict === 'degraded' || verdict === 'improved')).toEqual([]);
  });

  it('calls cells that did not change unchanged', () => {
    const rows = judge(context, cells(context, { count: 40, day: 0.01 }));
    expect(verdicts(rows)).toEqual({ unchanged: 40 });
  });

  it('says of −3 % everywhere that it is certain and too small to matter', () => {
    const rows = judge(context, cells(context, { factor: 0.97, day: 0.004, noise: 0.02 }));
    expect(verdicts(rows)).toEqual({ unchanged: 20 });
    expect(rows.every(({ shift }) => (shift?.ci_percent?.[1] ?? 0) < 0)).toBe(true);
  });

  it('is not moved by an odd day, and names it', () => {
    const [series] = cells(context, { count: 1, day: 0.01 });
    const odd = context.n.fromMs + 3 * DAY_MS;
    const n = {
      ...series.n!,
      values: series.n!.values.map((value, i) =>
        Math.floor((series.n!.beginMs[i] - odd) / DAY_MS) === 0 ? value * 0.4 : value,
      ),
    };
    const [row] = judge(context, [{ ...series, n }]);
    expect(row.verdict).not.toBe('degraded');
    expect(row.findings).toContain('outlier_days');
    expect(row.evidence.outlier_days).toMatchObject([{ date: '2026-01-15', period: 'n' }]);
  });

  it('takes missing nights for missing, not for a change', () => {
    const series = cells(context, { count: 20, day: 0.01 }).map((one) => ({
      ...one,
      n: { ...one.n!, values: one.n!.values.map((value, i) => (i % 24 < 5 ? Number.NaN : value)) },
    }));
    const rows = judge(context, series);
    expect(verdicts(rows).degraded ?? 0).toBe(0);
    expect(verdicts(rows).improved ?? 0).toBe(0);
    expect(rows[0].change_percent).toBeGreaterThan(5);
    expect(rows[0].quality.flags).toContain('missing_samples_in_n');
    expect(rows[0].quality.completeness[1]).toBeCloseTo(19 / 24, 3);
  });

  it('finds the onset of a step inside N', () => {
    const step = context.n.fromMs + 3 * DAY_MS;
    const series = cells(context, { count: 20, day: 0.01 }).map((one) => ({
      ...one,
      n: { ...one.n!, values: one.n!.values.map((value, i) => (one.n!.beginMs[i] >= step ? value * 0.7 : value)) },
    }));
    const rows = judge(context, series);
    expect(rows.every(({ findings }) => findings.includes('onset'))).toBe(true);
    expect(rows[0].evidence.onset).toMatchObject({ date: '2026-01-15', period: 'n' });
  });

  it('sees that only the spread changed', () => {
    const quiet = cells(context, { count: 10, noise: 0.05, day: 0 });
    const loud = cells(context, { count: 10, noise: 0.2, day: 0, seed: 9 });
    const rows = judge(
      context,
      quiet.map((one, i) => ({ ...one, n: loud[i].n })),
    );
    expect(rows.every(({ findings }) => findings.includes('spread_changed'))).toBe(true);
    expect(verdicts(rows).degraded ?? 0).toBe(0);
  });

  it('suspects another unit behind a factor of 1000', () => {
    const [row] = judge(context, cells(context, { count: 1, factor: 1000 }));
    expect(row).toMatchObject({ verdict: 'improved' });
    expect(row.findings).toContain('unit_change_suspected');
  });
});

describe('one day against one day', () => {
  const context = contextOf(1);

  it('finds −20 % and says that the days are not measured', () => {
    const [row] = judge(context, cells(context, { count: 1, factor: 0.8, day: 0 }));
    expect(row).toMatchObject({ verdict: 'degraded', test: 'matched_hours_t' });
    expect(row.quality.flags).toContain('single_day');
  });

  it('leaves a change of −8 % open, and asks for three days', () => {
    const [row] = judge(context, cells(context, { count: 1, factor: 0.92, day: 0, noise: 0.02 }));
    expect(row).toMatchObject({ verdict: 'inconclusive', reason: 'days_not_measurable' });
    expect(row.evidence.hours_needed).toBeGreaterThanOrEqual(48);
  });

  it('leaves a Sunday against a Monday open', () => {
    const sunday = {
      nMinus1: { fromMs: MONDAY_MS - DAY_MS, toMs: MONDAY_MS },
      n: { fromMs: MONDAY_MS, toMs: MONDAY_MS + DAY_MS },
      timeZone: 'UTC',
    };
    const [row] = judge(sunday, cells(sunday, { count: 1, factor: 1.4, day: 0 }));
    expect(row).toMatchObject({ verdict: 'inconclusive', reason: 'different_day_type' });
  });

  it('leaves different hours of the day open', () => {
    const hours = (from: number) => ({ fromMs: MONDAY_MS + from * HOUR_MS, toMs: MONDAY_MS + (from + 6) * HOUR_MS });
    const other = { nMinus1: hours(0), n: hours(12), timeZone: 'UTC' };
    const [row] = judge(other, cells(other, { count: 1, granularityS: 900 }));
    expect(row).toMatchObject({
      verdict: 'inconclusive',
      reason: 'different_time_of_day',
      evidence: { match: 'unpaired' },
    });
  });

  it('does not mistake days that differ for changes', () => {
    const rows = judge(context, cells(context, { count: 40, day: 0.1 }));
    expect(verdicts(rows)).toEqual({ inconclusive: 40 });
  });
});

describe('counts', () => {
  const context = contextOf(7);
  const ratio = (rate: number, attempts: number, seed: number) => {
    const uniform = uniformNumbers(seed);
    return (ms: number) => {
      const whole = Math.round(attempts * daily(ms));
      let failures = 0;
      for (let i = 0; i < whole; i++) if (uniform() < rate) failures++;
      return { part: whole - failures, whole };
    };
  };
  const failure = { traits: { scale: 'failure', kind: 'ratio' } as const };

  it('reads 99.9 % → 99.0 % as ten times the failures', () => {
    const series = seriesOf(
      ratioFrom(context.nMinus1, 3600, ratio(0.001, 500, 1)),
      ratioFrom(context.n, 3600, ratio(0.01, 500, 2)),
      failure,
    );
    const [row] = judge(context, [series]);
    expect(row).toMatchObject({ verdict: 'degraded', threshold: { scale: 'failure', value: 20 } });
    expect(row.shift?.percent).toBeGreaterThan(700);
    expect(row.shift?.absolute).toBeLessThan(-0.8);
    expect(row.shift?.absolute).toBeGreaterThan(-1);
    expect(row.change_percent).toBeCloseTo(-0.95, 1);
  });

  it('does not take another load for another quality', () => {
    const series = seriesOf(
      ratioFrom(context.nMinus1, 3600, ratio(0.01, 300, 3)),
      ratioFrom(context.n, 3600, ratio(0.01, 600, 4)),
      failure,
    );
    const [row] = judge(context, [series]);
    expect(row.verdict === 'unchanged' || row.verdict === 'inconclusive').toBe(true);
  });

  it('calls a ratio that stays at 100 % unchanged', () => {
    const series = seriesOf(
      ratioFrom(context.nMinus1, 3600, ratio(0, 300, 5)),
      ratioFrom(context.n, 3600, ratio(0, 300, 6)),
      failure,
    );
    expect(judge(context, [series])[0]).toMatchObject({ verdict: 'unchanged', reason: 'identical' });
  });

  it('sees failures that come to a ratio that was at 100 %', () => {
    const series = seriesOf(
      ratioFrom(context.nMinus1, 3600, ratio(0, 300, 5)),
      ratioFrom(context.n, 3600, ratio(0.002, 300, 6)),
      failure,
    );
    const [row] = judge(context, [series]);
    expect(row.verdict).toBe('degraded');
    expect(row.shift?.ci_percent?.[0]).toBeGreaterThan(100);
  });

  it('tests 3 events a day exactly', () => {
    const at = (every: number) => (_ms: number, i: number) => (i % every === 0 ? 1 : 0);
    const traits = { kind: 'cumulative', polarity: 'lower_better' } as const;
    const same = seriesOf(samplesFrom(context.nMinus1, 3600, at(8)), samplesFrom(context.n, 3600, at(8)), { traits });
    const more = seriesOf(samplesFrom(context.nMinus1, 3600, at(8)), samplesFrom(context.n, 3600, at(2)), { traits });
    expect(judge(context, [same])[0]).toMatchObject({ verdict: 'inconclusive', test: 'exact_poisson' });
    const [row] = judge(context, [more]);
    expect(row).toMatchObject({ verdict: 'degraded', test: 'exact_poisson' });
    expect(row.shift?.percent).toBeGreaterThan(250);
  });
});

describe('levels in dBm', () => {
  it('works in dB, whatever the sign', () => {
    const context = contextOf(7);
    const normal = normalNumbers(3);
    const traits = { scale: 'db', kind: 'gauge' } as const;
    const side = (period: { fromMs: number; toMs: number }, level: number) =>
      samplesFrom(period, 3600, () => level + 0.5 * normal());
    const [row] = judge(context, [seriesOf(side(context.nMinus1, -100), side(context.n, -103), { traits })]);
    expect(row).toMatchObject({ verdict: 'degraded', threshold: { scale: 'db', value: 1 } });
    expect(row.shift?.absolute).toBeCloseTo(-3, 0);
    expect(row.shift?.percent).toBeNull();
  });
});

describe('what cannot be judged', () => {
  const context = contextOf(7);
  const flat = (value: number) => () => value;
  it.each([
    ['nothing at all', null, null, 'insufficient_data', 'no_samples'],
    ['only in N', null, 5, 'added', 'only_in_n'],
    ['only in N-1', 5, null, 'removed', 'only_in_n_minus_1'],
    ['the same number throughout', 5, 5, 'unchanged', 'identical'],
    ['zero throughout', 0, 0, 'unchanged', 'identical'],
  ])('%s', (_name, before, after, verdict, reason) => {
    const side = (period: { fromMs: number; toMs: number }, value: number | null) =>
      value === null ? null : samplesFrom(period, 3600, flat(value));
    const [row] = judge(context, [seriesOf(side(context.nMinus1, before), side(context.n, after))]);
    expect(row).toMatchObject({ verdict, reason, p: null, q: null, test: 'none' });
  });

  it('judges a parameter that is constant at another value', () => {
    const [row] = judge(context, [
      seriesOf(samplesFrom(context.nMinus1, 3600, flat(5)), samplesFrom(context.n, 3600, flat(6))),
    ]);
    expect(row).toMatchObject({ verdict: 'improved', test: 'mann_whitney' });
    expect(row.shift?.percent).toBeCloseTo(20, 10);
  });

  it('has one sample in each period', () => {
    const one = (period: { fromMs: number; toMs: number }) =>
      samplesFrom({ fromMs: period.fromMs, toMs: period.fromMs + HOUR_MS }, 3600, flat(3));
    const [row] = judge(context, [seriesOf(one(context.nMinus1), { ...one(context.n), values: Float64Array.of(4) })]);
    expect(row).toMatchObject({ verdict: 'insufficient_data', reason: 'too_few_samples' });
  });
});
