import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CompareDocument, compareRequest } from '@pegboard/contracts';
import { z } from 'zod';
import { systemClock } from '../../platform/clock.ts';
import { PegboardError } from '../../platform/errors.ts';
import { makeFolder } from '../../platform/make-folder.ts';
import { utcText } from '../../platform/utc-text.ts';
import type { KpiStore } from '../../stores/kpi/kpi-store.ts';
import type { CompareService } from '../compare/compare.service.ts';
import { demoNetworkOptions } from '../generate/demo-network.ts';
import type { NetworkOptions } from '../generate/network-options.ts';
import { writeNetwork } from '../generate/write-network.ts';
import { findFiles } from '../ingest/find-files.ts';
import type { IngestService } from '../ingest/ingest.service.ts';

const DAY_MS = 86_400_000;
const FILES_FOLDER = 'files';
const MARK_FILE = 'demo.json';

/** Marks a data folder as the demo's; `loaded` once all of its network is in the store. */
const markSchema = z.object({ generated_by: z.literal('pegboard demo'), start_ms: z.number(), loaded: z.boolean() });

export interface DemoDependencies {
  readonly config: { readonly dataDir: string };
  readonly services: { readonly store: KpiStore; readonly ingest: IngestService; readonly compare: CompareService };
  readonly signal: AbortSignal;
  /** Told what goes on, for people. */
  readonly note: (text: string) => void;
  /** The network to load, given the time of the first start. Default: the demo network. */
  readonly network?: (clock: () => number) => NetworkOptions;
}

export interface Demo {
  readonly periods: { readonly nMinus1: string; readonly n: string };
  readonly comparison: CompareDocument;
  readonly filesFolder: string;
}

/**
 * Generates and loads the demo network where that has not been done yet, and compares its two weeks.
 * @throws PegboardError CONFLICT where the store has data that is not the demo's
 */
export async function loadDemo({
  config,
  services,
  signal,
  note,
  network = demoNetworkOptions,
}: DemoDependencies): Promise<Demo> {
  const { store, ingest, compare } = services;
  const filesFolder = join(config.dataDir, FILES_FOLDER);
  const markPath = join(config.dataDir, MARK_FILE);
  const mark = (await readMark(markPath)) ?? (await newMark(store, markPath));
  // The clock stands at the first start: a later one finds the same network.
  const options = network(() => mark.start_ms);
  if (!mark.loaded) {
    const { nes, cells, pegs, days } = options;
    note(`generating a demo network: ${nes} NEs × ${cells} cells × ${pegs} PEGs × ${days} days …`);
    await makeFolder(config.dataDir, 0o700);
    await writeNetwork(filesFolder, options, { force: true, signal });
    note('loading its PM files …');
    const inputs = await findFiles([filesFolder]);
    const { totals, elapsed_ms } = await ingest.ingestPaths(inputs, { mayDescribePegs: true, signal });
    note(
      `${totals.ok} files with ${totals.values.toLocaleString('en')} values loaded in ${(elapsed_ms / 1000).toFixed(1)} s`,
    );
    await writeMark(markPath, { ...mark, loaded: true });
  }
  const middleMs = options.startMs + (options.days / 2) * DAY_MS;
  const endMs = options.startMs + options.days * DAY_MS;
  const periods = { nMinus1: intervalText(options.startMs, middleMs), n: intervalText(middleMs, endMs) };
  const request = compareRequest.parse({ n_minus_1: periods.nMinus1, n: periods.n });
  const comparison = await compare.compare(request, { maxSeries: Number.POSITIVE_INFINITY, signal });
  if (comparison.algorithm_version !== 'v2.1.0') throw new Error('the demo shows results of v2.1.0');
  return { periods, comparison, filesFolder };
}

async function readMark(path: string): Promise<z.infer<typeof markSchema> | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : markSchema.parse(JSON.parse(text));
}

async function newMark(store: KpiStore, path: string): Promise<z.infer<typeof markSchema>> {
  if ((await store.extent()) !== null || (await store.networkElements()).length > 0) {
    throw new PegboardError(
      'CONFLICT',
      'the data folder holds data that is not of the demo; generated data is not mixed with it',
      {
        hint: 'Choose another folder with --data-dir, or leave --demo out.',
      },
    );
  }
  const mark = { generated_by: 'pegboard demo', start_ms: systemClock.nowMs(), loaded: false } as const;
  await writeMark(path, mark);
  return mark;
}

async function writeMark(path: string, mark: z.infer<typeof markSchema>): Promise<void> {
  const part = `${path}.part`;
  await writeFile(part, `${JSON.stringify(mark)}\n`);
  await rename(part, path).finally(() => rm(part, { force: true }));
}

function intervalText(fromMs: number, toMs: number): string {
  return `${utcText(fromMs)}/${utcText(toMs)}`;
}
