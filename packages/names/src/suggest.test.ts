import { describe, expect, it } from 'vitest';
import { editDistance, suggest } from './suggest.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['RRC.Att', 'RRC.tAt', 1],
    ['same', 'same', 0],
  ])('of %s and %s is %i', (a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected);
  });
});

describe('suggest', () => {
  it('puts the nearest first and leaves out what is far away', () => {
    expect(suggest('RRC.ConnEstabAt', ['RRC.ConnEstabSucc', 'RRC.ConnEstabAtt', 'HO.ExeFail'])).toEqual([
      'RRC.ConnEstabAtt',
      'RRC.ConnEstabSucc',
    ]);
  });

  it('ignores case and finds what contains the text', () => {
    expect(suggest('thru', ['AirMacDLThruAvg(Kbps)', 'RRC.Att'])).toEqual(['AirMacDLThruAvg(Kbps)']);
  });

  it('gives no more than asked, once each', () => {
    expect(suggest('a1', ['a2', 'a3', 'a3', 'a4'], 2)).toEqual(['a2', 'a3']);
  });

  it('allows one letter of difference in short names', () => {
    expect(suggest('20', ['200', '21', '7777'])).toEqual(['200', '21']);
  });
});
