import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import { type ConnectionSettings, describeConnection } from '../../platform/postgres/connection.ts';
import type { KpiStore } from '../../stores/kpi/kpi-store.ts';
import { BlockDelivery } from './block-delivery.ts';
import { findTable } from './find-table.ts';
import { type Granularities, granularityOf } from './granularity.ts';
import { identityOf } from './import-identity.ts';
import type { ImportIdentity, ImportProgress, ImportProgressStore } from './import-progress.store.ts';
import { importReport } from './import-report.ts';
import type { ImportOptions, ImportReport, ImportRequest, ImportState } from './import-request.ts';
import { ImportTally } from './import-tally.ts';
import { Names } from './names.ts';
import { planQuery } from './plan-query.ts';
import { findGranularities, lengthUnknown, probeGranularities } from './probe-granularities.ts';
import { RangeReader } from './range-reader.ts';
import type { Interval, SourceQuery } from './slice-query.ts';
import { SliceReader } from './slice-reader.ts';
import { resolveSource, type SourceSettings } from './source-address.ts';
import { instantClock, type SourceClock, wallClock } from './source-clock.ts';
import { connectSource, type SourceConnection } from './source-connection.ts';
import { StubbornSource } from './stubborn-source.ts';
import { TimeBounds } from './time-bounds.ts';
import { findUnplaced } from './unplaced-rows.ts';

const DAY_MS = 86_400_000;

export interface ImportDependencies {
  readonly store: KpiStore;
  readonly progress: ImportProgressStore;
  readonly clock: Clock;
  readonly sources: SourceSettings;
}

/** One call of `ImportService.run`. Times are ms of the clock of the source unless they are called UTC. */
export class ImportRun {
  readonly #dependencies: ImportDependencies;
  readonly #request: ImportRequest;
  readonly #options: ImportOptions;
  readonly #connection: ConnectionSettings;
  readonly #source: StubbornSource;
  readonly #query: SourceQuery;
  readonly #clock: SourceClock;
  readonly #bounds: TimeBounds;
  readonly #identity: ImportIdentity;
  readonly #tally = new ImportTally();
  readonly #delivery: BlockDelivery;
  readonly #ranges: RangeReader;
  readonly #startedAt = performance.now();
  #before: ImportProgress | null = null;
  #granularities: Granularities | null = null;
  #names: Names | null = null;
  #reader: SliceReader | null = null;
  #unsureFamilies: readonly string[] = [];
  #readFromMs: number | null = null;

  /** @throws PegboardError where the source cannot be reached or does not have what is asked for */
  static async open(
    dependencies: ImportDependencies,
    request: ImportRequest,
    options: ImportOptions,
  ): Promise<ImportRun> {
    const connection = await resolveSource(request.from, dependencies.sources);
    const source = await connectSource(connection, options.signal);
    try {
      const table = await findTable(source, request.table);
      const query = await planQuery(source, table, request.layout, request.columns);
      return new ImportRun(dependencies, request, options, connection, source, query);
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  private constructor(
    dependencies: ImportDependencies,
    request: ImportRequest,
    options: ImportOptions,
    connection: ConnectionSettings,
    source: SourceConnection,
    query: SourceQuery,
  ) {
    this.#dependencies = dependencies;
    this.#request = request;
    this.#options = options;
    this.#connection = connection;
    this.#source = new StubbornSource(connection, source, {
      signal: options.signal,
      isEndless: request.follow !== null,
      onRetry: ({ message }, pauseMs) => options.onNotice?.(`${message} Trying again in ${pauseMs / 1000} s.`),
    });
    this.#query = query;
    this.#clock = query.time.kind === 'instant' ? instantClock() : wallClock(request.sourceTimeZone);
    this.#bounds = new TimeBounds(request, this.#clock, dependencies.clock);
    this.#identity = identityOf(connection, query, request);
    this.#delivery = new BlockDelivery(dependencies.store, this.#identity.source, `postgresql-${query.layout}`);
    this.#ranges = new RangeReader({ source: this.#source, query, tally: this.#tally, isIndexed: this.#isIndexed });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#delivery.close();
    await this.#source.close();
  }

  async all(): Promise<ImportReport> {
    const { signal } = this.#options;
    try {
      await this.#readAll();
      await this.#delivery.settled();
      return this.#report(true);
    } catch (error) {
      if (!signal?.aborted) throw error;
      await this.#delivery.settled();
      return this.#report(false);
    }
  }

  async #readAll(): Promise<void> {
    const { progress } = this.#dependencies;
    const bounds = this.#bounds.wanted;
    this.#before = this.#request.restart ? null : await progress.read(this.#identity.id);
    if (this.#before === null) await this.#countUnplaced();
    const extent = await this.#ranges.extent(bounds);
    if (extent !== null) await this.#readExtent(extent);
    if (this.#request.follow) await this.#follow(extent);
  }

  async #readExtent(extent: Interval): Promise<void> {
    const fromMs = this.#startOf(extent);
    if (fromMs >= extent.toMs) return;
    if (!(await this.#isPrepared(extent))) {
      if (this.#request.follow === null) throw lengthUnknown(this.#query);
      return;
    }
    await this.#readRange({ fromMs, toMs: extent.toMs }, 'reading');
  }

  /** Where to begin: what an earlier run has read is passed over, but for the overlap. */
  #startOf(extent: Interval): number {
    const before = this.#before;
    const { since } = this.#bounds;
    const begins = (begin: number | null) => begin === null || (since !== null && since >= begin);
    if (before !== null && begins(before.readFromMs) && (since === null || since <= before.readToMs)) {
      this.#readFromMs = before.readFromMs;
      return Math.max(extent.fromMs, before.readToMs - this.#request.overlapMs);
    }
    this.#before = null;
    this.#readFromMs = since;
    return extent.fromMs;
  }

  /** Finds out how long periods are; false where that cannot be told yet. */
  async #isPrepared(extent: Interval): Promise<boolean> {
    if (this.#reader !== null) return true;
    const probe = await findGranularities(this.#request, this.#before?.granularities ?? null, () =>
      this.#source.stubbornly((source) => probeGranularities(source, this.#query, extent)),
    );
    if (probe === null) return false;
    const { granularities } = probe;
    this.#unsureFamilies = probe.unsure;
    this.#granularities = granularities;
    this.#names = new Names(this.#tally, (family) => granularityOf(granularities, family));
    this.#reader = new SliceReader({
      query: this.#query,
      request: this.#request,
      names: this.#names,
      tally: this.#tally,
      clock: this.#clock,
      delivery: this.#delivery,
    });
    return true;
  }

  #readRange(range: Interval, phase: ImportState['phase']): Promise<void> {
    const { follow, overlapMs } = this.#request;
    if (this.#reader === null) throw new Error('not prepared');
    return this.#ranges.read(this.#reader, range, {
      onSliceBegin: ({ toMs }) => {
        if (follow !== null && toMs > range.toMs - overlapMs) this.#delivery.skipUnchanged();
      },
      onSliceEnd: (atMs) => this.#saveProgress(atMs),
      tell: (share, atMs) => this.#tell(phase, share, atMs),
    });
  }

  /** Waits for rows that come, and reads the last of the time again for rows that were committed late. */
  async #follow(extent: Interval | null): Promise<void> {
    const { follow, overlapMs } = this.#request;
    if (follow === null) return;
    let readToMs = Math.min(extent?.toMs ?? this.#bounds.wanted.fromMs, this.#bounds.now);
    this.#delivery.skipUnchanged();
    for (;;) {
      await this.#delivery.settled();
      this.#tell('following', 1, readToMs);
      await sleep(follow.pollMs, undefined, { signal: this.#options.signal });
      const { fromMs, toMs } = this.#bounds.wanted;
      const fresh = await this.#ranges.extent({ fromMs: Math.max(fromMs, readToMs - overlapMs), toMs });
      if (fresh === null) continue;
      if (!(await this.#isPrepared(fresh))) {
        this.#options.onNotice?.('There are rows of one time only: the length of the periods is told by the next.');
        continue;
      }
      this.#delivery.forgetBefore(this.#clock.roughUtcMs(fresh.fromMs - DAY_MS));
      await this.#readRange(fresh, 'following');
      readToMs = Math.max(readToMs, Math.min(fresh.toMs, this.#bounds.now));
    }
  }

  async #countUnplaced(): Promise<void> {
    const unplaced = await this.#source.stubbornly((source) =>
      findUnplaced(source, this.#query, this.#bounds.credible, this.#isIndexed === true),
    );
    for (const { reason, count, examples } of unplaced) this.#tally.skipMany(reason, count, examples);
  }

  /** A row of the future (a wrong clock, a forecast) must not have all that comes before it passed over. */
  #saveProgress(clockMs: number): void {
    const readToMs = Math.min(clockMs, this.#bounds.now);
    const before = this.#before;
    const granularities = this.#granularities;
    if (granularities === null) return;
    const progress = {
      readFromMs: this.#readFromMs,
      readToMs: Math.max(readToMs, before?.readToMs ?? readToMs),
      granularities,
      rows: (before?.rows ?? 0) + this.#tally.rows,
      values: (before?.values ?? 0) + this.#tally.values,
    };
    this.#delivery.afterwards(() => this.#dependencies.progress.save(this.#identity, progress));
  }

  #tell(phase: ImportState['phase'], share: number, clockMs: number): void {
    const { rows, values } = this.#tally;
    this.#options.onProgress?.({
      phase,
      share: Math.min(share, 1),
      readToMs: this.#clock.roughUtcMs(clockMs),
      rows,
      values,
    });
  }

  /** Null: cannot be known. */
  get #isIndexed(): boolean | null {
    const { table, time } = this.#query;
    return time.isText ? false : (table.indexed?.has(time.column.name) ?? null);
  }

  #report(completed: boolean): ImportReport {
    return importReport({
      connection: describeConnection(this.#connection),
      query: this.#query,
      request: this.#request,
      completed,
      continued: this.#before !== null,
      granularities: this.#granularities,
      unsureFamilies: this.#unsureFamilies,
      tally: this.#tally,
      delivery: this.#delivery,
      counts: this.#names?.counts ?? { network_elements: 0, objects: 0, families: 0, pegs: 0 },
      doubtfulTimes: this.#clock.doubtful,
      isIndexed: this.#isIndexed,
      slices: this.#ranges.slices,
      reconnects: this.#source.reconnects,
      elapsedMs: performance.now() - this.#startedAt,
    });
  }
}
