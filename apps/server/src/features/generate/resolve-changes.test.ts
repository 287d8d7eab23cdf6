import { describe, expect, it } from 'vitest';
import { parseChange } from './changes.ts';
import { generateNetwork } from './generate-network.ts';
import { checkConsistency } from './testing/check-consistency.ts';
import { readings, smallNetwork } from './testing/read-network.ts';

const DAY_MS = 86_400_000;

describe('changes in generated networks', () => {
  let baseline: Map<string, number> | null = null;

  /** Ratio of the second day to the same day of the network without the change. */
  function ratio(change: string, peg: string, of: (values: Map<string, number>) => number): number {
    const options = smallNetwork({ nes: 1, cells: 2, pegs: 75, days: 2, missingFraction: 0 });
    const totals = (changes: readonly string[]): Map<string, number> => {
      const sums = new Map<string, number>();
      for (const reading of readings({ ...options, changes: changes.map(parseChange) })) {
        if (reading.beginMs < options.startMs + DAY_MS || reading.cell !== '2') continue;
        sums.set(reading.peg, (sums.get(reading.peg) ?? 0) + reading.value);
      }
      return sums;
    };
    baseline ??= totals([]);
    expect(baseline.has(peg)).toBe(true);
    return of(totals([`${change},cells=gnb-001/2,from=2025-11-09`])) / of(baseline);
  }
  const total =
    (peg: string) =>
    (values: Map<string, number>): number =>
      values.get(peg) ?? Number.NaN;
  const failures = (values: Map<string, number>): number =>
    total('RRC.ConnEstabAtt')(values) - total('RRC.ConnEstabSucc')(values);

  it.each([
    ['peg=DRB.RelActNbr,percent=100', 'DRB.RelActNbr', total('DRB.RelActNbr'), 2, 0.25],
    ['peg=RRC.ConnEstabAtt,percent=-20', 'RRC.ConnEstabAtt', total('RRC.ConnEstabAtt'), 0.8, 0.02],
    ['peg=RRC.ConnEstabAtt,percent=-20', 'RRC.ConnEstabSucc', total('RRC.ConnEstabSucc'), 0.8, 0.02],
    ['peg=RRC.*,percent=-20', 'RRC.ConnEstabSucc', total('RRC.ConnEstabSucc'), 0.8, 0.02],
    ['peg=RRC.ConnEstabSucc,percent=-20', 'RRC.ConnEstabAtt', total('RRC.ConnEstabAtt'), 1, 1e-9],
    ['peg=RRC.ConnEstabSucc,percent=-20', 'RRC.ConnEstabSucc', total('RRC.ConnEstabSucc'), 0.8, 0.02],
    ['peg=RRC.ConnEstabSucc,failures=+300', 'RRC.ConnEstabSucc', failures, 4, 0.5],
    ['peg=RRU.PrbTotUl,percent=-50', 'RRU.PrbTotUl', total('RRU.PrbTotUl'), 0.5, 0.001],
    ['peg=DRB.UEThpDl,percent=-30', 'DRB.UEThpDl', total('DRB.UEThpDl'), 0.7, 0.001],
    ['peg=DRB.PdcpSduVolumeDL,percent=10', 'DRB.PdcpSduVolumeDL', total('DRB.PdcpSduVolumeDL'), 1.1, 0.001],
    ['load=+20', 'DRB.PdcpSduVolumeDL', total('DRB.PdcpSduVolumeDL'), 1.2, 0.001],
    ['load=+20', 'RRC.ConnEstabAtt', total('RRC.ConnEstabAtt'), 1.2, 0.02],
    ['load=+20', 'RRC.ConnMean', total('RRC.ConnMean'), 1.2, 0.001],
  ])('%s moves %s by the asked size', (change, peg, of, expected, tolerance) => {
    expect(Math.abs(ratio(change, peg, of) - expected)).toBeLessThanOrEqual(tolerance);
  });

  it('moves a single cause and the failures with it, and leaves other cells, times and counters alone', () => {
    const options = smallNetwork({ nes: 2, cells: 2, pegs: 60, days: 2, missingFraction: 0 });
    const change = parseChange('peg=*FailCause.NoReply,cells=gnb-001/2,from=2025-11-09,percent=400');
    const before = readings(options);
    const after = readings({ ...options, changes: [change] });
    checkConsistency(after);
    const moved = new Set(
      after.flatMap((reading, index) =>
        reading.value === before[index]!.value ? [] : [`${reading.ne}/${reading.cell} ${reading.peg}`],
      ),
    );
    const early = after.filter((reading, index) => {
      return reading.beginMs < options.startMs + DAY_MS && reading.value !== before[index]!.value;
    });
    expect(early).toEqual([]);
    expect([...moved].every((key) => key.startsWith('gnb-001/2 RRC.ConnEstab'))).toBe(true);
    expect(moved.has('gnb-001/2 RRC.ConnEstabAtt')).toBe(false);
    expect(moved.has('gnb-001/2 RRC.ConnEstabFailCause.NoReply')).toBe(true);
  });

  it.each([
    ['peg=RRC.ConEstabAtt,percent=5', /no PEG .* matches "RRC.ConEstabAtt"/, /RRC\.ConnEstabAtt/],
    ['peg=RRC.*,cells=gnb-01/1,percent=5', /no cell matches "gnb-01\/1"/, /gnb-001\/1/],
    ['peg=ERAB.*,cells=gnb-001/*,percent=5', /no PEG/, /PEGs are called e.g. /],
    ['peg=RRU.PrbTotDl,failures=5', /no failures stand behind RRU.PrbTotDl/, /percent=/],
    ['peg=RRC.*,from=2026-01-01,percent=5', /outside the data/, /2025-11-08/],
    ['peg=*.01,percent=5', /sub-counters only/, /base counter/],
  ])('refuses %s, which matches nothing', (text, message, hint) => {
    const options = smallNetwork({ pegs: 120, changes: [parseChange(text)] });
    expect(() => [...generateNetwork(options)]).toThrow(
      expect.objectContaining({
        code: 'bad_change',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });
});
