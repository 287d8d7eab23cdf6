import { PLAIN, type Scenario } from './scenario.ts';

const of = (name: string, changes: Partial<Scenario>): Scenario => ({ ...PLAIN, name, ...changes });

/** Days that do not differ. */
const QUIET = { dayEffect: 0, weekend: 1, correlation: 0 } as const;
const ALONE = { series: 1, hit: 1, comparisons: 600 } as const;
const RARE = { kind: 'count', changes: [0.5, 2] } as const;
const FAILURES = { kind: 'ratio', level: 500, failureRate: 0.01, noise: 0.2, changes: [0.5, 2] } as const;

export const SCENARIOS: readonly Scenario[] = [
  of('24 hours, cycle 60 %, noise 5 %, one series', { days: 1, noise: 0.05, ...QUIET, ...ALONE }),
  of('24 hours, cycle 60 %, noise 10 %, one series', { days: 1, ...QUIET, ...ALONE }),
  of('24 hours, cycle 80 %, noise 10 %, one series', { days: 1, cycle: 0.8, ...QUIET, ...ALONE }),
  of('1 day, day effects 10 %', { days: 1, series: 40, dayEffect: 0.1 }),
  of('2 days, day effects 10 %', { days: 2, series: 40, dayEffect: 0.1 }),
  of('2 days, day effects 10 %, one series', { days: 2, dayEffect: 0.1, ...ALONE }),
  of('1 day of quarter hours, AR 0.8', { days: 1, granularityS: 900, series: 40, correlation: 0.8, dayEffect: 0.03 }),
  of('3 days, day effects 5 %', { days: 3 }),
  of('7 days, no cycle, no day effects', { cycle: 0, weekend: 1, dayEffect: 0 }),
  of('7 days, cycle 30 %, day effects 5 %', { cycle: 0.3 }),
  of('7 days, cycle 60 %, day effects 5 %', {}),
  of('7 days, cycle 80 %, day effects 5 %', { cycle: 0.8 }),
  of('7 days, cycle 60 %, day effects 10 %', { dayEffect: 0.1 }),
  of('7 days, hours AR 0.8', { correlation: 0.8, noise: 0.2 }),
  of('7 days, hours correlated in blocks of 6', { blockEffect: 0.2 }),
  of('7 days of quarter hours, AR 0.5', {
    granularityS: 900,
    correlation: 0.5,
    noise: 0.2,
    series: 20,
    comparisons: 50,
  }),
  of('14 days, day effects 10 %', { days: 14, dayEffect: 0.1, comparisons: 50 }),
  of('7 days, drift 0.3 % a day', { drift: 0.003 }),
  of('7 days, an odd day of −50 %', { oddDay: 0.5 }),
  of('7 days, 20 % missing', { missing: 0.2 }),
  of('7 days, 60 % of the nights missing', { missing: 0.6, missingAt: 'night' }),
  of('7 days, counts of 20 an hour', { kind: 'count', level: 20 }),
  of('7 days, rare events, 3 a day', { ...RARE, level: 0.125, noise: 0, dayEffect: 0 }),
  of('7 days, rare events, 12 a day, overdispersed', { ...RARE, level: 0.5, dayEffect: 0.3 }),
  of('7 days, failures 1 % of 500 attempts an hour', FAILURES),
  of('7 days, failures 1 %, the load +50 %', { ...FAILURES, loadFactor: 1.5 }),
  of('1 day, failures 1 % of 500 attempts an hour', { ...FAILURES, days: 1 }),
  of('7 days, the spread doubled', { spreadFactor: 2 }),
  of('7 days, one bad cell of 40', { series: 40, hit: 0.025 }),
  of('1 day, day effects 10 %, one series', { days: 1, dayEffect: 0.1, ...ALONE, group: 'hard' }),
  of('7 days, day effects 10 %, one series', { dayEffect: 0.1, ...ALONE, group: 'hard' }),
  of('7 days, day effects 10 %, shared by all cells', {
    dayEffect: 0.02,
    sharedDayEffect: 0.1,
    comparisons: 200,
    group: 'hard',
  }),
  of('7 days, day effects 10 %, days correlated 0.6', { dayEffect: 0.1, dayCorrelation: 0.6, group: 'hard' }),
  of('7 days, days correlated 0.6, one series', { dayEffect: 0.1, dayCorrelation: 0.6, ...ALONE, group: 'hard' }),
  of('14 days, days correlated 0.6', { days: 14, dayEffect: 0.1, dayCorrelation: 0.6, comparisons: 50, group: 'hard' }),
  of('7 days, three days of holiday (−30 %) in N', { holiday: 0.7, group: 'hard' }),
];
