import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XmlNames } from './xml-names.ts';

const vocabulary = new Map([
  ['measValue', 1],
  ['r', 2],
]);

const word = fc.oneof(
  fc.constantFrom('r', 'measValue', 'x:r', 'measInfoId', 'ä1', '測', 'a-b.c'),
  fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_.-]{0,12}$/),
);

describe('XmlNames', () => {
  it('reads the same whatever documents came before', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
        const names = new XmlNames(vocabulary);
        for (const text of words) {
          const bytes = Buffer.from(`<${text}>`);
          const name = names.read(bytes, 1, bytes.length, undefined);
          const local = text.slice(text.indexOf(':') + 1);
          expect(name).toMatchObject({ text, local, code: vocabulary.get(local) ?? 0 });
          expect(names.end).toBe(bytes.length - 1);
          expect(names.read(bytes, 1, bytes.length, undefined)).toBe(name);
          expect(names.read(bytes, 1, bytes.length - 1, undefined)).toBeNull();
        }
      }),
    );
  });
});
