import {
  ALGORITHM_V2_1_0,
  compareV210,
  type Period,
  parsePeriod,
  relatePeriods,
  verdictV210,
} from '@pegboard/comparison';
import type { CompareDocument, CompareRequest } from '@pegboard/contracts';
import type { Clock } from '../../platform/clock.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { KpiStore, StoredBlock, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import { type Catalogue, resolveSelection } from '../selection/selection.ts';
import { SampleCollector } from './collect-samples.ts';
import { pairSeries } from './pair-series.ts';

export interface CompareOptions {
  /** More series (PEGs × measured objects) than this end in PAYLOAD_TOO_LARGE. */
  readonly maxSeries: number;
  readonly signal?: AbortSignal;
}

export interface CompareService {
  /**
   * Compares the samples of two periods.
   * @throws PegboardError DATA_VALIDATION_ERROR (periods, zone), ALGORITHM_VERSION_ERROR, UNKNOWN_NAME, UNPROCESSABLE,
   * PAYLOAD_TOO_LARGE, STORE_UNAVAILABLE
   */
  compare(request: CompareRequest, options: CompareOptions): Promise<CompareDocument>;
}

export interface CompareDependencies {
  readonly store: KpiStore;
  readonly clock: Clock;
  /** IANA name of the zone of periods that name none. */
  readonly timeZone: string;
}

export function createCompareService({ store, clock, timeZone }: CompareDependencies): CompareService {
  return {
    compare: async (request, options) => {
      checkAlgorithm(request.algorithm_version);
      const zone = request.timezone ?? timeZone;
      const periods = {
        nMinus1: readPeriod(request.n_minus_1, 'n_minus_1', zone),
        n: readPeriod(request.n, 'n', zone),
      };
      const catalogue = await readCatalogue(store);
      const collected = await collect(store, catalogue, periods, request, options);
      const series = pairSeries(collected, catalogue, request.by);
      const { rows, summary } = compareV210(series, { nowMs: clock.nowMs(), pegDefinitions: request.peg_definitions });
      const verdict = verdictV210(rows);
      return {
        algorithm_version: ALGORITHM_V2_1_0,
        periods: { n_minus_1: bounds(periods.nMinus1), n: bounds(periods.n) },
        summary: { ...summary, ...verdict, reasons: [...verdict.reasons] },
        results: rows.map((row, index) => {
          const { ne, object, cell_id, family } = row.metadata;
          return { id: `r${index + 1}`, kind: 'peg', ne, object, cell_id, family, ...row };
        }),
        warnings: [
          ...relatePeriods(periods.nMinus1, periods.n).warnings,
          ...emptyPeriodWarnings(collected, periods, await extentIfNeeded(store, collected)),
        ],
      };
    },
  };
}

type Periods = Readonly<Record<'nMinus1' | 'n', Period>>;
type Collected = Readonly<Record<'nMinus1' | 'n', SampleCollector>>;

async function readCatalogue(store: KpiStore): Promise<Catalogue> {
  const [networkElements, objects, pegs] = await Promise.all([
    store.networkElements(),
    store.measuredObjects(),
    store.pegs(),
  ]);
  return { networkElements, objects, pegs };
}

async function collect(
  store: KpiStore,
  catalogue: Catalogue,
  periods: Periods,
  request: CompareRequest,
  { maxSeries, signal }: CompareOptions,
): Promise<Collected> {
  const selection = resolveSelection(catalogue, { ne: request.ne, cells: request.cellid, pegs: request.pegs });
  const objectIds = selection.objects?.map((object) => object.id) ?? null;
  const pegIds = selection.pegs?.map((peg) => peg.id) ?? null;
  const read = async (interval: TimeInterval): Promise<SampleCollector> => {
    // Ends the read early; the exact count comes after it.
    let seriesAtLeast = 0;
    const collector = new SampleCollector(interval, (added) => {
      seriesAtLeast += added;
      if (seriesAtLeast > maxSeries) throw tooManySeries(maxSeries);
    });
    const add = (block: StoredBlock) => collector.add(block);
    await store.scan({ objectIds, pegIds, interval, order: 'none' }, add, signal);
    const disordered = collector.disordered();
    if (disordered.length > 0) {
      await store.scan({ objectIds: disordered, pegIds, interval, order: 'object' }, add, signal);
    }
    collector.finish();
    if (collector.seriesCount() > maxSeries) throw tooManySeries(maxSeries);
    const unlisted = collector.unlisted();
    if (unlisted.objectIds.length > 0) {
      await store.scan({ ...unlisted, interval, order: 'none' }, (block) => collector.list(block), signal);
    }
    return collector;
  };
  const [nMinus1, n] = await Promise.all([read(periods.nMinus1), read(periods.n)]);
  return { nMinus1, n };
}

function checkAlgorithm(version: string | undefined): void {
  if (version === undefined || version === ALGORITHM_V2_1_0) return;
  throw new PegboardError('ALGORITHM_VERSION_ERROR', `unknown algorithm version '${version}'`, {
    hint: `Use ${ALGORITHM_V2_1_0}.`,
    details: [{ path: 'algorithm_version', message: `known: ${ALGORITHM_V2_1_0}` }],
  });
}

function readPeriod(text: string, path: string, zone: string): Period {
  const period = parsePeriod(text, { timeZone: zone });
  if (period.status === 'ok') return period.value;
  const { message, hint, part } = period.problem;
  throw new PegboardError('DATA_VALIDATION_ERROR', `${path}: ${message}`, {
    hint,
    details: [{ path: part === 'time_zone' ? 'timezone' : path, message: `${message}; ${hint}` }],
  });
}

function tooManySeries(maxSeries: number): PegboardError {
  return new PegboardError('PAYLOAD_TOO_LARGE', `the selection has more than ${maxSeries} series`, {
    hint: 'Select fewer network elements, cells or PEGs, or use the command line, which has no such limit.',
  });
}

function bounds({ fromMs, toMs }: Period): { start: string; end: string } {
  return { start: new Date(fromMs).toISOString(), end: new Date(toMs).toISOString() };
}

async function extentIfNeeded(store: KpiStore, collected: Collected): Promise<TimeInterval | null> {
  return isEmpty(collected.nMinus1) || isEmpty(collected.n) ? store.extent() : null;
}

function emptyPeriodWarnings(
  collected: Collected,
  periods: Periods,
  extent: TimeInterval | null,
): { code: string; message: string }[] {
  const names = { nMinus1: 'N-1', n: 'N' } as const;
  const has = extent
    ? `the store has samples from ${new Date(extent.fromMs).toISOString()} to ${new Date(extent.toMs).toISOString()}`
    : 'the store has no samples at all';
  return (['nMinus1', 'n'] as const)
    .filter((period) => isEmpty(collected[period]))
    .map((period) => {
      const { start, end } = bounds(periods[period]);
      const code = period === 'n' ? 'no_samples_in_n' : 'no_samples_in_n_minus_1';
      return { code, message: `period ${names[period]} (${start} to ${end}) has no samples of the selection; ${has}` };
    });
}

function isEmpty(collector: SampleCollector): boolean {
  return collector.seriesCount() === 0;
}
