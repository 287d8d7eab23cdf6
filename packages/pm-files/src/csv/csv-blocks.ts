import type { CounterLayout } from '../measurement.ts';

/** A counter sequence, as a path from the root: rows of the same shape share layouts. */
export interface LayoutNode {
  readonly name: string;
  readonly parent: LayoutNode | null;
  readonly length: number;
  readonly children: Map<string, LayoutNode | number>;
  /** Name → place of the sequence up to here, and perhaps of one that goes on from here. */
  readonly places: Map<string, number>;
  layout: CounterLayout | null;
  /** For who counts nodes. */
  isCounted: boolean;
}

/** The beginning of all counter sequences of a family. */
export function rootNode(): LayoutNode {
  return { name: '', parent: null, length: 0, children: new Map(), places: new Map(), layout: null, isCounted: false };
}

/** The next node of a sequence; or, where the counter is in it already, its place. */
export function nextNode(node: LayoutNode, name: string): LayoutNode | number {
  const known = node.children.get(name);
  if (known !== undefined) return known;
  const place = node.places.get(name) ?? node.length;
  const next = place < node.length ? place : extended(node, name);
  node.children.set(name, next);
  return next;
}

/** The layout of a sequence. */
export function layoutOf(node: LayoutNode, family: string | null): CounterLayout {
  if (node.layout !== null) return node.layout;
  const names = new Array<string>(node.length);
  for (let at: LayoutNode | null = node; at !== null && at.length > 0; at = at.parent) names[at.length - 1] = at.name;
  node.layout = { family, names };
  return node.layout;
}

/** The first sequence that goes on from a node shares its places; a branch begins places of its own. */
function extended(node: LayoutNode, name: string): LayoutNode {
  const places = node.places.size === node.length ? node.places : placesOf(node);
  places.set(name, node.length);
  return { name, parent: node, length: node.length + 1, children: new Map(), places, layout: null, isCounted: false };
}

function placesOf(node: LayoutNode): Map<string, number> {
  const places = new Map<string, number>();
  for (let at: LayoutNode | null = node; at !== null && at.length > 0; at = at.parent)
    places.set(at.name, at.length - 1);
  return places;
}
