import { PLAIN, type Scenario } from './scenario.ts';

const of = (name: string, changes: Partial<Scenario>): Scenario => ({ ...PLAIN, name, ...changes });

/** A day or two against as much a week before, days that do not differ. */
const QUIET = { dayEffect: 0, weekend: 1 } as const;

export const SCENARIOS: readonly Scenario[] = [
  of('24 hours, one series, cycle 60 %, noise 5 %', { days: 1, series: 1, noise: 0.05, correlation: 0, ...QUIET, hit: 1, comparisons: 600 }),
  of('24 hours, one series, cycle 60 %, noise 10 %', { days: 1, series: 1, correlation: 0, ...QUIET, hit: 1, comparisons: 600 }),
  of('24 hours, one series, cycle 80 %', { days: 1, series: 1, cycle: 0.8, correlation: 0, ...QUIET, hit: 1, comparisons: 600 }),
  of('1 day, day effects 10 %, 40 cells', { days: 1, series: 40, dayEffect: 0.1 }),
  of('1 day, day effects 10 %, one series', { days: 1, series: 1, dayEffect: 0.1, hit: 1, comparisons: 600 }),
  of('2 days, day effects 10 %, 40 cells', { days: 2, series: 40, dayEffect: 0.1 }),
  of('2 days, day effects 10 %, one series', { days: 2, series: 1, dayEffect: 0.1, hit: 1, comparisons: 600 }),
  of('1 day of quarter hours, AR 0.8, 40 cells', { days: 1, granularityS: 900, series: 40, correlation: 0.8, dayEffect: 0.03 }),
  of('3 days, day effects 5 %', { days: 3 }),
  of('7 days, no cycle, no day effects', { cycle: 0, weekend: 1, dayEffect: 0 }),
  of('7 days, cycle 30 %, day effects 5 %', { cycle: 0.3 }),
  of('7 days, cycle 60 %, day effects 5 %', {}),
  of('7 days, cycle 80 %, day effects 5 %', { cycle: 0.8 }),
  of('7 days, day effects 10 %', { dayEffect: 0.1 }),
  of('7 days, day effects 10 %, one series', { dayEffect: 0.1, series: 1, hit: 1, comparisons: 600 }),
  of('7 days, day effects 10 % shared by all cells', { dayEffect: 0.02, sharedDayEffect: 0.1, comparisons: 200 }),
  of('7 days, day effects 10 %, days correlated 0.6', { dayEffect: 0.1, dayCorrelation: 0.6 }),
  of('7 days, days correlated 0.6, one series', { dayEffect: 0.1, dayCorrelation: 0.6, series: 1, hit: 1, comparisons: 600 }),
  of('7 days, AR 0.8 hours', { correlation: 0.8, noise: 0.2 }),
  of('7 days, hours of a day correlated in blocks', { blockEffect: 0.2 }),
  of('7 days of quarter hours, AR 0.5', { granularityS: 900, correlation: 0.5, noise: 0.2, series: 20, comparisons: 30 }),
  of('14 days, day effects 10 %', { days: 14, dayEffect: 0.1, comparisons: 30 }),
  of('14 days, days correlated 0.6', { days: 14, dayEffect: 0.1, dayCorrelation: 0.6, comparisons: 30 }),
  of('7 days, drift 0.3 % a day', { drift: 0.003 }),
  of('7 days, an odd day (−50 %)', { oddDay: 0.5 }),
  of('7 days, three days of holiday (−30 %)', { holiday: 0.7 }),
  of('7 days, 20 % missing', { missing: 0.2 }),
  of('7 days, 60 % of the nights missing', { missing: 0.6, missingAt: 'night' }),
  of('7 days, counts of 20 an hour', { kind: 'count', level: 20 }),
  of('7 days, rare events, 3 a day', { kind: 'count', level: 0.125, noise: 0, dayEffect: 0 }),
  of('7 days, rare events, 12 a day, overdispersed', { kind: 'count', level: 0.5, dayEffect: 0.3 }),
  of('7 days, failures 1 % of 500 attempts an hour', { kind: 'ratio', level: 500, failureRate: 0.01, noise: 0.2 }),
  of('7 days, failures 1 %, only the load changed', { kind: 'ratio', level: 500, failureRate: 0.01, noise: 0.2, loadFactor: 1.5 }),
  of('1 day, failures 1 % of 500 attempts an hour', { days: 1, kind: 'ratio', level: 500, failureRate: 0.01, noise: 0.2 }),
  of('7 days, only the spread changed', { spreadFactor: 2 }),
  of('7 days, one bad cell of 40', { series: 40, hit: 0.025, comparisons: 100 }),
];
