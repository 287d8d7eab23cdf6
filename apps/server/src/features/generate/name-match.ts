/**
 * Compiles a glob over names: `*` is any run of characters, `?` one character, `|` separates alternatives; the rest is
 * literal. The whole name has to match, letter case counts.
 */
export function compileGlob(glob: string): (name: string) => boolean {
  const alternatives = glob.split('|').map((part) => {
    const escaped = part.replace(/[.+^${}()[\]\\]/g, '\\$&');
    return escaped.replace(/\*+/g, '.*').replaceAll('?', '.');
  });
  const pattern = new RegExp(`^(?:${alternatives.join('|')})$`, 'su');
  return (name) => pattern.test(name);
}

/** Number of single-character edits between two texts (Levenshtein distance). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The names closest to what was asked for, best first; wildcards and letter case do not count. */
export function nearestNames(wanted: string, names: readonly string[], limit = 3): readonly string[] {
  const plain = wanted.replace(/[*?|]/g, '').toLowerCase().slice(0, 100);
  return [...new Set(names)]
    .map((name) => ({ name, distance: editDistance(plain, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map((entry) => entry.name);
}
