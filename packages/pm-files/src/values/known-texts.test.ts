import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KnownTexts } from './known-texts.ts';

const part = fc.constantFrom('1', '2', '12', 'ManagedElement=', 'Function=', ',Cell=', ',', 'X'.repeat(40));
const text = fc.oneof(
  fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
  fc.stringMatching(/^[ -~]{1,140}$/),
);

describe('KnownTexts', () => {
  it('makes the text that the bytes say, whatever was read before', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), (texts) => {
        for (let time = 0; time < 2; time += 1) {
          const known = new KnownTexts();
          for (const written of texts) {
            const bytes = Buffer.from(new TextEncoder().encode(`${written}"`).buffer);
            const view = new DataView(bytes.buffer);
            const expected = known.readExpected(view, 0, written.length);
            if (expected !== null) expect(written.startsWith(expected)).toBe(true);
            if (expected !== written) expect(known.read(bytes, view, 0, written.length)).toBe(written);
          }
        }
      }),
    );
  });

  it('expects the order in which texts came last', () => {
    const texts = ['ManagedElement=1,Cell=1', 'ManagedElement=1,Cell=2', 'ManagedElement=1,Cell=3'];
    const windows = texts.map((written) => Buffer.from(new TextEncoder().encode(`${written}"`).buffer));
    const read = () => {
      const known = new KnownTexts();
      return windows.map((bytes, i) => {
        const view = new DataView(bytes.buffer);
        const expected = known.readExpected(view, 0, bytes.length - 1);
        if (expected === null) known.read(bytes, view, 0, texts[i].length);
        return expected;
      });
    };
    read();
    expect(read()).toEqual([null, texts[1], texts[2]]);
  });
});
