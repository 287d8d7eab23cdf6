import { createHash, randomBytes } from 'node:crypto';
import type { CounterLayout, MeasurementBlock } from '@pegboard/pm-files';
import type { CommitReport, IngestFileRecord, KpiStore, SampleSelection, SampleWriter } from '../kpi-store.ts';
import type { Refusal, RefusalError } from '../quarantine-log.ts';

/** An open store with nothing in it, and how to end it. */
export interface OpenedStore {
  readonly store: KpiStore;
  close(): Promise<void>;
}
export type OpenStore = () => Promise<OpenedStore>;

export const T0 = Date.parse('2025-08-07T00:00:00Z');
export const QUARTER_MS = 900_000;
export const DAY_MS = 86_400_000;
/** All time. */
export const ALWAYS = { fromMs: Date.UTC(1990, 0, 1), toMs: Date.UTC(2100, 0, 1) } as const;

/** A block by its names; what is left out: NE1, NRCellDU=20, `T0`, 900 s, not suspect. Null is a missing value. */
export interface TestBlock {
  readonly ne?: string;
  readonly ldn?: string;
  readonly family?: string;
  readonly beginMs?: number;
  readonly granularityS?: number;
  readonly suspect?: boolean;
  readonly values: Readonly<Record<string, number | null>>;
}

export interface TestFile {
  readonly blocks: readonly TestBlock[];
  /** Default: of nothing else. */
  readonly content?: string;
  /** Sends to the store what was collected after each so many blocks. */
  readonly spillEvery?: number;
  readonly settles?: readonly string[];
}

export function sha256Of(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The row of the ingest log of a file; `content` as in `TestFile`. */
export function fileRecord(change: Partial<IngestFileRecord> & { content?: string } = {}): IngestFileRecord {
  const { content = randomBytes(8).toString('hex'), ...rest } = change;
  return {
    sha256: sha256Of(content),
    name: 'A20250807.0000+0000-0015+0000_NE1.xml',
    format: 'ts-32.435',
    sender: null,
    swVersion: null,
    periodBeginMs: null,
    periodEndMs: null,
    values: 0,
    numbers: 0,
    warnings: [],
    settles: [],
    ...rest,
  };
}

/** A refused file at a path; `content` as in `TestFile`, `error` in part. */
export function refusal(
  change: Partial<Omit<Refusal, 'error'>> & { content?: string; error?: Partial<RefusalError> } = {},
): Refusal {
  const { content = randomBytes(8).toString('hex'), error, ...rest } = change;
  const path = `/pm/${content}.xml`;
  return {
    origin: sha256Of(path),
    sha256: sha256Of(content),
    name: `pm/${content}.xml`,
    format: '3gpp-32.435-xml',
    error: {
      code: 'not_well_formed',
      message: 'the tag is not closed',
      hint: null,
      line: null,
      column: null,
      ...error,
    },
    source: { kind: 'path', path, entry: null },
    options: { ne: null, cell: null, timeZone: 'UTC' },
    ...rest,
  };
}

export function toBlock(block: TestBlock, layouts = new Map<string, CounterLayout>()): MeasurementBlock {
  const { ne = 'NE1', ldn = 'NRCellDU=20', family = null, beginMs = T0, granularityS = 900, suspect = false } = block;
  const names = Object.keys(block.values);
  const key = JSON.stringify([family, names]);
  const layout = layouts.get(key) ?? { family, names };
  layouts.set(key, layout);
  return {
    managedElement: { name: ne, userLabel: null, swVersion: null, vendor: null },
    ldn,
    layout,
    beginMs,
    granularityS,
    suspect,
    values: Float64Array.from(names, (name) => block.values[name] ?? Number.NaN),
  };
}

/** Adds a whole file to a writer. */
export async function addFile(
  writer: SampleWriter,
  { blocks, content, spillEvery, settles = [] }: TestFile,
): Promise<void> {
  const layouts = new Map<string, CounterLayout>();
  writer.beginFile();
  for (const [index, block] of blocks.entries()) {
    writer.add(toBlock(block, layouts));
    if (spillEvery !== undefined && (index + 1) % spillEvery === 0) await writer.spill();
  }
  writer.endFile(fileRecord({ settles, ...(content !== undefined && { content }) }));
}

/** Delivers files as one batch. */
export async function deliver(store: KpiStore, ...files: readonly TestFile[]): Promise<CommitReport> {
  const writer = store.openWriter();
  try {
    for (const file of files) await addFile(writer, file);
    return await writer.commit();
  } finally {
    await writer.close();
  }
}

/** A block as read back, with its names; only the values that are there. */
export interface ReadBlock {
  readonly ne: string;
  readonly ldn: string;
  readonly beginMs: number;
  readonly granularityS: number;
  readonly suspect: boolean;
  readonly values: Readonly<Record<string, number>>;
}

/** The selected blocks as the scan gives them; PEG names without their family. Without selection: all, in order of objects. */
export async function readBlocks(store: KpiStore, selection: Partial<SampleSelection> = {}): Promise<ReadBlock[]> {
  const objects = new Map((await store.measuredObjects()).map((object) => [object.id, object]));
  const names = new Map((await store.pegs()).map((peg) => [peg.id, peg.name]));
  const found: ReadBlock[] = [];
  await store.scan({ objectIds: null, pegIds: null, interval: ALWAYS, order: 'object', ...selection }, (block) => {
    const values: Record<string, number> = {};
    for (let i = 0; i < block.length; i++) {
      const value = block.values[i];
      if (!Number.isNaN(value)) values[names.get(block.pegIds[i]) ?? '?'] = value;
    }
    const { ne, ldn } = objects.get(block.objectId) ?? { ne: '?', ldn: '?' };
    const { beginMs, granularityS, suspect } = block;
    found.push({ ne, ldn, beginMs, granularityS, suspect, values });
  });
  return found;
}

/** All samples by `ne|ldn|begin|granularity|peg`. */
export async function readSamples(store: KpiStore, selection: Partial<SampleSelection> = {}) {
  const samples = new Map<string, number>();
  for (const { ne, ldn, beginMs, granularityS, values } of await readBlocks(store, selection)) {
    for (const [peg, value] of Object.entries(values)) {
      samples.set(sampleKey({ ne, ldn, beginMs, granularityS }, peg), value);
    }
  }
  return samples;
}

export function sampleKey(
  { ne = 'NE1', ldn = 'NRCellDU=20', beginMs = T0, granularityS = 900 }: Omit<TestBlock, 'values'>,
  peg: string,
): string {
  return `${ne}|${ldn}|${new Date(beginMs).toISOString()}|${granularityS}|${peg}`;
}

/** `count` counters `prefix0`, `prefix1` … with values from 1. */
export function counters(prefix: string, count: number, from = 0): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${from + i}`, from + i + 1]));
}
