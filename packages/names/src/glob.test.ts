import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';

describe('matchesGlob', () => {
  it.each([
    ['*', '', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abcb', false],
    ['*b*', 'abc', true],
    ['a?c', 'ac', false],
    ['**a', 'ba', true],
    ['a.c', 'abc', false],
  ])('%s over %s: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, text) => {
        const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${source}$`, 's').test(text));
      }),
    );
  });

  it('is quick with hostile patterns', () => {
    const startedAt = performance.now();
    expect(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(5000))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
