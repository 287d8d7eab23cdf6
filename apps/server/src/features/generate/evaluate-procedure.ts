import type { ProcedureModel } from './counter-model.ts';
import type { RandomStream } from './random.ts';
import type { FactorLookup } from './slot-factors.ts';
import { splitCounts, subCounterSuffix } from './split-counts.ts';

/** Log-scale spread of failure rates between cells and between days of a cell. */
const FAILURE_CELL_SIGMA = 0.25;
const FAILURE_DAY_SIGMA = 0.05;
/** Failure rates rise a little with the use of radio resources: from ×0.93 idle to ×1.07 full. */
const FAILURE_IDLE_FACTOR = 0.93;
const FAILURE_PRB_SLOPE = 0.14;

export interface ProcedureContext {
  readonly load: Float64Array;
  /** PRB use 0…1. */
  readonly prbUse: Float64Array;
  readonly granularityS: number;
  readonly factors: FactorLookup;
  /** A stream of this cell, day and name. */
  readonly stream: (name: string) => RandomStream;
  /** A stream of this cell and name, the same on all days. */
  readonly cellStream: (name: string) => RandomStream;
}

/** Attempts, successes, failures and causes of a procedure in each period of a day, with `depth` sub-counters each. */
export function evaluateProcedure(
  model: ProcedureModel,
  context: ProcedureContext,
  depth: number,
): ReadonlyMap<string, Float64Array> {
  const attempts = drawAttempts(model, context);
  const { probability, shares } = failureProbabilities(model, context);
  const failureStream = context.stream(`${model.attempts} failures`);
  const failures = attempts.map((count, slot) => failureStream.binomial(count, probability[slot] ?? 0));
  const columns = new Map<string, Float64Array>([[model.attempts, attempts]]);
  if (model.failures !== null) columns.set(model.failures, failures);
  if (model.successes !== null) columns.set(model.successes, subtract(attempts, failures));
  splitByCause(model, failures, shares, context, columns);
  if (depth > 0) splitBySubCounter(model, attempts, failures, depth, context, columns);
  return columns;
}

function drawAttempts(model: ProcedureModel, context: ProcedureContext): Float64Array {
  const stream = context.stream(model.attempts);
  const factor = context.factors('value', model.attempts);
  const rate = (model.perLoad * context.granularityS) / 900;
  return context.load.map((load, slot) => stream.poisson(rate * load * (factor?.[slot] ?? 1)));
}

/** The failure probability a period, and the (changed) weight of each cause a period; the last is the rest. */
function failureProbabilities(
  model: ProcedureModel,
  context: ProcedureContext,
): { probability: Float64Array; shares: readonly { name: string | null; weight: Float64Array }[] } {
  const slots = context.load.length;
  const named = model.causes.map(({ name, share }) => ({
    name,
    weight: scaled(new Float64Array(slots).fill(share), context.factors, name),
  }));
  const rest = 1 - model.causes.reduce((sum, cause) => sum + cause.share, 0);
  const shares = [...named, { name: null, weight: new Float64Array(slots).fill(Math.max(0, rest)) }];
  const base =
    model.failureRate *
    Math.exp(
      FAILURE_CELL_SIGMA * context.cellStream(`${model.attempts} failure rate`).normal() +
        FAILURE_DAY_SIGMA * context.stream(`${model.attempts} failure rate`).normal(),
    );
  const failureFactors = scaled(new Float64Array(slots).fill(1), context.factors, model.failures);
  const viaSuccesses = model.successes === null ? null : context.factors('failures', model.successes);
  const successFactors = model.successes === null ? null : context.factors('value', model.successes);
  const probability = Float64Array.from({ length: slots }, (_, slot) => {
    const causes = shares.reduce((sum, share) => sum + (share.weight[slot] ?? 0), 0);
    const loadFactor = FAILURE_IDLE_FACTOR + FAILURE_PRB_SLOPE * (context.prbUse[slot] ?? 0);
    const failing = base * loadFactor * causes * (failureFactors[slot] ?? 1) * (viaSuccesses?.[slot] ?? 1);
    const succeeding = (1 - Math.min(1, failing)) * (successFactors?.[slot] ?? 1);
    return 1 - Math.min(1, succeeding);
  });
  return { probability, shares };
}

/** Multiplies both kinds of factor of a failure or cause counter into a column. */
function scaled(column: Float64Array, factors: FactorLookup, name: string | null): Float64Array {
  if (name === null) return column;
  const value = factors('value', name);
  const failures = factors('failures', name);
  if (!value && !failures) return column;
  return column.map((weight, slot) => weight * (value?.[slot] ?? 1) * (failures?.[slot] ?? 1));
}

/** Splits the failures among the causes by their weights; causes and rest add up to the failures in every period. */
function splitByCause(
  model: ProcedureModel,
  failures: Float64Array,
  shares: readonly { name: string | null; weight: Float64Array }[],
  context: ProcedureContext,
  columns: Map<string, Float64Array>,
): void {
  if (model.causes.length === 0) return;
  const stream = context.stream(`${model.attempts} causes`);
  const parts = shares.map(() => new Float64Array(failures.length));
  for (let slot = 0; slot < failures.length; slot++) {
    let left = failures[slot] ?? 0;
    let weightLeft = shares.reduce((sum, share) => sum + (share.weight[slot] ?? 0), 0);
    shares.forEach((share, index) => {
      const weight = share.weight[slot] ?? 0;
      const drawn = weightLeft > 0 ? stream.binomial(left, Math.min(1, weight / weightLeft)) : 0;
      const part = parts[index];
      if (part) part[slot] = drawn;
      left -= drawn;
      weightLeft -= weight;
    });
  }
  shares.forEach((share, index) => {
    const part = parts[index];
    if (share.name !== null && part) columns.set(share.name, part);
  });
}

function splitBySubCounter(
  model: ProcedureModel,
  attempts: Float64Array,
  failures: Float64Array,
  depth: number,
  context: ProcedureContext,
  columns: Map<string, Float64Array>,
): void {
  const successes = subtract(attempts, failures);
  const successParts = splitCounts(successes, depth, (index) => context.stream(`${model.attempts} ok ${index}`));
  const failureParts = splitCounts(failures, depth, (index) => context.stream(`${model.attempts} fail ${index}`));
  successParts.forEach((succeeded, index) => {
    const failed = failureParts[index] ?? new Float64Array(succeeded.length);
    const suffix = subCounterSuffix(index + 1);
    columns.set(`${model.attempts}${suffix}`, add(succeeded, failed));
    if (model.successes !== null) columns.set(`${model.successes}${suffix}`, succeeded);
    if (model.failures !== null) columns.set(`${model.failures}${suffix}`, failed);
  });
}

function subtract(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, slot) => value - (b[slot] ?? 0));
}

function add(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, slot) => value + (b[slot] ?? 0));
}
