import { expect } from 'vitest';
import type { Reading } from './read-network.ts';

/** Expects whole counts, and parts that stay within their wholes, in every object and period. */
export function checkConsistency(all: readonly Reading[]): void {
  const byPeriod = new Map<string, Map<string, number>>();
  for (const reading of all) {
    const key = `${reading.beginMs} ${reading.ne} ${reading.object}`;
    const values = byPeriod.get(key) ?? new Map<string, number>();
    byPeriod.set(key, values.set(reading.peg, reading.value));
    expect(Number.isFinite(reading.value)).toBe(true);
    if (/(Att|Succ|Req|Fail|Nbr|Volume|Att\.sum|Succ\.sum|Dist\.Bin\d+)(\.\d+)?$/.test(reading.peg)) {
      expect(Number.isInteger(reading.value) && reading.value >= 0).toBe(true);
    }
  }
  for (const values of byPeriod.values()) {
    for (const [name, value] of values) {
      const attempts = values.get(name.replace('Succ', 'Att')) ?? values.get(name.replace('Succ', 'Req'));
      if (name.includes('Succ') && attempts !== undefined) expect(value).toBeLessThanOrEqual(attempts);
      const whole = values.get(name.replace(/\.\d+$/, ''));
      if (whole !== undefined && /\.\d+$/.test(name)) expect(value).toBeLessThanOrEqual(whole);
    }
    const rejected = [...values].filter(([name]) => name.startsWith('RRC.ConnEstabFailCause.'));
    const failed = (values.get('RRC.ConnEstabAtt') ?? 0) - (values.get('RRC.ConnEstabSucc') ?? 0);
    if (rejected.length > 0) expect(rejected.reduce((sum, [, value]) => sum + value, 0)).toBe(failed);
    const [connMean, connMax] = [values.get('RRC.ConnMean'), values.get('RRC.ConnMax')];
    if (connMean !== undefined && connMax !== undefined) expect(connMax).toBeGreaterThanOrEqual(connMean);
  }
}
