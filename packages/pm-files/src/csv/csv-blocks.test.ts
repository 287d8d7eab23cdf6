import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutOf, nextNode, rootNode } from './csv-blocks.ts';

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');

describe('counter sequences', () => {
  it('give each counter the place where it first came, whatever sequences share their beginning', () => {
    fc.assert(
      fc.property(fc.array(fc.array(name, { maxLength: 8 }), { maxLength: 8 }), (sequences) => {
        const root = rootNode();
        for (const sequence of sequences) {
          const expected = [...new Set(sequence)];
          let node = root;
          for (const counter of sequence) {
            const next = nextNode(node, counter);
            if (typeof next === 'number') expect(next).toBe(expected.indexOf(counter));
            else node = next;
          }
          expect(layoutOf(node, null).names).toEqual(expected);
        }
      }),
    );
  });

  it('grow to tens of thousands of counters without copying what is known of them', () => {
    const root = rootNode();
    let node = root;
    for (let i = 0; i < 50_000; i += 1) {
      const next = nextNode(node, `counter ${i}`);
      if (typeof next !== 'number') node = next;
    }
    expect(node.length).toBe(50_000);
    expect(node.places).toBe(root.places);
  });
});
