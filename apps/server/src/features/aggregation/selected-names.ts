import {
  type DimensionSelector,
  type Formula,
  formatReference,
  type NameNode,
  parseFormula,
  replaceNames,
} from '@pegboard/formula';
import { canonicalDimension } from '@pegboard/kpi-catalogue';

/** `L07{QCI=9}`, `PdcpVol{QCI=*}`: a KPI or counter, and which of its sub-counters are meant. */
export interface SelectedName {
  readonly base: string;
  readonly selectors: readonly DimensionSelector[];
}

const SELECTED = /^(.+?)\s*(\{.*\})$/s;

/** Null: the name selects nothing. Text: it means to, and what is wrong with it. */
export function readSelectedName(name: string): SelectedName | string | null {
  const [, base, braces] = SELECTED.exec(name) ?? [];
  if (base === undefined || braces === undefined) return null;
  const parsed = parseFormula(`x${braces}`);
  if (parsed.status === 'error') return parsed.errors[0].message;
  const { root } = parsed.formula;
  if (root.kind !== 'name') return null;
  const isQuoted = base.length > 2 && base.startsWith("'") && base.endsWith("'");
  return { base: isQuoted ? base.slice(1, -1).replaceAll("''", "'") : base, selectors: canonical(root).selectors };
}

/** The selectors as a formula writes them: `{QCI=9, PLMN=*}`. */
export function selectorText(selectors: readonly DimensionSelector[]): string {
  return formatReference({ name: 'x', selectors }).slice(1);
}

/**
 * A reference with selectors added: they narrow `{D=*}`. Null where it is already of another value of one of the
 * dimensions, which leaves nothing to select.
 */
export function withSelectors(name: NameNode, selectors: readonly DimensionSelector[]): NameNode | null {
  const all = new Map(name.selectors.map((selector) => [selector.dimension, selector.value]));
  for (const { dimension, value } of selectors) {
    const own = all.get(dimension) ?? null;
    if (own !== null && value !== null && own !== value) return null;
    all.set(dimension, own ?? value);
  }
  return { ...name, selectors: [...all].map(([dimension, value]) => ({ dimension, value })) };
}

/** The formula with the catalogue's names of dimensions: `{slice=1}` is `{SNSSAI=1}`. */
export function withCanonicalDimensions({ text, root }: Formula): Formula {
  return { text, root: replaceNames(root, (name) => (name.selectors.length === 0 ? null : canonical(name))) };
}

function canonical(name: NameNode): NameNode {
  const selectors = name.selectors.map(({ dimension, value }) => ({ dimension: canonicalDimension(dimension), value }));
  return { ...name, selectors };
}
