import {
  ALGORITHM_V2_1_0,
  compareV210,
  type Period,
  parsePeriod,
  relatePeriods,
  verdictV210,
} from '@pegboard/comparison';
import type { CompareDocument, CompareRequest, Warning } from '@pegboard/contracts';
import type { Clock } from '../../platform/clock.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { KpiStore, StoredBlock, TimeInterval } from '../../stores/kpi/kpi-store.ts';
import type { MeasuredValue } from '../aggregation/bins.ts';
import type { KnownKpis, KpiBookReader } from '../kpis/kpi-book-reader.ts';
import { formulasOf, planKpis, type RequestedKpis, remarkWarnings } from '../kpis/plan-kpis.ts';
import { type Catalogue, type ResolvedSelection, refuseProblems, resolveSelection } from '../selection/selection.ts';
import { SampleCollector } from './collect-samples.ts';
import { type KpiPair, pairKpis } from './compare-kpis.ts';
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
  readonly kpis: KpiBookReader;
  readonly clock: Clock;
  /** IANA name of the zone of periods that name none. */
  readonly timeZone: string;
}

export function createCompareService({ store, kpis, clock, timeZone }: CompareDependencies): CompareService {
  return {
    compare: async (request, options) => {
      checkAlgorithm(request.algorithm_version);
      const zone = request.timezone ?? timeZone;
      const periods = {
        nMinus1: readPeriod(request.n_minus_1, 'n_minus_1', zone),
        n: readPeriod(request.n, 'n', zone),
      };
      const asksKpis = request.kpis.length > 0 || formulasOf(request.peg_definitions).length > 0;
      const known = asksKpis ? await kpis.read() : null;
      const asked = known && askedKpis(known, request);
      const catalogue = known?.catalogue ?? (await readCatalogue(store));
      const selection = resolveSelection(catalogue, { ne: request.ne, cells: request.cellid, pegs: request.pegs });
      // Who asks for KPIs alone wants no PEGs.
      const collected = asked && request.pegs.length === 0 ? null : await collect(store, selection, periods, options);
      const series = collected ? pairSeries(collected, catalogue, request.by) : [];
      const room = options.maxSeries - series.length;
      const pairs = asked
        ? await pairKpis(store, {
            kpis: asked.planned,
            objects: selection.objects ?? catalogue.objects,
            allObjects: selection.objects === null,
            periods,
            level: request.by,
            onPair: seriesLimit(room, options.maxSeries),
            signal: options.signal,
          })
        : [];
      const totals = new Map(pairs.map(({ pair, totals }) => [kpiRowKey(pair.pegName, pair), totals]));
      const { rows, summary } = compareV210([...series, ...pairs.map(({ pair }) => pair)], {
        nowMs: clock.nowMs(),
        pegDefinitions: request.peg_definitions,
      });
      const verdict = verdictV210(rows);
      return {
        algorithm_version: ALGORITHM_V2_1_0,
        periods: { n_minus_1: bounds(periods.nMinus1), n: bounds(periods.n) },
        summary: { ...summary, ...verdict, reasons: [...verdict.reasons] },
        results: rows.map((row, index) => {
          const { ne, object, cell_id, family } = row.metadata;
          const about = { id: `r${index + 1}`, ne, object, cell_id, family };
          const place = { ne, object, cellId: cell_id };
          const behind = family === null ? totals.get(kpiRowKey(row.peg_name, place)) : undefined;
          if (!behind) return { ...about, kind: 'peg', ...row };
          const kpi = { n_minus_1: wireTotal(behind.nMinus1), n: wireTotal(behind.n) };
          return { ...about, kind: 'kpi', ...row, kpi };
        }),
        warnings: [
          ...relatePeriods(periods.nMinus1, periods.n).warnings,
          ...remarkWarnings(asked?.planned ?? []),
          ...(await emptyPeriodWarnings(store, periods, {
            nMinus1: (collected?.nMinus1.seriesCount() ?? 0) + countIn(pairs, 'nMinus1'),
            n: (collected?.n.seriesCount() ?? 0) + countIn(pairs, 'n'),
          })),
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
  selection: ResolvedSelection,
  periods: Periods,
  { maxSeries, signal }: CompareOptions,
): Promise<Collected> {
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

async function emptyPeriodWarnings(
  store: KpiStore,
  periods: Periods,
  series: Readonly<Record<'nMinus1' | 'n', number>>,
): Promise<Warning[]> {
  const empty = (['nMinus1', 'n'] as const).filter((period) => series[period] === 0);
  if (empty.length === 0) return [];
  const extent = await store.extent();
  const names = { nMinus1: 'N-1', n: 'N' } as const;
  const has = extent
    ? `the store has samples from ${new Date(extent.fromMs).toISOString()} to ${new Date(extent.toMs).toISOString()}`
    : 'the store has no samples at all';
  return empty.map((period) => {
    const { start, end } = bounds(periods[period]);
    const code = period === 'n' ? 'no_samples_in_n' : 'no_samples_in_n_minus_1';
    return { code, message: `period ${names[period]} (${start} to ${end}) has no samples of the selection; ${has}` };
  });
}

function countIn(pairs: readonly KpiPair[], period: 'nMinus1' | 'n'): number {
  return pairs.filter(({ pair }) => pair[period].count > 0).length;
}

/**
 * The KPIs that a request asks for; where it names none, all its formulas.
 * @throws PegboardError DATA_VALIDATION_ERROR, UNKNOWN_NAME, UNPROCESSABLE for KPIs that the counters at hand do not give
 */
function askedKpis(known: KnownKpis, request: CompareRequest): RequestedKpis {
  const formulas = formulasOf(request.peg_definitions);
  const names = request.kpis.length > 0 ? request.kpis : formulas.map(({ name }) => name);
  const asked = planKpis(known, names, formulas, { kpisOnly: true });
  const unknown = names.filter((name) => !asked.names.has(name));
  refuseProblems(
    unknown.map((name) => ({
      kind: 'unknown' as const,
      field: 'kpis',
      name,
      suggestions: known.book().suggest(name),
    })),
  );
  if (asked.notComputable.length === 0) return asked;
  const details = asked.notComputable.map(({ name, reason }) => ({ path: 'kpis', message: `${name}: ${reason}` }));
  throw new PegboardError('UNPROCESSABLE', details.map(({ message }) => message).join('; '), {
    hint: 'GET /api/kpi/coverage, or pegboard kpi coverage, says which KPIs the counters at hand give.',
    details,
  });
}

function seriesLimit(room: number, maxSeries: number): () => void {
  let pairs = 0;
  return () => {
    pairs++;
    if (pairs > room) throw tooManySeries(maxSeries);
  };
}

function kpiRowKey(
  name: string,
  {
    ne,
    object,
    cellId,
  }: { readonly ne: string | null; readonly object: string | null; readonly cellId: string | null },
): string {
  return JSON.stringify([name, ne, object, cellId]);
}

function wireTotal({ flags, ...total }: MeasuredValue) {
  return { ...total, flags: [...flags] };
}
