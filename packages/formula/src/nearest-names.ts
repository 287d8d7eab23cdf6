const MAX_SUGGESTIONS = 3;
/** Longer names are compared by their beginning. */
const COMPARED_CHARACTERS = 64;

/**
 * The known names that a mistyped one may have meant, best first: the same but for case and punctuation, or few edits
 * away (a quarter of its length). Cost: one pass over the names; a distance is only computed for those of like length.
 */
export function nearestNames(wanted: string, known: Iterable<string>): readonly string[] {
  const plain = simplify(wanted);
  const allowed = Math.max(1, Math.floor(plain.length / 4));
  const found: { readonly name: string; readonly distance: number }[] = [];
  for (const name of known) {
    if (Math.abs(name.length - wanted.length) > allowed + 8) continue;
    const other = simplify(name);
    if (plain === '' || Math.abs(other.length - plain.length) > allowed) continue;
    const distance = editDistance(plain, other, allowed);
    if (distance <= allowed) found.push({ name, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, MAX_SUGGESTIONS).map((entry) => entry.name);
}

function simplify(name: string): string {
  return name
    .slice(0, COMPARED_CHARACTERS)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Levenshtein's distance, or more than `limit` as soon as it must be. */
function editDistance(a: string, b: string, limit: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const distance = Math.min(substitution, row[j] + 1, next[j - 1] + 1);
      next.push(distance);
      if (distance < least) least = distance;
    }
    if (least > limit) return limit + 1;
    row = next;
  }
  return row[b.length];
}
