import type { Counter, CounterModel, CounterTable } from './counter-model.ts';
import { modelInputs, modelOutputs } from './counter-model.ts';
import { subCounterSuffix } from './split-counts.ts';

/** Counters a cell may have; the number of sub-counters a base counter then has stays below 200. */
export const MAX_PEGS = 5_000;

/** A sub-counter (QCI, 5QI, cause group) of a base counter: `name.01`, `name.02`, … */
export interface SubCounter {
  readonly base: string;
  /** 1-based. */
  readonly index: number;
}

export interface CounterSelection {
  /** Exactly as many as were asked for, the most important first. */
  readonly counters: readonly Counter[];
  /** The models behind them, each after those that it is computed from. */
  readonly models: readonly CounterModel[];
  /** Sub-counters each model is split into, by the name of the model's first output; 0 where absent. */
  readonly subCounters: ReadonlyMap<string, number>;
  /** The sub-counters among `counters`, by name. */
  readonly subCounterNames: ReadonlyMap<string, SubCounter>;
}

/**
 * Chooses `count` counters of a table: whole blocks in the table's order as far as they fit, so that attempts and
 * successes stay together, then sub-counters of the cumulative ones, round by round.
 */
export function selectCounters(table: CounterTable, count: number): CounterSelection {
  const counters: Counter[] = [];
  for (const block of table.blocks) {
    if (counters.length + block.length <= count) counters.push(...block);
  }
  const subCounterNames = new Map<string, SubCounter>();
  const subCounters = new Map<string, number>();
  if (counters.length < count) addSubCounters(table, count, counters, subCounterNames, subCounters);
  return { counters, models: neededModels(table, counters), subCounters, subCounterNames };
}

function addSubCounters(
  table: CounterTable,
  count: number,
  counters: Counter[],
  names: Map<string, SubCounter>,
  depths: Map<string, number>,
): void {
  const byName = new Map(counters.map((counter) => [counter.name, counter]));
  const splittable = table.models
    .filter((model) => !isHistogramBin(model, byName))
    .map((model) => ({ key: modelKey(model), bases: subCounterBases(model).flatMap((name) => byName.get(name) ?? []) }))
    .filter(({ bases }) => bases.length > 0);
  for (let index = 1; counters.length < count; index++) {
    for (const { key, bases } of splittable) {
      if (bases.length > count - counters.length) continue;
      for (const base of bases) {
        const name = `${base.name}${subCounterSuffix(index)}`;
        counters.push({ ...base, name, weight: 1, description: `${base.description}, sub-counter ${index}` });
        names.set(name, { base: base.name, index });
      }
      depths.set(key, index);
    }
  }
}

function isHistogramBin(model: CounterModel, byName: ReadonlyMap<string, Counter>): boolean {
  return model.type === 'count' && byName.get(model.name)?.kind === 'distribution';
}

/** The outputs of a model that have sub-counters: what adds up. */
function subCounterBases(model: CounterModel): readonly string[] {
  if (model.type === 'count' || model.type === 'amount') return [model.name];
  if (model.type !== 'procedure') return [];
  return [model.attempts, model.successes, model.failures].filter((name) => name !== null);
}

/** The name that stands for a model: its first output. */
export function modelKey(model: CounterModel): string {
  return model.type === 'procedure' ? model.attempts : model.name;
}

function neededModels(table: CounterTable, counters: readonly Counter[]): readonly CounterModel[] {
  const producer = new Map(table.models.flatMap((model) => modelOutputs(model).map((name) => [name, model] as const)));
  const ordered = new Set<CounterModel>();
  const visit = (model: CounterModel): void => {
    for (const input of modelInputs(model)) {
      const source = producer.get(input);
      if (source) visit(source);
    }
    ordered.add(model);
  };
  const wanted = new Set(counters.map((counter) => counter.name));
  for (const model of table.models) {
    if (modelOutputs(model).some((name) => wanted.has(name))) visit(model);
  }
  return [...ordered];
}
