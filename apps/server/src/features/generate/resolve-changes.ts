import { formatChange, type NetworkChange } from './changes.ts';
import type { CounterModel, Rat } from './counter-model.ts';
import { modelOutputs } from './counter-model.ts';
import { GenerateError } from './generate-error.ts';
import { compileGlob, exampleNames } from './name-match.ts';
import type { PlannedCell } from './planned-network.ts';
import type { CounterSelection } from './select-counters.ts';
import type { CellEffect, FactorTarget } from './slot-factors.ts';

type Selections = Readonly<Record<Rat, CounterSelection>>;
type Target = Pick<CellEffect, 'target' | 'counter'>;

/**
 * Which factor applies to which counter of which cell.
 *
 * @throws GenerateError `bad_change` where a change matches no cell, no PEG or no time, with near matches
 */
export function resolveChanges(
  changes: readonly NetworkChange[],
  cells: readonly PlannedCell[],
  selections: Selections,
  data: { readonly fromMs: number; readonly toMs: number },
): ReadonlyMap<PlannedCell, readonly CellEffect[]> {
  const effects = new Map<PlannedCell, CellEffect[]>();
  for (const change of changes) {
    const fromMs = change.fromMs ?? data.fromMs;
    const toMs = change.toMs ?? data.toMs;
    checkTimes(change, fromMs, toMs, data);
    const matching = matchCells(change, cells);
    const targets = matchTargets(change, matching, selections);
    for (const cell of matching) {
      const list = effects.get(cell) ?? [];
      effects.set(cell, list);
      for (const target of targets[cell.rat]) list.push({ ...target, factor: 1 + change.percent / 100, fromMs, toMs });
    }
  }
  return effects;
}

function checkTimes(
  change: NetworkChange,
  fromMs: number,
  toMs: number,
  data: { readonly fromMs: number; readonly toMs: number },
): void {
  if (fromMs < data.toMs && toMs > data.fromMs && toMs > fromMs) return;
  const span = `${new Date(data.fromMs).toISOString()} to ${new Date(data.toMs).toISOString()}`;
  throw noMatch(change, 'its time lies outside the data', `The data spans ${span}.`);
}

function matchCells(change: NetworkChange, cells: readonly PlannedCell[]): readonly PlannedCell[] {
  const matches = compileGlob(change.cells);
  const matching = cells.filter((cell) => cellNames(cell).some(matches));
  if (matching.length > 0) return matching;
  const near = exampleNames(
    change.cells,
    cells.slice(0, 2_000).map((cell) => `${cell.ne}/${cell.cellId}`),
  );
  throw noMatch(change, `no cell matches "${change.cells}"`, `Cells are called e.g. ${near.join(', ')}.`);
}

/** The names a cell answers to: `<ne>/<cell id>`, `<cell id>`, and its objects with and without their parents. */
function cellNames(cell: PlannedCell): readonly string[] {
  const objects = Object.entries(cell.objects);
  return [
    `${cell.ne}/${cell.cellId}`,
    cell.cellId,
    ...objects.flatMap(([objectClass, name]) => [name, `${objectClass}=${cell.cellId}`]),
  ];
}

function matchTargets(
  change: NetworkChange,
  cells: readonly PlannedCell[],
  selections: Selections,
): Readonly<Record<Rat, readonly Target[]>> {
  const rats = [...new Set(cells.map((cell) => cell.rat))];
  const targets: Record<Rat, readonly Target[]> = { NR: [], LTE: [] };
  if (change.peg === null) {
    for (const rat of rats) targets[rat] = [{ target: 'load', counter: '' }];
    return targets;
  }
  const matches = compileGlob(change.peg);
  const names = rats.flatMap((rat) => selections[rat].counters.map((counter) => counter.name));
  const matched = names.filter(matches);
  if (matched.length === 0) {
    const near = exampleNames(change.peg, names).join(', ');
    throw noMatch(change, `no PEG of the matching cells matches "${change.peg}"`, `PEGs are called e.g. ${near}.`);
  }
  for (const rat of rats) targets[rat] = selectionTargets(change, selections[rat], matches);
  if (rats.every((rat) => targets[rat].length === 0)) throw noTarget(change, matched, rats, selections);
  return targets;
}

function selectionTargets(
  change: NetworkChange,
  selection: CounterSelection,
  matches: (name: string) => boolean,
): readonly Target[] {
  const wanted = new Set(selection.counters.map((counter) => counter.name).filter(matches));
  return selection.models.flatMap((model) => {
    const own = new Set(modelOutputs(model).filter((name) => wanted.has(name)));
    if (own.size === 0) return [];
    return change.effect === 'failures' ? failureTargets(model, own, selection) : valueTargets(model, own);
  });
}

/** Counters of a procedure follow its attempts, and causes its failures, where the same change matches these too. */
function valueTargets(model: CounterModel, own: ReadonlySet<string>): readonly Target[] {
  const value = (counter: string): Target => ({ target: 'value', counter });
  if (model.type !== 'procedure') return [...own].map(value);
  if (own.has(model.attempts)) return [value(model.attempts)];
  if (model.successes !== null && own.has(model.successes)) return [value(model.successes)];
  if (model.failures !== null && own.has(model.failures)) return [value(model.failures)];
  return [...own].map(value);
}

function failureTargets(model: CounterModel, own: ReadonlySet<string>, selection: CounterSelection): readonly Target[] {
  const target = (kind: FactorTarget, counter: string): Target => ({ target: kind, counter });
  if (model.type !== 'procedure') {
    const counter = selection.counters.find((candidate) => own.has(candidate.name));
    return counter?.polarity === 'lower_better' ? [target('value', counter.name)] : [];
  }
  if (model.successes !== null && own.has(model.successes)) return [target('failures', model.successes)];
  if (model.failures !== null && own.has(model.failures)) return [target('failures', model.failures)];
  return model.causes.filter((cause) => own.has(cause.name)).map((cause) => target('failures', cause.name));
}

function noTarget(
  change: NetworkChange,
  matched: readonly string[],
  rats: readonly Rat[],
  selections: Selections,
): GenerateError {
  const isSubCounter = (name: string): boolean => rats.some((rat) => selections[rat].subCounterNames.has(name));
  if (matched.every(isSubCounter)) {
    return noMatch(change, 'it matches sub-counters only', 'Sub-counters follow their base counter: name that one.');
  }
  return noMatch(
    change,
    `no failures stand behind ${matched.slice(0, 3).join(', ')}`,
    'failures= works on success, failure, cause and drop counters; use percent= for others.',
  );
}

function noMatch(change: NetworkChange, what: string, hint: string): GenerateError {
  return new GenerateError('bad_change', `change "${formatChange(change)}": ${what}`, hint);
}
