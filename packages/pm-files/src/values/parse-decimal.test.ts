import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal } from './parse-decimal.ts';

function parse(text: string): number {
  const bytes = Buffer.from(`xx${text}yy`);
  return parseDecimal(bytes, 2, bytes.length - 2);
}

describe('parseDecimal', () => {
  it('is as exact as Number() for every double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parse(String(value)) === value).toBe(true);
      }),
    );
  });

  it('is as exact as Number() for decimals of any length', () => {
    const digits = (maxLength: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${maxLength}}$`));
    fc.assert(
      fc.property(fc.constantFrom('', '-', '+'), digits(24), digits(30), (sign, whole, fraction) => {
        const text = `${sign}${whole}.${fraction}`;
        expect(parse(text) === Number(text)).toBe(true);
      }),
    );
  });

  it.each([
    ['0.000000', 0],
    ['-0', 0],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['9007199254740993', 9007199254740992],
  ])('reads %s', (text, value) => {
    expect(Object.is(parse(text), value)).toBe(true);
  });

  it.each(['', '-', '.', 'e5', '1e', '0x10', '1 2', '1,2', 'NaN', 'Infinity', '1e999', '--1', '1.2.3'])(
    'does not take %j for a number',
    (text) => {
      expect(parse(text)).toBeNaN();
    },
  );
});
