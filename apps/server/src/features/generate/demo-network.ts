import type { NetworkChange } from './changes.ts';
import { type NetworkOptions, networkOptions } from './network-options.ts';

const DAY_MS = 86_400_000;
const DEMO_DAYS = 14;
const DEMO_SEED = 2025;

interface Degradation {
  readonly cell: string;
  readonly peg: string;
  readonly effect: NetworkChange['effect'];
  readonly percent: number;
}

/** Set-up failures ×4 and drops ×2.5 in 3 of the 36 cells. */
const DEGRADATIONS: readonly Degradation[] = [
  { cell: 'gnb-001/2', peg: 'DRB.RelActNbr', effect: 'percent', percent: 150 },
  { cell: 'gnb-001/2', peg: 'RRC.ConnEstabSucc', effect: 'failures', percent: 300 },
  { cell: 'enb-004/3', peg: 'ERAB.RelActNbr.sum', effect: 'percent', percent: 150 },
  { cell: 'enb-004/3', peg: 'ERAB.EstabInitSuccNbr.sum', effect: 'failures', percent: 300 },
  { cell: 'gnb-005/5', peg: 'DRB.RelActNbr', effect: 'percent', percent: 150 },
  { cell: 'gnb-005/5', peg: 'SM.PDUSessionSetupSucc', effect: 'failures', percent: 300 },
];

/**
 * The demo network: 6 NEs × 6 cells × 60 PEGs × 14 days of 15 minutes up to the last midnight UTC, in whose second
 * week three cells degrade (set-up failures ×4, drops ×2.5).
 *
 * @param clock now, ms since the epoch
 */
export function demoNetworkOptions(clock: () => number): NetworkOptions {
  const startMs = (Math.floor(clock() / DAY_MS) - DEMO_DAYS) * DAY_MS;
  const fromMs = startMs + 7 * DAY_MS;
  const changes = DEGRADATIONS.map(({ cell, peg, effect, percent }): NetworkChange => {
    return { peg, cells: cell, fromMs, toMs: null, effect, percent };
  });
  return networkOptions({ nes: 6, cells: 6, pegs: 60, days: DEMO_DAYS, startMs, seed: DEMO_SEED, changes }, clock);
}
