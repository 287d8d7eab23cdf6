import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecimalMark, decimalMarkShownBy, parseSeparated } from './separated-number.ts';

const MARKS: readonly DecimalMark[] = ['point', 'comma', 'either'];

describe('parseSeparated', () => {
  it.each<[string, number, number, number]>([
    ['1.5', 1.5, 1.5, 1.5],
    ['1,5', Number.NaN, 1.5, 1.5],
    ['-0,25', Number.NaN, -0.25, -0.25],
    ['1.234', 1.234, 1234, 1.234],
    ['1,234', 1234, 1.234, 1.234],
    ['1,234,567', 1_234_567, 1_234_567, 1_234_567],
    ['1,234.5', 1234.5, 1234.5, 1234.5],
    ['1.234,5', Number.NaN, 1234.5, 1234.5],
    ['1.234.567', Number.NaN, 1_234_567, 1_234_567],
    ['1 234 567,25', 1_234_567.25, 1_234_567.25, 1_234_567.25],
    ['1\u00a0234.5', 1234.5, 1234.5, 1234.5],
    ['0,123', Number.NaN, 0.123, 0.123],
    ['1,23,456', Number.NaN, Number.NaN, Number.NaN],
    ['1,2.3', Number.NaN, Number.NaN, Number.NaN],
    ['1,', Number.NaN, Number.NaN, Number.NaN],
    ['1e400', Number.NaN, Number.NaN, Number.NaN],
    ['', Number.NaN, Number.NaN, Number.NaN],
  ])('reads %s by point, by comma, and by either', (text, ...expected) => {
    expect(MARKS.map((mark) => parseSeparated(text, mark))).toEqual(expected);
  });

  it('reads what a locale writes, by its mark', () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => Math.round(value * 100) / 100 + 0);
    fc.assert(
      fc.property(
        number,
        fc.constantFrom(['en', 'point'] as const, ['de', 'comma'] as const),
        (value, [locale, mark]) => {
          const text = value.toLocaleString(locale, { maximumFractionDigits: 2 });
          expect(parseSeparated(text, mark)).toBe(value);
          const shown = decimalMarkShownBy(text);
          expect([mark, 'either']).toContain(shown);
        },
      ),
    );
  });
});
