import type { ValueKind } from './value-text.ts';
import { VALUE_KINDS } from './value-text.ts';

/** Why rows, or parts of them, were passed over. */
export const SKIP_REASONS = [
  'time_missing',
  'time_unreadable',
  'time_out_of_range',
  'ne_missing',
  'peg_missing',
  'values_null',
  'values_unreadable',
  'unknown_dimension',
  'name_refused',
  'too_many_names',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export interface Counted {
  readonly count: number;
  readonly examples: readonly string[];
}

const MAX_EXAMPLES = 5;
const MAX_EXAMPLE_LENGTH = 120;

class Counter {
  count = 0;
  readonly examples: string[];

  constructor({ count, examples }: Counted = { count: 0, examples: [] }) {
    this.count = count;
    this.examples = [...examples];
  }

  add(by: number, example?: string): void {
    this.count += by;
    if (example === undefined || this.examples.length >= MAX_EXAMPLES) return;
    const short = example.length > MAX_EXAMPLE_LENGTH ? `${example.slice(0, MAX_EXAMPLE_LENGTH)}…` : example;
    if (!this.examples.includes(short)) this.examples.push(short);
  }
}

/** What a tally held at a moment. */
type TallyMark = Pick<ImportTally, 'rows' | 'numbers' | 'repeated'> & {
  readonly conflicting: Counted;
  readonly kinds: Partial<Record<ValueKind, Counted>>;
  readonly skipped: Partial<Record<SkipReason, Counted>>;
};

/** Counts of what a run read; the rows of an overlap that is read again count again. */
export class ImportTally {
  rows = 0;
  /** Values of the kind `number`, the common one. */
  numbers = 0;
  /** Values that came twice, with the same or with another number; the later one counts. */
  repeated = 0;
  conflicting = new Counter();
  readonly #kinds = new Map<ValueKind, Counter>();
  readonly #skipped = new Map<SkipReason, Counter>();

  mark(): TallyMark {
    const { rows, numbers, repeated } = this;
    const conflicting = new Counter(this.conflicting);
    return {
      rows,
      numbers,
      repeated,
      conflicting,
      kinds: structuredClone(this.kinds()),
      skipped: structuredClone(this.skipped()),
    };
  }

  /** Takes back what was counted since, since it will be read again. A name that was refused is not met as new again. */
  restore({ rows, numbers, repeated, conflicting, kinds, skipped }: TallyMark): void {
    this.rows = rows;
    this.numbers = numbers;
    this.repeated = repeated;
    this.conflicting = new Counter(conflicting);
    fill(this.#kinds, VALUE_KINDS, kinds);
    const { name_refused } = this.skipped();
    fill(this.#skipped, SKIP_REASONS, { ...skipped, ...(name_refused === undefined ? {} : { name_refused }) });
  }

  /** A value that is not plainly a number; `text` as it was written. */
  odd(kind: ValueKind, text: string): void {
    counterOf(this.#kinds, kind).add(1, text);
  }

  skip(reason: SkipReason, example?: string): void {
    counterOf(this.#skipped, reason).add(1, example);
  }

  skipMany(reason: SkipReason, count: number, examples: readonly string[]): void {
    const counter = counterOf(this.#skipped, reason);
    counter.add(count);
    for (const example of examples) counter.add(0, example);
  }

  /** All values met, missing ones too. */
  get values(): number {
    let sum = this.numbers;
    for (const { count } of this.#kinds.values()) sum += count;
    return sum;
  }

  kinds(): Partial<Record<ValueKind, Counted>> {
    return Object.fromEntries(VALUE_KINDS.flatMap((kind) => entry(kind, this.#kinds.get(kind))));
  }

  skipped(): Partial<Record<SkipReason, Counted>> {
    return Object.fromEntries(SKIP_REASONS.flatMap((reason) => entry(reason, this.#skipped.get(reason))));
  }
}

function counterOf<Key>(counters: Map<Key, Counter>, key: Key): Counter {
  let counter = counters.get(key);
  if (counter === undefined) {
    counter = new Counter();
    counters.set(key, counter);
  }
  return counter;
}

function entry<Key extends string>(key: Key, counter: Counter | undefined): [Key, Counted][] {
  return counter === undefined ? [] : [[key, { count: counter.count, examples: counter.examples }]];
}

function fill<Key extends string>(
  counters: Map<Key, Counter>,
  keys: readonly Key[],
  counts: Partial<Record<Key, Counted>>,
): void {
  counters.clear();
  for (const key of keys) {
    const counted = counts[key];
    if (counted !== undefined) counters.set(key, new Counter(counted));
  }
}
