import type { DecimalMark } from '@pegboard/pm-files';
import { PegboardError } from '../../platform/errors.ts';
import { BlockCollector } from './block-collector.ts';
import type { BlockDelivery } from './block-delivery.ts';
import { cellDimension } from './cell-dimension.ts';
import { CopyRowReader, type RowBytes, type VisitRow } from './copy-rows.ts';
import { checkColumns } from './find-table.ts';
import type { ImportRequest } from './import-request.ts';
import type { ImportTally } from './import-tally.ts';
import { jsonRows } from './json-rows.ts';
import type { Names } from './names.ts';
import { narrowRows } from './narrow-rows.ts';
import { fieldsOf, type Interval, isNumeric, type SourceQuery, sliceStatement, valueFormat } from './slice-query.ts';
import type { SourceClock } from './source-clock.ts';
import type { SourceConnection } from './source-connection.ts';
import { ValueReader } from './value-text.ts';

export interface SliceReaderOptions {
  readonly query: SourceQuery;
  readonly request: ImportRequest;
  readonly names: Names;
  readonly tally: ImportTally;
  readonly clock: SourceClock;
  readonly delivery: BlockDelivery;
}

/** Reads slices of a source, one after another, and delivers their blocks. Its memory is used again for each. */
export class SliceReader {
  readonly #query: SourceQuery;
  readonly #delivery: BlockDelivery;
  readonly #collector: BlockCollector;
  readonly #visit: VisitRow;

  constructor({ query, request, names, tally, clock, delivery }: SliceReaderOptions) {
    this.#query = query;
    this.#delivery = delivery;
    this.#collector = new BlockCollector({ tally, clock, isEnd: request.timestamp === 'end' });
    const sink = { collector: this.#collector, names, tally, values: new ValueReader(decimalMarkOf(query, request)) };
    this.#visit =
      query.layout === 'jsonb'
        ? jsonRows(sink, cellDimension(request.cellDimensions))
        : narrowRows(sink, valueFormat(query), query.roles.dimension?.name ?? null);
  }

  /**
   * Reads the rows of a slice, ms of the clock of the source. Resolves when all are delivered, though not yet durable; `tell`
   * is called now and then before.
   * @throws PegboardError as `connectSource` says; what was read before stays delivered
   */
  async read(source: SourceConnection, slice: Interval, tell: () => void): Promise<void> {
    await checkColumns(source, this.#query);
    const collector = this.#collector;
    collector.clear();
    const reader = new CopyRowReader(fieldsOf(this.#query), this.#visit);
    const take = (row: RowBytes, from: number, size: number) => reader.write(row, from, size);
    const pause = () => {
      if (!collector.isFull) return undefined;
      tell();
      return this.#delivery.take(collector, 'settled');
    };
    await source.copy(sliceStatement(this.#query, slice), take, pause);
    if (!reader.isComplete) throw new PegboardError('STORE_UNAVAILABLE', 'the source ended its answer too early');
    await this.#delivery.take(collector, 'all');
  }
}

/** That of texts: what a column of numbers holds is written with a point. */
function decimalMarkOf({ layout, roles }: SourceQuery, { decimalMark }: ImportRequest): DecimalMark {
  return layout === 'narrow' && isNumeric(roles.value) ? 'point' : decimalMark;
}
