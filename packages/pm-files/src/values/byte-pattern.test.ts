import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BytePattern } from './byte-pattern.ts';

describe('BytePattern', () => {
  it('is found where all of its bytes stand, and nowhere else', () => {
    const ascii = fc.stringMatching(/^[ -~\n]{1,60}$/);
    fc.assert(
      fc.property(ascii, fc.string(), fc.nat(), fc.integer({ min: 1, max: 255 }), (text, before, place, change) => {
        const pattern = new BytePattern(Buffer.from(text));
        const bytes = Buffer.concat([Buffer.from(before), Buffer.from(text)]);
        const start = bytes.length - text.length;
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        expect(pattern.isAt(view, start)).toBe(true);
        bytes[start + (place % text.length)] ^= change;
        expect(pattern.isAt(view, start)).toBe(false);
      }),
    );
  });
});
