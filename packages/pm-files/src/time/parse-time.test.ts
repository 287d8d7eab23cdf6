import { describe, expect, it } from 'vitest';
import { parseDurationS } from './parse-duration.ts';
import { parseTime } from './parse-time.ts';

function utc(text: string, timeZone = 'UTC'): string | null {
  const time = parseTime(text, timeZone);
  return time === null ? null : new Date(time.utcMs).toISOString();
}

describe('parseTime', () => {
  it.each([
    ['2018-10-02T12:15:00Z', '2018-10-02T12:15:00.000Z'],
    ['2018-10-02T12:15:00+01:00', '2018-10-02T11:15:00.000Z'],
    ['2018-10-02T12:15:00-04:00:00', '2018-10-02T16:15:00.000Z'],
    ['2018-10-02T12:15:00UTC+05.30', '2018-10-02T06:45:00.000Z'],
    ['2018-10-02 12:15:00 +0530', '2018-10-02T06:45:00.000Z'],
    ['2018-10-02T12:15:00.250+01', '2018-10-02T11:15:00.250Z'],
    ['20200518160000Z', '2020-05-18T16:00:00.000Z'],
    ['2018-10-02T24:00:00Z', '2018-10-03T00:00:00.000Z'],
    ['2018/10/02 12:15', '2018-10-02T12:15:00.000Z'],
    ['2018-10-02', '2018-10-02T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(utc(text)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2018-13-01T00:00:00Z',
    '2018-02-30T00:00:00Z',
    '2018-10-02T25:00:00Z',
    '2018-10-02T12:60:00Z',
    '2018-10-02T12:00:00+99:00',
    '12:15',
  ])('does not read %j', (text) => {
    expect(utc(text)).toBeNull();
  });

  it('gives up on a text that is too long for a time', () => {
    expect(utc(`2026-11-20${' '.repeat(1_000_000)}a\nb`)).toBeNull();
    expect(utc(`  2026-11-20T00:15:00${' '.repeat(1_000_000)}`)).toBe('2026-11-20T00:15:00.000Z');
  });

  it('takes a time without offset for the clock of the zone, summer and winter', () => {
    expect(utc('2026-01-15T12:00:00', 'Europe/Berlin')).toBe('2026-01-15T11:00:00.000Z');
    expect(utc('2026-07-15T12:00:00', 'Europe/Berlin')).toBe('2026-07-15T10:00:00.000Z');
    expect(utc('2026-07-15T12:00:00', 'Asia/Seoul')).toBe('2026-07-15T03:00:00.000Z');
    expect(utc('2026-07-15T12:00:00', 'America/St_Johns')).toBe('2026-07-15T14:30:00.000Z');
  });

  it('says where a clock change makes a time ambiguous', () => {
    expect(parseTime('2026-10-25T02:30:00', 'Europe/Berlin')).toEqual({
      utcMs: Date.UTC(2026, 9, 25, 0, 30),
      isAmbiguous: true,
    });
    expect(parseTime('2026-03-29T02:30:00', 'Europe/Berlin')).toEqual({
      utcMs: Date.UTC(2026, 2, 29, 1, 30),
      isAmbiguous: true,
    });
    expect(parseTime('2026-10-25T03:30:00', 'Europe/Berlin')).toEqual({
      utcMs: Date.UTC(2026, 9, 25, 2, 30),
      isAmbiguous: false,
    });
    expect(parseTime('2026-10-25T01:30:00', 'Europe/Berlin')).toEqual({
      utcMs: Date.UTC(2026, 9, 24, 23, 30),
      isAmbiguous: false,
    });
  });
});

describe('parseDurationS', () => {
  it.each([
    ['PT900S', 900],
    ['PT15M', 900],
    ['PT1H', 3600],
    ['P1DT12H', 129_600],
    ['P1W', 604_800],
    ['-PT900S', -900],
    ['PT0S', 0],
    ['900', 900],
    ['PT0.5S', 0.5],
  ])('reads %s', (text, seconds) => {
    expect(parseDurationS(text)).toBe(seconds);
  });

  it.each(['', 'P', 'PT', 'P1M', 'P1Y', 'some duration', '15 min'])('does not read %j', (text) => {
    expect(parseDurationS(text)).toBeNull();
  });
});
