import type {
  MasterCell,
  MasterCellsQuery,
  MasterFamily,
  MasterNe,
  MasterPeg,
  MasterPegUpdate,
  MasterQuery,
} from '@pegboard/contracts';
import type { KpiStore, MeasuredObject, NetworkElement, Peg, PegMetadata } from '../../stores/kpi/kpi-store.ts';
import type { CatalogueReader } from '../catalogue/catalogue-reader.ts';
import { matchObjects } from '../selection/objects.ts';
import { matchPegs, qualifiedName } from '../selection/pegs.ts';
import { pegProblems, refuseProblems } from '../selection/selection.ts';
import { type ListPage, listPage } from './list-page.ts';

/** What is known: PEGs, their families, network elements and cells. */
export interface MasterService {
  pegs(query: MasterQuery): Promise<ListPage<MasterPeg>>;
  families(query: MasterQuery): Promise<ListPage<MasterFamily>>;
  networkElements(query: MasterQuery): Promise<ListPage<MasterNe>>;
  /** Rejects with UNKNOWN_NAME for an unknown network element. */
  cells(query: MasterCellsQuery): Promise<ListPage<MasterCell>>;
  /** Sets what is given; rejects with UNKNOWN_NAME, or UNPROCESSABLE where several families have the name. */
  updatePeg(name: string, update: MasterPegUpdate): Promise<MasterPeg>;
}

export function createMasterService(store: Pick<KpiStore, 'describePegs'>, catalogue: CatalogueReader): MasterService {
  return {
    async pegs(query) {
      const { pegs } = await catalogue.read();
      return listPage(pegs.map(toMasterPeg), query, {
        keyOf: (peg) => [peg.family, peg.peg_name],
        textOf: (peg) => peg.peg_name,
      });
    },

    async families(query) {
      const { pegs } = await catalogue.read();
      return listPage(familiesOf(pegs), query, { keyOf: ({ family }) => [family], textOf: ({ family }) => family });
    },

    async networkElements(query) {
      const { networkElements } = await catalogue.read();
      return listPage(networkElements.map(toMasterNe), query, {
        keyOf: ({ ne }) => [ne],
        textOf: ({ ne, user_label }) => `${ne} ${user_label ?? ''}`,
      });
    },

    async cells({ ne, ...query }) {
      const { networkElements, objects } = await catalogue.read();
      const matches = matchObjects(networkElements, objects, { ne: ne === undefined ? [] : [ne], cells: [] });
      refuseProblems(matches.problems);
      return listPage(cellsOf(matches.objects ?? objects), query, {
        keyOf: (cell) => [cell.ne, cell.cell_id, cell.rat ?? ''],
        textOf: (cell) => cell.entity_id,
      });
    },

    async updatePeg(name, { family, ...update }) {
      const asked = family === undefined ? name : `${family}/${name}`;
      const peg = onlyPeg((await catalogue.read()).pegs, asked);
      await store.describePegs([metadataOf(peg, update)]);
      catalogue.forget();
      return toMasterPeg(onlyPeg((await catalogue.read()).pegs, qualifiedName(peg)));
    },
  };
}

function onlyPeg(pegs: readonly Peg[], name: string): Peg {
  // Globs are for reading: a PEG is changed by its own name.
  const exact = pegs.filter((peg) => peg.name === name || qualifiedName(peg) === name);
  if (exact.length === 1) return exact[0];
  const problems = pegProblems(matchPegs(pegs, [name]), 'name');
  const unknown = { kind: 'unknown' as const, field: 'name', name, suggestions: [] };
  refuseProblems(problems.length > 0 ? problems : [unknown]);
  throw new Error(`no problem with the name ${name}`);
}

function metadataOf({ family, name }: Peg, update: Omit<MasterPegUpdate, 'family'>): PegMetadata {
  const { polarity, weight, critical, thresholds, kind, unit, description } = update;
  return {
    family,
    name,
    ...(polarity !== undefined && { polarity }),
    ...(weight !== undefined && { weight }),
    ...(critical !== undefined && { critical }),
    ...(thresholds !== undefined && { thresholds }),
    ...(kind !== undefined && { kind }),
    ...(unit !== undefined && { unit }),
    ...(description !== undefined && { description }),
  };
}

function toMasterPeg(peg: Peg): MasterPeg {
  const { name, description, unit, family, rat, polarity, weight, kind, critical, thresholds, base, dimensions } = peg;
  return {
    peg_name: name,
    description,
    unit,
    family,
    rat,
    polarity,
    weight,
    kind,
    critical,
    thresholds: thresholds === null ? null : { ...thresholds },
    base_name: base,
    dimensions: { ...dimensions },
  };
}

function toMasterNe({ name, userLabel, vendor, swVersion }: NetworkElement): MasterNe {
  return { ne: name, user_label: userLabel, vendor, sw_version: swVersion };
}

function familiesOf(pegs: readonly Peg[]): MasterFamily[] {
  const families = new Map<string, { rats: Set<string | null>; pegs: number }>();
  for (const peg of pegs) {
    const family = families.get(peg.family) ?? { rats: new Set(), pegs: 0 };
    family.rats.add(peg.rat);
    family.pegs++;
    families.set(peg.family, family);
  }
  return [...families].map(([family, { rats, pegs: count }]) => {
    const [rat] = rats;
    return { family, rat: rats.size === 1 ? rat : null, pegs: count };
  });
}

/** Several objects (CU and DU) of one id, RAT and network element are one cell. */
function cellsOf(objects: readonly MeasuredObject[]): MasterCell[] {
  const cells = new Map<string, MasterCell>();
  for (const { ne, rat, cellId, ldn } of objects) {
    if (cellId === null) continue;
    const key = JSON.stringify([ne, rat, cellId]);
    const cell = cells.get(key);
    if (cell) cell.objects.push(ldn);
    else cells.set(key, { ne, cell_id: cellId, rat, entity_id: `${ne}#${cellId}`, objects: [ldn] });
  }
  for (const cell of cells.values()) cell.objects.sort();
  return [...cells.values()];
}
