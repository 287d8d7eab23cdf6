import { parseDecimal } from '@pegboard/pm-files';
import type { BlockCollector } from './block-collector.ts';
import { fieldLength, type RowBytes, textField, timeField, type VisitRow } from './copy-rows.ts';
import type { ImportTally } from './import-tally.ts';
import { copyOf, isKnown, KnownCounters, keyOf, UNKNOWN } from './known-counters.ts';
import { type Family, type Names, type NetworkObject, REFUSED } from './names.ts';
import { counterName } from './sub-counter-name.ts';
import type { ValueReader } from './value-text.ts';

export interface RowSink {
  readonly collector: BlockCollector;
  readonly names: Names;
  readonly tally: ImportTally;
  readonly values: ValueReader;
}

/** Fields of a row in the order of `sliceStatement`; the dimension stands between PEG and value. */
const TIME = 0;
const NE = 1;
const VERSION = 2;
const CELL = 3;
const FAMILY = 4;
const PEG = 5;
const VALUE = 7;

/** Regions remembered; beyond, all are forgotten and met anew. */
const MAX_REGIONS = 100_000;

/** What the bytes of the fields NE, version, cell and family say, as met before. */
interface Region {
  readonly known: DataView;
  readonly object: NetworkObject;
  readonly version: string | null;
  readonly family: Family;
  readonly counters: KnownCounters;
  /** The region that came after this one last time. */
  next: Region | null;
}

/**
 * Takes the rows of the narrow layout: fields time, NE, version, cell, family, PEG, dimension, value. Rows of one
 * (time, NE, cell, family) usually follow one another and name their PEGs in the same order, and so do these groups from
 * one time to the next: most rows are known by comparing bytes with those expected, without a look-up.
 */
export function narrowRows(sink: RowSink, format: 'float8' | 'text', dimension: string | null): VisitRow {
  const { collector, names, tally, values } = sink;
  const regionOf = regionFinder(sink);
  const isPlain = format === 'float8' || !values.isPlainDoubtful;
  let region: Region | null = null;
  let clockMs = Number.NaN;
  let slot = -1;
  let generation = -1;

  const openSlot = (row: RowBytes, at: Int32Array, rowMs: number): void => {
    region = regionOf(row, at, region);
    clockMs = rowMs;
    generation = collector.generation;
    if (region === null) return;
    region.counters.begin();
    slot = collector.slot(rowMs, region.object, region.family);
    names.seeVersion(region.object.element, region.version, rowMs);
  };

  const placeOf = ({ family, counters }: Region, row: RowBytes, from: number, to: number): number => {
    let place = counters.find(row, from, to);
    if (place !== UNKNOWN) return place;
    place = placeOfRow(names, family, dimension, row, from);
    if (place !== REFUSED) counters.learn(row, from, to, place);
    return place;
  };

  const numberOf = (row: RowBytes, at: number, end: number): number => {
    if (fieldLength(row, at) < 0) {
      tally.odd('null', 'NULL');
      return Number.NaN;
    }
    const from = at + 4;
    let number = Number.NaN;
    if (format === 'float8') number = row.view.getFloat64(from);
    else if (isPlain) number = parseDecimal(row.bytes, from, end);
    if (!Number.isFinite(number)) {
      return oddValue(tally, values, format === 'float8' ? String(number) : row.bytes.toString('utf8', from, end));
    }
    tally.numbers++;
    return number;
  };

  return (row, at) => {
    tally.rows++;
    const rowMs = timeField(row, at[TIME]);
    const isOpen =
      region !== null &&
      rowMs === clockMs &&
      generation === collector.generation &&
      isKnown(region.known, row, at[NE], at[PEG]);
    if (!isOpen) openSlot(row, at, rowMs);
    if (region === null) return;
    const place = placeOf(region, row, at[PEG], at[VALUE]);
    if (place === REFUSED) return;
    const value = numberOf(row, at[VALUE], at[VALUE + 1]);
    if (!Number.isNaN(value)) collector.put(slot, place, value);
  };
}

/** The number of a value that is not written plainly, NaN where it is none; counts its kind. */
export function oddValue(tally: ImportTally, values: ValueReader, text: string): number {
  const { value, kind } = values.read(text);
  if (kind === 'number') tally.numbers++;
  else tally.odd(kind, text);
  return value;
}

/** Finds the region of a row, by the one that came after the last first; null where the row is refused. */
function regionFinder({
  names,
  tally,
}: RowSink): (row: RowBytes, at: Int32Array, last: Region | null) => Region | null {
  const regions = new Map<string, Region>();
  const counters = new Map<Family, KnownCounters>();

  const newRegion = (row: RowBytes, at: Int32Array): Region | null => {
    const ne = textField(row, at[NE])?.trim() ?? '';
    const familyName = textField(row, at[FAMILY]);
    if (ne === '') {
      const time = new Date(timeField(row, at[TIME])).toISOString();
      tally.skip('ne_missing', `${time} ${familyName ?? ''}`.trim());
      return null;
    }
    const element = names.element(ne);
    const object = element && names.object(element, textField(row, at[CELL]));
    const family = names.family(familyName);
    if (object === null || family === null) return null;
    const known = counters.get(family) ?? new KnownCounters();
    counters.set(family, known);
    const version = textField(row, at[VERSION]);
    return { known: copyOf(row, at[NE], at[PEG]), object, version, family, counters: known, next: null };
  };

  return (row, at, last) => {
    if (last !== null) {
      if (last.next !== null && isKnown(last.next.known, row, at[NE], at[PEG])) return last.next;
      if (isKnown(last.known, row, at[NE], at[PEG])) return last;
    }
    const key = keyOf(row, at[NE], at[PEG]);
    let region = regions.get(key) ?? null;
    if (region === null) {
      region = newRegion(row, at);
      // A row that is refused is to be counted each time.
      if (region === null) return null;
      if (regions.size >= MAX_REGIONS) regions.clear();
      regions.set(key, region);
    }
    if (last !== null) last.next = region;
    return region;
  };
}

function placeOfRow(names: Names, family: Family, dimension: string | null, row: RowBytes, start: number): number {
  const peg = textField(row, start)?.trim() ?? '';
  const dimensionAt = start + 4 + Math.max(fieldLength(row, start), 0);
  const value = dimension === null ? null : textField(row, dimensionAt);
  const name = dimension === null || value === null || peg === '' ? peg : counterName(peg, [[dimension, value]]);
  return names.place(family, name);
}
