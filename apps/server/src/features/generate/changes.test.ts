import { describe, expect, it } from 'vitest';
import { formatChange, parseChange } from './changes.ts';
import { parseInstant } from './parse-values.ts';

describe('parseChange', () => {
  it('reads all keys', () => {
    expect(
      parseChange('peg=RRC.*|DRB.*, cells=gnb-001/*,from=2025-11-08T12:00:00+09:00,to=2025-11-09,percent=-20'),
    ).toEqual({
      peg: 'RRC.*|DRB.*',
      cells: 'gnb-001/*',
      fromMs: Date.UTC(2025, 10, 8, 3),
      toMs: Date.UTC(2025, 10, 9),
      effect: 'percent',
      percent: -20,
    });
    expect(parseChange('load=+20%')).toEqual({
      peg: null,
      cells: '*',
      fromMs: null,
      toMs: null,
      effect: 'load',
      percent: 20,
    });
  });

  it('writes what it reads', () => {
    for (const text of [
      'peg=RRC.ConnEstabSucc,cells=3,from=2025-11-08T00:00:00.000Z,failures=+60',
      'cells=*,to=2025-11-08T00:00:00.000Z,load=-12.5',
    ]) {
      expect(formatChange(parseChange(text))).toBe(text);
    }
  });

  it.each([
    ['peg=A,percent=5,failures=5', /both percent and failures/],
    ['peg=A', /does not say how much/],
    ['percent=5', /names no PEG/],
    ['peg=A,load=5', /load cannot name PEGs/],
    ['pge=A,percent=5', /unknown key "pge"/],
    ['peg=A,peg=B,percent=5', /"peg" is given twice/],
    ['peg=,percent=5', /"peg" has no value/],
    ['peg=A,,percent=5', /empty part/],
    ['peg=A,percent=much', /percent=much is no number/],
    ['peg=A,percent=-101', /out of range/],
    ['peg=A,percent=0', /out of range/],
    ['peg=A,from=yesterday,percent=5', /from=yesterday is no time/],
    ['peg=A,from=2025-02-30,percent=5', /from=2025-02-30 is no time/],
    ['peg=A,from=2025-11-09,to=2025-11-08,percent=5', /end is not after its begin/],
  ])('refuses %s', (text, message) => {
    expect(() => parseChange(text)).toThrow(
      expect.objectContaining({
        code: 'bad_change',
        message: expect.stringMatching(message),
        hint: expect.any(String),
      }),
    );
  });
});

describe('parseInstant', () => {
  it('takes dates and times as UTC unless they say', () => {
    expect(parseInstant('2025-11-08')).toBe(Date.UTC(2025, 10, 8));
    expect(parseInstant('2025-11-08_12:30')).toBe(Date.UTC(2025, 10, 8, 12, 30));
    expect(parseInstant('2025-11-08T12:30:15Z')).toBe(Date.UTC(2025, 10, 8, 12, 30, 15));
    expect(parseInstant('2025-11-08T12:30-0430')).toBe(Date.UTC(2025, 10, 8, 17));
    expect(parseInstant('2025-11-08T25:30')).toBeNull();
  });
});
