import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsvHeader, splitCsvRow } from './csv-header.ts';

describe('splitCsvRow', () => {
  it('splits what a writer of CSV quotes, as csv-parse does', () => {
    const field = fc
      .array(fc.constantFrom('a', '1', ',', ';', '"', ' ', '값'), { maxLength: 5 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(field, { minLength: 2, maxLength: 6 }), fc.constantFrom(',', ';'), (fields, delimiter) => {
        const row = fields
          .map((text) => (/[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
          .join(delimiter);
        expect(splitCsvRow(row, delimiter)).toEqual(fields);
        expect([fields]).toEqual(parse(`${row}\n`, { delimiter, skip_empty_lines: false }));
      }),
    );
  });

  it('does not split a row whose quoting is broken', () => {
    expect(splitCsvRow('"a"b,c', ',')).toBeNull();
    expect(splitCsvRow('"a', ',')).toBeNull();
  });
});

describe('parseCsvHeader', () => {
  it.each([',', ';', '\t', '|'])('finds the delimiter %j', (delimiter) => {
    const header = parseCsvHeader(['Date-Time', '"NE Name"', 'Cell ID', 'Counter', 'Value (%)'].join(delimiter));
    expect(header.delimiter).toBe(delimiter);
    expect(Object.fromEntries(header.places)).toEqual({ time: 0, ne: 1, cell: 2, peg: 3, value: 4 });
  });

  it.each([
    ['Value (%)', true],
    ['value()', true],
    ['value ((a) (b (c)', false],
    ['value (a (b)', true],
    ['(value)', false],
    ['value)', false],
    ['value (a) b', false],
  ])('leaves out what is in parentheses at the end: %s', (name, isValue) => {
    expect(parseCsvHeader(`time,${name}`).places.has('value')).toBe(isValue);
  });

  it.each(['(', '()', ' (', '\t ', '. '])('takes a name of many %j in linear time', (piece) => {
    const long = piece.repeat(1_000_000 / piece.length);
    expect(parseCsvHeader(`time,${long}x`).places.has('time')).toBe(true);
  });
});
