import { estimateVariancePrior, type VariancePriorResult } from '@pegboard/stats';
import { type DayShift, dayShift } from './day-shift.ts';
import { togetherness } from './moving-together.ts';
import { medianOf } from './robust-location.ts';
import type { SeriesEvidence } from './series-evidence.ts';

/** A PEG with at least this many series has a group of its own; the others share one by unit and scale. */
const SERIES_IN_GROUP = 10;
/** From so many series on the spread between them tells how much a day differs from another. */
const SERIES_FOR_SPREAD = 5;

/** What the series of a group tell one another. */
export interface SeriesGroup {
  /** Of the variance of a day (days), of the variance between two days (hours), of the dispersion (counts). */
  readonly prior: VariancePriorResult;
  /** Most degrees of freedom that a moderated variance may have. */
  readonly mostDf: number;
  readonly independentSeries: number;
  readonly dayCorrelation: number;
  /** Variance of the shifts between the series beyond what their samples explain; null where it can't be told. */
  readonly shiftVariance: number | null;
  readonly series: number;
}

const FEWEST_FOR_PRIOR = 3;
const NO_PRIOR: VariancePriorResult = Object.freeze({
  status: 'insufficient_data',
  n: 0,
  required: FEWEST_FOR_PRIOR,
});

const ALONE: SeriesGroup = {
  prior: NO_PRIOR,
  mostDf: Infinity,
  independentSeries: 1,
  dayCorrelation: 0,
  shiftVariance: null,
  series: 1,
};

export interface Grouped {
  /** By place of the evidence. */
  readonly groups: readonly SeriesGroup[];
  /** By place; null where days are not the unit. */
  readonly dayShifts: readonly (DayShift | null)[];
}

/** Brings together series whose days vary for the same causes, and learns from each group what one series can't tell. */
export function groupSeries(evidences: readonly SeriesEvidence[]): Grouped {
  const places = new Map<string, number[]>();
  const put = (key: string, place: number): void => {
    const found = places.get(key);
    if (found) found.push(place);
    else places.set(key, [place]);
  };
  const pegKeys = evidences.map(pegKey);
  pegKeys.forEach((key, place) => {
    if (key !== null) put(key, place);
  });
  for (const [key, members] of [...places]) {
    if (members.length >= SERIES_IN_GROUP) continue;
    places.delete(key);
    for (const place of members) put(scaleKey(evidences[place]), place);
  }
  const groups = new Array<SeriesGroup>(evidences.length).fill(ALONE);
  const dayShifts = new Array<DayShift | null>(evidences.length).fill(null);
  for (const members of places.values()) {
    const company = members.length < FEWEST_FOR_PRIOR ? 'alone' : 'grouped';
    for (const place of members) {
      const { shift } = evidences[place];
      if (shift?.unit === 'days') dayShifts[place] = dayShift(shift, company);
    }
    const group = learn(
      members.map((place) => evidences[place]),
      members.map((place) => dayShifts[place]),
    );
    for (const place of members) groups[place] = group;
  }
  return { groups, dayShifts };
}

function scaleKey({ shift, domain, traits }: SeriesEvidence): string {
  const counts = shift?.unit === 'days' && shift.countingVariance > 0 ? 'counted' : '';
  return `${shift?.unit}|${domain}|${traits.scale}|${counts}`;
}

function pegKey(evidence: SeriesEvidence): string | null {
  if (!evidence.shift) return null;
  const { kind, family, pegName, ne, object } = evidence.about;
  // Cells, NEs and the whole network vary differently: pooled days are quieter.
  const level = object !== null ? 'object' : ne !== null ? 'ne' : 'network';
  return `${scaleKey(evidence)}|${level}|${kind}|${family}|${pegName}`;
}

function learn(evidences: readonly SeriesEvidence[], dayShifts: readonly (DayShift | null)[]): SeriesGroup {
  const unit = evidences[0].shift?.unit;
  const variances: number[] = [];
  const dfs: number[] = [];
  const add = (variance: number, df: number): void => {
    if (df < 1) return;
    variances.push(variance);
    dfs.push(df);
  };
  evidences.forEach(({ shift }, i) => {
    const days = dayShifts[i];
    if (days) add(days.variance, days.df);
    else if (shift?.unit === 'hours') add(shift.dayVariance, shift.dayDf);
    else if (shift?.unit === 'counts') add(shift.dispersion, shift.df);
  });
  const prior =
    variances.length < FEWEST_FOR_PRIOR
      ? NO_PRIOR
      : estimateVariancePrior(Float64Array.from(variances), Float64Array.from(dfs));
  const measured = dayShifts.filter((days) => days !== null);
  const { independentSeries, dayCorrelation } =
    unit === 'days' ? togetherness(measured) : { independentSeries: evidences.length, dayCorrelation: 0 };
  const meanDf = dfs.reduce((sum, df) => sum + df, 0) / Math.max(1, dfs.length);
  return {
    prior,
    mostDf: Math.max(meanDf, independentSeries * meanDf),
    independentSeries,
    dayCorrelation,
    shiftVariance: unit === 'hours' ? shiftVarianceOf(evidences) : null,
    series: evidences.length,
  };
}

/** How far the shifts of the series lie apart, robustly, beyond the variance within their days. */
function shiftVarianceOf(evidences: readonly SeriesEvidence[]): number | null {
  const shifts: number[] = [];
  const variances: number[] = [];
  for (const { shift } of evidences) {
    if (shift?.unit !== 'hours') continue;
    shifts.push(shift.shift);
    variances.push(shift.variance);
  }
  if (shifts.length < SERIES_FOR_SPREAD) return null;
  const middle = medianOf(shifts);
  const spread = 1.4826 * medianOf(shifts.map((shift) => Math.abs(shift - middle)));
  return Math.max(0, spread * spread - medianOf(variances));
}
