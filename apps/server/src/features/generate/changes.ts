import { suggest } from '@pegboard/names';
import { GenerateError } from './generate-error.ts';
import { parseInstant } from './parse-values.ts';

export type ChangeEffect = 'percent' | 'failures' | 'load';

/**
 * A change injected into some cells from some time on.
 *
 * - `percent`: the expected value of the matching counters × (1 + percent/100). For a success counter the share of
 *   attempts that succeed changes (at most to all of them); for a failure or cause counter the failures do, and
 *   successes follow. Counters of one procedure follow its attempts where the same change matches these too.
 *   Sub-counters follow their base counter.
 * - `failures`: the number of failures behind the matching success, failure or drop counters × (1 + percent/100).
 * - `load`: the load of the cells × (1 + percent/100); all that load drives moves with it.
 */
export interface NetworkChange {
  /** Glob over PEG names; null for a change of load. */
  readonly peg: string | null;
  /** Glob over `<ne>/<cell id>`, `<cell id>` and the names of the cell's measured objects. */
  readonly cells: string;
  /** ms since the epoch, null: from the first sample on. */
  readonly fromMs: number | null;
  /** Exclusive, ms since the epoch; null: to the last sample. */
  readonly toMs: number | null;
  readonly effect: ChangeEffect;
  readonly percent: number;
}

const EFFECTS = ['percent', 'failures', 'load'] as const;
const KEYS = ['peg', 'cells', 'from', 'to', ...EFFECTS] as const;
type Key = (typeof KEYS)[number];

const MAX_PERCENT = 100_000;
const EXAMPLE = 'peg=DRB.RelActNbr,cells=gnb-001/*,from=2025-08-08,percent=50';

/**
 * Reads the text of one `--change` option: `key=value` pairs, comma-separated.
 *
 * `peg` and `cells` are globs (`*`, `?`, alternatives by `|`); `from` and `to` are times (UTC unless they say); exactly
 * one of `percent`, `failures`, `load` gives the size. `cells` defaults to all, `from` to the first sample.
 *
 * @throws GenerateError `bad_change` naming the text and how to mend it
 */
export function parseChange(text: string): NetworkChange {
  const values = readPairs(text);
  const effects = EFFECTS.filter((effect) => values.has(effect));
  const effect = effects[0];
  if (effect === undefined || effects.length > 1) {
    throw badChange(
      text,
      effects.length > 1 ? `it has both ${effects.join(' and ')}` : 'it does not say how much',
      'Give exactly one of percent=…, failures=… and load=….',
    );
  }
  const peg = values.get('peg') ?? null;
  if (effect === 'load' && peg !== null) {
    throw badChange(
      text,
      'a change of load cannot name PEGs',
      'Leave peg= out: load moves all counters that it drives.',
    );
  }
  if (effect !== 'load' && peg === null) {
    throw badChange(text, 'it names no PEG', `Add peg=<glob>, e.g. ${EXAMPLE}.`);
  }
  const fromMs = readTime(text, 'from', values);
  const toMs = readTime(text, 'to', values);
  if (fromMs !== null && toMs !== null && toMs <= fromMs) {
    throw badChange(text, 'its end is not after its begin', 'Give a later to=, which is exclusive, or leave it out.');
  }
  return { peg, cells: values.get('cells') ?? '*', fromMs, toMs, effect, percent: readPercent(text, effect, values) };
}

function readPairs(text: string): ReadonlyMap<Key, string> {
  const values = new Map<Key, string>();
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    const name = (at < 0 ? pair : pair.slice(0, at)).trim();
    const value = at < 0 ? '' : pair.slice(at + 1).trim();
    const key = KEYS.find((known) => known === name);
    if (key === undefined) {
      const [meant] = suggest(name, KEYS, 1);
      const hint = `Known keys: ${KEYS.join(', ')}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`;
      throw badChange(text, name === '' ? 'it has an empty part' : `it has an unknown key "${name}"`, hint);
    }
    if (value === '') throw badChange(text, `"${key}" has no value`, `Write ${key}=<value>, e.g. ${EXAMPLE}.`);
    if (values.has(key)) throw badChange(text, `"${key}" is given twice`, 'Give --change twice for two changes.');
    values.set(key, value);
  }
  return values;
}

function readTime(text: string, key: 'from' | 'to', values: ReadonlyMap<Key, string>): number | null {
  const value = values.get(key);
  if (value === undefined) return null;
  const ms = parseInstant(value);
  if (ms === null) {
    throw badChange(text, `${key}=${value} is no time`, 'Write 2025-08-08, 2025-08-08T12:00Z or 2025-08-08_12:00.');
  }
  return ms;
}

function readPercent(text: string, effect: ChangeEffect, values: ReadonlyMap<Key, string>): number {
  const value = values.get(effect) ?? '';
  const percent = /^[+-]?\d+(\.\d+)?%?$/.test(value) ? Number.parseFloat(value) : Number.NaN;
  if (Number.isNaN(percent)) throw badChange(text, `${effect}=${value} is no number`, `Write e.g. ${effect}=-20.`);
  if (percent < -100 || percent > MAX_PERCENT || percent === 0) {
    throw badChange(
      text,
      `${effect}=${value} is out of range`,
      `Give a percentage from -100 to ${MAX_PERCENT}, not 0.`,
    );
  }
  return percent;
}

function badChange(text: string, what: string, hint: string): GenerateError {
  return new GenerateError('bad_change', `change "${text.slice(0, 200)}": ${what}`, hint);
}

/** The text of a change as `parseChange` reads it. */
export function formatChange(change: NetworkChange): string {
  const time = (ms: number): string => new Date(ms).toISOString();
  return [
    ...(change.peg === null ? [] : [`peg=${change.peg}`]),
    `cells=${change.cells}`,
    ...(change.fromMs === null ? [] : [`from=${time(change.fromMs)}`]),
    ...(change.toMs === null ? [] : [`to=${time(change.toMs)}`]),
    `${change.effect}=${change.percent > 0 ? '+' : ''}${change.percent}`,
  ].join(',');
}
