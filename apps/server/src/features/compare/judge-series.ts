import { EFFECT_SCALES, type JudgeSeries, judgedAs, type PeriodSamples, type SeriesTraits } from '@pegboard/comparison';
import type { PegDefinitions } from '@pegboard/contracts';
import type { MeasureSeries } from '../aggregation/measure-series.ts';
import type { ComparedSeries, Subject } from './compared-series.ts';

/** A series as algorithm `judge-1` takes it. `definitions` of the request go before what the store says of a PEG or KPI. */
export function judgeSeries(series: ComparedSeries, definitions: PegDefinitions): JudgeSeries {
  const { subject, place, nMinus1, n, quality, hasNoCommonCells, flags } = series;
  if (quality.granularity_s === null) throw new Error(`a series of ${nameOf(subject)} has no granularity`);
  return {
    about: {
      kind: subject.kind,
      pegName: nameOf(subject),
      family: familyOf(subject),
      ne: place.ne,
      object: place.object,
      cellId: place.cellId,
    },
    traits: traitsOf(subject, definitions),
    granularityS: quality.granularity_s,
    // Amounts of different cells say nothing of each other.
    nMinus1: hasNoCommonCells ? null : samplesOf(nMinus1),
    n: hasNoCommonCells ? null : samplesOf(n),
    flags: hasNoCommonCells ? [...flags, 'no_common_cells'] : flags,
  };
}

function samplesOf(series: MeasureSeries | null): PeriodSamples | null {
  if (series === null) return null;
  const { begins, values, numerators, denominators, hasSuspect } = series;
  return {
    beginMs: begins,
    values,
    suspect: hasSuspect ? Uint8Array.from(begins, (_, bin) => Number(series.isSuspect(bin))) : null,
    numerator: numerators,
    denominator: denominators,
  };
}

function traitsOf(subject: Subject, definitions: PegDefinitions): SeriesTraits {
  const known = subject.kind === 'peg' ? subject.peg : subject.planned.kpi;
  const [pegName, family] = [nameOf(subject), familyOf(subject)];
  const asked = judgedAs(
    { pegName, family, polarity: known?.polarity ?? null, weight: known?.weight ?? null },
    definitions,
  );
  const thresholds = [`${family}/${pegName}`, pegName]
    .filter((name) => Object.hasOwn(definitions, name))
    .map((name) => definitions[name].thresholds);
  const given = [...thresholds, known?.thresholds].map((each) => scaleOf(each ?? null)).find((each) => each !== null);
  return {
    ...asked,
    critical: known?.critical ?? false,
    scale: given?.scale ?? 'relative',
    threshold: given?.threshold ?? null,
    kind: subject.kind === 'peg' ? subject.peg.kind : (subject.planned.kpi?.definition?.kind ?? null),
  };
}

/** Practical thresholds are named by their scales; where there are several, the first scale counts. */
function scaleOf(
  thresholds: Readonly<Record<string, number>> | null,
): Pick<SeriesTraits, 'scale' | 'threshold'> | null {
  if (thresholds === null) return null;
  const scale = EFFECT_SCALES.find((each) => Object.hasOwn(thresholds, each) && thresholds[each] > 0);
  return scale === undefined ? null : { scale, threshold: thresholds[scale] };
}

function nameOf(subject: Subject): string {
  return subject.kind === 'peg' ? subject.peg.name : subject.planned.name;
}

function familyOf(subject: Subject): string | null {
  return subject.kind === 'peg' ? subject.peg.family : null;
}
