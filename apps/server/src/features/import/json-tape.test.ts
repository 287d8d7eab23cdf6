import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JSON_KINDS, JsonTape } from './json-tape.ts';

/** What the tape says from a row on, as `JSON.parse` would give it. */
function jsonOf(tape: JsonTape, row: number): unknown {
  const kind = tape.kinds[row];
  if (kind === JSON_KINDS.object || kind === JSON_KINDS.array) return containerOf(tape, row);
  if (kind === JSON_KINDS.string || kind === JSON_KINDS.escaped) return tape.text(row);
  return JSON.parse(tape.text(row));
}

function containerOf(tape: JsonTape, row: number): unknown {
  const isObject = tape.kinds[row] === JSON_KINDS.object;
  const entries: [string, unknown][] = [];
  for (let at = row + 1; at < tape.nexts[row]; at = tape.nexts[at]) {
    const key = isObject ? tape.text(at++) : String(entries.length);
    entries.push([key, jsonOf(tape, at)]);
  }
  return isObject ? Object.fromEntries(entries) : entries.map(([, value]) => value);
}

function parse(text: string, tape = new JsonTape()): { readonly value: unknown } | null {
  const bytes = Buffer.from(`"${text}"`);
  return tape.read(bytes, 1, bytes.length - 1) ? { value: jsonOf(tape, 0) } : null;
}

function expected(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

describe('JsonTape', () => {
  it('reads any JSON as JSON.parse does, with and without white space', () => {
    const tape = new JsonTape();
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, '\t', '\r\n '), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parse(text, tape)).toEqual({ value: JSON.parse(text) });
      }),
      { numRuns: 1000 },
    );
  });

  it('takes and refuses what JSON.parse does, however a text is damaged', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u00e9',
      '\\ud800',
      '0',
      '12',
      '-',
      '.',
      'e',
      '+',
      'true',
      'null',
      'fals',
      ' ',
      '\u0001',
      '"a"',
      '"k":1',
    );
    const damaged = fc.tuple(fc.jsonValue(), fc.nat(60), fc.nat(3), piece).map(([value, at, removed, inserted]) => {
      const text = JSON.stringify(value);
      return text.slice(0, at) + inserted + text.slice(at + removed);
    });
    fc.assert(
      fc.property(
        fc.oneof(
          damaged,
          fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
        ),
        (text) => {
          expect(parse(text)).toEqual(expected(text));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it.each([
    '',
    '01',
    '1.',
    '.5',
    '-',
    '1e',
    '+1',
    '"\t"',
    '[1,]',
    '{"a"}',
    '{"a":1,}',
    '{a:1}',
    '[1] 2',
    'nul',
    '{"a":1',
    '"\\x"',
    '"abc',
  ])('refuses %s', (text) => {
    expect(parse(text)).toBeNull();
  });

  it('reads texts of any size, and refuses those nested more than 64 deep', () => {
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, `${i}`])));
    expect(parse(wide)).toEqual(expected(wide));
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parse(nested(64))).not.toBeNull();
    expect(parse(nested(65))).toBeNull();
    expect(parse(nested(1_000_000))).toBeNull();
  });
});
