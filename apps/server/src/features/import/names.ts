import type { CounterLayout, ManagedElement } from '@pegboard/pm-files';
import type { ImportTally, SkipReason } from './import-tally.ts';

/** What the store takes: a counter and its family are one key, as are a network element and an object. */
const MAX_COUNTER_BYTES = 1000;
const MAX_NAME_BYTES = 900;
/** Beyond these a dimension is no dimension (an identity of subscribers, say), and memory would not be bounded. */
const MAX_COUNTERS = 200_000;
const MAX_OBJECTS = 2_000_000;

/** Counters of a page stand in one block: a family with many is not one huge, mostly empty block. */
export const PAGE = 256;
/** In place of a number: the name was refused. */
export const REFUSED = -1;

/** The counters of one family, in the order in which they were met. */
export interface Family {
  /** Null: the class of the object. */
  readonly name: string | null;
  readonly granularityS: number;
  readonly places: Map<string, number>;
  readonly names: string[];
  /** Layouts of the pages as last handed on; one is replaced when its page has grown. */
  readonly layouts: CounterLayout[];
}

export interface NetworkObject {
  readonly id: number;
  readonly element: string;
  readonly ldn: string;
}

/** Everything that has a name, once. What the store would not take is refused here, and counted. */
export class Names {
  readonly #tally: ImportTally;
  readonly #granularityOf: (family: string) => number;
  readonly #elements = new Map<string, { readonly element: ManagedElement; seenMs: number }>();
  readonly #objects = new Map<string, NetworkObject | null>();
  readonly #families = new Map<string, Family | null>();
  #counters = 0;

  constructor(tally: ImportTally, granularityOf: (family: string) => number) {
    this.#tally = tally;
    this.#granularityOf = granularityOf;
  }

  get counts(): {
    readonly network_elements: number;
    readonly objects: number;
    readonly families: number;
    readonly pegs: number;
  } {
    return {
      network_elements: this.#elements.size,
      objects: this.#objects.size,
      families: this.#families.size,
      pegs: this.#counters,
    };
  }

  /** Null where the name is refused. `cell` null or blank: the network element itself. */
  object(ne: string, cell: string | null): NetworkObject | null {
    const key = cell === null ? ne : `${ne}\0${cell}`;
    const known = this.#objects.get(key);
    if (known !== undefined) return known;
    const id = cell?.trim() ?? '';
    const isRefused =
      this.#isRefused(ne, MAX_NAME_BYTES, 'a network element') ||
      this.#isRefused(id, MAX_NAME_BYTES, 'a cell') ||
      this.#isTooMany(this.#objects.size >= MAX_OBJECTS, `${ne} ${id}`);
    const object = isRefused
      ? null
      : { id: this.#objects.size, element: ne, ldn: id === '' ? '' : `Cell=${id.replaceAll(/[\\,]/g, '\\$&')}` };
    if (this.#objects.size < MAX_OBJECTS) this.#objects.set(key, object);
    return object;
  }

  /** The element with the software version of the latest time at which one was seen. */
  element(ne: string): ManagedElement {
    const known = this.#elements.get(ne);
    if (known !== undefined) return known.element;
    return this.#setElement(ne, null, Number.NEGATIVE_INFINITY);
  }

  /** Notes the software version of an element at a time. */
  seeVersion(ne: string, swVersion: string | null, clockMs: number): void {
    const known = this.#elements.get(ne);
    if (swVersion === null || (known !== undefined && known.seenMs > clockMs)) return;
    if (known?.element.swVersion === swVersion) known.seenMs = clockMs;
    else if (!this.#isRefused(swVersion, MAX_NAME_BYTES, 'a software version'))
      this.#setElement(ne, swVersion, clockMs);
  }

  /** Null where the name is refused. `name` null or blank: the class of the object is the family. */
  family(name: string | null): Family | null {
    const text = name?.trim() ?? '';
    const known = this.#families.get(text);
    if (known !== undefined) return known;
    const isRefused = this.#isRefused(text, MAX_COUNTER_BYTES, 'a family');
    const family = isRefused
      ? null
      : {
          name: text === '' ? null : text,
          granularityS: this.#granularityOf(text),
          places: new Map<string, number>(),
          names: [],
          layouts: [],
        };
    this.#families.set(text, family);
    return family;
  }

  /** Where a counter of the family stands, or `REFUSED`. */
  place(family: Family, name: string): number {
    const known = family.places.get(name);
    if (known !== undefined) return known;
    if (name.trim() === '') {
      this.#tally.skip('peg_missing');
      return REFUSED;
    }
    const isRefused =
      this.#isRefused(name, MAX_COUNTER_BYTES, 'a PEG') || this.#isTooMany(this.#counters >= MAX_COUNTERS, name);
    if (isRefused) {
      if (family.places.size < MAX_COUNTERS) family.places.set(name, REFUSED);
      return REFUSED;
    }
    const place = family.names.length;
    this.#counters++;
    family.names.push(name);
    family.places.set(name, place);
    return place;
  }

  #setElement(name: string, swVersion: string | null, seenMs: number): ManagedElement {
    const element = { name, userLabel: null, swVersion, vendor: null };
    this.#elements.set(name, { element, seenMs });
    return element;
  }

  #isRefused(name: string, maxBytes: number, what: string): boolean {
    const isTooLong = name.length * 3 > maxBytes && Buffer.byteLength(name) > maxBytes;
    if (!isTooLong && !name.includes('\0') && name.isWellFormed()) return false;
    return this.#refuse('name_refused', `${what}: ${name.toWellFormed().replaceAll('\0', '\uFFFD')}`);
  }

  #isTooMany(isTooMany: boolean, example: string): boolean {
    return isTooMany && this.#refuse('too_many_names', example);
  }

  #refuse(reason: SkipReason, example: string): true {
    this.#tally.skip(reason, example);
    return true;
  }
}

/** The layout of a page as far as it has grown. The same object as long as it does not grow. */
export function layoutOfPage(family: Family, page: number): CounterLayout {
  const known = family.layouts[page];
  const length = Math.min(family.names.length - page * PAGE, PAGE);
  if (known !== undefined && known.names.length === length) return known;
  const layout = { family: family.name, names: family.names.slice(page * PAGE, page * PAGE + length) };
  family.layouts[page] = layout;
  return layout;
}
