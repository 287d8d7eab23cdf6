import type { CounterDefinition, Dimension, Rat } from './catalogue-types.ts';
import { readSelectorSuffix } from './selector-suffix.ts';

/** A delivered name taken apart: `ERAB.RelActNbr.QCI9` is `ERAB.RelActNbr` with QCI 9. */
export interface SubCounter {
  readonly base: string;
  /** Values by dimension, in the order of the name; empty for the counter itself. */
  readonly dimensions: ReadonlyMap<string, string>;
  /** The name is the `.sum` of the counter's sub-counters: their total, never added to them. */
  readonly total: boolean;
}

const VECTOR = /^(.+)\[(\d{1,6})\]$/s;

/** Dimension of a vector's elements where the catalogue knows no better. */
export const VECTOR_INDEX = 'index';

/** A word that says which dimension the value behind it is of, with the dimension. `QoS` is the QCI or the 5QI. */
const LABELS: Readonly<Record<string, Dimension | 'QOS' | 'BIN'>> = {
  qci: 'QCI',
  '5qi': '5QI',
  qos: 'QOS',
  snssai: 'SNSSAI',
  plmn: 'PLMN',
  cause: 'CAUSE',
  ssb: 'BEAM',
  beam: 'BEAM',
  bin: 'BIN',
};
const LABELLED = /^(QCI|5QI|QoS|SNSSAI|PLMN|Cause|SSB|Beam|Bin)(.*)$/i;

/** The total over sub-counters. */
const TOTAL = /^(?:sum|tot|total)$/i;

/**
 * What a segment of a name may say, by dimension; the value is the first group. A leading zero is a slice's type
 * (`.01`), never a QCI; eight hexadecimal digits are a slice with its differentiator (`.010003e8`).
 */
const SEGMENTS: Readonly<Record<Dimension, RegExp>> = {
  QCI: /^(?:QCI|QoS)?([1-9]\d{0,2})$/i,
  '5QI': /^(?:5QI|QoS)?([1-9]\d{0,2})$/i,
  SNSSAI: /^(?:SNSSAI)?(0[0-9a-f]|[0-9a-f]{8})$/i,
  PLMN: /^(?:PLMN)?(\d{3}-?\d{2,3})$/i,
  CAUSE: /^(?:Cause)?(.+)$/i,
  BEAM: /^(?:SSB|Beam)?(\d{1,3})$/i,
  CQI: /^(?:Bin)?(\d{1,2})$/i,
  RANK: /^(?:Bin)?(\d)$/i,
  TABLE: /^(?:Bin)?(\d)$/i,
};

/**
 * Takes a delivered name apart by the counters of its RAT: suffixes are QCI, 5QI, slice, PLMN, cause, beam or bin, behind a
 * dot or an underscore; `.sum` is the total, `[k]` an element of a vector, `{QCI=9}` says the dimension itself. Null where no
 * known counter fits and it is no element of a vector.
 */
export function subCounterOf(name: string, counters: ReadonlyMap<string, CounterDefinition>): SubCounter | null {
  const own = counters.get(name);
  if (own !== undefined) return { base: own.totalOf ?? name, dimensions: new Map(), total: own.totalOf !== null };
  const selected = readSelectorSuffix(name);
  if (selected !== null) {
    const counter = counters.get(selected.base);
    return counter === undefined
      ? null
      : { base: counter.totalOf ?? counter.name, dimensions: selected.dimensions, total: false };
  }
  const vector = VECTOR.exec(name);
  if (vector !== null) {
    const dimension = counters.get(vector[1])?.dimensions[0] ?? VECTOR_INDEX;
    return { base: vector[1], dimensions: new Map([[dimension, vector[2]]]), total: false };
  }
  for (let at = name.length - 1; at > 0; at--) {
    if (name[at] !== '.' && name[at] !== '_') continue;
    const counter = counters.get(name.slice(0, at));
    if (counter === undefined || counter.totalOf !== null) continue;
    return readSuffix(counter, name.slice(at + 1));
  }
  return null;
}

/**
 * Takes a name apart by what it says itself: dimensions in braces, the index of a vector, labelled suffixes (`Any.QCI9`,
 * `Any_5QI.9`, `Any.PLMN45005.SSB3`, `Any.Bin7`) and the `.sum` of them. For counters that nobody knows; null where the
 * name says nothing.
 */
export function labelledSubCounter(name: string, rat: Rat | null = null): SubCounter | null {
  const selected = readSelectorSuffix(name);
  if (selected !== null) return { ...selected, total: false };
  const vector = VECTOR.exec(name);
  if (vector !== null) return { base: vector[1], dimensions: new Map([[VECTOR_INDEX, vector[2]]]), total: false };
  const parts = name.split(/([._])/);
  const dimensions: [string, string][] = [];
  let end = parts.length;
  while (end > 2) {
    const read = labelledSegment(parts.slice(0, end), rat);
    if (read === null || dimensions.some(([dimension]) => dimension === read.dimension)) break;
    dimensions.unshift([read.dimension, read.value]);
    end -= read.parts;
  }
  const base = parts.slice(0, end).join('');
  if (dimensions.length > 0) return { base, dimensions: new Map(dimensions), total: false };
  const total = /^(.+)\.sum$/i.exec(name);
  return total === null
    ? null
    : { base: total[1].replace(/\.(?:5QI|QCI|Cause)$/i, ''), dimensions: new Map(), total: true };
}

/** The last segment of a name and the dimension that its label says; `parts` has segments and separators in turn. */
function labelledSegment(
  parts: readonly string[],
  rat: Rat | null,
): { readonly dimension: string; readonly value: string; readonly parts: number } | null {
  const last = parts[parts.length - 1];
  const own = LABELLED.exec(last);
  // A cause is a word of its own: `Causes` is none, `Cause.timeout` and `Cause7` are.
  const isOwn = own !== null && (own[1].toLowerCase() === 'cause' ? /^\d+$/.test(own[2]) : own[2] !== '');
  const label = isOwn ? own[1] : parts.length > 4 ? parts[parts.length - 3] : '';
  const value = isOwn ? own[2] : last;
  const named = Object.hasOwn(LABELS, label.toLowerCase()) ? LABELS[label.toLowerCase()] : undefined;
  if (named === undefined || TOTAL.test(value)) return null;
  const dimension = named === 'QOS' ? (rat === 'LTE' ? 'QCI' : '5QI') : named === 'BIN' ? 'Bin' : named;
  if (named === 'BIN' ? !/^\d{1,4}$/.test(value) : !SEGMENTS[dimension as Dimension].test(value)) return null;
  return { dimension, value, parts: isOwn ? 2 : 4 };
}

function readSuffix(counter: CounterDefinition, suffix: string): SubCounter | null {
  const total = { base: counter.name, dimensions: new Map<string, string>(), total: true };
  if (TOTAL.test(suffix)) return total;
  // Causes may have dots and underscores of their own.
  const [only, ...others] = counter.dimensions;
  if (only === 'CAUSE' && others.length === 0) {
    const cause = /^(?:Cause[._]?)?(.+)$/i.exec(suffix)?.[1] ?? suffix;
    return TOTAL.test(cause) ? total : { base: counter.name, dimensions: new Map([['CAUSE', cause]]), total: false };
  }
  const left = [...counter.dimensions];
  const dimensions = new Map<string, string>();
  const segments = joinLabels(suffix.split(/[._]/));
  const [first] = segments;
  if (segments.length === 1 && TOTAL.test(LABELLED.exec(first)?.[2] ?? '')) return total;
  for (const segment of segments) {
    const at = left.findIndex((dimension) => SEGMENTS[dimension].test(segment));
    if (at === -1) return null;
    const [dimension] = left.splice(at, 1);
    dimensions.set(dimension, SEGMENTS[dimension].exec(segment)?.[1] ?? segment);
  }
  return { base: counter.name, dimensions, total: false };
}

/** `QCI.9` says the same as `QCI9`. */
function joinLabels(segments: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const segment of segments) {
    const before = joined.at(-1);
    if (before !== undefined && Object.hasOwn(LABELS, before.toLowerCase()))
      joined[joined.length - 1] = before + segment;
    else joined.push(segment);
  }
  return joined;
}
