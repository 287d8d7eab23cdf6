/**
 * Whether a pattern covers the whole text: `*` stands for any letters, `?` for one; every other letter for itself.
 * Cost: O(pattern × text), whatever the pattern (no backtracking beyond the last `*`).
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resumeAt = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resumeAt = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}
