import type { CounterLayout, ManagedElement } from '../measurement.ts';
import { checkPeriod, type ReadSession } from '../read-session.ts';

/** Values held before blocks are handed on. */
const FLUSH_VALUES = 65_536;
/** Values looked at in the search for two times of one object, where the granularity is not written. */
const LOOK_AHEAD_VALUES = 1_000_000;
/** What holding a block costs beside its values, in values. */
const BLOCK_VALUES = 4;
const DEFAULT_GRANULARITY_S = 900;

/** Values of one object and time that are held until enough have come. */
export interface HeldBlock {
  readonly managedElement: ManagedElement;
  readonly ldn: string;
  readonly beginMs: number;
  readonly timeText: string;
  /** Seconds; null where the file does not say, and it is found from the times of the objects. */
  readonly granularityS: number | null;
  readonly line: number;
  suspect: boolean;
}

/** Holds blocks until the granularity is known and enough values are there to hand them on together. */
export class HeldBlocks<Block extends HeldBlock> {
  readonly #session: ReadSession;
  readonly #isGranularityWritten: boolean;
  readonly #contentOf: (block: Block) => { readonly layout: CounterLayout; readonly values: Float64Array };
  readonly #blocks = new Map<string, Block>();
  #granularityS: number | null = null;
  #values = 0;
  #wanted = FLUSH_VALUES;

  constructor(
    session: ReadSession,
    isGranularityWritten: boolean,
    contentOf: (block: Block) => { readonly layout: CounterLayout; readonly values: Float64Array },
  ) {
    this.#session = session;
    this.#isGranularityWritten = isGranularityWritten;
    this.#contentOf = contentOf;
  }

  get(key: string): Block | undefined {
    return this.#blocks.get(key);
  }

  add(key: string, block: Block): void {
    this.#values += BLOCK_VALUES;
    this.#blocks.set(key, block);
  }

  /** Whether the granularity is written, or found already. */
  get isGranularityKnown(): boolean {
    return this.#isGranularityWritten || this.#granularityS !== null;
  }

  /** Counts values added to blocks; true where it is time to flush. */
  isFullWith(values: number): boolean {
    this.#values += values;
    if (this.#values < this.#wanted) return false;
    if (this.isGranularityKnown || this.#values >= LOOK_AHEAD_VALUES) return true;
    if (smallestStepS(this.#blocks.values()) !== null) return true;
    // Looked at again only when there are twice as many, so that the work stays linear.
    this.#wanted = Math.min(this.#values * 2, LOOK_AHEAD_VALUES);
    return false;
  }

  /** Hands all blocks on, in the order in which they were begun. */
  flush(): void {
    const session = this.#session;
    for (const block of this.#blocks.values()) {
      const at = () => ({ line: block.line, column: 1 });
      const granularityS = block.granularityS ?? this.#inferredGranularityS();
      const written = `of ${granularityS} s from ${block.timeText.slice(0, 100)}`;
      const endMs = block.beginMs + granularityS * 1000;
      const period = checkPeriod(endMs, granularityS, session.options.nowMs, written, at);
      const { layout, values } = this.#contentOf(block);
      session.emit(block.managedElement, block.ldn, layout, period, block.suspect, values, at);
    }
    this.#blocks.clear();
    this.#values = 0;
    this.#wanted = FLUSH_VALUES;
  }

  #inferredGranularityS(): number {
    if (this.#granularityS !== null) return this.#granularityS;
    const step = smallestStepS(this.#blocks.values());
    if (step === null) assumeGranularity(this.#session);
    this.#granularityS = step ?? DEFAULT_GRANULARITY_S;
    return this.#granularityS;
  }
}

/** The granularity, in seconds, where nothing says it. Warns. */
export function assumeGranularity(session: ReadSession): number {
  const message = () => `no object has two times, so a granularity of ${DEFAULT_GRANULARITY_S} s is assumed`;
  session.warn('granularity_assumed', message, () => null);
  return DEFAULT_GRANULARITY_S;
}

/** The smallest step between two times of the same object, in seconds; null where none has two times. */
function smallestStepS(blocks: Iterable<HeldBlock>): number | null {
  const times = new Map<string, number[]>();
  for (const { managedElement, ldn, beginMs } of blocks) {
    const key = `${managedElement.name}\n${ldn}`;
    const known = times.get(key);
    if (known === undefined) times.set(key, [beginMs]);
    else known.push(beginMs);
  }
  let smallest = Number.POSITIVE_INFINITY;
  for (const list of times.values()) smallest = Math.min(smallest, smallestStep(list));
  return Number.isFinite(smallest) ? smallest / 1000 : null;
}

/** The smallest difference of two of the numbers that are not the same; infinite where there is none. */
export function smallestStep(numbers: number[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  numbers.sort((a, b) => a - b);
  for (let i = 1; i < numbers.length; i += 1) {
    const step = numbers[i] - numbers[i - 1];
    if (step > 0 && step < smallest) smallest = step;
  }
  return smallest;
}
