import { isGlob, matchesGlob, suggest } from '@pegboard/names';
import type { Peg } from '../../stores/kpi/kpi-store.ts';

/** What the names of a request stand for. */
export interface PegMatches {
  /** Each asked name with the PEGs it stands for, in the order asked; names that stand for none are left out. */
  readonly matches: readonly { readonly asked: string; readonly pegs: readonly Peg[] }[];
  readonly unknown: readonly { readonly name: string; readonly suggestions: readonly string[] }[];
  /** Bare names that several families have. */
  readonly ambiguous: readonly { readonly name: string; readonly choices: readonly string[] }[];
}

/** A PEG as a request may name it without ambiguity. */
export function qualifiedName(peg: Pick<Peg, 'family' | 'name'>): string {
  return `${peg.family}/${peg.name}`;
}

/**
 * Finds PEGs by exact name, by `Family/Name`, or by a glob over either. A name that several families have is ambiguous;
 * a glob is not: it takes all.
 */
export function matchPegs(pegs: readonly Peg[], names: readonly string[]): PegMatches {
  const byName = groupBy(pegs, (peg) => peg.name);
  const byQualifiedName = groupBy(pegs, qualifiedName);
  const matches: { asked: string; pegs: readonly Peg[] }[] = [];
  const unknown: { name: string; suggestions: string[] }[] = [];
  const ambiguous: { name: string; choices: string[] }[] = [];

  for (const asked of new Set(names)) {
    const exact = byName.get(asked) ?? byQualifiedName.get(asked);
    if (exact && exact.length > 1) {
      ambiguous.push({ name: asked, choices: exact.map(qualifiedName).sort() });
      continue;
    }
    const found = exact ?? (isGlob(asked) ? pegs.filter((peg) => globCovers(asked, peg)) : []);
    if (found.length > 0) matches.push({ asked, pegs: found });
    else unknown.push({ name: asked, suggestions: suggestPegs(asked, byName, byQualifiedName) });
  }
  return { matches, unknown, ambiguous };
}

function globCovers(pattern: string, peg: Peg): boolean {
  return matchesGlob(pattern, peg.name) || (pattern.includes('/') && matchesGlob(pattern, qualifiedName(peg)));
}

function suggestPegs(
  asked: string,
  byName: ReadonlyMap<string, readonly Peg[]>,
  byQualifiedName: ReadonlyMap<string, readonly Peg[]>,
): string[] {
  const text = asked.replaceAll(/[*?]/g, '');
  const candidates = text.includes('/') ? [...byQualifiedName.keys()] : [...byName.keys()];
  return suggest(text, candidates);
}

function groupBy(pegs: readonly Peg[], keyOf: (peg: Peg) => string): Map<string, Peg[]> {
  const groups = new Map<string, Peg[]>();
  for (const peg of pegs) {
    const key = keyOf(peg);
    const group = groups.get(key);
    if (group) group.push(peg);
    else groups.set(key, [peg]);
  }
  return groups;
}
