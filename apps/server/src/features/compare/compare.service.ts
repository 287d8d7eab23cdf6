import {
  ALGORITHM_JUDGE_1,
  ALGORITHM_V2_1_0,
  compareV210,
  type Period,
  parsePeriod,
  relatePeriods,
  verdictV210,
} from '@pegboard/comparison';
import type { CompareAnswer, CompareDocument, CompareRequest, Warning } from '@pegboard/contracts';
import type { Clock } from '../../platform/clock.ts';
import { PegboardError } from '../../platform/errors.ts';
import type { KpiStore } from '../../stores/kpi/kpi-store.ts';
import type { KpiBookReader } from '../kpis/kpi-book-reader.ts';
import { remarkWarnings } from '../kpis/plan-kpis.ts';
import { type Catalogue, type ResolvedSelection, resolveSelection } from '../selection/selection.ts';
import { algorithmOf } from './algorithm-of.ts';
import { rowWarnings } from './compare-warnings.ts';
import { type ComparedSeries, compareSeries, type Subject } from './compared-series.ts';
import { createJudgedReducer, judgedAnswer } from './judged-answer.ts';
import { resultRows } from './result-rows.ts';
import { reduceSeries } from './series-pair.ts';
import { askedSubjects, subjectsOf } from './subjects.ts';

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
  compare(request: CompareRequest, options: CompareOptions): Promise<CompareAnswer>;
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
      const algorithm = algorithmOf(request.algorithm_version);
      const zone = request.timezone ?? timeZone;
      const periods = {
        nMinus1: readPeriod(request.n_minus_1, 'n_minus_1', zone),
        n: readPeriod(request.n, 'n', zone),
      };
      const known = await kpis.read();
      const { catalogue } = known;
      const asked = askedSubjects(known, request);
      const selection = resolveSelection(catalogue, { ne: request.ne, cells: request.cellid, pegs: asked.pegs });
      const subjects = subjectsOf(request, asked, selection, known);
      const work = { request, subjects, catalogue, selection, periods, options };
      const { answer, hasSamples } = await (algorithm === ALGORITHM_JUDGE_1
        ? byJudge(store, work, zone)
        : byV210(store, work, clock));
      return {
        ...answer,
        periods: { n_minus_1: bounds(periods.nMinus1), n: bounds(periods.n) },
        warnings: [
          ...relatePeriods(periods.nMinus1, periods.n).warnings,
          // At the level of cells PEGs are compared as they are: how they aggregate does not matter.
          ...remarkWarnings(request.by === 'cell' ? asked.planned : subjects),
          ...rowWarnings(answer.results),
          ...(await emptyPeriodWarnings(store, periods, hasSamples)),
        ],
      };
    },
  };
}

type Periods = Readonly<Record<'nMinus1' | 'n', Period>>;

interface Work {
  readonly request: CompareRequest;
  readonly subjects: readonly Subject[];
  readonly catalogue: Catalogue;
  readonly selection: ResolvedSelection;
  readonly periods: Periods;
  readonly options: CompareOptions;
}

interface Reduced {
  /** In N-1 and N. */
  readonly hasSamples: readonly [boolean, boolean];
}

async function byV210(store: KpiStore, work: Work, clock: Clock) {
  const reduced = await reduceAll(store, work, reduceSeries);
  const { rows, summary } = compareV210(
    reduced.map(({ pair }) => pair),
    { nowMs: clock.nowMs(), pegDefinitions: work.request.peg_definitions },
  );
  const verdict = verdictV210(rows);
  const answer: Pick<CompareDocument, 'algorithm_version' | 'summary' | 'results'> = {
    algorithm_version: ALGORITHM_V2_1_0,
    summary: { ...summary, ...verdict, reasons: [...verdict.reasons] },
    results: resultRows(rows, reduced),
  };
  return { answer, hasSamples: samplesIn(reduced) };
}

async function byJudge(store: KpiStore, work: Work, timeZone: string) {
  const reduced = await reduceAll(store, work, createJudgedReducer({ ...work.periods, timeZone }, work.request));
  return { answer: judgedAnswer(reduced, work.request), hasSamples: samplesIn(reduced) };
}

function samplesIn(reduced: readonly Reduced[]): Readonly<Record<'nMinus1' | 'n', boolean>> {
  return {
    nMinus1: reduced.some(({ hasSamples }) => hasSamples[0]),
    n: reduced.some(({ hasSamples }) => hasSamples[1]),
  };
}

async function reduceAll<T>(store: KpiStore, work: Work, reduce: (series: ComparedSeries) => T): Promise<T[]> {
  const { request, subjects, catalogue, selection, periods, options } = work;
  const all: T[] = [];
  const series = compareSeries(store, {
    subjects,
    objects: selection.objects ?? catalogue.objects,
    allObjects: selection.objects === null,
    level: request.by,
    intervals: [periods.nMinus1, periods.n],
    signal: options.signal,
  });
  for await (const one of series) {
    all.push(reduce(one));
    if (all.length > options.maxSeries) throw tooManySeries(options.maxSeries);
  }
  return all;
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
  hasSamples: Readonly<Record<'nMinus1' | 'n', boolean>>,
): Promise<Warning[]> {
  const empty = (['nMinus1', 'n'] as const).filter((period) => !hasSamples[period]);
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
