import { textField, timeField, type VisitRow } from './copy-rows.ts';
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
/** In place of a slot that was not looked up yet. */
const UNKNOWN = -1;
/** Levels of dimensions below which nothing sensible comes. */
const MAX_DIMENSIONS = 8;
/** Names of the dimension that is the cell, without case and what is no letter. */
const CELL_DIMENSIONS: ReadonlySet<string> = new Set(
  [
    'cell',
    'cellid',
    'cellidentity',
    'cellnum',
    'cellnumber',
    'cellno',
    'nrcellid',
    'nrcellidentity',
    'eutrancellid',
  ].concat(['eutrancellidentity', 'localcellid', 'nci', 'eci']),
);

/** Whether a dimension of the JSONB layout is the cell; `given`: the names that the user says, null: the usual ones. */
export function cellDimension(given: readonly string[] | null): (dimension: string) => boolean {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const known = given === null ? CELL_DIMENSIONS : new Set(given.map(plain));
  return (dimension) => known.has(plain(dimension));
}

/** Where in the nesting of one row a value stands. */
interface Level {
  readonly cell: string | null;
  readonly dimensions: readonly DimensionValue[];
  /** Dimensions named above whose values are keys further down. */
  readonly pending: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Takes the rows of the JSONB layout: fields time, NE, version, cell, family, values. `values` is flat
 * (`{"Peg":"7"}`) or keyed by a dimension that `index_name` names, one or several levels deep; several may be named at
 * once (`["CellIdentity","QCI"]` or `"CellIdentity,QCI"`).
 */
export function jsonRows(sink: RowSink, isCell: (dimension: string) => boolean): VisitRow {
  const { collector, names, tally, values } = sink;
  let clockMs = 0;
  let element: NetworkElement;
  let family: Family;

  const takeValue = (slot: number, name: string, value: unknown): void => {
    // A name that is refused is counted by it, not by its value.
    const place = names.place(family, name);
    if (place === REFUSED) return;
    const number = numberOf(value);
    if (!Number.isNaN(number)) collector.put(slot, place, number);
  };

  const numberOf = (value: unknown): number => {
    if (typeof value === 'string') return numberOfText(value);
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return oddValue(tally, values, String(value));
      tally.numbers++;
      return value + 0;
    }
    if (value === null) tally.odd('null', 'null');
    else tally.odd(typeof value === 'boolean' ? 'text' : 'structure', JSON.stringify(value));
    return Number.NaN;
  };

  const numberOfText = (text: string): number => {
    const number = isPlainNumber(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(number)) return oddValue(tally, values, text);
    tally.numbers++;
    return number + 0;
  };

  const takeLevel = (object: JsonObject, level: Level): void => {
    const pending = Object.hasOwn(object, INDEX_NAME) ? dimensionsNamed(object[INDEX_NAME]) : level.pending;
    const suffix = selectorText(level.dimensions);
    let slot = UNKNOWN;
    for (const key of Object.keys(object)) {
      if (key === INDEX_NAME) continue;
      const value = object[key];
      if (isObject(value)) takeBelow(key, value, level, pending);
      else {
        if (slot === UNKNOWN) {
          const object = names.object(element, level.cell);
          if (object === null) return;
          slot = collector.slot(clockMs, object, family);
        }
        const name = key.trim();
        takeValue(slot, suffix === '' || name === '' ? name : name + suffix, value);
      }
    }
  };

  const takeBelow = (
    key: string,
    below: JsonObject,
    level: Level,
    [dimension, ...pending]: readonly string[],
  ): void => {
    if (dimension === undefined || level.dimensions.length >= MAX_DIMENSIONS) {
      const where = [family.name, ...level.dimensions.map(([name, value]) => `${name}=${value}`), key].join(' ');
      tally.skip('unknown_dimension', where);
    } else if (level.cell === null && isCell(dimension)) takeLevel(below, { ...level, cell: key, pending });
    else takeLevel(below, { ...level, dimensions: [...level.dimensions, [dimension, key]], pending });
  };

  const takeValues = (text: string, cell: string | null, where: () => string): void => {
    const read = parseObject(text);
    if (read === null) tally.skip('values_unreadable', `${where()}: ${text.slice(0, 40)}`);
    else takeLevel(read, { cell: blankAsNull(cell), dimensions: [], pending: [] });
  };

  return (row, at) => {
    tally.rows++;
    clockMs = timeField(row, at[TIME]);
    const ne = textField(row, at[NE])?.trim() ?? '';
    const familyName = textField(row, at[FAMILY]);
    const where = () => `${new Date(clockMs).toISOString()} ${ne} ${familyName ?? ''}`.trim();
    if (ne === '') {
      tally.skip('ne_missing', `${new Date(clockMs).toISOString()} ${familyName ?? ''}`.trim());
      return;
    }
    const text = textField(row, at[VALUES]);
    if (text === null) {
      tally.skip('values_null', where());
      return;
    }
    const rowElement = names.element(ne);
    const rowFamily = names.family(familyName);
    if (rowElement === null || rowFamily === null) return;
    element = rowElement;
    family = rowFamily;
    names.seeVersion(element, textField(row, at[VERSION]), clockMs);
    takeValues(text, textField(row, at[CELL]), where);
  };
}

function parseObject(text: string): JsonObject | null {
  try {
    const read: unknown = JSON.parse(text);
    return isObject(read) ? read : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function dimensionsNamed(indexName: unknown): string[] {
  const names = Array.isArray(indexName) ? indexName : String(indexName).split(/,|→|->/);
  return names.map((name) => String(name).trim()).filter((name) => name !== '');
}

function blankAsNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text;
}

/** Whether a text holds digits, with signs, points and exponents; `Number` decides on their order. */
function isPlainNumber(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isDigit && code !== 0x2e && code !== 0x2d && code !== 0x2b && code !== 0x65 && code !== 0x45) return false;
  }
  return text !== '';
}
