import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countNewlines } from './count-lines.ts';

const byte = fc.oneof(fc.constantFrom(0x0a, 0x0b, 0x09, 0x00, 0x8a, 0xff, 0x80, 0x7f), fc.nat(255));

describe('countNewlines', () => {
  it('counts as split does, wherever the bytes lie in memory', () => {
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 300 }), fc.nat(8), fc.nat(80), fc.nat(80), (content, shift, from, to) => {
        const bytes = new Uint8Array(new ArrayBuffer(content.length + shift), shift);
        bytes.set(content);
        const start = Math.min(from, content.length);
        const end = Math.max(start, content.length - to);
        const expected = Buffer.from(bytes.subarray(start, end)).toString('latin1').split('\n').length - 1;
        expect(countNewlines(bytes, start, end)).toBe(expected);
      }),
    );
  });
});
