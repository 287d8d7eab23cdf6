import { expect } from 'vitest';
import type { Reading } from './read-network.ts';

const COUNT_NAME = /(Att|Succ|Req|Fail|Nbr|Volume|Att\.sum|Succ\.sum|Dist\.Bin\d+)(\.\d+)?$/;

/** Expects whole counts, and parts that stay within their wholes, in every object and period. */
export function checkConsistency(all: readonly Reading[]): void {
  const broken: string[] = [];
  const byPeriod = new Map<string, Map<string, number>>();
  for (const { beginMs, ne, object, peg, value } of all) {
    const key = `${beginMs} ${ne} ${object}`;
    const values = byPeriod.get(key) ?? new Map<string, number>();
    byPeriod.set(key, values.set(peg, value));
    const whole = !COUNT_NAME.test(peg) || (Number.isInteger(value) && value >= 0);
    if (!Number.isFinite(value) || !whole) broken.push(`${key} ${peg} is ${value}`);
  }
  for (const [key, values] of byPeriod) broken.push(...brokenParts(values).map((text) => `${key} ${text}`));
  expect(broken.slice(0, 5)).toEqual([]);
}

function brokenParts(values: ReadonlyMap<string, number>): readonly string[] {
  const broken: string[] = [];
  const within = (part: string, whole: string): void => {
    const [a, b] = [values.get(part), values.get(whole)];
    if (a !== undefined && b !== undefined && a > b) broken.push(`${part} ${a} > ${whole} ${b}`);
  };
  for (const name of values.keys()) {
    if (name.includes('Succ')) {
      within(name, name.replace('Succ', 'Att'));
      within(name, name.replace('Succ', 'Req'));
    }
    if (/\.\d+$/.test(name)) within(name, name.replace(/\.\d+$/, ''));
  }
  within('RRC.ConnMean', 'RRC.ConnMax');
  const causes = [...values].filter(([name]) => name.startsWith('RRC.ConnEstabFailCause.'));
  const byCause = causes.reduce((sum, [, value]) => sum + value, 0);
  const failed = (values.get('RRC.ConnEstabAtt') ?? 0) - (values.get('RRC.ConnEstabSucc') ?? 0);
  if (causes.length > 0 && byCause !== failed) broken.push(`causes add up to ${byCause}, failures are ${failed}`);
  return broken;
}
