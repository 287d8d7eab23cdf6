import { csvChunks, csvFileName } from './csv-file.ts';
import { neDay } from './ne-day.ts';
import type { NetworkOptions } from './network-options.ts';
import { planNetwork } from './network-plan.ts';
import type { NetworkPlan, PlannedNe } from './planned-network.ts';
import { SECONDS_PER_DAY } from './traffic.ts';
import { xmlFileName, xmlWriter } from './xml-file.ts';

/** A PM file to be written. */
export interface GeneratedFile {
  /** Path below the output folder, with `/`. */
  readonly path: string;
  /** The content in order; may be read once. */
  readonly chunks: Iterable<string>;
}

/**
 * The PM files of a synthetic network, day by day and NE by NE. Values depend on the options, names and times alone:
 * the same options give the same bytes, and a longer or larger network holds the same values where it overlaps.
 *
 * 32.435: one file an NE and granularity period, in a folder a day. CSV: one file an NE and day.
 *
 * @throws GenerateError `bad_change` where a change matches nothing
 */
export function* generateNetwork(options: NetworkOptions): Generator<GeneratedFile> {
  yield* generatePlannedFiles(planNetwork(options));
}

export function* generatePlannedFiles(plan: NetworkPlan): Generator<GeneratedFile> {
  const dayMs = SECONDS_PER_DAY * 1000;
  for (let day = Math.floor(plan.fromMs / dayMs); day * dayMs < plan.toMs; day++) {
    for (const ne of plan.nes) yield* neDayFiles(plan, ne, day);
  }
}

function* neDayFiles(plan: NetworkPlan, ne: PlannedNe, day: number): Generator<GeneratedFile> {
  const { granularityS, format } = plan.options;
  const dayStartMs = day * SECONDS_PER_DAY * 1000;
  const stepMs = granularityS * 1000;
  const first = Math.max(0, (plan.fromMs - dayStartMs) / stepMs);
  const end = Math.min(SECONDS_PER_DAY / granularityS, (plan.toMs - dayStartMs) / stepMs);
  const classes = neDay(plan, ne, day);
  if (format === 'csv') {
    const chunks = csvChunks(ne.name, classes, dayStartMs, granularityS, { first, end });
    yield { path: csvFileName(ne.name, dayStartMs), chunks };
    return;
  }
  const write = xmlWriter(plan, ne, classes);
  const folder = new Date(dayStartMs).toISOString().slice(0, 10);
  for (let slot = first; slot < end; slot++) {
    const beginMs = dayStartMs + slot * stepMs;
    yield { path: `${folder}/${xmlFileName(ne.name, beginMs, granularityS)}`, chunks: [write(slot, beginMs)] };
  }
}

/** How many files, cells, series and values (missing ones included) options give. */
export interface NetworkSize {
  readonly files: number;
  readonly cells: number;
  /** PEGs of cells, summed over the cells. */
  readonly series: number;
  readonly periods: number;
  /** `series` × `periods`: values of cells, before missing periods are taken away. */
  readonly values: number;
  /** Values of objects that are no cells, on top of `values`. */
  readonly nodeValues: number;
}

export function networkSize(options: NetworkOptions): NetworkSize {
  const periods = (options.days * SECONDS_PER_DAY) / options.granularityS;
  const cells = options.nes * options.cells;
  const series = cells * options.pegs;
  const dayMs = SECONDS_PER_DAY * 1000;
  const calendarDays = options.days + (options.startMs % dayMs === 0 ? 0 : 1);
  const xml = options.format === '32.435';
  return {
    files: options.nes * (xml ? periods : calendarDays),
    cells,
    series,
    periods,
    values: series * periods,
    nodeValues: xml && options.nodeObjects ? options.nes * 3 * periods : 0,
  };
}
