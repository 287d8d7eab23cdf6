import { parseDecimal } from '@pegboard/pm-files';
import type { BlockCollector, Slot } from './block-collector.ts';
import { fieldLength, nextField, textField, timeField, type VisitRow } from './copy-rows.ts';
import type { ImportTally } from './import-tally.ts';
import { type Family, type Names, REFUSED } from './names.ts';
import { counterName } from './sub-counter-name.ts';
import type { ValueReader } from './value-text.ts';

export interface RowSink {
  readonly collector: BlockCollector;
  readonly names: Names;
  readonly tally: ImportTally;
  readonly values: ValueReader;
}

/** What is remembered of the counters of a family to know the next one without making a text of it. */
interface FamilyMemory {
  /** By the bytes of the fields that name a counter. */
  readonly places: Map<string, number>;
  /** The bytes of those fields by place, and the place that came after it last time. */
  readonly bytes: Buffer[];
  readonly next: number[];
}

/** Key of the counter that comes first; places are shifted by one. */
const FIRST = 0;

/**
 * Takes the rows of the narrow layout: fields time, NE, version, cell, family, PEG, dimension, value. Rows of one
 * (time, NE, cell, family) usually follow one another and name their PEGs in the same order, so most need no look-up.
 */
export function narrowRows(
  { collector, names, tally, values }: RowSink,
  format: 'float8' | 'text',
  dimension: string | null,
): VisitRow {
  const slots = new Map<string, Slot | null>();
  const memories = new Map<Family, FamilyMemory>();
  let region: Buffer = Buffer.allocUnsafe(1024);
  let regionLength = -1;
  let slot: Slot | null = null;
  let memory: FamilyMemory = newMemory();
  let previous = FIRST;
  let generation = -1;

  const openSlot = (bytes: Buffer, start: number, end: number): void => {
    if (generation !== collector.generation) {
      slots.clear();
      generation = collector.generation;
    }
    const key = bytes.toString('latin1', start, end);
    const known = slots.get(key);
    slot = known === undefined ? slotOfRow(collector, tally, bytes, start) : known;
    // A row that is refused is to be counted each time.
    if (slot !== null) slots.set(key, slot);
    if (region.length < end - start) region = Buffer.allocUnsafe(2 * (end - start));
    regionLength = slot === null ? -1 : bytes.copy(region, 0, start, end);
    previous = FIRST;
    if (slot !== null) memory = memoryOf(memories, slot.family);
  };

  const placeOf = (family: Family, bytes: Buffer, start: number, end: number): number => {
    const expected = memory.next[previous];
    if (expected !== undefined && isSame(memory.bytes[expected], bytes, start, end)) {
      previous = expected + 1;
      return expected;
    }
    const key = bytes.toString('latin1', start, end);
    let place = memory.places.get(key);
    if (place === undefined) {
      place = placeOfRow(names, family, dimension, bytes, start);
      if (place === REFUSED) return REFUSED;
      memory.places.set(key, place);
      memory.bytes[place] = Buffer.from(bytes.subarray(start, end));
    }
    // Names that differ in blanks alone are one counter: it is known by the bytes that it was first met with.
    if (isSame(memory.bytes[place], bytes, start, end)) memory.next[previous] = place;
    previous = place + 1;
    return place;
  };

  return (bytes, start, end) => {
    tally.rows++;
    let at = start;
    for (let field = 0; field < 5; field++) at = nextField(bytes, at);
    const isNewRegion =
      generation !== collector.generation || at - start !== regionLength || !isSame(region, bytes, start, at);
    if (isNewRegion) openSlot(bytes, start, at);
    if (slot === null) return;
    const valueAt = nextField(bytes, nextField(bytes, at));
    const place = placeOf(slot.family, bytes, at, valueAt);
    if (place === REFUSED) return;
    const length = fieldLength(bytes, valueAt);
    let value = Number.NaN;
    if (length < 0) tally.odd('null', 'NULL');
    else {
      value = format === 'float8' ? bytes.readDoubleBE(valueAt + 4) : parseDecimal(bytes, valueAt + 4, end);
      if (Number.isFinite(value)) tally.numbers++;
      else
        value = oddValue(tally, values, format === 'float8' ? String(value) : bytes.toString('utf8', valueAt + 4, end));
    }
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

/** The slot of fields time, NE, version, cell, family; null where the row is refused. */
function slotOfRow(collector: BlockCollector, tally: ImportTally, bytes: Buffer, start: number): Slot | null {
  const neAt = nextField(bytes, start);
  const versionAt = nextField(bytes, neAt);
  const cellAt = nextField(bytes, versionAt);
  const ne = textField(bytes, neAt);
  const cell = textField(bytes, cellAt);
  const family = textField(bytes, nextField(bytes, cellAt));
  if (ne === null || ne.trim() === '') {
    tally.skip('ne_missing', `${new Date(timeField(bytes, start)).toISOString()} ${family ?? ''}`.trim());
    return null;
  }
  return collector.slot(timeField(bytes, start), ne.trim(), textField(bytes, versionAt), cell, family);
}

function placeOfRow(names: Names, family: Family, dimension: string | null, bytes: Buffer, start: number): number {
  const peg = textField(bytes, start)?.trim() ?? '';
  const value = dimension === null ? null : textField(bytes, nextField(bytes, start));
  const name = dimension === null || value === null || peg === '' ? peg : counterName(peg, [[dimension, value]]);
  return names.place(family, name);
}

function memoryOf(memories: Map<Family, FamilyMemory>, family: Family): FamilyMemory {
  let memory = memories.get(family);
  if (memory === undefined) {
    memory = newMemory();
    memories.set(family, memory);
  }
  return memory;
}

function newMemory(): FamilyMemory {
  return { places: new Map(), bytes: [], next: [] };
}

/** Whether `known` begins with `bytes[start, end)`; callers have compared lengths where that matters. */
function isSame(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length < end - start) return false;
  for (let i = 0, at = start; at < end; i++, at++) if (known[i] !== bytes[at]) return false;
  return true;
}
