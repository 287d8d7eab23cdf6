import type { Formula } from './ast.ts';
import { type FormulaError, formulaError, type Span } from './formula-error.ts';
import { walk } from './formula-names.ts';

/** Formulas on formulas on formulas: more than a person keeps apart, and few enough for the call stack. */
const MAX_REFERENCE_DEPTH = 50;

/** A message names so many formulas of a circle; `names` has them all. */
const SHOWN_OF_CIRCLE = 12;

interface OrderedFormulas {
  /** Each after those that it refers to; formulas with an error of their own are among them. */
  readonly ordered: readonly string[];
  /** Members of circles, and what is too deep. */
  readonly errors: ReadonlyMap<string, FormulaError>;
}

/** A formula on the way down: its references, and which of them comes next. */
interface Visit {
  readonly name: string;
  readonly references: readonly { readonly name: string; readonly span: Span }[];
  next: number;
  depth: number;
}

/** Orders formulas by their references, without recursion: a chain may be as long as the list. */
export function orderFormulas(formulas: ReadonlyMap<string, Formula>): OrderedFormulas {
  const depths = new Map<string, number>();
  const ordered: string[] = [];
  const errors = new Map<string, FormulaError>();
  const path: Visit[] = [];
  const onPath = new Set<string>();

  const enter = (name: string, formula: Formula) => {
    path.push({ name, references: referencesOf(formula, formulas), next: 0, depth: 0 });
    onPath.add(name);
  };

  const leave = (visit: Visit) => {
    path.pop();
    onPath.delete(visit.name);
    depths.set(visit.name, visit.depth);
    ordered.push(visit.name);
    const parent = path.at(-1);
    if (parent !== undefined) parent.depth = Math.max(parent.depth, visit.depth + 1);
  };

  const circle = (visit: Visit, back: string) => {
    const from = path.findIndex((each) => each.name === back);
    const members = path.slice(from).filter(({ name }) => !errors.has(name));
    // Where formulas all refer to one another, there are many more circles than formulas.
    if (members.length === 0) return;
    const names = [...path.slice(from).map((each) => each.name), back];
    const way = describeCircle(names);
    for (const member of members) {
      const at = member.references[member === visit ? visit.next : member.next - 1];
      const { text } = formulas.get(member.name) ?? { text: '' };
      const message = `"${member.name}" refers to itself: ${way}`;
      errors.set(member.name, formulaError('cycle', message, text, at.span, { names }));
    }
  };

  for (const [start, formula] of formulas) {
    if (depths.has(start)) continue;
    enter(start, formula);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const reference = visit.references[visit.next];
      if (reference === undefined) {
        const { text } = formulas.get(visit.name) ?? { text: '' };
        if (visit.depth > MAX_REFERENCE_DEPTH && !errors.has(visit.name)) {
          const message = `"${visit.name}" stands on more than ${MAX_REFERENCE_DEPTH} levels of formulas`;
          errors.set(visit.name, formulaError('too_deep', message, text, { start: 0, end: text.length }));
        }
        leave(visit);
        continue;
      }
      if (onPath.has(reference.name)) circle(visit, reference.name);
      const known = depths.get(reference.name);
      if (known !== undefined) visit.depth = Math.max(visit.depth, known + 1);
      visit.next++;
      const next = formulas.get(reference.name);
      if (next !== undefined && known === undefined && !onPath.has(reference.name)) enter(reference.name, next);
    }
  }
  return { ordered, errors };
}

function describeCircle(names: readonly string[]): string {
  const left = names.length - SHOWN_OF_CIRCLE;
  if (left <= 1) return names.join(' → ');
  const shown = [...names.slice(0, SHOWN_OF_CIRCLE - 1), `… ${left} more …`, ...names.slice(-1)];
  return shown.join(' → ');
}

function referencesOf(formula: Formula, formulas: ReadonlyMap<string, Formula>): Visit['references'] {
  const references = new Map<string, Span>();
  walk(formula.root, (node) => {
    if (node.kind === 'name' && formulas.has(node.name) && !references.has(node.name)) {
      references.set(node.name, node.span);
    }
  });
  return [...references].map(([name, span]) => ({ name, span }));
}
