import { matchesGlob, suggest } from '@pegboard/names';

/** A glob over names whose alternatives `|` separates; the whole name has to match, letter case counts. */
export function compileGlob(glob: string): (name: string) => boolean {
  const alternatives = glob.split('|');
  return (name) => alternatives.some((pattern) => matchesGlob(pattern, name));
}

const MAX_EXAMPLES = 3;

/** Names to show to a person whose name or glob stands for none: those it looks like, else any. */
export function exampleNames(wanted: string, names: readonly string[]): readonly string[] {
  const near = suggest(wanted.replaceAll(/[*?|]/g, ''), names, MAX_EXAMPLES);
  return near.length > 0 ? near : names.slice(0, MAX_EXAMPLES);
}
