import type { JudgeContext, JudgeSeries, PeriodSamples, SeriesTraits } from '@pegboard/comparison';
import { type RandomNumbers, randomNumbers } from './random-numbers.ts';
import { type Scenario, samplesPerDay } from './scenario.ts';

/** Cells are not alike: their day effects differ by so much, standard deviation of the log. Their mean square is kept. */
const UNREST_SD = 0.5;
const DAY_MS = 86_400_000;
/** A Monday. */
const START_MS = Date.UTC(2026, 0, 5);

export interface GeneratedComparison {
  readonly context: JudgeContext;
  readonly series: readonly JudgeSeries[];
  /** Whether the change was put into the series. */
  readonly isHit: readonly boolean[];
}

/** Generates both periods of all series of a comparison. `change`: factor that N of the hit series has; 1: none. */
export function generateComparison(scenario: Scenario, change: number, seed: number): GeneratedComparison {
  const random = randomNumbers(seed);
  const gapDays = scenario.days < 7 ? 7 : scenario.days;
  const fromMs = [START_MS, START_MS + gapDays * DAY_MS];
  const periods = fromMs.map((from) => ({ fromMs: from, toMs: from + scenario.days * DAY_MS }));
  const shared = periods.map(() => dayEffects(random, scenario, scenario.sharedDayEffect));
  const isHit: boolean[] = [];
  const series: JudgeSeries[] = [];
  for (let cell = 0; cell < scenario.series; cell++) {
    const hit = change !== 1 && cell < Math.max(1, Math.round(scenario.hit * scenario.series));
    isHit.push(hit);
    const sizes = Math.exp(0.5 * random.normal());
    const unrest = scenario.series === 1 ? 1 : Math.exp(UNREST_SD * random.normal() - UNREST_SD ** 2);
    const rate = scenario.failureRate * Math.exp(0.3 * random.normal());
    const sides = [0, 1].map((period) =>
      samplesOf(random, scenario, periods[period].fromMs, shared[period], {
        level: scenario.level * sizes,
        unrest,
        failureRate: rate,
        factor: period === 1 && hit ? change : 1,
        isN: period === 1,
        dayOffset: period === 0 ? 0 : gapDays,
      }),
    );
    series.push({
      about: { kind: 'peg', pegName: 'P', family: null, ne: 'ne', object: `cell${cell}`, cellId: `${cell}` },
      traits: traitsOf(scenario),
      granularityS: scenario.granularityS,
      nMinus1: sides[0],
      n: sides[1],
      flags: [],
    });
  }
  return { context: { nMinus1: periods[0], n: periods[1], timeZone: 'UTC' }, series, isHit };
}

function traitsOf({ kind, threshold }: Scenario): SeriesTraits {
  return {
    polarity: 'higher_better',
    weight: 5,
    critical: false,
    scale: kind === 'ratio' ? 'failure' : 'relative',
    threshold,
    kind: kind === 'ratio' ? 'ratio' : kind === 'count' ? 'cumulative' : 'gauge',
  };
}

/** Correlated effects of successive days. */
function dayEffects(random: RandomNumbers, { days, dayCorrelation }: Scenario, sd: number): number[] {
  const effects: number[] = [];
  for (let day = 0; day < days; day++) {
    const innovation = sd * random.normal();
    effects.push(
      day === 0 ? innovation : dayCorrelation * effects[day - 1] + Math.sqrt(1 - dayCorrelation ** 2) * innovation,
    );
  }
  return effects;
}

interface Side {
  readonly level: number;
  /** Day effects of this cell against those of the scenario. */
  readonly unrest: number;
  readonly failureRate: number;
  readonly factor: number;
  readonly isN: boolean;
  readonly dayOffset: number;
}

function samplesOf(
  random: RandomNumbers,
  scenario: Scenario,
  fromMs: number,
  shared: readonly number[],
  side: Side,
): PeriodSamples {
  const perDay = samplesPerDay(scenario);
  const length = scenario.days * perDay;
  const beginMs = new Float64Array(length);
  const values = new Float64Array(length);
  const numerator = scenario.kind === 'ratio' ? new Float64Array(length) : null;
  const denominator = scenario.kind === 'ratio' ? new Float64Array(length) : null;
  const own = dayEffects(random, scenario, scenario.dayEffect * side.unrest);
  let noise = random.normal();
  let block = 0;
  const { correlation } = scenario;
  for (let i = 0; i < length; i++) {
    const day = Math.floor(i / perDay);
    const hour = ((i % perDay) * 24) / perDay;
    if (i % Math.max(1, perDay / 4) === 0) block = scenario.blockEffect * random.normal();
    noise = i === 0 ? noise : correlation * noise + Math.sqrt(1 - correlation ** 2) * random.normal();
    const scatter = scenario.noise * (side.isN ? scenario.spreadFactor : 1) * noise;
    const pattern =
      (1 - scenario.cycle * Math.cos((2 * Math.PI * (hour - 3)) / 24)) * weekFactor(scenario, fromMs, day);
    const special = side.isN ? specialDay(scenario, day) : 1;
    const trend = scenario.drift * (side.dayOffset + day);
    const mood = own[day] + shared[day] + block + scatter + trend;
    beginMs[i] = fromMs + i * scenario.granularityS * 1000;
    const isMissing = random.uniform() < scenario.missing && (scenario.missingAt === 'any' || hour < 6);
    if (numerator && denominator) {
      const load = side.isN ? scenario.loadFactor : 1;
      const attempts = Math.max(1, random.poisson(side.level * pattern * load));
      const rate = Math.min(1, side.failureRate * Math.exp(mood) * special * side.factor);
      denominator[i] = attempts;
      numerator[i] = attempts - random.binomial(attempts, rate);
      values[i] = isMissing ? Number.NaN : (100 * numerator[i]) / attempts;
      if (isMissing) {
        numerator[i] = Number.NaN;
        denominator[i] = Number.NaN;
      }
      continue;
    }
    const mean = side.level * pattern * Math.exp(mood) * special * side.factor;
    values[i] = isMissing ? Number.NaN : scenario.kind === 'count' ? random.poisson(mean) : mean;
  }
  return { beginMs, values, suspect: null, numerator, denominator };
}

function weekFactor({ weekend }: Scenario, fromMs: number, day: number): number {
  const weekday = new Date(fromMs + day * DAY_MS).getUTCDay();
  return weekday === 0 || weekday === 6 ? weekend : 1;
}

function specialDay({ oddDay, holiday, days }: Scenario, day: number): number {
  if (oddDay !== 1 && day === Math.floor(days / 2)) return oddDay;
  return holiday !== 1 && day >= 1 && day < 4 ? holiday : 1;
}
