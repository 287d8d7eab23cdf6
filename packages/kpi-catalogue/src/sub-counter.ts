import type { CounterDefinition, Dimension } from './catalogue-types.ts';

/** A delivered name taken apart: `ERAB.RelActNbr.QCI9` is `ERAB.RelActNbr` with QCI 9. */
export interface SubCounter {
  readonly base: string;
  /** Values by dimension, in the order of the name; empty for the counter itself. */
  readonly dimensions: ReadonlyMap<string, string>;
  /** The name is the `.sum` of the counter's sub-counters: their total, never added to them. */
  readonly total: boolean;
}

/** Dimension of a vector's elements where the catalogue knows no better. */
export const VECTOR_INDEX = 'index';

const LABEL = /^(?:QCI|5QI|SNSSAI|PLMN|Bin)$/i;

/**
 * What a segment of a name may say, by dimension; the value is the first group. A leading zero is a slice's type
 * (`.01`), never a QCI; eight hexadecimal digits are a slice with its differentiator (`.010003e8`).
 */
const SEGMENTS: Readonly<Record<Dimension, RegExp>> = {
  QCI: /^(?:QCI)?([1-9]\d{0,2})$/i,
  '5QI': /^(?:5QI)?([1-9]\d{0,2})$/i,
  SNSSAI: /^(?:SNSSAI)?(0[0-9a-f]|[0-9a-f]{8})$/i,
  PLMN: /^(?:PLMN)?(\d{3}-?\d{2,3})$/i,
  CAUSE: /^(.+)$/,
  CQI: /^(?:Bin)?(\d{1,2})$/i,
  RANK: /^(?:Bin)?(\d)$/i,
  TABLE: /^(?:Bin)?(\d)$/i,
};

/**
 * Takes a delivered name apart by the counters of its RAT: suffixes are QCI, 5QI, slice, PLMN, cause or bin, `.sum` is
 * the total, `[k]` an element of a vector. Null where no known counter fits and it is no element of a vector.
 */
export function subCounterOf(name: string, counters: ReadonlyMap<string, CounterDefinition>): SubCounter | null {
  const own = counters.get(name);
  if (own !== undefined) return { base: own.totalOf ?? name, dimensions: new Map(), total: own.totalOf !== null };
  const vector = /^(.+)\[(\d{1,6})\]$/.exec(name);
  if (vector !== null) {
    const dimension = counters.get(vector[1])?.dimensions[0] ?? VECTOR_INDEX;
    return { base: vector[1], dimensions: new Map([[dimension, vector[2]]]), total: false };
  }
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const counter = counters.get(name.slice(0, dot));
    if (counter === undefined || counter.totalOf !== null) continue;
    return readSuffix(counter, name.slice(dot + 1));
  }
  return null;
}

function readSuffix(counter: CounterDefinition, suffix: string): SubCounter | null {
  if (/^sum$/i.test(suffix)) return { base: counter.name, dimensions: new Map(), total: true };
  const left = [...counter.dimensions];
  const dimensions = new Map<string, string>();
  for (const segment of joinLabels(suffix.split('.'))) {
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
    if (before !== undefined && LABEL.test(before)) joined[joined.length - 1] = before + segment;
    else joined.push(segment);
  }
  return joined;
}
