import type { CounterLayout, ManagedElement } from '@pegboard/pm-files';
import type { ImportTally, SkipReason } from './import-tally.ts';

/** What the store takes: a counter and its family are one key, as are a network element and an object. */
const MAX_COUNTER_BYTES = 1000;
const MAX_NAME_BYTES = 900;
/** Beyond these a dimension is no dimension (an identity of subscribers, say), and memory would not be bounded. */
const MAX_COUNTERS = 200_000;
const MAX_OBJECTS = 2_000_000;
const MAX_FAMILIES = 20_000;

/** Counters of a page stand in one block: a family with many is not one huge, mostly empty block. */
export const PAGE = 256;
/** In place of a number: the name was refused. */
export const REFUSED = -1;

/** The counters of one family, in the order in which they were met. */
export interface Family {
  readonly id: number;
  /** Null: the class of the object. */
  readonly name: string | null;
  readonly granularityS: number;
  readonly places: Map<string, number>;
  readonly names: string[];
  /** Layouts of the pages as last handed on; one is replaced when its page has grown. */
  readonly layouts: CounterLayout[];
}

export interface NetworkElement {
  readonly name: string;
  /** With the software version of the latest time at which one was seen. */
  managed: ManagedElement;
  seenMs: number;
  /** By the cell as it is written; null: refused. The element itself is that of the empty text. */
  readonly objects: Map<string, NetworkObject | null>;
}

export interface NetworkObject {
  readonly id: number;
  readonly element: NetworkElement;
  readonly ldn: string;
}

/** Everything that has a name, once. What the store would not take is refused here, and counted. */
export class Names {
  readonly #tally: ImportTally;
  readonly #granularityOf: (family: string) => number;
  readonly #elements = new Map<string, NetworkElement | null>();
  readonly #families = new Map<string, Family | null>();
  #objects = 0;
  #refusedObjects = 0;
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
      network_elements: [...this.#elements.values()].filter((element) => element !== null).length,
      objects: this.#objects,
      families: [...this.#families.values()].filter((family) => family !== null).length,
      pegs: this.#counters,
    };
  }

  /** Null where the name is refused. */
  element(name: string): NetworkElement | null {
    const known = this.#elements.get(name);
    if (known !== undefined) return known;
    if (this.#isTooMany(this.#elements.size >= MAX_OBJECTS, name)) return null;
    const isRefused = this.#isRefused(name, MAX_NAME_BYTES, 'a network element');
    const managed = { name, userLabel: null, swVersion: null, vendor: null };
    const element = isRefused ? null : { name, managed, seenMs: Number.NEGATIVE_INFINITY, objects: new Map() };
    this.#elements.set(name, element);
    return element;
  }

  /** Null where the name is refused. `cell` null or blank: the network element itself. */
  object(element: NetworkElement, cell: string | null): NetworkObject | null {
    const key = cell ?? '';
    const known = element.objects.get(key);
    if (known !== undefined) return known;
    const id = key.trim();
    if (id !== key) return this.object(element, id);
    if (this.#isTooMany(this.#objects + this.#refusedObjects >= MAX_OBJECTS, `${element.name} ${id}`)) return null;
    const isRefused = this.#isRefused(id, MAX_NAME_BYTES, 'a cell');
    const ldn = id === '' ? '' : `Cell=${id.replaceAll(/[\\,]/g, '\\$&')}`;
    const object = isRefused ? null : { id: this.#objects, element, ldn };
    if (isRefused) this.#refusedObjects++;
    else this.#objects++;
    element.objects.set(key, object);
    return object;
  }

  /** Notes the software version of an element at a time; null or blank: it is not said. */
  seeVersion(element: NetworkElement, written: string | null, clockMs: number): void {
    const swVersion = written?.trim() ?? '';
    if (swVersion === '' || element.seenMs > clockMs) return;
    if (element.managed.swVersion !== swVersion) {
      if (this.#isRefused(swVersion, MAX_NAME_BYTES, 'a software version')) return;
      element.managed = { ...element.managed, swVersion };
    }
    element.seenMs = clockMs;
  }

  /** Null where the name is refused. `name` null or blank: the class of the object is the family. */
  family(name: string | null): Family | null {
    const text = name?.trim() ?? '';
    const known = this.#families.get(text);
    if (known !== undefined) return known;
    if (this.#isTooMany(this.#families.size >= MAX_FAMILIES, text)) return null;
    const isRefused = this.#isRefused(text, MAX_COUNTER_BYTES, 'a family');
    const family = isRefused
      ? null
      : {
          id: this.#families.size,
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

  #isRefused(name: string, maxBytes: number, what: string): boolean {
    const isTooLong = name.length * 3 > maxBytes && Buffer.byteLength(name) > maxBytes;
    // The store takes no PEG of this name: answers, which have PEGs for keys, would leave it out.
    if (!isTooLong && !name.includes('\0') && name.isWellFormed() && name !== '__proto__') return false;
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
