import type { CounterLayout, ManagedElement } from '@pegboard/pm-files';
import type pg from 'pg';
import { identifyObject, type ObjectIdentity } from '../object-class.ts';
import * as sql from './sql.ts';

/** A managed element as a writer knows it; `id` 0 until the store has given one. */
interface NeSlot {
  id: number;
  readonly name: string;
  userLabel: string | null;
  vendor: string | null;
  swVersion: string | null;
  readonly objects: Map<string, ObjectSlot>;
}

/** A measured object as a writer knows it. */
export interface ObjectSlot {
  id: number;
  readonly ne: NeSlot;
  readonly ldn: string;
  readonly identity: ObjectIdentity;
  readonly objectClass: ClassSlot;
}

/** Which values of a layout go to which places of one counter group. */
export interface GroupTarget {
  readonly groupId: number;
  /** Places used: one more than the largest destination. */
  readonly width: number;
  /** Index in the layout → index in the group, as parallel arrays. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** How the values of one layout are stored for one object class. */
export interface LayoutPlan {
  readonly objectClass: ClassSlot;
  readonly family: string;
  readonly names: readonly string[];
  /** Empty until resolved. */
  targets: readonly GroupTarget[];
}

interface ClassSlot {
  readonly name: string;
  /** By family and name. */
  readonly places: Map<string, { readonly groupId: number; readonly place: number }>;
  readonly plansByLayout: WeakMap<CounterLayout, LayoutPlan>;
  readonly plansByContent: Map<string, LayoutPlan>;
}

/** Values in a group: a row then stays below the 2 kB at which PostgreSQL moves it out of line. */
const MAX_GROUP_SIZE = 240;

const pegKey = (family: string, name: string): string => `${family}\0${name}`;

/**
 * Knows which ids the store has given to managed elements, measured objects, PEGs and their places. What it knows never
 * becomes wrong, since ids and places are never changed: it can only be incomplete, and asks the store then.
 */
export class Identities {
  readonly #nes = new Map<string, NeSlot>();
  readonly #classes = new Map<string, ClassSlot>();
  #newObjects: ObjectSlot[] = [];
  #changedNes = new Set<NeSlot>();
  #newPlans: LayoutPlan[] = [];
  #lastElement: ManagedElement | null = null;
  #lastNe: NeSlot | null = null;

  object(element: ManagedElement, ldn: string): ObjectSlot {
    const ne = this.#ne(element);
    const known = ne.objects.get(ldn);
    if (known) return known;
    const identity = identifyObject(ldn);
    const slot: ObjectSlot = { id: 0, ne, ldn, identity, objectClass: this.#class(identity.objectClass) };
    ne.objects.set(ldn, slot);
    this.#newObjects.push(slot);
    return slot;
  }

  plan(object: ObjectSlot, layout: CounterLayout): LayoutPlan {
    const { objectClass } = object;
    const known = objectClass.plansByLayout.get(layout);
    if (known) return known;
    const family = layout.family ?? objectClass.name;
    const content = `${family}\0${layout.names.join('\0')}`;
    let plan = objectClass.plansByContent.get(content);
    if (!plan) {
      plan = { objectClass, family, names: layout.names, targets: [] };
      objectClass.plansByContent.set(content, plan);
      this.#newPlans.push(plan);
    }
    objectClass.plansByLayout.set(layout, plan);
    return plan;
  }

  /**
   * Gives ids and places to all that has none yet, in short transactions of its own. What is added meanwhile waits for
   * the next call; after an error all that was to be resolved waits too.
   */
  async resolve(client: pg.ClientBase): Promise<void> {
    const nes = [...this.#changedNes];
    const objects = this.#newObjects;
    const plans = this.#newPlans;
    this.#changedNes = new Set();
    this.#newObjects = [];
    this.#newPlans = [];
    try {
      if (nes.length > 0) await resolveNes(client, nes);
      if (objects.length > 0) await resolveObjects(client, objects);
      if (plans.length > 0) await resolvePlans(client, plans);
    } catch (error) {
      this.#changedNes = new Set([...nes, ...this.#changedNes]);
      this.#newObjects = [...objects, ...this.#newObjects];
      this.#newPlans = [...plans, ...this.#newPlans];
      throw error;
    }
  }

  #ne(element: ManagedElement): NeSlot {
    if (element === this.#lastElement && this.#lastNe) return this.#lastNe;
    let slot = this.#nes.get(element.name);
    if (!slot) {
      const { name, userLabel, vendor, swVersion } = element;
      slot = { id: 0, name, userLabel, vendor, swVersion, objects: new Map() };
      this.#nes.set(name, slot);
      this.#changedNes.add(slot);
    } else if (
      isNews(slot.userLabel, element.userLabel) ||
      isNews(slot.vendor, element.vendor) ||
      isNews(slot.swVersion, element.swVersion)
    ) {
      slot.userLabel = element.userLabel ?? slot.userLabel;
      slot.vendor = element.vendor ?? slot.vendor;
      slot.swVersion = element.swVersion ?? slot.swVersion;
      this.#changedNes.add(slot);
    }
    this.#lastElement = element;
    this.#lastNe = slot;
    return slot;
  }

  #class(name: string): ClassSlot {
    let slot = this.#classes.get(name);
    if (!slot) {
      slot = { name, places: new Map(), plansByLayout: new WeakMap(), plansByContent: new Map() };
      this.#classes.set(name, slot);
    }
    return slot;
  }
}

async function resolveNes(client: pg.ClientBase, nes: readonly NeSlot[]): Promise<void> {
  const idByName = await sql.upsertNetworkElements(client, nes);
  for (const ne of nes) ne.id = required(idByName.get(ne.name), `network element ${ne.name}`);
}

async function resolveObjects(client: pg.ClientBase, objects: readonly ObjectSlot[]): Promise<void> {
  const ids = await sql.insertMeasuredObjects(
    client,
    objects.map((o) => ({ neId: o.ne.id, ldn: o.ldn, ...o.identity })),
  );
  for (const object of objects) object.id = required(ids.get(`${object.ne.id}\0${object.ldn}`), `object ${object.ldn}`);
}

async function resolvePlans(client: pg.ClientBase, plans: readonly LayoutPlan[]): Promise<void> {
  const wanting = new Map<ClassSlot, Map<string, { family: string; name: string; rat: string | null }>>();
  for (const plan of plans) {
    const { objectClass, family } = plan;
    const { rat } = identifyObject(`${objectClass.name}=`);
    for (const name of plan.names) {
      const key = pegKey(family, name);
      if (objectClass.places.has(key)) continue;
      const wanted = wanting.get(objectClass) ?? new Map();
      wanting.set(objectClass, wanted.set(key, { family, name, rat }));
    }
  }
  for (const [objectClass, pegs] of wanting) await assignPlaces(client, objectClass, [...pegs.values()]);
  for (const plan of plans) plan.targets = targetsOf(plan);
}

async function assignPlaces(
  client: pg.ClientBase,
  objectClass: ClassSlot,
  pegs: { family: string; name: string; rat: string | null }[],
): Promise<void> {
  const idByKey = await sql.insertPegs(client, pegs);
  await sql.withGroupsLocked(client, objectClass.name, async (groups) => {
    const placed = new Set(groups.flatMap((group) => group.pegIds));
    const missing = [...new Set(idByKey.values())].filter((id) => !placed.has(id));
    let last = groups.at(-1);
    while (missing.length > 0) {
      const room = last ? MAX_GROUP_SIZE - last.pegIds.length : 0;
      if (last && room > 0) {
        const added = missing.splice(0, room);
        last.pegIds.push(...added);
        await sql.extendCounterGroup(client, last.id, added);
      } else {
        last = { id: await sql.insertCounterGroup(client, objectClass.name), pegIds: [] };
        groups.push(last);
      }
    }
    const placeById = new Map<number, { groupId: number; place: number }>();
    for (const { id: groupId, pegIds } of groups) {
      for (const [place, id] of pegIds.entries()) placeById.set(id, { groupId, place });
    }
    for (const [key, id] of idByKey) objectClass.places.set(key, required(placeById.get(id), `counter ${key}`));
  });
}

function targetsOf(plan: LayoutPlan): GroupTarget[] {
  const byGroup = new Map<number, { from: number[]; to: number[] }>();
  plan.names.forEach((name, index) => {
    const { groupId, place } = required(plan.objectClass.places.get(pegKey(plan.family, name)), `counter ${name}`);
    const target = byGroup.get(groupId) ?? { from: [], to: [] };
    target.from.push(index);
    target.to.push(place);
    byGroup.set(groupId, target);
  });
  return [...byGroup].map(([groupId, { from, to }]) => ({
    groupId,
    width: to.reduce((widest, place) => Math.max(widest, place + 1), 0),
    from: Int32Array.from(from),
    to: Int32Array.from(to),
  }));
}

function isNews(known: string | null, said: string | null): boolean {
  return said !== null && said !== known;
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the store gave no id to ${what}`);
  return value;
}
