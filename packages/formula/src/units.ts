/**
 * A unit as far as formulas need it: the powers of its base quantities, and how many base units it is. `factor` is null
 * where it is no longer known (a value that was multiplied by a number may be in any multiple).
 */
export interface Unit {
  readonly factor: number | null;
  readonly powers: ReadonlyMap<string, number>;
  readonly text: string | null;
}

const COUNT: ReadonlyMap<string, number> = new Map();
const powers = (base: string): ReadonlyMap<string, number> => new Map([[base, 1]]);
const DATA = powers('bit');
const TIME = powers('s');
const ENERGY = powers('J');
const WATT: ReadonlyMap<string, number> = new Map([
  ['J', 1],
  ['s', -1],
]);
const BITRATE: ReadonlyMap<string, number> = new Map([
  ['bit', 1],
  ['s', -1],
]);
/** Logarithmic levels add, but do not multiply: they are a quantity of their own. */
const LEVEL = powers('dB');

const UNITS: ReadonlyMap<string, readonly [number, ReadonlyMap<string, number>]> = new Map([
  ['', [1, COUNT]],
  ['1', [1, COUNT]],
  ['count', [1, COUNT]],
  ['%', [1e-2, COUNT]],
  ['percent', [1e-2, COUNT]],
  ['ppm', [1e-6, COUNT]],
  ['bit', [1, DATA]],
  ['kbit', [1e3, DATA]],
  ['Mbit', [1e6, DATA]],
  ['Gbit', [1e9, DATA]],
  ['byte', [8, DATA]],
  ['kbyte', [8e3, DATA]],
  ['Mbyte', [8e6, DATA]],
  ['Gbyte', [8e9, DATA]],
  ['bytes', [8, DATA]],
  ['Kbytes', [8e3, DATA]],
  ['Mbytes', [8e6, DATA]],
  ['bps', [1, BITRATE]],
  ['kbps', [1e3, BITRATE]],
  ['Kbps', [1e3, BITRATE]],
  ['Mbps', [1e6, BITRATE]],
  ['us', [1e-6, TIME]],
  ['0.1ms', [1e-4, TIME]],
  ['0.1 ms', [1e-4, TIME]],
  ['ms', [1e-3, TIME]],
  ['s', [1, TIME]],
  ['min', [60, TIME]],
  ['h', [3600, TIME]],
  ['J', [1, ENERGY]],
  ['kWh', [3.6e6, ENERGY]],
  ['Wh', [3600, ENERGY]],
  ['W', [1, WATT]],
  ['dB', [1, LEVEL]],
  ['dBm', [1, LEVEL]],
]);

/** Reads `kbit/s`, `%`, `0.1ms`, `1/h`; null for a unit that is not known, which is then compatible with every other. */
export function readUnit(text: string | null | undefined): Unit | null {
  if (text === null || text === undefined) return null;
  const simple = UNITS.get(text);
  if (simple !== undefined) return { factor: simple[0], powers: simple[1], text };
  const slash = text.indexOf('/');
  if (slash === -1) return null;
  const above = UNITS.get(text.slice(0, slash).trim());
  const below = UNITS.get(text.slice(slash + 1).trim());
  if (above === undefined || below === undefined) return null;
  return { factor: above[0] / below[0], powers: combine(above[1], below[1], -1), text };
}

/**
 * What a value in one unit is multiplied by to be in the other: `conversionFactor('ms', 's')` is 0.001. Null where a unit
 * is not known, they measure different things, or one is a level (dBm) and the units are not the same.
 */
export function conversionFactor(from: string, to: string): number | null {
  if (from === to) return 1;
  const [given, wanted] = [readUnit(from), readUnit(to)];
  if (given === null || wanted === null || given.factor === null || wanted.factor === null) return null;
  if (given.powers.has('dB') || !samePowers(given.powers, wanted.powers)) return null;
  return given.factor / wanted.factor;
}

/** Whether values of both units may be added, compared or chosen between. */
export function sameUnit(a: Unit, b: Unit): boolean {
  if (!samePowers(a.powers, b.powers)) return false;
  if (a.factor === null || b.factor === null) return true;
  return Math.abs(a.factor - b.factor) <= 1e-9 * Math.max(a.factor, b.factor);
}

/** The unit of a product (`sign` 1) or quotient (`sign` -1); null where one is not known or is a level. */
export function multiplyUnits(a: Unit | null, b: Unit | null, sign: 1 | -1): Unit | null {
  if (a === null || b === null) return null;
  if (a.powers.has('dB') || b.powers.has('dB')) return null;
  const factor = a.factor === null || b.factor === null ? null : a.factor * b.factor ** sign;
  return { factor, powers: combine(a.powers, b.powers, sign), text: null };
}

/** The unit of a power with a known exponent. */
export function raiseUnit(unit: Unit | null, exponent: number | null): Unit | null {
  if (unit === null || exponent === null || unit.powers.has('dB')) return null;
  const raised = new Map([...unit.powers].map(([base, power]) => [base, power * exponent] as const));
  return { factor: unit.factor === null ? null : unit.factor ** exponent, powers: withoutZeros(raised), text: null };
}

/** The same quantity in a multiple that is not known any more. */
export function scaledUnit(unit: Unit | null): Unit | null {
  return unit === null ? null : { factor: null, powers: unit.powers, text: null };
}

export const PLAIN_NUMBER: Unit = { factor: 1, powers: COUNT, text: null };

/** For messages: `kbit`, `bit/s`, `s^-1`, `no unit`. */
export function describeUnit(unit: Unit): string {
  if (unit.text !== null) return unit.text === '' ? 'no unit' : unit.text;
  const parts = [...unit.powers].map(([base, power]) => (power === 1 ? base : `${base}^${power}`));
  const scale = unit.factor === null || unit.factor === 1 ? '' : `${unit.factor} `;
  return parts.length === 0 ? `${scale}no unit` : scale + parts.join('·');
}

function combine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>, sign: 1 | -1) {
  const result = new Map(a);
  for (const [base, power] of b) result.set(base, (result.get(base) ?? 0) + sign * power);
  return withoutZeros(result);
}

function withoutZeros(all: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...all].filter(([, power]) => power !== 0));
}

function samePowers(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([base, power]) => b.get(base) === power);
}
