import { CATALOGUE } from '@pegboard/kpi-catalogue';
import type pg from 'pg';
import { copyOut } from '../../platform/postgres/copy-out.ts';
import type { KpiStore, PegMetadata, SampleSelection, SampleWriter, StoredBlock, TimeInterval } from './kpi-store.ts';
import { identifyObject } from './object-class.ts';
import { BlockDecoder, type DecodedBlock, type ValuesFormat } from './postgres/block-decoder.ts';
import { paged, rowIdOf } from './postgres/pages.ts';
import { PostgresSampleWriter } from './postgres/sample-writer.ts';
import { type ScanPlan, scanPlan } from './postgres/scan.ts';
import * as sql from './postgres/sql.ts';
import { DEFAULT_QUARANTINE_LIMITS } from './quarantine-log.ts';
import { createPostgresQuarantineLog } from './quarantine-log-postgres.ts';

const DAY_MS = 86_400_000;

/** The KPI store in PostgreSQL ≥ 15 with the tables of `platform/postgres/migrations`. */
export function createPostgresKpiStore(pool: pg.Pool, quarantineLimits = DEFAULT_QUARANTINE_LIMITS): KpiStore {
  let format: ValuesFormat | null = null;
  const valuesFormat = async (client: pg.PoolClient): Promise<ValuesFormat> => {
    format ??= (await sql.canSendRaw(client)) ? 'raw' : 'elements';
    return format;
  };
  return {
    openWriter: (): SampleWriter => new PostgresSampleWriter(() => pool.connect()),
    knownFiles: (sha256) => sql.knownFiles(pool, sha256),
    quarantine: createPostgresQuarantineLog(pool, quarantineLimits),
    listFiles: async ({ status, limit, cursor }) => {
      const before = cursor === undefined ? null : rowIdOf(cursor);
      return paged(await sql.listFiles(pool, { status: status ?? null, before, limit: limit + 1 }), limit);
    },
    networkElements: () => sql.networkElements(pool),
    measuredObjects: () => sql.measuredObjects(pool),
    pegs: () => sql.pegs(pool),
    describePegs: (pegs) => describePegs(pool, pegs),
    scan: (selection, visit, signal) => scan(pool, valuesFormat, selection, visit, signal),
    extent: () => extent(pool),
    dropDaysBefore: (timeMs) => dropDaysBefore(pool, timeMs),
    ping: async () => {
      await pool.query('SELECT FROM pegboard.pm_block LIMIT 0');
    },
  };
}

/** Loads what the shipped catalogue says of the PEGs that are stored, where that has not been done. */
export async function loadShippedCatalogue(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await sql.loadCatalogue(client, CATALOGUE.version);
  } finally {
    client.release();
  }
}

/** All of them or none. Of several descriptions of one PEG the later ones add to the earlier. */
async function describePegs(pool: pg.Pool, pegs: readonly PegMetadata[]): Promise<number> {
  const merged = new Map<string, PegMetadata & { rat: string | null }>();
  for (const peg of pegs) {
    const key = `${peg.family}\0${peg.name}`;
    merged.set(key, { ...merged.get(key), ...peg, rat: identifyObject(`${peg.family}=`).rat });
  }
  const client = await pool.connect();
  try {
    return await sql.inTransaction(client, () => sql.describePegs(client, [...merged.values()]));
  } finally {
    client.release();
  }
}

async function scan(
  pool: pg.Pool,
  valuesFormat: (client: pg.PoolClient) => Promise<ValuesFormat>,
  selection: SampleSelection,
  visit: (block: StoredBlock) => void,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const client = await pool.connect();
  let failed = true;
  try {
    const format = await valuesFormat(client);
    const plan = scanPlan(await sql.counterGroups(client), selection, format);
    if (plan) {
      const decoder = new BlockDecoder(format, blockVisitor(plan, visit));
      await copyOut(client, plan.statement, decoder.message, { signal });
      if (!decoder.complete) throw new Error('the store ended its answer in the middle of a block');
    }
    failed = false;
  } finally {
    // After an error the server may still be sending: the connection is closed, which ends the statement.
    client.release(failed);
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Hands on the PEGs asked for of each row, in one reused block. */
function blockVisitor(plan: ScanPlan, visit: (block: StoredBlock) => void): (row: DecodedBlock) => void {
  let picked = new Float64Array(256);
  const block: Mutable<StoredBlock> = {
    objectId: 0,
    pegIds: new Int32Array(0),
    beginMs: 0,
    granularityS: 0,
    suspect: false,
    values: picked,
    length: 0,
  };
  return (row) => {
    const group = plan.groups.get(row.groupId);
    // A group that was made after the statement began has no PEG that was asked for.
    if (!group) return;
    const { pegIds, places } = group;
    block.objectId = row.objectId;
    block.pegIds = pegIds;
    block.beginMs = row.beginMs;
    block.granularityS = row.granularityS;
    block.suspect = row.suspect;
    block.values = row.values;
    block.length = Math.min(row.length, pegIds.length);
    if (places) {
      if (picked.length < places.length) picked = new Float64Array(places.length);
      for (let i = 0; i < places.length; i++) {
        const place = places[i] as number;
        picked[i] = place < row.length ? (row.values[place] as number) : Number.NaN;
      }
      block.values = picked;
      block.length = places.length;
    }
    visit(block);
  };
}

async function extent(pool: pg.Pool): Promise<TimeInterval | null> {
  const days = await sql.partitionDays(pool);
  const first = await firstWithSamples(pool, days);
  if (!first) return null;
  const last = (await firstWithSamples(pool, [...days].reverse())) ?? first;
  return { fromMs: first.fromMs, toMs: last.toMs };
}

async function firstWithSamples(pool: pg.Pool, days: readonly number[]): Promise<TimeInterval | null> {
  for (const day of days) {
    const found = await sql.dayExtent(pool, day);
    if (found) return found;
  }
  return null;
}

async function dropDaysBefore(pool: pg.Pool, timeMs: number): Promise<readonly string[]> {
  const dropped: string[] = [];
  for (const day of await sql.partitionDays(pool)) {
    if ((day + 1) * DAY_MS > timeMs) break;
    await sql.dropPartition(pool, day);
    dropped.push(new Date(day * DAY_MS).toISOString().slice(0, 10));
  }
  return dropped;
}
