import type { Unit } from './units.ts';

/** The formulas that a formula may refer to, each with its unit (null: not known). */
export type KnownFormulas = ReadonlyMap<string, Unit | null>;

export const NO_FORMULAS: KnownFormulas = new Map();
