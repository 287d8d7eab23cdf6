import { describe, expect, it } from 'vitest';
import { granularityOf, inferGranularities } from './granularity.ts';

const times = (family: string, ...minutes: number[]) => minutes.map((minute) => ({ family, time: minute * 60_000 }));

describe('inferGranularities', () => {
  it('takes the step seen most, in spite of missing periods and odd times', () => {
    expect(inferGranularities(times('F', 0, 15, 30, 37, 45, 90, 105))).toEqual({ default: 900, byFamily: {} });
  });

  it('takes the shorter of two steps seen alike', () => {
    expect(inferGranularities(times('F', 0, 60, 75))?.default).toBe(900);
  });

  it('tells families apart, and gives those with one time what most others have', () => {
    const inferred = inferGranularities([
      ...times('A', 0, 15),
      ...times('B', 0, 15),
      ...times('H', 0, 60),
      ...times('X', 0),
    ]);
    expect(inferred).toEqual({ default: 900, byFamily: { H: 3600 } });
    expect(
      inferred && [granularityOf(inferred, 'H'), granularityOf(inferred, 'X'), granularityOf(inferred, 'constructor')],
    ).toEqual([3600, 900, 900]);
  });

  it('takes all times together where no family has two', () => {
    expect(inferGranularities([...times('A', 0), ...times('B', 30)])).toEqual({ default: 1800, byFamily: {} });
  });

  it('cannot tell from one time, or from steps that are no whole seconds', () => {
    expect(inferGranularities(times('A', 5))).toBeNull();
    expect(inferGranularities([])).toBeNull();
    expect(inferGranularities([...times('A', 0), { family: 'A', time: 1500 }])).toBeNull();
  });
});
