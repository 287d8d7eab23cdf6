import { canonicalDimension } from './dimension-names.ts';

const SUFFIX = /^([^{}]+)\{(.+)\}$/s;
/** `dimension=value`, each bare or in single quotes with quotes doubled. */
const PAIR = /\s*('(?:[^']|'')+'|[^=,{}']+?)\s*=\s*('(?:[^']|'')+'|[^,{}']+?)\s*(,|$)/sy;

/**
 * A name as imports write it: `PdcpVol{QCI=9,PLMN='450 05'}` is `PdcpVol` with its dimensions, under the names that the
 * catalogue has for them. Null where the name does not end in dimensions.
 */
export function readSelectorSuffix(
  name: string,
): { readonly base: string; readonly dimensions: ReadonlyMap<string, string> } | null {
  const [, base, text] = SUFFIX.exec(name) ?? [];
  if (base === undefined || text === undefined) return null;
  const dimensions = new Map<string, string>();
  PAIR.lastIndex = 0;
  for (;;) {
    const pair = PAIR.exec(text);
    if (pair === null) return null;
    const dimension = canonicalDimension(unquoted(pair[1]));
    if (dimensions.has(dimension)) return null;
    dimensions.set(dimension, unquoted(pair[2]));
    if (pair[3] === '') return { base: base.trim(), dimensions };
  }
}

function unquoted(word: string): string {
  return word.startsWith("'") ? word.slice(1, -1).replaceAll("''", "'") : word;
}
