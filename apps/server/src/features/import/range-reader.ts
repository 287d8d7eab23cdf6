import type { ImportTally } from './import-tally.ts';
import { SliceLength } from './slice-length.ts';
import { extentStatement, type Interval, type SourceQuery } from './slice-query.ts';
import type { SliceReader } from './slice-reader.ts';
import type { StubbornSource } from './stubborn-source.ts';

export interface RangeReaderOptions {
  readonly source: StubbornSource;
  readonly query: SourceQuery;
  readonly tally: ImportTally;
  /** Whether times are found by an index; null: not known. */
  readonly isIndexed: boolean | null;
}

/** What happens on the way; times are ms of the clock of the source. */
export interface RangeProgress {
  onSliceBegin(slice: Interval): void;
  /** All before a time was read and delivered, though it need not be durable yet. */
  onSliceEnd(atMs: number): void;
  /** Now and then: the share of the range that was read, and the time before which all was read. */
  tell(share: number, atMs: number): void;
}

/** Reads stretches of the source's time in slices, each again from its beginning where the connection breaks. */
export class RangeReader {
  readonly #source: StubbornSource;
  readonly #query: SourceQuery;
  readonly #tally: ImportTally;
  readonly #length: SliceLength;
  slices = 0;

  constructor({ source, query, tally, isIndexed }: RangeReaderOptions) {
    this.#source = source;
    this.#query = query;
    this.#tally = tally;
    this.#length = new SliceLength(isIndexed);
  }

  /** From the first time in an interval to the last; null: there are no rows. */
  async extent(interval: Interval): Promise<Interval | null> {
    if (interval.fromMs >= interval.toMs) return null;
    const statement = extentStatement(this.#query, interval);
    const [row] = await this.#source.stubbornly((source) =>
      source.query<{ first: number | null; last: number | null }>(statement),
    );
    if (row === undefined || row.first === null || row.last === null) return null;
    return { fromMs: row.first, toMs: row.last + 1 };
  }

  async read(reader: SliceReader, range: Interval, progress: RangeProgress): Promise<void> {
    for (let at = range.fromMs; at < range.toMs; ) {
      const slice = { fromMs: at, toMs: Math.min(at + this.#length.ms, range.toMs) };
      progress.onSliceBegin(slice);
      const rows = await this.#readSlice(reader, slice, (share) => {
        progress.tell(shareOf(range, slice.fromMs + share * (slice.toMs - slice.fromMs)), slice.fromMs);
      });
      at = slice.toMs;
      progress.onSliceEnd(at);
      if (rows === 0 && at < range.toMs) {
        at = (await this.extent({ fromMs: at, toMs: range.toMs }))?.fromMs ?? range.toMs;
      }
      progress.tell(shareOf(range, at), at);
    }
  }

  /** Returns the number of rows. `tell` is given the share that was read, as far as slices before let it be known. */
  async #readSlice(reader: SliceReader, slice: Interval, tell: (share: number) => void): Promise<number> {
    const tally = this.#tally;
    const before = tally.mark();
    const valuesBefore = tally.values;
    const expected = this.#length.expectedValues(slice);
    await this.#source.stubbornly((source) => {
      tally.restore(before);
      return reader.read(source, slice, () => {
        tell(expected === null ? 0 : Math.min((tally.values - valuesBefore) / expected, 1));
      });
    });
    this.slices++;
    this.#length.adapt(slice, tally.values - valuesBefore);
    return tally.rows - before.rows;
  }
}

function shareOf({ fromMs, toMs }: Interval, atMs: number): number {
  return (atMs - fromMs) / (toMs - fromMs);
}
