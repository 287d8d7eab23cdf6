import type { Rat } from './counter-model.ts';
import type { NetworkOptions } from './network-options.ts';
import type { CounterSelection } from './select-counters.ts';
import type { CellEffect } from './slot-factors.ts';
import type { CellTraffic } from './traffic.ts';

export interface PlannedCell {
  readonly ne: string;
  readonly rat: Rat;
  readonly cellId: string;
  /** Name of the measured object by object class. */
  readonly objects: Readonly<Record<string, string>>;
  readonly traffic: CellTraffic;
  readonly effects: readonly CellEffect[];
}

export interface PlannedNe {
  readonly name: string;
  readonly userLabel: string;
  readonly rat: Rat;
  readonly cells: readonly PlannedCell[];
}

/** The network that options describe, before any value is drawn. */
export interface NetworkPlan {
  readonly options: NetworkOptions;
  readonly nes: readonly PlannedNe[];
  readonly selections: Readonly<Record<Rat, CounterSelection>>;
  readonly nodeSelections: Readonly<Record<Rat, CounterSelection>>;
  /** Begin of the first and end of the last granularity period, ms since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
}
