import { describe, expect, it } from 'vitest';
import { progressText } from './import-progress.ts';

const NOW = Date.parse('2025-08-09T14:30:00Z');
const state = {
  phase: 'reading',
  share: 0.25,
  readToMs: Date.parse('2025-08-08T10:00:00.500Z'),
  rows: 9,
  values: 3_000_000,
} as const;

describe('progressText', () => {
  it('gives share, time, rate and end', () => {
    expect(progressText(state, 60_000, NOW)).toBe(
      '25 % | to 2025-08-08T10:00:00Z | 3,000,000 values | 50,000 values/s | done 14:33 UTC (3 min left)',
    );
  });

  it('gives no end before anything is done, and none while following', () => {
    expect(progressText({ ...state, share: 0 }, 1000, NOW)).toMatch(/^0 % .* 3,000,000 values\/s$/);
    expect(progressText({ ...state, phase: 'following' }, 1000, NOW)).toBe(
      'following | to 2025-08-08T10:00:00Z | 3,000,000 values',
    );
  });
});
