import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { parsePeriod, parseTimeRange } from './periods.ts';
import { relatePeriods } from './relate-periods.ts';
import { parseInstant } from './time/parse-instant.ts';
import { parseTimeZone } from './time/time-zone.ts';

function utc(text: string, timeZone = 'UTC'): string {
  const result = parsePeriod(text, { timeZone });
  if (result.status === 'invalid') return `${result.problem.code} at ${result.problem.part}`;
  return `${new Date(result.value.fromMs).toISOString()} ${new Date(result.value.toMs).toISOString()}`.replaceAll(
    ':00.000Z',
    'Z',
  );
}

describe('parsePeriod', () => {
  it.each([
    ['2025-08-13_00:00~2025-08-13_23:59', 'UTC', '2025-08-13T00:00Z 2025-08-14T00:00Z'],
    ['2025-08-13_00:00~2025-08-13_23:59', 'Asia/Seoul', '2025-08-12T15:00Z 2025-08-13T15:00Z'],
    [' 2025-08-13_08:15 ~ 2025-08-13_08:29 ', 'UTC', '2025-08-13T08:15Z 2025-08-13T08:30Z'],
    ['2025-08-13_08:15~2025-08-13_08:15', 'UTC', '2025-08-13T08:15Z 2025-08-13T08:16Z'],
    ['2025-08-13~2025-08-19', 'UTC', '2025-08-13T00:00Z 2025-08-20T00:00Z'],
    ['2025-08-13', 'UTC', '2025-08-13T00:00Z 2025-08-14T00:00Z'],
    ['2024-02-29', 'Asia/Seoul', '2024-02-28T15:00Z 2024-02-29T15:00Z'],
    ['2025-08-13T00:00:00Z/2025-08-14T00:00:00Z', 'Asia/Seoul', '2025-08-13T00:00Z 2025-08-14T00:00Z'],
    ['2025-08-13T00:00+09:00/2025-08-13T00:00-0530', 'UTC', '2025-08-12T15:00Z 2025-08-13T05:30Z'],
    ['2025-08-13T00:00/2025-08-13T06:00', 'Asia/Seoul', '2025-08-12T15:00Z 2025-08-12T21:00Z'],
    ['2025-08-13 00:00/2025-08-13 06:00', 'UTC', '2025-08-13T00:00Z 2025-08-13T06:00Z'],
    ['2025-08-13/2025-08-14', 'UTC', '2025-08-13T00:00Z 2025-08-14T00:00Z'],
    ['2025-08-13T00:00Z/PT24H', 'UTC', '2025-08-13T00:00Z 2025-08-14T00:00Z'],
    ['PT90M/2025-08-13T00:00Z', 'UTC', '2025-08-12T22:30Z 2025-08-13T00:00Z'],
    ['2025-08-13/P1W', 'UTC', '2025-08-13T00:00Z 2025-08-20T00:00Z'],
  ])('reads %s in %s', (text, timeZone, expected) => {
    expect(utc(text, timeZone)).toBe(expected);
  });

  it.each([
    [
      'the day clocks are set forward has 23 hours',
      '2025-03-30',
      'Europe/Berlin',
      '2025-03-29T23:00Z 2025-03-30T22:00Z',
    ],
    ['the day clocks are set back has 25 hours', '2025-10-26', 'Europe/Berlin', '2025-10-25T22:00Z 2025-10-26T23:00Z'],
    [
      'so has the same day by minutes',
      '2025-10-26_00:00~2025-10-26_23:59',
      'Europe/Berlin',
      '2025-10-25T22:00Z 2025-10-26T23:00Z',
    ],
    ['a calendar day from a midnight', '2025-10-26/P1D', 'Europe/Berlin', '2025-10-25T22:00Z 2025-10-26T23:00Z'],
    ['24 hours from a midnight', '2025-10-26/PT24H', 'Europe/Berlin', '2025-10-25T22:00Z 2025-10-26T22:00Z'],
    ['midnight does not exist', '2025-04-25', 'Africa/Cairo', '2025-04-24T22:00Z 2025-04-25T21:00Z'],
    [
      'midnight does not exist, by minutes',
      '2025-04-25_00:00~2025-04-25_23:59',
      'Africa/Cairo',
      '2025-04-24T22:00Z 2025-04-25T21:00Z',
    ],
    ['midnight occurs twice', '2025-11-02', 'America/Havana', '2025-11-02T04:00Z 2025-11-03T05:00Z'],
    ['the end before it', '2025-11-01', 'America/Havana', '2025-11-01T04:00Z 2025-11-02T04:00Z'],
    [
      '23:59 occurs twice',
      '2025-04-05_00:00~2025-04-05_23:59',
      'America/Santiago',
      '2025-04-05T03:00Z 2025-04-06T04:00Z',
    ],
    ['the next day was skipped', '2011-12-29', 'Pacific/Apia', '2011-12-29T10:00Z 2011-12-30T10:00Z'],
  ])('%s', (_what, text, timeZone, expected) => {
    expect(utc(text, timeZone)).toBe(expected);
  });

  it.each([
    ['', 'UTC', 'unreadable_period at period'],
    ['yesterday', 'UTC', 'unreadable_period at period'],
    ['2025-8-3', 'UTC', 'unreadable_period at period'],
    ['2025-08-13_10:00', 'UTC', 'unreadable_period at period'],
    ['2025-08-13T10:00Z', 'UTC', 'unreadable_period at period'],
    ['a~b~c', 'UTC', 'unreadable_period at period'],
    ['2025-08-13/2025-08-14/2025-08-15', 'UTC', 'unreadable_period at period'],
    ['PT1H/PT2H', 'UTC', 'unreadable_period at period'],
    ['2025-08-13_00:00~2025-08-14', 'UTC', 'unreadable_period at period'],
    ['2025-08-13T00:00Z~2025-08-14T00:00Z', 'UTC', 'unreadable_period at period'],
    [`2025-08-13${' '.repeat(200)}x`, 'UTC', 'unreadable_period at period'],
    ['2025-02-30', 'UTC', 'impossible_time at begin'],
    ['2023-02-29', 'UTC', 'impossible_time at begin'],
    ['2025-13-01', 'UTC', 'impossible_time at begin'],
    ['2025-08-13_00:00~2025-02-30_23:59', 'UTC', 'impossible_time at end'],
    ['2025-08-13_25:00~2025-08-14_00:00', 'UTC', 'impossible_time at begin'],
    ['2025-08-13_00:00~2025-08-13_24:00', 'UTC', 'impossible_time at end'],
    ['2025-08-13_00:00~2025-08-13_23:60', 'UTC', 'impossible_time at end'],
    ['2025-08-13T00:00+15:00/PT1H', 'UTC', 'impossible_time at begin'],
    ['2025-08-13_00:00~tomorrow', 'UTC', 'unreadable_time at end'],
    ['2025-08-13_00:00:00~2025-08-13_23:59:59', 'UTC', 'unreadable_time at begin'],
    ['2025-08-13_00:00/2025-08-14_00:00', 'UTC', 'unreadable_time at begin'],
    ['1969-12-31', 'UTC', 'time_out_of_range at begin'],
    ['9999-12-31', 'UTC', 'time_out_of_range at begin'],
    ['2025-08-14_00:00~2025-08-13_23:59', 'UTC', 'begin_not_before_end at period'],
    ['2025-08-13T00:00Z/2025-08-13T00:00Z', 'UTC', 'begin_not_before_end at period'],
    ['2025-08-13/P0D', 'UTC', 'unreadable_duration at period'],
    ['2025-08-13/-PT1H', 'UTC', 'unreadable_duration at period'],
    ['2025-08-13/P200Y', 'UTC', 'time_out_of_range at period'],
    ['2025-08-13/P999999Y', 'UTC', 'unreadable_duration at period'],
    ['2025-08-13/PX', 'UTC', 'unreadable_duration at period'],
    ['2025-03-30_02:30~2025-03-30_05:00', 'Europe/Berlin', 'nonexistent_local_time at begin'],
    ['2025-10-26_00:00~2025-10-26_02:30', 'Europe/Berlin', 'ambiguous_local_time at end'],
    ['2011-12-30', 'Pacific/Apia', 'nonexistent_local_time at begin'],
    ['2025-08-13', 'Asia/Soul', 'unknown_time_zone at time_zone'],
    ['2025-08-13', '+09:00', 'unknown_time_zone at time_zone'],
    ['2025-08-13', 'local', 'unknown_time_zone at time_zone'],
  ])('refuses %j in %s', (text, timeZone, expected) => {
    expect(utc(text, timeZone)).toBe(expected);
  });

  it('says what, where and how to write it', () => {
    const problem = (text: string, timeZone: string) => {
      const result = parsePeriod(text, { timeZone });
      return result.status === 'invalid' ? `${result.problem.message}; ${result.problem.hint}` : '';
    };
    expect(problem('2025-02-30', 'UTC')).toBe(
      'day 30 of "2025-02-30" does not exist: that month has 28 days; write a date of the calendar, YYYY-MM-DD',
    );
    expect(problem('2025-10-26_02:30~2025-10-26_05:00', 'Europe/Berlin')).toBe(
      '"2025-10-26_02:30" occurs twice in Europe/Berlin: clocks are set back there; write it with its offset: 2025-10-26T02:30+02:00 or 2025-10-26T02:30+01:00',
    );
    expect(problem('2025-08-14/2025-08-13', 'UTC')).toContain(
      'it begins at 2025-08-14T00:00:00.000Z and ends at 2025-08-13T00:00:00.000Z',
    );
    expect(problem('2025-08-13', 'Seoul')).toBe(
      '"Seoul" is no known time zone; write an IANA name; did you mean Asia/Seoul?',
    );
  });

  it('answers any text with a result, and a period is never empty', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9PTZ_:~/+-]{0,40}$/));
    fc.assert(
      fc.property(text, (input) => {
        const result = parsePeriod(input, { timeZone: 'Europe/Berlin' });
        if (result.status === 'ok') expect(result.value.toMs).toBeGreaterThan(result.value.fromMs);
        else expect(result.problem.message.length).toBeLessThan(200);
      }),
    );
  });

  it('reads a whole local day as the calendar has it, in any zone', () => {
    const zones = fc.constantFrom('UTC', 'Asia/Seoul', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe');
    const days = fc.date({ min: new Date('2001-01-01'), max: new Date('2035-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, days, (timeZone, date) => {
        const day = date.toISOString().slice(0, 10);
        const result = parsePeriod(day, { timeZone });
        if (result.status === 'invalid') throw new Error(result.problem.message);
        const start = DateTime.fromISO(day, { zone: timeZone });
        expect(result.value).toEqual({ fromMs: start.toMillis(), toMs: start.plus({ days: 1 }).toMillis() });
      }),
    );
  });
});

describe('parseInstant and parseTimeRange', () => {
  const iso = (text: string, role: 'begin' | 'end', timeZone = 'Asia/Seoul') => {
    const result = parseInstant(text, role, { timeZone });
    return result.status === 'ok' ? new Date(result.value).toISOString() : result.problem.code;
  };

  it('a date begins with its first moment and ends with its last', () => {
    expect(iso('2025-08-08', 'begin')).toBe('2025-08-07T15:00:00.000Z');
    expect(iso('2025-08-08', 'end')).toBe('2025-08-08T15:00:00.000Z');
  });

  it('ISO 8601 with any offset is that moment, and local without one', () => {
    for (const role of ['begin', 'end'] as const) {
      expect(iso('2025-08-08T08:45:00.250-03:30', role)).toBe('2025-08-08T12:15:00.250Z');
      expect(iso('2025-08-08T08:45:00z', role)).toBe('2025-08-08T08:45:00.000Z');
      expect(iso('2025-08-08T08:45', role)).toBe('2025-08-07T23:45:00.000Z');
    }
  });

  it('the minute of an end is covered', () => {
    expect(iso('2025-08-08_08:45', 'begin', 'UTC')).toBe('2025-08-08T08:45:00.000Z');
    expect(iso('2025-08-08_08:45', 'end', 'UTC')).toBe('2025-08-08T08:46:00.000Z');
  });

  it('an ambiguous local time is refused, with an offset it is not', () => {
    expect(iso('2025-10-26T02:30', 'begin', 'Europe/Berlin')).toBe('ambiguous_local_time');
    expect(iso('2025-10-26T02:30+01:00', 'begin', 'Europe/Berlin')).toBe('2025-10-26T01:30:00.000Z');
  });

  it('a range has its begin before its end', () => {
    const options = { timeZone: 'UTC' };
    expect(parseTimeRange('2025-08-08', '2025-08-08', options)).toEqual({
      status: 'ok',
      value: { fromMs: Date.UTC(2025, 7, 8), toMs: Date.UTC(2025, 7, 9) },
    });
    expect(parseTimeRange('2025-08-09', '2025-08-08', options)).toMatchObject({
      status: 'invalid',
      problem: { code: 'begin_not_before_end' },
    });
    expect(parseTimeRange('x', '2025-08-08', options)).toMatchObject({ problem: { part: 'begin' } });
    expect(parseTimeRange('2025-08-08', 'x', options)).toMatchObject({ problem: { part: 'end' } });
  });
});

describe('parseTimeZone', () => {
  it('takes IANA names', () => {
    for (const name of ['UTC', 'Etc/UTC', 'Asia/Seoul', 'America/Argentina/Buenos_Aires']) {
      expect(parseTimeZone(name)).toEqual({ status: 'ok', value: name });
    }
  });
});

describe('relatePeriods', () => {
  const day = 24 * 3_600_000;
  const codes = (a: [number, number], b: [number, number]) =>
    relatePeriods({ fromMs: a[0], toMs: a[1] }, { fromMs: b[0], toMs: b[1] }).warnings.map((warning) => warning.code);

  it('finds nothing to say of two adjacent days', () => {
    expect(relatePeriods({ fromMs: 0, toMs: day }, { fromMs: day, toMs: 2 * day })).toEqual({
      identical: false,
      overlapMs: 0,
      reversed: false,
      lengthRatio: 1,
      warnings: [],
    });
  });

  it('warns of equal, overlapping, reversed and unequal periods', () => {
    expect(codes([0, day], [0, day])).toEqual(['periods_identical']);
    expect(codes([0, day], [day / 2, 1.5 * day])).toEqual(['periods_overlap']);
    expect(codes([day, 2 * day], [0, day])).toEqual(['periods_reversed']);
    expect(codes([0, day], [day, 3 * day])).toEqual(['periods_unequal_length']);
    expect(codes([0, day], [0, 2 * day])).toEqual(['periods_overlap', 'periods_unequal_length']);
  });

  it('says by how much', () => {
    const { warnings } = relatePeriods({ fromMs: 0, toMs: day }, { fromMs: 0.75 * day, toMs: 3 * day });
    expect(warnings.map((warning) => warning.message)).toEqual([
      'N-1 and N overlap by 6 h: the common samples count in both',
      'N-1 is 24 h long and N 54 h',
    ]);
  });
});
