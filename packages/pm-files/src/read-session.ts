import type {
  CounterLayout,
  FileHeader,
  ManagedElement,
  MeasurementSink,
  ReadLimits,
  ReadOptions,
  ReadResult,
  ReadWarning,
} from './measurement.ts';
import { type FilePosition, refuse, shortened } from './pm-file-error.ts';
import { resolveReadLimits } from './read-limits.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A granularity period that passed the checks of `checkPeriod`: whole milliseconds, whole seconds. */
export interface Period {
  readonly beginMs: number;
  readonly granularityS: number;
}

const EARLIEST_MS = Date.UTC(1990, 0, 1);
const FUTURE_TOLERANCE_MS = 48 * 3_600_000;
const LONGEST_GRANULARITY_S = 31 * 86_400;

/** What all readers share while reading one file: options, counts, warnings, and the way to the sink. */
export class ReadSession {
  readonly options: ReadOptions;
  readonly limits: ReadLimits;
  readonly timeZone: string;
  readonly counts = { values: 0, numbers: 0, missing: 0, notNumbers: 0, objects: 0, blocks: 0 };
  readonly header: Writable<FileHeader> = { sender: null, vendor: null, swVersion: null, formatVersion: null };
  readonly #sink: MeasurementSink;
  readonly #warnings = new Map<string, Writable<ReadWarning>>();
  readonly #counters = new Set<string>();
  readonly #objects = new Map<string, Set<string>>();
  /** Those of the network element seen last. */
  #lastNe: string | null = null;
  #lastObjects = new Set<string>();
  readonly #block: Writable<Parameters<MeasurementSink>[0]>;
  #beginMs = Number.POSITIVE_INFINITY;
  #endMs = Number.NEGATIVE_INFINITY;

  constructor(sink: MeasurementSink, options: ReadOptions) {
    this.options = options;
    this.limits = resolveReadLimits(options.limits);
    this.timeZone = options.defaults?.timeZone ?? 'UTC';
    this.#sink = sink;
    this.#block = {
      managedElement: { name: '', userLabel: null, swVersion: null, vendor: null },
      ldn: '',
      layout: { family: null, names: [] },
      beginMs: 0,
      granularityS: 0,
      suspect: false,
      values: new Float64Array(0),
    };
  }

  /** Notes something tolerated. Text and line are made only the first time a code is seen. */
  warn(code: string, message: () => string, line: () => number | null): void {
    const known = this.#warnings.get(code);
    if (known === undefined) {
      this.#warnings.set(code, { code, message: shortened(message()), line: line(), count: 1 });
    } else known.count += 1;
  }

  /** Distinct counter names counted so far. */
  get counterCount(): number {
    return this.#counters.size;
  }

  /** Counts a counter name (with its family, where there is one); throws past the limit. */
  addCounter(qualifiedName: string, position: () => FilePosition | null): void {
    this.#counters.add(qualifiedName);
    if (this.#counters.size <= this.limits.maxCounters) return;
    const message = `the file has more than ${this.limits.maxCounters} distinct counters`;
    throw refuse('too_many_counters', message, 'Split the file, or raise the limit if it is meant.', position());
  }

  /** Hands one block to the sink. `values` is read up to the length of the layout. */
  emit(
    managedElement: ManagedElement,
    ldn: string,
    layout: CounterLayout,
    period: Period,
    suspect: boolean,
    values: Float64Array,
    position: () => FilePosition | null,
  ): void {
    this.#addObject(managedElement.name, ldn, position);
    this.counts.blocks += 1;
    this.#beginMs = Math.min(this.#beginMs, period.beginMs);
    this.#endMs = Math.max(this.#endMs, period.beginMs + period.granularityS * 1000);
    const block = this.#block;
    block.managedElement = managedElement;
    block.ldn = ldn;
    block.layout = layout;
    block.beginMs = period.beginMs;
    block.granularityS = period.granularityS;
    block.suspect = suspect;
    block.values = values;
    this.#sink(block);
  }

  /** The result of a file that was read to its end. */
  finish(format: string): ReadResult {
    const period = this.counts.blocks === 0 ? null : { beginMs: this.#beginMs, endMs: this.#endMs };
    const warnings = [...this.#warnings.values()];
    return { status: 'ok', format, header: { ...this.header }, counts: { ...this.counts }, period, warnings };
  }

  #objectsOf(ne: string): Set<string> {
    const objects = this.#objects.get(ne) ?? new Set<string>();
    this.#objects.set(ne, objects);
    this.#lastNe = ne;
    this.#lastObjects = objects;
    return objects;
  }

  #addObject(ne: string, ldn: string, position: () => FilePosition | null): void {
    const objects = ne === this.#lastNe ? this.#lastObjects : this.#objectsOf(ne);
    const before = objects.size;
    objects.add(ldn);
    this.counts.objects += objects.size - before;
    if (this.counts.objects <= this.limits.maxObjects) return;
    const message = `the file has more than ${this.limits.maxObjects} distinct measured objects`;
    throw refuse('too_many_objects', message, 'Split the file, or raise the limit if it is meant.', position());
  }
}

/** Whether a period may have begun at this instant: from 1990 on, up to 48 h ahead of now. */
export function isPlausibleTime(utcMs: number, nowMs: number): boolean {
  return utcMs >= EARLIEST_MS && utcMs <= nowMs + FUTURE_TOLERANCE_MS;
}

const HINT_CLOCK = 'The clock of the network element or the unit of the time is wrong; correct it and export again.';

/**
 * The period that ends at `endMs`. Throws a refusal `period_invalid` or `period_out_of_range`; `written` is the time
 * and duration as the file gives them, for the message, and `clockHint` what to do about a time that cannot be.
 */
export function checkPeriod(
  endMs: number,
  granularityS: number,
  nowMs: number,
  written: string,
  position: () => FilePosition | null,
  clockHint: string = HINT_CLOCK,
): Period {
  if (!(granularityS > 0)) {
    const message = `the granularity period ${written} does not begin before its end`;
    throw refuse('period_invalid', message, 'The duration must be positive; correct the exporter.', position());
  }
  if (granularityS > LONGEST_GRANULARITY_S) {
    throw refuse(
      'period_invalid',
      `the granularity period ${written} is longer than 31 days`,
      'Check the unit of the duration.',
      position(),
    );
  }
  if (!Number.isInteger(granularityS)) {
    throw refuse(
      'period_invalid',
      `the granularity period ${written} is no whole number of seconds`,
      'Check the unit of the duration; periods are counted in whole seconds.',
      position(),
    );
  }
  const beginMs = Math.round(endMs - granularityS * 1000);
  if (beginMs < EARLIEST_MS || endMs > nowMs + FUTURE_TOLERANCE_MS) {
    const side = beginMs < EARLIEST_MS ? 'before 1990' : 'more than 48 h in the future';
    throw refuse('period_out_of_range', `the period ${written} lies ${side}`, clockHint, position());
  }
  return { beginMs, granularityS };
}
