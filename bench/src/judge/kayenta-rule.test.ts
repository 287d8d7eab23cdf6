import { describe, expect, it } from 'vitest';
import { kayentaRule } from './kayenta-rule.ts';

const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);

describe('kayentaRule', () => {
  it.each([
    ['a few events against none', [0, 1, 2, 1, 0, 0], times(6, 0), 'Pass'],
    ['seven of ten raised', [...times(7, 100), ...times(3, 1)], times(10, 1), 'Pass'],
    ['eight of ten raised', [...times(8, 100), ...times(2, 1)], times(10, 1), 'High'],
    ['eight of ten raised, the other way round', times(10, 1), [...times(8, 100), ...times(2, 1)], 'Low'],
  ])('labels %s', (_name, experiment, control, label) => {
    expect(kayentaRule(experiment, control).label).toBe(label);
  });
});

describe('kayentaRule of many values', () => {
  it('agrees with itself on few, whatever way the order statistics are found', () => {
    const experiment = Array.from({ length: 100 }, (_, i) => ((i * 37) % 50) + 20);
    const control = Array.from({ length: 100 }, (_, i) => (i * 61) % 50);
    expect(kayentaRule(experiment, control)).toMatchObject({ label: 'High', sign: 1 });
    const zeros = Array.from({ length: 168 }, (_, i) => (i % 8 === 0 ? 1 : 0));
    expect(kayentaRule(zeros, zeros)).toEqual({ label: 'Pass', score: 0, sign: 0 });
  });
});
