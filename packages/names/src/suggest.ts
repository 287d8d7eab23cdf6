/**
 * The candidates nearest to what was typed, best first: by edit distance (insertions, deletions, replacements and swaps of
 * neighbours, ignoring case), those that contain the text before those that merely look alike. Nothing that differs in more
 * than about a third of its letters is suggested.
 * Cost: O(candidates × length²).
 */
export function suggest(text: string, candidates: Iterable<string>, limit = 5): string[] {
  const wanted = text.toLowerCase();
  const ranked: { candidate: string; distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const distance = distanceTo(wanted, candidate.toLowerCase());
    if (distance !== null) ranked.push({ candidate, distance });
  }
  ranked.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return ranked.slice(0, limit).map((entry) => entry.candidate);
}

const MIN_CONTAINED_LETTERS = 3;

function distanceTo(wanted: string, candidate: string): number | null {
  if (wanted === candidate) return 0;
  if (wanted.length >= MIN_CONTAINED_LETTERS && candidate.includes(wanted)) return 0.5;
  const bound = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
  if (Math.abs(wanted.length - candidate.length) > bound) return null;
  const distance = editDistance(wanted, candidate);
  const haveNothingInCommon = distance >= Math.max(wanted.length, candidate.length);
  return distance <= bound && !haveNothingInCommon ? distance : null;
}

/** Optimal string alignment distance. Time O(n·m), space O(m). */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, previous[j] + 1, current[j - 1] + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, beforePrevious[j - 2] + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length];
}
