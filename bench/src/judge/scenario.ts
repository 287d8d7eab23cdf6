/** What a scenario is made of. Shares, not percent; logs where the names say so. */
export interface Scenario {
  readonly name: string;
  readonly days: number;
  readonly granularityS: number;
  /** Series (cells of one PEG) that are judged together. */
  readonly series: number;
  /** Amplitude of the daily cycle, 0…0.9. */
  readonly cycle: number;
  /** Level of Saturday and Sunday against working days. */
  readonly weekend: number;
  /** Noise of a sample, standard deviation of the log. */
  readonly noise: number;
  /** Lag-1 correlation of the noise of successive samples. */
  readonly correlation: number;
  /** Day effects of each series for itself, and those that all share; standard deviation of the log. */
  readonly dayEffect: number;
  readonly sharedDayEffect: number;
  /** Correlation of successive days. */
  readonly dayCorrelation: number;
  /** Noise that hours of a day share in blocks of six hours. */
  readonly blockEffect: number;
  /** Growth a day, log. */
  readonly drift: number;
  /** Level of one day of N (all series), and of three successive days of N. 1: none. */
  readonly oddDay: number;
  readonly holiday: number;
  /** Share of samples missing; `night`: only from 0 to 6 o'clock. */
  readonly missing: number;
  readonly missingAt: 'any' | 'night';
  /** Mean of a sample. */
  readonly level: number;
  /** `value`: as it is; `count`: Poisson around it; `ratio`: successes of attempts, `level` being the attempts. */
  readonly kind: 'value' | 'count' | 'ratio';
  /** Of ratios: share of failures. */
  readonly failureRate: number;
  /** Noise in N against N-1. */
  readonly spreadFactor: number;
  /** Change of the attempts (the load) in N, as a factor. */
  readonly loadFactor: number;
  /** Share of the series that the change hits. */
  readonly hit: number;
  /** Smallest change that matters, where it isn't the default. */
  readonly threshold: number | null;
  /** Factors of N that are put into the hit series, a run each. */
  readonly changes: readonly number[];
  /** `main`: the claims are made for it. `hard`: shown, because it shows where the judge is weak. */
  readonly group: 'main' | 'hard';
  /** Comparisons in the full run. */
  readonly comparisons: number;
}

const DAY = 86_400;

export const PLAIN: Scenario = {
  name: 'plain',
  days: 7,
  granularityS: 3600,
  series: 30,
  cycle: 0.6,
  weekend: 0.8,
  noise: 0.1,
  correlation: 0.3,
  dayEffect: 0.05,
  sharedDayEffect: 0,
  dayCorrelation: 0,
  blockEffect: 0,
  drift: 0,
  oddDay: 1,
  holiday: 1,
  missing: 0,
  missingAt: 'any',
  level: 1000,
  kind: 'value',
  failureRate: 0,
  spreadFactor: 1,
  loadFactor: 1,
  hit: 0.25,
  threshold: null,
  changes: [0.8, 1.25],
  group: 'main',
  comparisons: 100,
};

export function samplesPerDay({ granularityS }: Scenario): number {
  return DAY / granularityS;
}
