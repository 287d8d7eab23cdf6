import type { NetworkChange } from './changes.ts';
import { GenerateError } from './generate-error.ts';
import { MAX_PEGS } from './select-counters.ts';
import { SECONDS_PER_DAY } from './traffic.ts';

const OUTPUT_FORMATS = ['32.435', 'csv'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** All that the bytes of a generated network depend on. */
export interface NetworkOptions {
  readonly nes: number;
  /** Cells an NE. */
  readonly cells: number;
  /** PEGs a cell. */
  readonly pegs: number;
  readonly days: number;
  /** Begin of the first granularity period, ms since the epoch. */
  readonly startMs: number;
  readonly granularityS: number;
  /** Integer; values, traffic and gaps are a function of it and of names and times. */
  readonly seed: number;
  readonly format: OutputFormat;
  readonly changes: readonly NetworkChange[];
  /** Share of granularity periods in which an object is absent. */
  readonly missingFraction: number;
  /** Share of the reported periods of an object that are marked suspect. */
  readonly suspectFraction: number;
  /** Whether each NE also reports an object that is no cell, with three counters (32.435 only). */
  readonly nodeObjects: boolean;
}

export type NetworkOptionsInput = Partial<NetworkOptions> & Pick<NetworkOptions, 'nes' | 'cells' | 'pegs' | 'days'>;

/** Values of one NE and day that are held in memory at once. */
const MAX_VALUES_PER_NE_DAY = 20_000_000;
const MAX_NES = 10_000;
const MAX_CELLS_PER_NE = 10_000;
const MAX_DAYS = 3_660;
/** Years 1990 to 2100: what a PM file may say. */
const EARLIEST_MS = Date.UTC(1990, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);

/**
 * Fills in defaults and checks everything.
 *
 * @param clock now, ms since the epoch: without `startMs` the data ends at the last midnight UTC
 * @throws GenerateError `bad_option` naming the option and its bounds
 */
export function networkOptions(input: NetworkOptionsInput, clock: () => number): NetworkOptions {
  const days = inRange('days', input.days, 1, MAX_DAYS);
  const granularityS = inRange('granularity', input.granularityS ?? 900, 10, SECONDS_PER_DAY);
  if (SECONDS_PER_DAY % granularityS !== 0) {
    throw badOption(`granularity ${granularityS} s does not divide a day`, 'Use e.g. 5m, 15m, 30m or 1h.');
  }
  const dayMs = SECONDS_PER_DAY * 1000;
  const startMs = input.startMs ?? (Math.floor(clock() / dayMs) - days) * dayMs;
  if (!Number.isInteger(startMs) || startMs < EARLIEST_MS || startMs + days * dayMs > LATEST_MS) {
    throw badOption('start is no time between 1990 and 2100', 'Give start as a date, e.g. 2025-08-01.');
  }
  if (startMs % (granularityS * 1000) !== 0) {
    throw badOption(
      `start ${new Date(startMs).toISOString()} is not on a boundary of ${granularityS} s`,
      'Begin at midnight, or at a full granularity period.',
    );
  }
  const options: NetworkOptions = {
    nes: inRange('nes', input.nes, 1, MAX_NES),
    cells: inRange('cells', input.cells, 1, MAX_CELLS_PER_NE),
    pegs: inRange('pegs', input.pegs, 1, MAX_PEGS),
    days,
    startMs,
    granularityS,
    seed: inRange('seed', input.seed ?? 1, 0, 0xffff_ffff),
    format: input.format ?? '32.435',
    changes: input.changes ?? [],
    missingFraction: fraction('missing', input.missingFraction ?? 0.001),
    suspectFraction: fraction('suspect', input.suspectFraction ?? 0.0005),
    nodeObjects: input.nodeObjects ?? true,
  };
  if (!OUTPUT_FORMATS.includes(options.format)) {
    throw badOption(`format "${options.format}" is unknown`, `Use ${OUTPUT_FORMATS.join(' or ')}.`);
  }
  const perDay = options.cells * options.pegs * (SECONDS_PER_DAY / granularityS);
  if (perDay > MAX_VALUES_PER_NE_DAY) {
    throw badOption(
      `${options.cells} cells × ${options.pegs} PEGs are ${perDay} values a day in one NE, the limit is ${MAX_VALUES_PER_NE_DAY}`,
      'Spread the cells over more NEs, or use fewer PEGs or a longer granularity.',
    );
  }
  return options;
}

function inRange(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw badOption(`${name} is ${value}`, `Give a whole number from ${min} to ${max}.`);
}

function fraction(name: string, value: number): number {
  if (value >= 0 && value <= 0.9) return value;
  throw badOption(`${name} is ${value}`, 'Give a share from 0 to 0.9.');
}

function badOption(message: string, hint: string): GenerateError {
  return new GenerateError('bad_option', message, hint);
}
