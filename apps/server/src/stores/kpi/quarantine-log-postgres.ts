import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type pg from 'pg';
import { PegboardError } from '../../platform/errors.ts';
import { paged, rowIdOf } from './postgres/pages.ts';
import * as quarantine from './postgres/quarantine-sql.ts';
import { inTransaction } from './postgres/sql.ts';
import type { ContentToKeep, QuarantineLimits, QuarantineLog, Refusal } from './quarantine-log.ts';

/** Of kept content; what one statement carries. */
const PART_BYTES = 2 ** 20;

/** The quarantine in the tables of `0004-quarantine.sql`. */
export function createPostgresQuarantineLog(pool: pg.Pool, limits: QuarantineLimits): QuarantineLog {
  return {
    record: async (refusal, content) => {
      const client = await pool.connect();
      let isBroken = true;
      try {
        await inTransaction(client, () => record(client, refusal, content, limits));
        isBroken = false;
      } finally {
        client.release(isBroken);
      }
    },
    refuseAgain: (id, refusal) => quarantine.updateRefusal(pool, id, refusal),
    list: async ({ limit, cursor }) => {
      const before = cursor === undefined ? null : rowIdOf(cursor);
      return paged(await quarantine.listEntries(pool, { before, limit: limit + 1 }), limit);
    },
    count: () => quarantine.countEntries(pool),
    find: (ids) => quarantine.findEntries(pool, ids),
    search: ({ text, path }, limit) => {
      const sha256Prefix = /^[0-9a-f]{4,64}$/i.test(text) ? text.toLowerCase() : null;
      return quarantine.searchEntries(pool, { text: storable(text), path: storable(path), sha256Prefix }, limit);
    },
    content: (id) => unpackedContent(pool, id),
    settle: async (origins) => {
      if (origins.length > 0) await quarantine.deleteByOrigin(pool, origins);
    },
    discard: (ids) => quarantine.deleteById(pool, ids),
  };
}

/** PostgreSQL takes no NUL; no stored name has one. */
function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').toWellFormed();
}

async function record(
  client: pg.PoolClient,
  refusal: Refusal,
  content: ContentToKeep,
  limits: QuarantineLimits,
): Promise<void> {
  const { id, isKept } = await quarantine.upsertRefusal(client, {
    ...refusal,
    content: content === null ? 'in_place' : 'not_kept',
    contentNote: content !== null && 'note' in content ? content.note : null,
  });
  if (content === null || 'note' in content || isKept) return;
  await client.query('SAVEPOINT content');
  try {
    const packedBytes = await keep(client, id, content.read(), limits);
    await quarantine.setContent(client, id, { state: 'kept', packedBytes });
  } catch (error) {
    if (!(error instanceof NotKept)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT content');
    await quarantine.setContent(client, id, { state: 'not_kept', note: error.message });
  }
}

/** Why content is not kept, for whoever reads the entry. */
class NotKept extends Error {}

async function keep(
  client: pg.PoolClient,
  id: number,
  content: AsyncIterable<Uint8Array>,
  { maxFileBytes, maxTotalBytes }: QuarantineLimits,
): Promise<number> {
  const before = await quarantine.keptBytes(client);
  if (before >= maxTotalBytes) throw full(maxTotalBytes);
  const mostBytes = Math.min(maxFileBytes, maxTotalBytes - before);
  let bytes = 0;
  let part = 0;
  await pipeline(readable(content), createGzip(), async (packed: AsyncIterable<Buffer>) => {
    for await (const piece of inParts(packed)) {
      bytes += piece.length;
      if (bytes > mostBytes) throw bytes > maxFileBytes ? tooLarge(maxFileBytes) : full(maxTotalBytes);
      await quarantine.insertContentPart(client, id, part++, piece);
    }
  });
  if ((await quarantine.lockKeptBytes(client)) + bytes > maxTotalBytes) throw full(maxTotalBytes);
  return bytes;
}

async function* readable(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = content[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await pieces.next().catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw new NotKept(`it could not be read: ${why}`);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.();
  }
}

async function* inParts(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of packed) {
    held.push(chunk);
    bytes += chunk.length;
    if (bytes < PART_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(held);
}

function tooLarge(maxFileBytes: number): NotKept {
  return new NotKept(`packed it has more than ${maxFileBytes} bytes (PEGBOARD_QUARANTINE_MAX_FILE_BYTES)`);
}

function full(maxTotalBytes: number): NotKept {
  return new NotKept(
    `the quarantine holds ${maxTotalBytes} bytes, as many as it may (PEGBOARD_QUARANTINE_MAX_TOTAL_BYTES); discard entries`,
  );
}

function unpackedContent(pool: pg.Pool, id: number): AsyncIterable<Uint8Array> {
  return {
    async *[Symbol.asyncIterator]() {
      const gunzip = createGunzip();
      const unpacking = pipeline(packedParts(pool, id), gunzip);
      // Its failure is met below, by the end of the iteration at the latest.
      unpacking.catch(() => undefined);
      try {
        for await (const chunk of gunzip) yield chunk as Buffer;
        await unpacking;
      } finally {
        gunzip.destroy();
      }
    },
  };
}

async function* packedParts(pool: pg.Pool, id: number): AsyncGenerator<Buffer, void, undefined> {
  for (let part = 0; ; part++) {
    const { isThere, bytes } = await quarantine.contentPart(pool, id, part);
    if (!isThere) throw new PegboardError('NOT_FOUND', `the quarantine has no content of entry ${id} any more`);
    if (bytes === null) return;
    yield bytes;
  }
}
