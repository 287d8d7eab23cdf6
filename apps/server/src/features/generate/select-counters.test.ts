import { describe, expect, it } from 'vitest';
import { LTE_COUNTERS } from './lte-counters.ts';
import { NR_COUNTERS } from './nr-counters.ts';
import { selectCounters } from './select-counters.ts';

describe.each([
  ['NR', NR_COUNTERS],
  ['LTE', LTE_COUNTERS],
])('selectCounters of %s', (_, table) => {
  it('gives exactly as many counters as asked for, none twice, attempts with their successes', () => {
    for (const count of [...Array.from({ length: 200 }, (_unused, index) => index + 1), 997, 5000]) {
      const names = selectCounters(table, count).counters.map((counter) => counter.name);
      expect(names).toHaveLength(count);
      expect(new Set(names).size).toBe(count);
      for (const model of table.models) {
        if (model.type !== 'procedure' || model.successes === null) continue;
        expect(names.includes(model.successes)).toBe(names.includes(model.attempts));
        expect(names.includes(`${model.successes}.01`)).toBe(names.includes(`${model.attempts}.01`));
      }
    }
  });

  it('begins with accessibility and knows the documented counters within 60', () => {
    const names = selectCounters(table, 60).counters.map((counter) => counter.name);
    expect(names[0]).toMatch(/^RRC\.ConnEstabAtt/);
    expect(names).toEqual(expect.arrayContaining(['RRU.PrbTotDl', 'RRU.PrbTotUl', 'RRC.ConnMean', 'RRC.ConnMax']));
  });

  it('describes every counter', () => {
    for (const counter of table.blocks.flat()) {
      expect(counter.weight).toBeGreaterThanOrEqual(1);
      expect(counter.weight).toBeLessThanOrEqual(10);
      expect(counter.description.length).toBeGreaterThan(10);
    }
  });
});
