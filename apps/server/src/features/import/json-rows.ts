import { parseDecimal } from '@pegboard/pm-files';
import { type RowBytes, textField, timeField, type VisitRow } from './copy-rows.ts';
import { JSON_KINDS, JsonTape } from './json-tape.ts';
import { KnownCounters, UNKNOWN } from './known-counters.ts';
import { type Family, type NetworkElement, REFUSED } from './names.ts';
import { oddValue, type RowSink } from './narrow-rows.ts';
import { type DimensionValue, selectorText } from './sub-counter-name.ts';

/** Fields of a row in the order of `sliceStatement`. */
const TIME = 0;
const NE = 1;
const VERSION = 2;
const CELL = 3;
const FAMILY = 4;
const VALUES = 5;

const INDEX_NAME = 'index_name';
/** Levels of dimensions below which nothing sensible comes. */
const MAX_DIMENSIONS = 8;
/** Elements of a vector; a longer array is no distribution. */
const MAX_ELEMENTS = 1000;
/** Lists of counters remembered; beyond, all are forgotten and met anew. */
const MAX_LISTS = 20_000;

/** Where in the nesting of one row a value stands. */
interface Level {
  readonly cell: string | null;
  readonly dimensions: readonly DimensionValue[];
  /** Dimensions named above whose values are keys further down. */
  readonly pending: readonly string[];
}

/** A list of counters: where it is to go, and how it is named. */
interface CounterList {
  /** −1: not looked up yet. */
  slot: number;
  readonly cell: string | null;
  readonly suffix: string;
  readonly known: KnownCounters;
}

/**
 * Takes the rows of the JSONB layout: fields time, NE, version, cell, family, values. `values` is flat
 * (`{"Peg":"7"}`) or keyed by a dimension that `index_name` names, one or several levels deep; several may be named at
 * once (`["CellIdentity","QCI"]` or `"CellIdentity,QCI"`). An array of plain values is a vector.
 */
export function jsonRows(sink: RowSink, isCell: (dimension: string) => boolean): VisitRow {
  const { collector, names, tally, values } = sink;
  const tape = new JsonTape();
  const listOf = knownLists();
  let row: RowBytes;
  let clockMs = 0;
  let element: NetworkElement;
  let family: Family;

  const takeLevel = (object: number, level: Level): void => {
    const indexName = findMember(tape, object, INDEX_NAME);
    const pending = indexName < 0 ? level.pending : dimensionsNamed(tape, indexName);
    const suffix = selectorText(level.dimensions);
    const list: CounterList = { slot: -1, cell: level.cell, suffix, known: listOf(family, suffix) };
    list.known.begin();
    for (let key = object + 1; key < tape.nexts[object]; key = tape.nexts[key + 1]) {
      const value = key + 1;
      if (value === indexName) continue;
      if (tape.kinds[value] === JSON_KINDS.object) takeBelow(tape.text(key), value, level, pending);
      else takeMember(list, key, value);
    }
  };

  const takeBelow = (key: string, below: number, level: Level, [dimension, ...pending]: readonly string[]): void => {
    if (dimension === undefined || level.dimensions.length >= MAX_DIMENSIONS) {
      const where = [family.name, ...level.dimensions.map(([name, value]) => `${name}=${value}`), key].join(' ');
      tally.skip('unknown_dimension', where);
    } else if (level.cell === null && isCell(dimension)) takeLevel(below, { ...level, cell: key, pending });
    else takeLevel(below, { ...level, dimensions: [...level.dimensions, [dimension, key]], pending });
  };

  const takeMember = (list: CounterList, key: number, value: number): void => {
    if (list.slot < 0) {
      const object = names.object(element, list.cell);
      if (object === null) return;
      list.slot = collector.slot(clockMs, object, family);
    }
    if (tape.kinds[value] === JSON_KINDS.array && isVector(tape, value)) takeVector(list, key, value);
    else takeValue(list.slot, placeOf(list, key), value);
  };

  const placeOf = ({ known, suffix }: CounterList, key: number): number => {
    const from = tape.starts[key];
    const to = tape.ends[key];
    let place = known.find(row, from, to);
    if (place !== UNKNOWN) return place;
    const name = tape.text(key).trim();
    place = names.place(family, name === '' ? name : name + suffix);
    if (place !== REFUSED) known.learn(row, from, to, place);
    return place;
  };

  const takeVector = ({ slot, suffix }: CounterList, key: number, array: number): void => {
    const name = tape.text(key).trim();
    for (let at = array + 1, i = 0; at < tape.nexts[array]; at++, i++) {
      takeValue(slot, names.place(family, name === '' ? name : `${name}[${i}]${suffix}`), at);
    }
  };

  const takeValue = (slot: number, place: number, value: number): void => {
    // A name that is refused is counted by it, not by its value.
    if (place === REFUSED) return;
    const number = numberOf(value);
    if (!Number.isNaN(number)) collector.put(slot, place, number);
  };

  const numberOf = (value: number): number => {
    const kind = tape.kinds[value];
    if (kind === JSON_KINDS.number || (kind === JSON_KINDS.string && !values.isPlainDoubtful)) {
      const number = parseDecimal(row.bytes, tape.starts[value], tape.ends[value]);
      if (Number.isNaN(number)) return oddValue(tally, values, tape.text(value));
      tally.numbers++;
      return number;
    }
    if (kind === JSON_KINDS.string || kind === JSON_KINDS.escaped) return oddValue(tally, values, tape.text(value));
    if (kind === JSON_KINDS.null) tally.odd('null', 'null');
    else if (kind === JSON_KINDS.boolean) tally.odd('text', tape.text(value));
    else tally.odd('structure', startOfText(row, tape.starts[value], tape.ends[value]));
    return Number.NaN;
  };

  return (read, at) => {
    row = read;
    tally.rows++;
    clockMs = timeField(row, at[TIME]);
    const ne = textField(row, at[NE])?.trim() ?? '';
    const familyName = textField(row, at[FAMILY]);
    const where = () => [new Date(clockMs).toISOString(), ne, familyName?.trim()].filter(Boolean).join(' ');
    if (ne === '') return tally.skip('ne_missing', where());
    const from = at[VALUES] + 4;
    const to = at[VALUES + 1];
    if (row.view.getInt32(at[VALUES]) < 0) return tally.skip('values_null', where());
    if (!tape.read(row.bytes, from, to) || tape.kinds[0] !== JSON_KINDS.object) {
      return tally.skip('values_unreadable', `${where()}: ${startOfText(row, from, to)}`);
    }
    const rowElement = names.element(ne);
    const rowFamily = names.family(familyName);
    if (rowElement === null || rowFamily === null) return;
    element = rowElement;
    family = rowFamily;
    names.seeVersion(element, textField(row, at[VERSION]), clockMs);
    takeLevel(0, { cell: blankAsNull(textField(row, at[CELL])), dimensions: [], pending: [] });
  };
}

/** What is known of the lists of counters, by family and by what follows the names of its counters. */
function knownLists(): (family: Family, suffix: string) => KnownCounters {
  const lists = new Map<string, KnownCounters>();
  return (family, suffix) => {
    const key = `${family.id} ${suffix}`;
    let known = lists.get(key);
    if (known === undefined) {
      if (lists.size >= MAX_LISTS) lists.clear();
      known = new KnownCounters();
      lists.set(key, known);
    }
    return known;
  };
}

/** The value of a member of an object; −1: there is none. */
function findMember(tape: JsonTape, object: number, name: string): number {
  for (let key = object + 1; key < tape.nexts[object]; key = tape.nexts[key + 1]) {
    if (tape.ends[key] - tape.starts[key] === name.length && tape.text(key) === name) return key + 1;
  }
  return -1;
}

function isVector(tape: JsonTape, array: number): boolean {
  const end = tape.nexts[array];
  if (end - array - 1 > MAX_ELEMENTS || end === array + 1) return false;
  for (let at = array + 1; at < end; at++) {
    const kind = tape.kinds[at];
    if (kind === JSON_KINDS.object || kind === JSON_KINDS.array) return false;
  }
  return true;
}

function dimensionsNamed(tape: JsonTape, indexName: number): string[] {
  const names =
    tape.kinds[indexName] === JSON_KINDS.array
      ? Array.from({ length: tape.nexts[indexName] - indexName - 1 }, (_, i) => tape.text(indexName + 1 + i))
      : tape.text(indexName).split(/,|→|->/);
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function startOfText({ bytes }: RowBytes, from: number, to: number): string {
  return bytes.toString('utf8', from, Math.min(to, from + 40));
}

function blankAsNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text;
}
