const MAX_SUGGESTIONS = 3;
/** Longer names are compared by their beginning. */
const COMPARED_CHARACTERS = 64;

/** A known name, and what is compared of it. */
export interface ComparableName {
  readonly name: string;
  readonly plain: string;
}

/** Makes a name ready for comparison: only letters and digits, in lower case. */
export function comparable(name: string): ComparableName {
  const plain = name
    .slice(0, COMPARED_CHARACTERS)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return { name, plain };
}

/**
 * The known names that a mistyped one may have meant, best first: the same but for case and punctuation, or few edits
 * away (a quarter of its length). Cost: one pass over the names; a distance is only computed for those of like length,
 * and given up as soon as it is too large.
 */
export function nearestNames(wanted: string, known: Iterable<ComparableName>): readonly string[] {
  const { plain } = comparable(wanted);
  if (plain === '') return [];
  const allowed = Math.max(1, Math.floor(plain.length / 4));
  const found: { readonly name: string; readonly distance: number }[] = [];
  for (const candidate of known) {
    if (Math.abs(candidate.plain.length - plain.length) > allowed) continue;
    const distance = editDistance(plain, candidate.plain, allowed);
    if (distance <= allowed) found.push({ name: candidate.name, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, MAX_SUGGESTIONS).map((entry) => entry.name);
}

/** One row of the table of distances; lower-casing may lengthen a name a little. */
const row = new Uint16Array(4 * COMPARED_CHARACTERS);

/** Levenshtein's distance, or more than `limit` as soon as it must be: only the band of cells within it is computed. */
function editDistance(a: string, b: string, limit: number): number {
  for (let j = 0; j <= b.length; j++) row[j] = j;
  for (let i = 1; i <= a.length; i++) {
    const first = Math.max(1, i - limit);
    const last = Math.min(b.length, i + limit);
    let diagonal = row[first - 1];
    row[first - 1] = first === 1 ? i : limit + 1;
    let least = row[first - 1];
    for (let j = first; j <= last; j++) {
      const above = j === i + limit ? limit + 1 : row[j];
      const substitution = diagonal + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1);
      diagonal = row[j];
      row[j] = Math.min(substitution, above + 1, row[j - 1] + 1);
      if (row[j] < least) least = row[j];
    }
    if (least > limit) return limit + 1;
  }
  return row[b.length];
}
