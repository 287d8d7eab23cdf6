import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparable, nearestNames } from './nearest-names.ts';

const nearest = (wanted: string, known: readonly string[]) => nearestNames(wanted, known.map(comparable));

/** Levenshtein's distance by its definition. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [x, y] = [a.slice(1), b.slice(1)];
  return a[0] === b[0] ? distance(x, y) : 1 + Math.min(distance(x, y), distance(a, y), distance(x, b));
}

describe('nearestNames', () => {
  it('finds what differs in case, punctuation or a few letters, best first', () => {
    const known = ['RRC.ConnEstabAtt', 'RRC.ConnEstabSucc', 'RRC.ConnEstabAttt', 'HO.ExeFail'];
    expect(nearest('rrc_connestabatt', known)).toEqual(['RRC.ConnEstabAtt', 'RRC.ConnEstabAttt']);
    expect(nearest('HO.ExFail', known)).toEqual(['HO.ExeFail']);
    expect(nearest('DRB.RelActNbr', known)).toEqual([]);
    expect(nearest('...', known)).toEqual([]);
  });

  it('agrees with the definition of the distance', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const near = distance(a, b) <= Math.max(1, Math.floor(a.length / 4));
        expect(nearest(a, [b])).toEqual(near ? [b] : []);
      }),
    );
  });

  it('takes names of any length', () => {
    expect(nearest('İ'.repeat(10_000), ['İ'.repeat(9_999), 'x'])).toEqual(['İ'.repeat(9_999)]);
  });
});
