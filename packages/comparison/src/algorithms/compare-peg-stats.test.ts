import { type PegComparisonRequestInput, pegComparisonData, pegComparisonRequest } from '@pegboard/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePegStats } from './compare-peg-stats.ts';

const CLOCK = { nowMs: () => Date.UTC(2025, 7, 15) };
type Stat = PegComparisonRequestInput['raw_data']['stats'][number];

function compare(
  stats: Stat[],
  options: PegComparisonRequestInput['options'] = {},
  definitions: PegComparisonRequestInput['raw_data']['peg_definitions'] = {},
) {
  const request = pegComparisonRequest.parse({
    analysis_id: 'a1',
    raw_data: {
      stats,
      peg_definitions: definitions,
      period_info: { n1_start: 's1', n1_end: 'e1', n_start: 's', n_end: 'e' },
    },
    options,
  });
  const data = comparePegStats(request, CLOCK);
  expect(pegComparisonData.safeParse(data)).toMatchObject({ success: true });
  return data;
}

function samples(kpi_name: string, period: 'N-1' | 'N', values: number[], rest: Partial<Stat> = {}): Stat[] {
  return values.map((avg) => ({ kpi_name, period, avg, cell_id: '20', ne: 'ne1', ...rest }));
}

const CHECK = [...samples('A', 'N-1', [47, 45, 46]), ...samples('A', 'N', [62, 60, 61])];

describe('comparePegStats', () => {
  it('gives the check value in the documented shape', () => {
    expect(compare(CHECK)).toEqual({
      analysis_id: 'a1',
      peg_comparison_results: [
        {
          peg_name: 'A',
          weight: 5,
          n1_period: { avg: 46, rsd: expect.closeTo(2.1739, 4), values: [45, 46, 47], count: 3 },
          n_period: { avg: 61, rsd: expect.closeTo(1.6393, 4), values: [60, 61, 62], count: 3 },
          comparison: {
            change_percent: expect.closeTo(32.6087, 4),
            change_absolute: 15,
            trend: 'up',
            significance: 'high',
            confidence: expect.closeTo(0.612, 12),
          },
          metadata: {
            ne: 'ne1',
            object: null,
            cell_id: '20',
            family: null,
            polarity: 'higher_better',
            outcome: 'improved',
            calculated_at: '2025-08-15T00:00:00.000Z',
            data_quality: 'high',
          },
        },
      ],
      summary: {
        total_pegs: 1,
        improved: 1,
        declined: 0,
        stable: 0,
        neutral: 0,
        incomplete: 0,
        weighted_avg_change: expect.closeTo(32.6087, 4),
        overall_trend: 'improving',
      },
      analysis_metadata: {
        calculated_at: '2025-08-15T00:00:00.000Z',
        algorithm_version: 'v2.1.0',
        data_source: 'kpi_timeseries',
        period_definition: { n1_start: 's1', n1_end: 'e1', n_start: 's', n_end: 'e' },
      },
      warnings: [],
    });
  });

  it('never pools a cell id of two NEs, unless asked to pool the cells of a PEG', () => {
    const stats = [
      ...samples('A', 'N-1', [10], { ne: 'ne1' }),
      ...samples('A', 'N-1', [20], { ne: 'ne2' }),
      ...samples('A', 'N', [10], { ne: 'ne1' }),
      ...samples('A', 'N', [40], { ne: 'ne2' }),
    ];
    const averages = (rows: ReturnType<typeof compare>['peg_comparison_results']) =>
      rows.map((row) => [row.metadata.ne, row.metadata.cell_id, row.n1_period.avg, row.n_period.avg]);
    expect(averages(compare(stats).peg_comparison_results)).toEqual([
      ['ne2', '20', 20, 40],
      ['ne1', '20', 10, 10],
    ]);
    expect(averages(compare(stats, { group_by: 'peg' }).peg_comparison_results)).toEqual([[null, null, 15, 25]]);
  });

  it('lists values in time order where all have a time, else ascending', () => {
    const at = (timestamp: string, avg: number): Stat => ({ kpi_name: 'A', period: 'N', avg, timestamp });
    const timed = [at('2025-08-14T02:00:00Z', 1), at('2025-08-14T10:00:00+09:00', 2), at('2025-08-14T03:00:00Z', 0)];
    const listed = (stats: Stat[]) => compare(stats).peg_comparison_results[0].n_period.values;
    expect(listed(timed)).toEqual([2, 1, 0]);
    expect(listed([...timed, { kpi_name: 'A', period: 'N', avg: 1.5 }])).toEqual([0, 1, 1.5, 2]);
  });

  it('warns of samples without a value, unreadable times, and formulas that nobody computed', () => {
    const data = compare(
      [...CHECK, ...samples('A', 'N', [61], { timestamp: 'noon' }), { kpi_name: 'A', period: 'N', avg: null }],
      {},
      { A: { formula: 'x' }, B: { formula: 'x / y' } },
    );
    expect(data.warnings.map((warning) => warning.code)).toEqual([
      'missing_values',
      'unreadable_timestamps',
      'formula_not_computed',
    ]);
    expect(data.peg_comparison_results[0].n_period.count).toBe(4);
  });

  it('a PEG whose samples are all missing in a period is incomplete', () => {
    const [row] = compare([
      ...samples('A', 'N-1', [1]),
      { ...samples('A', 'N', [0])[0], avg: null },
    ]).peg_comparison_results;
    expect(row).toMatchObject({ comparison: null, reason: 'no_samples_in_n', n_period: { avg: null, count: 0 } });
  });

  it('takes polarity and weight from the definitions', () => {
    const data = compare(CHECK, {}, { A: { polarity: 'lower_better', weight: 8 } });
    expect(data.peg_comparison_results[0]).toMatchObject({ weight: 8, metadata: { outcome: 'declined' } });
    expect(data.summary).toMatchObject({ declined: 1, overall_trend: 'declining' });
  });

  it('leaves time and periods out where no metadata is wanted, never the cell', () => {
    const data = compare(CHECK, { include_metadata: false });
    expect(data).not.toHaveProperty('analysis_metadata');
    expect(data.peg_comparison_results[0].metadata).not.toHaveProperty('calculated_at');
    expect(data.peg_comparison_results[0].metadata).toMatchObject({ ne: 'ne1', cell_id: '20' });
  });

  it('gives the same digits whatever the order of the samples', () => {
    const stat = fc.record({
      kpi_name: fc.constantFrom('A', 'B'),
      period: fc.constantFrom('N-1' as const, 'N' as const),
      avg: fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(0, -0, 1e308, -1e308, 5e-324, 0.1, 0.2, 0.3),
      ),
      cell_id: fc.constantFrom('20', '200'),
      timestamp: fc.constantFrom('2025-08-14T00:00:00Z', '2025-08-14T01:00:00Z', null),
    });
    const shuffled = fc
      .array(stat, { maxLength: 40 })
      .chain((stats) => fc.tuple(fc.constant(stats), fc.shuffledSubarray(stats, { minLength: stats.length })));
    fc.assert(
      fc.property(shuffled, ([stats, other]) => {
        expect(compare(other)).toEqual(compare(stats));
      }),
    );
  });
});
