import { describe, expect, it } from 'vitest';
import { createImportProgress, progressText } from './import-progress.ts';

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

describe('createImportProgress', () => {
  const displayOn = (isTerminal: boolean) => {
    const written: string[] = [];
    let ms = 0;
    const output = {
      isTerminal,
      write: (text: string) => written.push(text.replace('\r\u001b[K', '<clear>')),
      now: () => ms,
    };
    const display = createImportProgress(output);
    return { written, display, pass: (passedMs: number) => (ms += passedMs) };
  };

  it('shows one line on a terminal that is written over, and notices that stay', () => {
    const { written, display, pass } = displayOn(true);
    display.show(state);
    pass(600);
    display.show(state);
    pass(100);
    display.show(state);
    display.tell('the source is not available. Trying again in 5 s.');
    display.stop();
    expect(written).toEqual([
      expect.stringMatching(/^<clear>25 % .* 5,000,000 values\/s \| done \d\d:\d\d UTC \(2 s left\)$/),
      '<clear>the source is not available. Trying again in 5 s.\n',
      '<clear>',
    ]);
  });

  it('writes plain lines elsewhere, each ten seconds', () => {
    const { written, display, pass } = displayOn(false);
    for (let second = 0; second < 25; second++) {
      pass(1000);
      display.show(state);
    }
    display.tell('bad \u001b[31mname');
    display.stop();
    expect(written).toEqual([
      expect.stringMatching(/^25 % [\x20-\x7e]*\n$/),
      expect.stringMatching(/^25 % [\x20-\x7e]*\n$/),
      expect.stringMatching(/^bad \ufffd\[31mname\n$/),
    ]);
  });
});
