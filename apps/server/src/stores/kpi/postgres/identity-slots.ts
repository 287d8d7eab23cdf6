import type { CounterLayout } from '@pegboard/pm-files';
import type { ObjectIdentity } from '../object-class.ts';

/** A managed element as a writer knows it; `id` 0 until the store has given one. */
export interface NeSlot {
  id: number;
  readonly name: string;
  userLabel: string | null;
  vendor: string | null;
  swVersion: string | null;
  readonly objects: Map<string, ObjectSlot>;
  /** The file that brought it, and the one that said something new of it last. */
  readonly file: number;
  changedBy: number;
}

/** A measured object as a writer knows it. */
export interface ObjectSlot {
  id: number;
  readonly ne: NeSlot;
  readonly ldn: string;
  readonly identity: ObjectIdentity;
  readonly objectClass: ClassSlot;
  readonly file: number;
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
  readonly file: number;
  /** The file that brought it was dropped: it is not to be used any more. */
  isDropped: boolean;
}

export interface ClassSlot {
  readonly name: string;
  /** By family and name. */
  readonly places: Map<string, { readonly groupId: number; readonly place: number }>;
  readonly plansByLayout: WeakMap<CounterLayout, LayoutPlan>;
  readonly plansByContent: Map<string, LayoutPlan>;
}

export const pegKey = (family: string, name: string): string => `${family}\0${name}`;
