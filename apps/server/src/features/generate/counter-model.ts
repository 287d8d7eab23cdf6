import type { Polarity } from '@pegboard/comparison';
import type { PegKind } from '../../stores/kpi/kpi-store.ts';

export type Rat = 'NR' | 'LTE';

/** A counter as the catalogue describes it. Names are unique within a RAT. */
export interface Counter {
  readonly family: string;
  readonly name: string;
  readonly unit: string;
  readonly kind: PegKind;
  readonly polarity: Polarity;
  readonly weight: number;
  readonly description: string;
}

/**
 * A procedure with attempts that end in success or failure: attempts are Poisson, failures binomial given the attempts,
 * successes the rest, causes a split of the failures. So successes ≤ attempts and causes ≤ failures hold in every period.
 */
export interface ProcedureModel {
  readonly type: 'procedure';
  /** Attempts per 900 s at load 1. */
  readonly perLoad: number;
  readonly failureRate: number;
  readonly attempts: string;
  readonly successes: string | null;
  readonly failures: string | null;
  /** Failures by cause; shares add up to 1 or less, the rest has no counter of its own. */
  readonly causes: readonly { readonly name: string; readonly share: number }[];
}

/** Independent events: a Poisson count, `perLoad` per 900 s at load 1. */
export interface CountModel {
  readonly type: 'count';
  readonly name: string;
  readonly perLoad: number;
}

/** An accumulated amount (volume, time): an integer in proportion to load with `noise` relative spread. */
export interface AmountModel {
  readonly type: 'amount';
  readonly name: string;
  readonly perLoad: number;
  readonly noise: number;
}

/** Time in ms in which `volume` (kbit) was sent at `throughput` (kbit/s). */
export interface ActiveTimeModel {
  readonly type: 'active_time';
  readonly name: string;
  readonly volume: string;
  readonly throughput: string;
}

/** A level: `base` at an idle cell, moved by the driver. */
export interface LevelModel {
  readonly type: 'level';
  readonly name: string;
  /** `load`: base × load. `prb`: base × (1 + slope × PRB use). `db`: base + slope × PRB use, spreads in dB. */
  readonly driver: 'load' | 'prb' | 'db';
  readonly base: number;
  readonly slope: number;
  /** Spread between periods, days and cells: relative, in dB for `db`. */
  readonly noise: number;
  readonly dayNoise: number;
  readonly cellSpread: number;
  readonly decimals: number;
  readonly min: number;
  readonly max: number;
}

/** PRB use in %: saturates as load grows. */
export interface PrbModel {
  readonly type: 'prb';
  readonly name: string;
  /** Use = 1 − exp(−demand × load). */
  readonly demand: number;
}

/** The largest momentary value within the period of a mean: an integer above it. */
export interface PeakModel {
  readonly type: 'peak';
  readonly name: string;
  readonly of: string;
}

export type CounterModel =
  | ProcedureModel
  | CountModel
  | AmountModel
  | ActiveTimeModel
  | LevelModel
  | PrbModel
  | PeakModel;

/** Counters that are taken together or not at all, e.g. attempts and successes. */
export type CounterBlock = readonly Counter[];

/** What one RAT measures: models say how values come about, blocks what is reported, the most important first. */
export interface CounterTable {
  readonly rat: Rat;
  readonly blocks: readonly CounterBlock[];
  readonly models: readonly CounterModel[];
}

/** Names of the counters that a model computes. */
export function modelOutputs(model: CounterModel): readonly string[] {
  if (model.type !== 'procedure') return [model.name];
  const { attempts, successes, failures, causes } = model;
  return [attempts, successes, failures, ...causes.map((cause) => cause.name)].filter((name) => name !== null);
}

/** Names of the counters that a model is computed from. */
export function modelInputs(model: CounterModel): readonly string[] {
  if (model.type === 'active_time') return [model.volume, model.throughput];
  return model.type === 'peak' ? [model.of] : [];
}
