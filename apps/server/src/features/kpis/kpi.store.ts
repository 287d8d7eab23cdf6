import type { Polarity } from '@pegboard/comparison';

/** A KPI that an administrator defined, or what one changed of a KPI of the catalogue. Null: as the catalogue has it. */
export interface StoredKpi {
  readonly name: string;
  readonly formula: string | null;
  /** Of the formula, from 1; 0 while there is none. */
  readonly version: number;
  /** When the formula of this version was set, ms since the epoch. */
  readonly effectiveFromMs: number | null;
  readonly unit: string | null;
  readonly rat: string | null;
  readonly category: string | null;
  readonly polarity: Polarity | null;
  readonly weight: number | null;
  readonly critical: boolean | null;
  /** By effect scale. */
  readonly thresholds: Readonly<Record<string, number>> | null;
  readonly description: string | null;
}

/** Keys that are absent stay as they are; null goes back to the catalogue's. */
export type StoredKpiUpdate = Partial<Omit<StoredKpi, 'name' | 'version' | 'effectiveFromMs'>>;

/** The KPIs of administrators. */
export interface KpiDefinitionStore {
  /** All, by name. */
  list(): Promise<readonly StoredKpi[]>;
  /** Creates or changes one. Another formula than before gets the next version, counted on even behind a removal. */
  put(name: string, update: StoredKpiUpdate, nowMs: number): Promise<StoredKpi>;
  /** False: there was none. The versions of its formula stay known. */
  remove(name: string): Promise<boolean>;
}
