import type { CounterLayout, ManagedElement } from '@pegboard/pm-files';
import type pg from 'pg';
import { identifyObject } from '../object-class.ts';
import type { ClassSlot, LayoutPlan, NeSlot, ObjectSlot } from './identity-slots.ts';
import { type PlacedPeg, resolveNes, resolveObjects, resolvePlans } from './resolve-identities.ts';
import * as sql from './sql.ts';

/** What no file has been taken of yet: to be marked as seen when the file that is being tried is. */
interface Unseen {
  readonly table: 'network_element' | 'measured_object' | 'peg';
  readonly given: sql.GivenId;
  readonly file: number;
}

/** What a file has brought first. */
interface Brought {
  readonly file: number;
  readonly nes: NeSlot[];
  readonly objects: ObjectSlot[];
  readonly plans: LayoutPlan[];
  /** Of PEGs that are unseen. */
  readonly places: PlacedPeg[];
}

const nothingOf = (file: number): Brought => ({ file, nes: [], objects: [], plans: [], places: [] });
const contentKey = (family: string, names: readonly string[]): string => `${family}\0${names.join('\0')}`;

/**
 * Knows which ids the store has given to managed elements, measured objects, PEGs and their places. What it knows never
 * becomes wrong, since ids and places are never changed: it can only be incomplete, and asks the store then. Names that only
 * dropped files bring are not given to the store, or, where a large file has given them already, stay unseen.
 */
export class Identities {
  readonly #nes = new Map<string, NeSlot>();
  readonly #classes = new Map<string, ClassSlot>();
  #newObjects: ObjectSlot[] = [];
  #changedNes = new Set<NeSlot>();
  #newPlans: LayoutPlan[] = [];
  #unseen: Unseen[] = [];
  #lastElement: ManagedElement | null = null;
  #lastNe: NeSlot | null = null;
  #open: Brought = nothingOf(0);

  /** Files are numbered in their order. */
  beginFile(number: number): void {
    this.#open = nothingOf(number);
  }

  /** Forgets what the open file has brought first: whoever brings it next tells the store anew. */
  dropFile(): void {
    const { file, nes, objects, plans, places } = this.#open;
    for (const ne of nes) this.#nes.delete(ne.name);
    for (const object of objects) object.ne.objects.delete(object.ldn);
    for (const plan of plans) {
      plan.isDropped = true;
      plan.objectClass.plansByContent.delete(contentKey(plan.family, plan.names));
    }
    for (const { objectClass, key } of places) objectClass.places.delete(key);
    const isKept = (brought: { readonly file: number }) => brought.file < file;
    this.#changedNes = new Set([...this.#changedNes].filter(isKept));
    this.#newObjects = this.#newObjects.filter(isKept);
    this.#newPlans = this.#newPlans.filter(isKept);
    this.#unseen = this.#unseen.filter(isKept);
    this.#lastElement = null;
    this.#open = nothingOf(file);
  }

  object(element: ManagedElement, ldn: string): ObjectSlot {
    const ne = this.#ne(element);
    const known = ne.objects.get(ldn);
    if (known) return known;
    const identity = identifyObject(ldn);
    const objectClass = this.#class(identity.objectClass);
    const slot: ObjectSlot = { id: 0, ne, ldn, identity, objectClass, file: this.#open.file };
    ne.objects.set(ldn, slot);
    this.#newObjects.push(slot);
    this.#open.objects.push(slot);
    return slot;
  }

  plan(object: ObjectSlot, layout: CounterLayout): LayoutPlan {
    const { objectClass } = object;
    const known = objectClass.plansByLayout.get(layout);
    if (known && !known.isDropped) return known;
    const family = layout.family ?? objectClass.name;
    const content = contentKey(family, layout.names);
    let plan = objectClass.plansByContent.get(content);
    if (!plan) {
      plan = { objectClass, family, names: layout.names, targets: [], file: this.#open.file, isDropped: false };
      objectClass.plansByContent.set(content, plan);
      this.#newPlans.push(plan);
      this.#open.plans.push(plan);
    }
    objectClass.plansByLayout.set(layout, plan);
    return plan;
  }

  /**
   * Gives ids and places to all that the files up to a number have brought and that has none yet, in short transactions of
   * its own. After an error all that was to be resolved waits for the next call.
   * @param isTried whether the file, the open one or the last, may still be refused: what it brings first is unseen until
   * `confirm`
   */
  async resolve(client: pg.ClientBase, throughFile: number, isTried: boolean): Promise<void> {
    const isDue = ({ file }: { readonly file: number }) => file <= throughFile;
    const isNeDue = (ne: NeSlot) => isDue(ne) && (ne.id === 0 || ne.changedBy <= throughFile);
    const [nes, laterNes] = split([...this.#changedNes], isNeDue);
    const [objects, laterObjects] = split(this.#newObjects, isDue);
    const [plans, laterPlans] = split(this.#newPlans, isDue);
    this.#changedNes = new Set(laterNes);
    this.#newObjects = laterObjects;
    this.#newPlans = laterPlans;
    try {
      if (nes.length > 0) this.#learn('network_element', await resolveNes(client, nes, !isTried), throughFile);
      if (objects.length > 0)
        this.#learn('measured_object', await resolveObjects(client, objects, !isTried), throughFile);
      if (plans.length > 0) this.#learnPegs(await resolvePlans(client, plans, !isTried), throughFile);
    } catch (error) {
      this.#changedNes = new Set([...nes, ...this.#changedNes]);
      this.#newObjects = [...objects, ...this.#newObjects];
      this.#newPlans = [...plans, ...this.#newPlans];
      throw error;
    }
  }

  /** Inside the transaction that takes the files: what they brought first is seen from then on. */
  async confirm(client: pg.ClientBase): Promise<void> {
    for (const table of ['network_element', 'measured_object', 'peg'] as const) {
      const given = this.#unseen.filter((unseen) => unseen.table === table).map((unseen) => unseen.given);
      await sql.markSeen(client, table, given);
    }
  }

  /** That transaction is committed. */
  confirmed(): void {
    this.#unseen = [];
  }

  #learn(table: Unseen['table'], given: readonly sql.GivenId[], file: number): void {
    for (const one of given) if (!one.seen) this.#unseen.push({ table, given: one, file });
  }

  #learnPegs(placed: readonly PlacedPeg[], file: number): void {
    const unseen = placed.filter(({ given }) => !given.seen);
    this.#learn(
      'peg',
      unseen.map(({ given }) => given),
      file,
    );
    if (file === this.#open.file) this.#open.places.push(...unseen);
  }

  #ne(element: ManagedElement): NeSlot {
    if (element === this.#lastElement && this.#lastNe) return this.#lastNe;
    let slot = this.#nes.get(element.name);
    if (!slot) {
      const { name, userLabel, vendor, swVersion } = element;
      const { file } = this.#open;
      slot = { id: 0, name, userLabel, vendor, swVersion, objects: new Map(), file, changedBy: file };
      this.#nes.set(name, slot);
      this.#open.nes.push(slot);
      this.#changedNes.add(slot);
    } else if (
      isNews(slot.userLabel, element.userLabel) ||
      isNews(slot.vendor, element.vendor) ||
      isNews(slot.swVersion, element.swVersion)
    ) {
      slot.userLabel = element.userLabel ?? slot.userLabel;
      slot.vendor = element.vendor ?? slot.vendor;
      slot.swVersion = element.swVersion ?? slot.swVersion;
      slot.changedBy = this.#open.file;
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

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

function isNews(known: string | null, said: string | null): boolean {
  return said !== null && said !== known;
}
