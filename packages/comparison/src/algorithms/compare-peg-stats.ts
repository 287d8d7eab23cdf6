import type { PegComparisonData, PegComparisonRequest, PegDefinition, PegStat, Warning } from '@pegboard/contracts';
import { summarize } from '@pegboard/stats';
import type { PeriodSummary, SeriesPair } from '../series.ts';
import { readWrittenTime, utcInstantOf } from '../time/parse-instant.ts';
import { ALGORITHM_V2_1_0, compareV210 } from './v2-1-0.ts';

export interface Clock {
  /** Now, ms since the epoch. */
  nowMs(): number;
}

interface Sample {
  readonly value: number;
  /** ms since the epoch; null where no time, or no readable one, was given. */
  readonly timeMs: number | null;
}

interface Group {
  readonly pegName: string;
  readonly ne: string | null;
  readonly cellId: string | null;
  readonly samples: { readonly 'N-1': Sample[]; readonly N: Sample[] };
}

interface Grouping {
  readonly groups: readonly Group[];
  /** Samples without a value. */
  readonly missing: number;
  /** Samples whose timestamp could not be read. */
  readonly unreadable: number;
}

/**
 * The documented PEG comparison: samples in, rows and summary of `v2.1.0` out.
 *
 * A row of `stats` is one sample; rows are grouped by PEG, NE and cell, or with `group_by: "peg"` by PEG alone. The result
 * does not depend on the order of the rows. Polarity and weight come from `peg_definitions`, else from the defaults.
 * @param request as parsed by the schema `pegComparisonRequest`; numbers finite
 */
export function comparePegStats(request: PegComparisonRequest, clock: Clock): PegComparisonData {
  const { raw_data: data, options } = request;
  const nowMs = clock.nowMs();
  const grouping = groupStats(data.stats, options.group_by === 'peg');
  const { rows, summary } = compareV210(grouping.groups.map(seriesOf), {
    nowMs,
    pegDefinitions: data.peg_definitions,
    includeMetadata: options.include_metadata,
  });
  return {
    analysis_id: request.analysis_id,
    peg_comparison_results: [...rows],
    summary,
    ...(options.include_metadata
      ? {
          analysis_metadata: {
            calculated_at: new Date(nowMs).toISOString(),
            algorithm_version: ALGORITHM_V2_1_0,
            data_source: 'kpi_timeseries',
            period_definition: data.period_info,
          },
        }
      : {}),
    warnings: warningsOf(grouping, data.peg_definitions),
  };
}

function groupStats(stats: readonly PegStat[], pooled: boolean): Grouping {
  const groups = new Map<string, Group>();
  let missing = 0;
  let unreadable = 0;
  for (const stat of stats) {
    const ne = pooled ? null : (stat.ne ?? null);
    const cellId = pooled ? null : (stat.cell_id ?? null);
    const key = JSON.stringify([stat.kpi_name, ne, cellId]);
    let group = groups.get(key);
    if (group === undefined) {
      group = { pegName: stat.kpi_name, ne, cellId, samples: { 'N-1': [], N: [] } };
      groups.set(key, group);
    }
    if (stat.avg === null) {
      missing++;
      continue;
    }
    const timeMs = timeOf(stat.timestamp ?? null);
    if (timeMs === null && typeof stat.timestamp === 'string') unreadable++;
    group.samples[stat.period].push({ value: stat.avg, timeMs });
  }
  return { groups: [...groups.values()], missing, unreadable };
}

/** Serves to order the samples only, so a time without an offset may pass for UTC. */
function timeOf(timestamp: string | null): number | null {
  if (timestamp === null) return null;
  const written = readWrittenTime(timestamp, 'begin');
  return written.status === 'ok' ? utcInstantOf(written.value) : null;
}

function seriesOf(group: Group): SeriesPair {
  return {
    pegName: group.pegName,
    family: null,
    ne: group.ne,
    object: null,
    cellId: group.cellId,
    polarity: null,
    weight: null,
    nMinus1: periodSummary(group.samples['N-1']),
    n: periodSummary(group.samples.N),
    flags: [],
  };
}

/** Sorted before they are reduced, so that the digits of the result do not depend on the order of the input. */
function periodSummary(samples: readonly Sample[]): PeriodSummary {
  const timed = samples.every((sample) => sample.timeMs !== null);
  const ordered = samples.toSorted(
    (a, b) => (timed ? Number(a.timeMs) - Number(b.timeMs) : 0) || ascending(a.value, b.value),
  );
  const values = ordered.map((sample) => sample.value);
  const { count, mean, std, min, max } = summarize(values);
  return { count, mean, std, min, max, values };
}

/** Not by subtraction, which may overflow; −0 goes before 0 so that the order is complete. */
function ascending(a: number, b: number): number {
  if (a !== b) return a < b ? -1 : 1;
  return Number(Object.is(b, -0)) - Number(Object.is(a, -0));
}

function warningsOf(grouping: Grouping, definitions: Readonly<Record<string, PegDefinition>>): Warning[] {
  const { groups, missing, unreadable } = grouping;
  const warnings: Warning[] = [];
  if (missing > 0) {
    warnings.push({ code: 'missing_values', message: `${missing} samples have no value and do not count` });
  }
  if (unreadable > 0) {
    const message = `${unreadable} samples have an unreadable timestamp: the values of their series are listed ascending`;
    warnings.push({ code: 'unreadable_timestamps', message });
  }
  const present = new Set(groups.map((group) => group.pegName));
  for (const name of Object.keys(definitions).sort()) {
    if (definitions[name].formula === undefined || present.has(name)) continue;
    const message = `${name} has a formula but no samples: formulas are not computed here, send its samples in stats`;
    warnings.push({ code: 'formula_not_computed', message });
  }
  return warnings;
}
