import { BytePattern } from './byte-pattern.ts';
import { LayoutPlan } from './layout-plan.ts';
import { remembered } from './remembered.ts';

/** One counter of a list of `measTypes`. */
export interface CounterColumn {
  readonly p: number | string;
  readonly name: string;
  /** Place in the list; for a name that is listed again, the place of the first. */
  readonly index: number;
}

/** So many lists, and characters and slots of them, are remembered; then all are forgotten, to bound memory. */
const MAX_LISTS = 1024;
const MAX_CHARACTERS = 32_000_000;
const MAX_SLOTS = 1_000_000;
const MAX_PLANS_OF_A_LIST = 4;
/** Of a file, so many lists are remembered by their place. */
const MAX_PLACES = 4096;

/** `x[0]` as the name of a counter could also be the first element of the vector `x`. */
const LOOKS_LIKE_ELEMENT = /\[\d+\]$/;

/**
 * A list of counters that a file announced. Network elements of a kind send the same lists period after period, so what
 * was made of a list for one file serves the next. A memo: results do not depend on it.
 */
export class KnownList {
  /** The list as `CounterList` writes it. */
  readonly key: string;
  readonly columns: readonly CounterColumn[];
  /** The `p` of each counter; -1 where it is no number. */
  readonly positions: Int32Array;
  /** `index` of each counter. */
  readonly places: Int32Array;
  /**
   * The last eight bytes of the start tag of each counter, `r p="12">`, as a little-endian number (see `BytePattern`); NaN,
   * which nothing is equal to, where `p` takes more than five digits.
   */
  readonly tagEnds: Float64Array;
  /** Length of the `12">` of each. */
  readonly tagEndSizes: Uint8Array;
  /** Whether names of counters can coincide with names of vector elements. */
  readonly hasElementNames: boolean;
  readonly #byP: ReadonlyMap<number | string, CounterColumn>;
  /** The plans of late, the newest first. */
  #plans: readonly LayoutPlan[];
  #written: BytePattern | null = null;

  constructor(key: string, columns: readonly CounterColumn[]) {
    this.key = key;
    this.columns = columns;
    this.positions = Int32Array.from(columns, ({ p }) => (typeof p === 'number' ? p : -1));
    this.places = Int32Array.from(columns, ({ index }) => index);
    const tagEnds = this.columns.map(({ p }) => (typeof p === 'number' && p < 1e5 ? `<r p="${p}">` : null));
    this.tagEnds = Float64Array.from(tagEnds, (tag) => (tag === null ? Number.NaN : lastDouble(tag)));
    this.tagEndSizes = Uint8Array.from(tagEnds, (tag) => (tag === null ? 0 : tag.length - '<r p="'.length));
    this.hasElementNames = columns.some(({ name }) => LOOKS_LIKE_ELEMENT.test(name));
    this.#byP = new Map(columns.map((column) => [column.p, column]));
    this.#plans = [new LayoutPlan(this)];
  }

  /** The newest plan: that of the newest file is the best guess for the next. */
  get plan(): LayoutPlan {
    return this.#plans[0];
  }

  /**
   * A plan that has the same first slots as the given one, and then the scalar or vector element given: one of late,
   * else a new one.
   */
  planLike(plan: LayoutPlan, slots: number, column: number, element: number): LayoutPlan {
    const known = this.#plans.find((other) => other.hasSlot(slots, column, element) && other.hasSameSlots(plan, slots));
    const like = known ?? plan.fork(slots);
    if (known === undefined) like.addSlot(column, element);
    this.#plans = [like, ...this.#plans.filter((other) => other !== like)].slice(0, MAX_PLANS_OF_A_LIST);
    return like;
  }

  /** The counter with this `p`. */
  columnOf(p: number | string): CounterColumn | undefined {
    return this.#byP.get(p);
  }

  /** Length of the `measType` elements that announced the list, where they are known; else 0. */
  get writtenLength(): number {
    return this.#written?.length ?? 0;
  }

  /** Whether the elements that announced the list stand at `start`, byte for byte; `last` is the last byte to look at. */
  isWrittenAt(view: DataView, start: number, last: number): boolean {
    const written = this.#written;
    return written !== null && start + written.length <= last + 1 && written.isAt(view, start);
  }

  /** Remembers the elements that announced the list, to recognise them at one glance. */
  setWritten(bytes: Buffer): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.#written?.length === bytes.length && this.#written.isAt(view, 0)) return;
    this.#written = new BytePattern(bytes);
    remembered.characters += bytes.length;
  }
}

function lastDouble(text: string): number {
  return Buffer.from(text).readDoubleLE(text.length - 8);
}

const lists = new Map<string, KnownList>();
const listsByPlace: KnownList[] = [];

/** The list with this key, made by `make` where it is new. */
export function knownList(key: string, make: () => readonly CounterColumn[]): KnownList {
  const known = lists.get(key);
  if (known !== undefined) return known;
  if (lists.size >= MAX_LISTS || remembered.characters > MAX_CHARACTERS || remembered.slots > MAX_SLOTS) forgetLists();
  const list = new KnownList(key, make());
  remembered.slots += list.columns.length;
  remembered.characters += 2 * key.length;
  lists.set(key, list);
  return list;
}

/** The list that stood at this place (the how-manieth `measInfo`) in the file read before. */
export function listAtPlace(place: number): KnownList | undefined {
  return place < listsByPlace.length ? listsByPlace[place] : undefined;
}

/** Remembers the list at a place for the next file. */
export function rememberPlace(place: number, list: KnownList): void {
  if (place <= listsByPlace.length && place < MAX_PLACES) listsByPlace[place] = list;
}

function forgetLists(): void {
  lists.clear();
  listsByPlace.length = 0;
  remembered.characters = 0;
  remembered.slots = 0;
}
