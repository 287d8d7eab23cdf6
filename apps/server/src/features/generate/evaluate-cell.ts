import type { CounterModel, LevelModel } from './counter-model.ts';
import { evaluateProcedure, type ProcedureContext } from './evaluate-procedure.ts';
import { hashText, RandomStream } from './random.ts';
import { type CounterSelection, modelKey } from './select-counters.ts';
import type { FactorLookup } from './slot-factors.ts';
import { splitCounts, subCounterSuffix } from './split-counts.ts';

/** Relative spread from day to day of counts and amounts, apart from the load's own. */
const COUNT_DAY_SIGMA = 0.03;
/** Relative spread between cells of event rates at the same load. */
const COUNT_CELL_SIGMA = 0.2;
/** PRB use = 1 − exp(−demand × load) for the general measure of how full a cell is. */
const PRB_DEMAND = 0.45;
const ALL_DAYS = -1;

export interface ObjectDay {
  readonly seed: number;
  /** Hash of the cell's or object's key. */
  readonly objectHash: number;
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  readonly granularityS: number;
  /** Load a period, before changes. */
  readonly load: Float64Array;
  readonly factors: FactorLookup;
}

/** Values of the selected counters in each granularity period of a UTC day; columns parallel to the counters. */
export function evaluateObjectDay(selection: CounterSelection, input: ObjectDay): readonly Float64Array[] {
  const loadFactor = input.factors('load', '');
  const load = loadFactor ? input.load.map((value, slot) => value * (loadFactor[slot] ?? 1)) : input.load;
  const context: EvaluationContext = {
    load,
    prbUse: load.map((value) => 1 - Math.exp(-PRB_DEMAND * value)),
    granularityS: input.granularityS,
    factors: input.factors,
    stream: (name) => new RandomStream(input.seed, input.objectHash, hashText(name), input.day),
    cellStream: (name) => new RandomStream(input.seed, input.objectHash, hashText(name), ALL_DAYS),
    unchanged: new Map(),
    columns: new Map(),
  };
  for (const model of selection.models) evaluateModel(model, context, selection.subCounters.get(modelKey(model)) ?? 0);
  return selection.counters.map((counter) => {
    const column = context.columns.get(counter.name);
    if (!column) throw new Error(`no model computes ${counter.name}`);
    return column;
  });
}

interface EvaluationContext extends ProcedureContext {
  /** Columns before the changes to their own value, for counters that are computed from them. */
  readonly unchanged: Map<string, Float64Array>;
  readonly columns: Map<string, Float64Array>;
}

function evaluateModel(model: CounterModel, context: EvaluationContext, depth: number): void {
  switch (model.type) {
    case 'procedure':
      for (const [name, column] of evaluateProcedure(model, context, depth)) context.columns.set(name, column);
      return;
    case 'count':
      setCounts(model.name, drawCounts(model.name, model.perLoad, context), context, depth);
      return;
    case 'amount':
      setCounts(model.name, drawAmounts(model.name, model.perLoad, model.noise, context), context, depth);
      return;
    case 'level':
      setChanged(model.name, drawLevel(model, context), context, (value) => tidy(value, model));
      return;
    case 'prb':
      setChanged(model.name, drawPrb(model.name, model.demand, context), context, (value) =>
        round(Math.min(100, value), 2),
      );
      return;
    case 'active_time':
      setChanged(model.name, activeTimes(model.volume, model.throughput, context), context, Math.round);
      return;
    case 'peak':
      setPeak(model.name, model.of, context);
      return;
  }
}

function drawCounts(name: string, perLoad: number, context: EvaluationContext): Float64Array {
  const stream = context.stream(name);
  const rate = rateOf(name, perLoad, context, stream);
  const factor = context.factors('value', name);
  return context.load.map((load, slot) => stream.poisson(rate * load * (factor?.[slot] ?? 1)));
}

function drawAmounts(name: string, perLoad: number, noise: number, context: EvaluationContext): Float64Array {
  const stream = context.stream(name);
  const rate = rateOf(name, perLoad, context, stream);
  const factor = context.factors('value', name);
  const raw = context.load.map((load) => rate * load * Math.exp(noise * stream.normal()));
  context.unchanged.set(name, raw);
  return raw.map((value, slot) => Math.round(value * (factor?.[slot] ?? 1)));
}

/** What a cell counts a period at load 1 on this day. */
function rateOf(name: string, perLoad: number, context: EvaluationContext, dayStream: RandomStream): number {
  const spread = COUNT_CELL_SIGMA * context.cellStream(name).normal() + COUNT_DAY_SIGMA * dayStream.normal();
  return ((perLoad * context.granularityS) / 900) * Math.exp(spread);
}

function setCounts(name: string, column: Float64Array, context: EvaluationContext, depth: number): void {
  context.columns.set(name, column);
  const parts = splitCounts(column, depth, (index) => context.stream(`${name} part ${index}`));
  parts.forEach((part, index) => {
    context.columns.set(`${name}${subCounterSuffix(index + 1)}`, part);
  });
}

function drawLevel(model: LevelModel, context: EvaluationContext): Float64Array {
  const stream = context.stream(model.name);
  const offset = model.cellSpread * context.cellStream(model.name).normal() + model.dayNoise * stream.normal();
  return context.load.map((load, slot) => {
    const use = context.prbUse[slot] ?? 0;
    const noise = offset + model.noise * stream.normal();
    if (model.driver === 'db') return model.base + model.slope * use + noise;
    const driven = model.driver === 'load' ? load : 1 + model.slope * use;
    return model.base * driven * Math.exp(noise);
  });
}

function drawPrb(name: string, demand: number, context: EvaluationContext): Float64Array {
  const stream = context.stream(name);
  const spread = 0.1 * context.cellStream(name).normal() + 0.01 * stream.normal();
  return context.load.map((load) => 100 * (1 - Math.exp(-demand * load * Math.exp(spread + 0.03 * stream.normal()))));
}

function activeTimes(volume: string, throughput: string, context: EvaluationContext): Float64Array {
  const volumes = context.unchanged.get(volume);
  const throughputs = context.unchanged.get(throughput);
  if (!volumes || !throughputs) throw new Error(`${volume} and ${throughput} have to be computed first`);
  return volumes.map((kbit, slot) => (1000 * kbit) / (throughputs[slot] ?? 1));
}

function setPeak(name: string, of: string, context: EvaluationContext): void {
  const means = context.columns.get(of);
  const unchanged = context.unchanged.get(of);
  if (!means || !unchanged) throw new Error(`${of} has to be computed first`);
  const stream = context.stream(name);
  const factor = context.factors('value', name);
  const peaks = unchanged.map((mean, slot) => {
    const ratio = 1.2 + 0.1 * Math.abs(stream.normal()) + 1 / (1 + mean);
    return Math.max(Math.ceil(means[slot] ?? 0), Math.round(mean * ratio * (factor?.[slot] ?? 1)));
  });
  context.columns.set(name, peaks);
}

/** Keeps the column as drawn for what is computed from it, and reports it changed and rounded. */
function setChanged(
  name: string,
  raw: Float64Array,
  context: EvaluationContext,
  finish: (value: number) => number,
): void {
  const factor = context.factors('value', name);
  context.unchanged.set(name, raw);
  context.columns.set(
    name,
    raw.map((value, slot) => finish(value * (factor?.[slot] ?? 1))),
  );
}

function tidy(value: number, model: LevelModel): number {
  return round(Math.min(model.max, Math.max(model.min, value)), model.decimals);
}

function round(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
