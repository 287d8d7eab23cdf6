import type { Granularities } from './granularity.ts';

/** How far an import has come. Times are ms of the clock of the source. */
export interface ImportProgress {
  /** Begin of what was read; null: all that there was. */
  readonly readFromMs: number | null;
  /** End of what was read, exclusive. */
  readonly readToMs: number;
  readonly granularities: Granularities;
  /** Over all runs. */
  readonly rows: number;
  readonly values: number;
}

/** One source and the options that decide what samples come out of it. */
export interface ImportIdentity {
  /** SHA-256 in hex. */
  readonly id: string;
  /** For people; holds no password. */
  readonly source: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ImportProgressStore {
  read(id: string): Promise<ImportProgress | null>;
  save(identity: ImportIdentity, progress: ImportProgress): Promise<void>;
}
