import type { GranularityUse, Warning } from '@pegboard/contracts';
import type { MeasureSeries } from '../aggregation/measure-series.ts';

/** Which samples the series of an answer were made of, by what was asked for. */
export class GranularityLog {
  readonly #byKpi = new Map<string, { readonly used: Set<number>; readonly leftOut: Map<number, number> }>();

  /** Notes what a series is made of. */
  add(kpiType: string, { used, leftOut }: Pick<MeasureSeries, 'used' | 'leftOut'>): void {
    let noted = this.#byKpi.get(kpiType);
    if (!noted) {
      noted = { used: new Set(), leftOut: new Map() };
      this.#byKpi.set(kpiType, noted);
    }
    for (const granularityS of used) noted.used.add(granularityS);
    for (const [granularityS, samples] of leftOut)
      noted.leftOut.set(granularityS, (noted.leftOut.get(granularityS) ?? 0) + samples);
  }

  byKpi(): Record<string, GranularityUse> {
    return Object.fromEntries(
      [...this.#byKpi].map(([kpiType, { used, leftOut }]) => [
        kpiType,
        {
          used_s: [...used].sort((a, b) => a - b),
          left_out: [...leftOut]
            .sort(([a], [b]) => a - b)
            .map(([granularity_s, samples]) => ({ granularity_s, samples })),
        },
      ]),
    );
  }

  /** In words, where samples were left out; `rule` says of what the shortest count. */
  warnings(rule = 'in each bucket of a cell the shortest count'): Warning[] {
    const mixed = Object.entries(this.byKpi()).filter(([, { left_out }]) => left_out.length > 0);
    if (mixed.length === 0) return [];
    const named = mixed.slice(0, 3).map(([kpiType, { used_s, left_out }]) => {
      const others = left_out.map(({ granularity_s, samples }) => `${samples} of ${granularity_s} s`).join(', ');
      return `${kpiType} (made of samples of ${used_s.join(' s and ')} s; left out: ${others})`;
    });
    const more = mixed.length > named.length ? ` and ${mixed.length - named.length} more` : '';
    const message = `samples of several granularities; ${rule}, since longer ones say the same again: ${named.join('; ')}${more}`;
    return [{ code: 'mixed_granularity', message }];
  }
}
