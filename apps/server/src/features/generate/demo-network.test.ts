import { describe, expect, it } from 'vitest';
import { demoNetworkOptions } from './demo-network.ts';
import { neDay, type ObjectColumns } from './ne-day.ts';
import type { NetworkOptions } from './network-options.ts';
import { planNetwork } from './network-plan.ts';

const DAY_MS = 86_400_000;

describe('demoNetworkOptions', () => {
  it('puts the injected PEGs and cells first, by a wide margin, when weeks are compared by their means', () => {
    const clock = (): number => Date.UTC(2025, 10, 22, 5, 30);
    const options = demoNetworkOptions(clock);
    expect(new Date(options.startMs + 14 * DAY_MS).toISOString()).toBe('2025-11-22T00:00:00.000Z');
    const ranked = rankDeclined(options);
    expect(
      ranked
        .slice(0, 13)
        .map((row) => row.key)
        .sort(),
    ).toEqual([
      'enb-004/3 ERAB.EstabInitFailNbr.Misc',
      'enb-004/3 ERAB.EstabInitFailNbr.Nas',
      'enb-004/3 ERAB.EstabInitFailNbr.RadioNetwork',
      'enb-004/3 ERAB.EstabInitFailNbr.Transport',
      'enb-004/3 ERAB.RelActNbr.sum',
      'gnb-001/2 DRB.RelActNbr',
      'gnb-001/2 RRC.ConnEstabFailCause.NetworkReject',
      'gnb-001/2 RRC.ConnEstabFailCause.NoReply',
      'gnb-001/2 RRC.ConnEstabFailCause.Other',
      'gnb-005/5 DRB.RelActNbr',
      'gnb-005/5 SM.PDUSessionSetupFail.Misc',
      'gnb-005/5 SM.PDUSessionSetupFail.RadioNetwork',
      'gnb-005/5 SM.PDUSessionSetupFail.Transport',
    ]);
    expect(ranked[12]!.severity).toBeGreaterThan(2 * ranked[13]!.severity);
  });

  it('is as clear on any day', () => {
    for (const day of [0, 100, 201]) {
      const ranked = rankDeclined(demoNetworkOptions(() => Date.UTC(2026, 0, 5 + day)));
      expect(ranked.slice(0, 13).every((row) => /^(gnb-001\/2|enb-004\/3|gnb-005\/5) /.test(row.key))).toBe(true);
      expect(ranked[12]!.severity).toBeGreaterThan(2 * ranked[13]!.severity);
    }
  });
});

/** Declined series of the second week against the first by weight × |change| in %, as the 5 % rule has it. */
function rankDeclined(options: NetworkOptions): { key: string; severity: number }[] {
  const plan = planNetwork(options);
  const firstDay = options.startMs / DAY_MS;
  const ranked: { key: string; severity: number }[] = [];
  for (const ne of plan.nes) {
    const days = Array.from({ length: 14 }, (_, day) => neDay(plan, ne, firstDay + day));
    days[0]?.forEach(({ counters, objects }, group) => {
      objects.forEach(({ cellId, ldn }, object) => {
        counters.forEach((counter, column) => {
          const means = [days.slice(0, 7), days.slice(7)].map((week) =>
            mean(week.flatMap((day) => presentValues(day[group]!.objects[object]!, column))),
          );
          const [before, after] = [means[0]!, means[1]!];
          expect(before).not.toBe(0); // else the change would be infinite and come first
          const change = ((after - before) / Math.abs(before)) * 100;
          const sign = { higher_better: -1, lower_better: 1, neutral: 0 }[counter.polarity];
          const key = `${ne.name}/${cellId ?? ldn} ${counter.name}`;
          if (sign * change >= 5) ranked.push({ key, severity: counter.weight * Math.abs(change) });
        });
      });
    });
  }
  return ranked.sort((a, b) => b.severity - a.severity);
}

function presentValues(object: ObjectColumns, column: number): number[] {
  return [...object.columns[column]!].filter((_, slot) => object.presence[slot] !== 'absent');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
