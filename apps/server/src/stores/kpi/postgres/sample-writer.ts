import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MeasurementBlock } from '@pegboard/pm-files';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CommitReport, IngestFileRecord, SampleWriter } from '../kpi-store.ts';
import { SamplesRefusedError } from '../kpi-store.ts';
import { BlockBuffer, type BufferMark } from './block-buffer.ts';
import { Identities } from './identities.ts';
import * as sql from './sql.ts';

/** A wrong clock must not make ten thousand partitions; a year of daily history in one export may come. */
const MAX_NEW_DAYS_PER_FILE = 400;
/** PostgreSQL's B-tree takes keys up to 2,704 bytes. */
const MAX_NAME_BYTES = 2000;
const MAX_ATTEMPTS = 4;
const UNIQUE_VIOLATION = '23505';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

interface EndedFile {
  readonly number: number;
  readonly record: IngestFileRecord;
  readonly from: BufferMark;
  readonly to: BufferMark;
}

/** A transaction that a large file has opened by `spill`; it stays open until `commit` or `dropFile`. */
interface OpenTransaction {
  inserted: number;
  merged: number;
  readonly newDays: Set<number>;
}

export class PostgresSampleWriter implements SampleWriter {
  readonly #connect: () => Promise<pg.PoolClient>;
  readonly #identities = new Identities();
  readonly #checkedNames = new WeakSet<object>();
  #client: pg.PoolClient | null = null;
  #knownDays = new Set<number>();
  #buffer = new BlockBuffer(this.#identities);
  #ended: EndedFile[] = [];
  #fileNumber = 0;
  #fileMark: BufferMark | null = null;
  #transaction: OpenTransaction | null = null;

  constructor(connect: () => Promise<pg.PoolClient>) {
    this.#connect = connect;
  }

  get pendingNumbers(): number {
    return this.#buffer.numbers;
  }

  beginFile(): void {
    if (this.#fileMark !== null) throw new Error('a file is open already');
    this.#fileNumber++;
    this.#fileMark = this.#buffer.mark();
  }

  add(block: MeasurementBlock): void {
    if (this.#fileMark === null) throw new Error('no file is open');
    this.#checkNames(block);
    this.#buffer.add(block, this.#fileNumber);
  }

  async spill(): Promise<void> {
    const mark = this.#fileMark;
    if (mark === null) throw new Error('no file is open');
    if (this.#ended.length > 0) throw new Error('commit the ended files before a file is spilled');
    const client = await this.#connected();
    const days = this.#buffer.days(mark, this.#buffer.mark());
    const newDays = this.#transaction?.newDays ?? new Set();
    for (const day of days) if (!this.#knownDays.has(day)) newDays.add(day);
    if (newDays.size > MAX_NEW_DAYS_PER_FILE) throw tooManyDays(newDays.size);
    const buffer = this.#takeBuffer();
    this.#fileMark = this.#buffer.mark();
    const preparing = this.#transaction === null ? client : await this.#connect();
    try {
      await this.#prepare(preparing, buffer, days);
    } finally {
      if (preparing !== client) preparing.release();
    }
    if (!this.#transaction) {
      await client.query('BEGIN');
      this.#transaction = { inserted: 0, merged: 0, newDays };
    }
    const { inserted, merged } = await this.#write(client, buffer, new Set());
    this.#transaction.inserted += inserted;
    this.#transaction.merged += merged;
  }

  endFile(record: IngestFileRecord): void {
    if (this.#fileMark === null) throw new Error('no file is open');
    this.#ended.push({ number: this.#fileNumber, record, from: this.#fileMark, to: this.#buffer.mark() });
    this.#fileMark = null;
  }

  async dropFile(): Promise<void> {
    if (this.#fileMark === null) return;
    this.#buffer.truncate(this.#fileMark);
    this.#fileMark = null;
    await this.#rollback();
  }

  async commit(): Promise<CommitReport> {
    if (this.#fileMark !== null) throw new Error('a file is open');
    const files = this.#ended;
    this.#ended = [];
    const buffer = this.#takeBuffer();
    if (files.length === 0) return { insertedBlocks: 0, mergedBlocks: 0, duplicates: [], refused: [] };
    if (this.#transaction) return this.#commitSpilled(files, buffer);
    const client = await this.#connected();
    const refused = files.filter((file) => this.#newDays(buffer, file).size > MAX_NEW_DAYS_PER_FILE);
    const accepted = files.filter((file) => !refused.includes(file));
    const days = new Set(accepted.flatMap((file) => [...buffer.days(file.from, file.to)]));
    await this.#prepare(client, buffer, days);
    const written = await this.#retrying(async () => {
      await client.query('BEGIN');
      return this.#finish(client, accepted, buffer, new Set(refused.map((file) => file.number)));
    });
    return {
      ...written,
      refused: refused.map((file) => {
        const { code, message } = tooManyDays(this.#newDays(buffer, file).size);
        return { sha256: file.record.sha256, code, message };
      }),
    };
  }

  async close(): Promise<void> {
    await this.#rollback().catch(() => undefined);
    // The connection may be in any state after an error, and owns the temporary stage: it does not go back to the pool.
    this.#client?.release(true);
    this.#client = null;
  }

  async #commitSpilled(files: EndedFile[], buffer: BlockBuffer): Promise<CommitReport> {
    const client = await this.#connected();
    const { inserted, merged } = this.#transaction ?? { inserted: 0, merged: 0 };
    const preparing = await this.#connect();
    try {
      const days = new Set(files.flatMap((file) => [...buffer.days(file.from, file.to)]));
      await this.#prepare(preparing, buffer, days);
    } finally {
      preparing.release();
    }
    try {
      const taken = await sql.takeFiles(
        client,
        files.map((file) => file.record),
      );
      if (taken.size < files.length) {
        await this.#rollback();
        return { insertedBlocks: 0, mergedBlocks: 0, duplicates: files.map((file) => file.record.sha256), refused: [] };
      }
      const rest = await this.#write(client, buffer, new Set());
      await client.query('COMMIT');
      this.#transaction = null;
      return {
        insertedBlocks: inserted + rest.inserted,
        mergedBlocks: merged + rest.merged,
        duplicates: [],
        refused: [],
      };
    } catch (error) {
      await this.#rollback().catch(() => undefined);
      throw error;
    }
  }

  /** Inside a transaction: the rows of the ingest log, the blocks, and COMMIT. */
  async #finish(
    client: pg.PoolClient,
    files: EndedFile[],
    buffer: BlockBuffer,
    refused: ReadonlySet<number>,
  ): Promise<Omit<CommitReport, 'refused'>> {
    const taken = await sql.takeFiles(
      client,
      files.map((file) => file.record),
    );
    const duplicates = files.filter((file) => !taken.has(file.record.sha256));
    const leftOut = new Set([...refused, ...duplicates.map((file) => file.number)]);
    const { inserted, merged } = await this.#write(client, buffer, leftOut);
    await client.query('COMMIT');
    return { insertedBlocks: inserted, mergedBlocks: merged, duplicates: duplicates.map((file) => file.record.sha256) };
  }

  /** Makes identities and partitions, each committed at once: they are the same for everybody and never taken back. */
  async #prepare(client: pg.PoolClient, buffer: BlockBuffer, days: ReadonlySet<number>): Promise<void> {
    if (buffer.mark() === 0) return;
    await this.#identities.resolve(client);
    for (const day of days) {
      if (this.#knownDays.has(day)) continue;
      await sql.createPartition(client, day);
      this.#knownDays.add(day);
    }
  }

  /**
   * Writes blocks inside the open transaction. Most deliveries are new, so they are copied straight into the table;
   * where one meets a stored block the copy is undone and all go by the stage, which merges.
   */
  async #write(
    client: pg.PoolClient,
    buffer: BlockBuffer,
    leftOut: ReadonlySet<number>,
  ): Promise<{ inserted: number; merged: number }> {
    if (buffer.mark() === 0) return { inserted: 0, merged: 0 };
    await client.query('SAVEPOINT blocks');
    try {
      const inserted = await copyIn(client, sql.COPY_BLOCKS, buffer.encode(leftOut));
      await client.query('RELEASE SAVEPOINT blocks');
      return { inserted, merged: 0 };
    } catch (error) {
      if (!hasSqlState(error, UNIQUE_VIOLATION)) throw error;
    }
    await client.query('ROLLBACK TO SAVEPOINT blocks');
    await copyIn(client, sql.COPY_STAGED_BLOCKS, buffer.encode(leftOut));
    return sql.mergeStage(client);
  }

  async #retrying<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        await this.#client?.query('ROLLBACK').catch(() => undefined);
        const transient = hasSqlState(error, DEADLOCK_DETECTED) || hasSqlState(error, SERIALIZATION_FAILURE);
        if (!transient || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #connected(): Promise<pg.PoolClient> {
    if (!this.#client) {
      const client = await this.#connect();
      this.#client = client;
      await sql.createStage(client);
      this.#knownDays = new Set(await sql.partitionDays(client));
    }
    return this.#client;
  }

  async #rollback(): Promise<void> {
    if (!this.#transaction) return;
    this.#transaction = null;
    await this.#client?.query('ROLLBACK');
  }

  #takeBuffer(): BlockBuffer {
    const buffer = this.#buffer;
    this.#buffer = new BlockBuffer(this.#identities);
    return buffer;
  }

  #newDays(buffer: BlockBuffer, file: EndedFile): Set<number> {
    return new Set([...buffer.days(file.from, file.to)].filter((day) => !this.#knownDays.has(day)));
  }

  #checkNames(block: MeasurementBlock): void {
    checkName(block.ldn, 'measured object');
    if (!this.#checkedNames.has(block.managedElement)) {
      const { name, userLabel, vendor, swVersion } = block.managedElement;
      for (const text of [name, userLabel, vendor, swVersion]) if (text !== null) checkName(text, 'network element');
      this.#checkedNames.add(block.managedElement);
    }
    if (!this.#checkedNames.has(block.layout)) {
      for (const name of block.layout.names) checkName(name, 'counter');
      if (block.layout.family !== null) checkName(block.layout.family, 'family');
      this.#checkedNames.add(block.layout);
    }
  }
}

async function copyIn(client: pg.PoolClient, statement: string, pieces: Iterable<Buffer>): Promise<number> {
  const stream = client.query(copyFrom(statement));
  await pipeline(Readable.from(pieces, { objectMode: false, highWaterMark: 1 << 20 }), stream);
  return stream.rowCount;
}

function checkName(name: string, what: string): void {
  if (name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new SamplesRefusedError(
      'name_too_long',
      `the name of a ${what} has ${Buffer.byteLength(name)} bytes, at most ${MAX_NAME_BYTES} are taken: ${name.slice(0, 60)}…`,
    );
  }
  if (name.includes('\0')) throw new SamplesRefusedError('name_invalid', `the name of a ${what} holds a NUL character`);
}

function tooManyDays(days: number): SamplesRefusedError {
  return new SamplesRefusedError(
    'too_many_days',
    `the file brings samples of ${days} days that the store does not have yet, at most ${MAX_NEW_DAYS_PER_FILE} are taken from one file; check the clock, or split the file`,
  );
}

function hasSqlState(error: unknown, state: string): boolean {
  return error instanceof Error && 'code' in error && error.code === state;
}
