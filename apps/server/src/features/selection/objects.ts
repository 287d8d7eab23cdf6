import { suggest } from '@pegboard/names';
import type { MeasuredObject, NetworkElement } from '../../stores/kpi/kpi-store.ts';

/** A name of a request that stands for nothing, or for more than one thing. */
export interface NameProblem {
  readonly kind: 'unknown' | 'ambiguous';
  /** Field of the request. */
  readonly field: 'ne' | 'cellid';
  readonly name: string;
  /** Names that would do. */
  readonly suggestions: readonly string[];
}

export interface ObjectMatches {
  /** Null: all objects. */
  readonly objects: readonly MeasuredObject[] | null;
  readonly problems: readonly NameProblem[];
}

/**
 * The measured objects that a request names by network elements and cells; of both filters together, the objects that
 * pass both. A cell is named by its exact id (20 is not 200; all network elements that have one), or by `NE/cell` or
 * `NE#cell`.
 */
export function matchObjects(
  networkElements: readonly NetworkElement[],
  objects: readonly MeasuredObject[],
  request: { readonly ne: readonly string[]; readonly cells: readonly string[] },
): ObjectMatches {
  if (request.ne.length === 0 && request.cells.length === 0) return { objects: null, problems: [] };
  const problems: NameProblem[] = [];
  const finder = networkElementFinder(networkElements);

  const neIds = new Set<number>();
  for (const name of new Set(request.ne)) {
    const found = finder(name);
    if (found.length === 1) neIds.add(found[0].id);
    else problems.push(neProblem(name, found, networkElements));
  }
  const within = request.ne.length === 0 ? objects : objects.filter((object) => neIds.has(object.neId));
  if (request.cells.length === 0 || problems.length > 0) return { objects: within, problems };

  const chosen = new Set<MeasuredObject>();
  for (const name of new Set(request.cells)) {
    const found = findCell(name, within, finder);
    for (const object of found) chosen.add(object);
    if (found.length === 0) problems.push(cellProblem(name, within));
  }
  return { objects: within.filter((object) => chosen.has(object)), problems };
}

type FindNetworkElements = (name: string) => readonly NetworkElement[];

/** By exact name, else by user label, else by the value of the last RDN of the name. */
function networkElementFinder(networkElements: readonly NetworkElement[]): FindNetworkElements {
  const indexes = [
    indexBy(networkElements, (ne) => ne.name),
    indexBy(networkElements, (ne) => ne.userLabel),
    indexBy(networkElements, (ne) => lastRdnValue(ne.name)),
  ];
  return (name) => {
    for (const index of indexes) {
      const found = index.get(name);
      if (found) return found;
    }
    return [];
  };
}

function indexBy(
  networkElements: readonly NetworkElement[],
  keyOf: (ne: NetworkElement) => string | null,
): Map<string, NetworkElement[]> {
  const index = new Map<string, NetworkElement[]>();
  for (const ne of networkElements) {
    const key = keyOf(ne);
    if (key === null || key === '') continue;
    const found = index.get(key);
    if (found) found.push(ne);
    else index.set(key, [ne]);
  }
  return index;
}

/** `X` of `SubNetwork=1,ManagedElement=X`; null for a name that is no DN. A backslash escapes a comma (TS 32.300). */
function lastRdnValue(name: string): string | null {
  const lastRdn = name.match(/(?:[^,\\]|\\.)*$/)?.[0] ?? '';
  const equals = lastRdn.indexOf('=');
  return equals < 0 ? null : lastRdn.slice(equals + 1).trim();
}

function findCell(name: string, objects: readonly MeasuredObject[], finder: FindNetworkElements): MeasuredObject[] {
  const byId = objects.filter((object) => object.cellId === name);
  if (byId.length > 0) return byId;
  // Names of network elements may hold the separators too: the last one that fits decides.
  for (let at = name.length - 1; at > 0; at--) {
    if (name[at] !== '/' && name[at] !== '#') continue;
    const found = finder(name.slice(0, at));
    const cellId = name.slice(at + 1);
    if (found.length !== 1) continue;
    const cells = objects.filter((object) => object.neId === found[0].id && object.cellId === cellId);
    if (cells.length > 0) return cells;
  }
  return [];
}

function neProblem(name: string, found: readonly NetworkElement[], all: readonly NetworkElement[]): NameProblem {
  if (found.length > 1) return { kind: 'ambiguous', field: 'ne', name, suggestions: found.map((ne) => ne.name) };
  const candidates = new Map<string, string>();
  for (const ne of all) {
    for (const label of [ne.name, ne.userLabel, lastRdnValue(ne.name)]) {
      if (label !== null && label !== '' && !candidates.has(label)) candidates.set(label, ne.name);
    }
  }
  const names = suggest(name, candidates.keys()).map((label) => candidates.get(label) ?? label);
  return { kind: 'unknown', field: 'ne', name, suggestions: [...new Set(names)] };
}

function cellProblem(name: string, objects: readonly MeasuredObject[]): NameProblem {
  const cells = objects.filter((object) => object.cellId !== null);
  const qualified = /[/#]/.test(name);
  const candidates = cells.map((object) => (qualified ? `${object.ne}/${object.cellId}` : `${object.cellId}`));
  return { kind: 'unknown', field: 'cellid', name, suggestions: suggest(name, candidates) };
}
