/** Those that no others have all inputs of, and more. */
export function mostComplete<Item extends { readonly present: readonly boolean[] }>(items: readonly Item[]): Item[] {
  return items.filter((item) => !items.some((other) => other !== item && isLarger(other.present, item.present)));
}

function isLarger(other: readonly boolean[], present: readonly boolean[]): boolean {
  let more = false;
  for (const [input, has] of present.entries()) {
    if (has && !other[input]) return false;
    if (!has && other[input]) more = true;
  }
  return more;
}
