import type { Counter, Rat } from './counter-model.ts';
import { LTE_COUNTERS } from './lte-counters.ts';
import type { NetworkOptions } from './network-options.ts';
import { NODE_COUNTERS } from './node-counters.ts';
import { NR_COUNTERS } from './nr-counters.ts';
import type { NetworkPlan, PlannedCell, PlannedNe } from './planned-network.ts';
import { resolveChanges } from './resolve-changes.ts';
import { selectCounters } from './select-counters.ts';
import { cellTraffic } from './traffic.ts';

const CLASS_PARENTS: Readonly<Record<string, string>> = {
  NRCellDU: 'GNBDUFunction=1',
  NRCellCU: 'GNBCUCPFunction=1',
  EUtranCellFDD: 'ENodeBFunction=1',
};

const CELL_CLASSES: Readonly<Record<Rat, readonly string[]>> = { NR: ['NRCellCU', 'NRCellDU'], LTE: ['EUtranCellFDD'] };

export const NODE_OBJECTS: Readonly<Record<Rat, string>> = { NR: 'GNBDUFunction=1', LTE: 'ENodeBFunction=1' };

/**
 * Names the NEs (`gnb-001`, `enb-002`, alternating), cells (`1` … within each NE) and counters, and resolves changes.
 *
 * @throws GenerateError `bad_change` where a change matches nothing
 */
export function planNetwork(options: NetworkOptions): NetworkPlan {
  const selections = {
    NR: selectCounters(NR_COUNTERS, options.pegs),
    LTE: selectCounters(LTE_COUNTERS, options.pegs),
  };
  const fromMs = options.startMs;
  const toMs = fromMs + options.days * 86_400_000;
  const bare = Array.from({ length: options.nes }, (_, index) => planNe(options, index + 1));
  const effects = resolveChanges(
    options.changes,
    bare.flatMap((ne) => ne.cells),
    selections,
    { fromMs, toMs },
  );
  const nes = bare.map((ne) => ({
    ...ne,
    cells: ne.cells.map((cell) => ({ ...cell, effects: effects.get(cell) ?? [] })),
  }));
  return {
    options,
    nes,
    selections,
    nodeSelections: { NR: selectCounters(NODE_COUNTERS.NR, 3), LTE: selectCounters(NODE_COUNTERS.LTE, 3) },
    fromMs,
    toMs,
  };
}

function planNe(options: NetworkOptions, number: number): PlannedNe {
  const rat: Rat = number % 2 === 1 ? 'NR' : 'LTE';
  const name = `${rat === 'NR' ? 'gnb' : 'enb'}-${String(number).padStart(3, '0')}`;
  const cells = Array.from({ length: options.cells }, (_, index): PlannedCell => {
    const cellId = String(index + 1);
    const objects = CELL_CLASSES[rat].map((objectClass) => [
      objectClass,
      `${CLASS_PARENTS[objectClass]},${objectClass}=${cellId}`,
    ]);
    return {
      ne: name,
      rat,
      cellId,
      objects: Object.fromEntries(objects),
      traffic: cellTraffic(options.seed, name, `${name}/${cellId}`),
      effects: [],
    };
  });
  return { name, userLabel: `Site ${String(number).padStart(3, '0')}`, rat, cells };
}

/** Every counter that the files hold, each once. */
export function plannedCounters(plan: NetworkPlan): readonly Counter[] {
  const rats = [...new Set(plan.nes.map((ne) => ne.rat))];
  const withNodes = plan.options.nodeObjects && plan.options.format === '32.435';
  return rats.flatMap((rat) => [
    ...plan.selections[rat].counters,
    ...(withNodes ? plan.nodeSelections[rat].counters : []),
  ]);
}
