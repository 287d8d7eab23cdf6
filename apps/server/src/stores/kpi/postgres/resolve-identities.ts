import type pg from 'pg';
import { identifyObject } from '../object-class.ts';
import {
  type ClassSlot,
  type GroupTarget,
  type LayoutPlan,
  type NeSlot,
  type ObjectSlot,
  pegKey,
} from './identity-slots.ts';
import * as sql from './sql.ts';

/** Values in a group: a row then stays below the 2 kB at which PostgreSQL moves it out of line. */
const MAX_GROUP_SIZE = 240;

/** Gives ids to managed elements. @param seen whether the files that bring them are certain to be taken */
export async function resolveNes(client: pg.ClientBase, nes: readonly NeSlot[], seen: boolean): Promise<sql.GivenId[]> {
  const givenByName = await sql.upsertNetworkElements(client, nes, seen);
  return nes.map((ne) => {
    const given = required(givenByName.get(ne.name), `network element ${ne.name}`);
    ne.id = given.id;
    return given;
  });
}

/** Gives ids to measured objects, whose managed elements have theirs. */
export async function resolveObjects(
  client: pg.ClientBase,
  objects: readonly ObjectSlot[],
  seen: boolean,
): Promise<sql.GivenId[]> {
  const identified = objects.map((o) => ({ neId: o.ne.id, ldn: o.ldn, ...o.identity }));
  const givenByKey = await sql.insertMeasuredObjects(client, identified, seen);
  return objects.map((object) => {
    const given = required(givenByKey.get(`${object.ne.id}\0${object.ldn}`), `object ${object.ldn}`);
    object.id = given.id;
    return given;
  });
}

/** A PEG, and the class and key of its place. */
export interface PlacedPeg {
  readonly given: sql.GivenId;
  readonly objectClass: ClassSlot;
  readonly key: string;
}

/** Gives places to the counters of plans; returns those that had none in their class as it was known. */
export async function resolvePlans(
  client: pg.ClientBase,
  plans: readonly LayoutPlan[],
  seen: boolean,
): Promise<PlacedPeg[]> {
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
  const placed: PlacedPeg[] = [];
  for (const [objectClass, pegs] of wanting) {
    const givenByKey = await sql.insertPegs(client, [...pegs.values()], seen);
    const ids = new Map([...givenByKey].map(([key, { id }]) => [key, id]));
    await assignPlaces(client, objectClass, ids);
    for (const [key, given] of givenByKey) placed.push({ given, objectClass, key });
  }
  for (const plan of plans) plan.targets = targetsOf(plan);
  return placed;
}

async function assignPlaces(
  client: pg.ClientBase,
  objectClass: ClassSlot,
  idByKey: ReadonlyMap<string, number>,
): Promise<void> {
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

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the store gave no id to ${what}`);
  return value;
}
