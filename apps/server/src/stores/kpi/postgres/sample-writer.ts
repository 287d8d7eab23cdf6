import type { MeasurementBlock } from '@pegboard/pm-files';
import type pg from 'pg';
import { copyIn } from '../../../platform/postgres/copy-in.ts';
import type { CommitReport, IngestFileRecord, SampleWriter } from '../kpi-store.ts';
import { SamplesRefusedError } from '../kpi-store.ts';
import { identifyObject } from '../object-class.ts';
import { BlockBuffer, type BufferMark } from './block-buffer.ts';
import { Identities } from './identities.ts';
import * as sql from './sql.ts';

/** A wrong clock must not make ten thousand partitions; a year of daily history in one export may come. */
const MAX_NEW_DAYS_PER_FILE = 400;
/** PostgreSQL's B-tree takes keys up to 2,704 bytes. */
const MAX_NAME_BYTES = 2000;
/** Of a counter, and of its family or class: both are one key. */
const MAX_COUNTER_NAME_BYTES = MAX_NAME_BYTES / 2;
const MAX_ATTEMPTS = 4;
const UNIQUE_VIOLATION = '23505';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';
/** Of the partition bounds: the day was dropped after this writer had seen it. */
const CHECK_VIOLATION = '23514';
const UNDEFINED_TABLE = '42P01';

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
  #spare: BlockBuffer | null = null;
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
    for (const day of this.#unknown(days)) newDays.add(day);
    if (newDays.size > MAX_NEW_DAYS_PER_FILE) throw tooManyDays(newDays.size);
    const buffer = this.#takeBuffer();
    this.#fileMark = this.#buffer.mark();
    if (this.#transaction) await this.#prepareApart(buffer, days);
    else await this.#prepare(client, buffer, days);
    if (!this.#transaction) {
      await client.query('BEGIN');
      await sql.lockWriting(client, 'alone');
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
    // What is added from here on belongs to other files and must not touch this transaction.
    const transaction = this.#transaction;
    this.#transaction = null;
    if (transaction) return this.#commitSpilled(files, buffer, transaction);
    const client = await this.#connected();
    const refused: Refusal[] = [];
    const accepted: EndedFile[] = [];
    for (const file of files) {
      const newDays = this.#unknown(buffer.days(file.from, file.to)).length;
      if (newDays > MAX_NEW_DAYS_PER_FILE) refused.push(refusalOf(file, newDays));
      else accepted.push(file);
    }
    const refusedContents = new Set(refused.map((file) => file.sha256));
    const leftOut = new Set(files.filter((file) => refusedContents.has(file.record.sha256)).map((file) => file.number));
    const days = new Set(accepted.flatMap((file) => [...buffer.days(file.from, file.to)]));
    const written = await this.#retrying(async () => {
      await this.#prepare(client, buffer, days);
      await client.query('BEGIN');
      await sql.lockWriting(client, 'shared');
      return this.#finish(client, accepted, buffer, leftOut);
    });
    this.#recycle(buffer);
    return { ...written, refused };
  }

  async close(): Promise<void> {
    await this.#rollback().catch(() => undefined);
    // The connection may be in any state after an error, and owns the temporary stage: it does not go back to the pool.
    this.#client?.release(true);
    this.#client = null;
  }

  async #commitSpilled(files: EndedFile[], buffer: BlockBuffer, transaction: OpenTransaction): Promise<CommitReport> {
    const client = await this.#connected();
    const days = new Set(files.flatMap((file) => [...buffer.days(file.from, file.to)]));
    const nothing = { insertedBlocks: 0, mergedBlocks: 0, duplicates: [], refused: [] };
    try {
      const newDays = new Set([...transaction.newDays, ...this.#unknown(days)]).size;
      if (newDays > MAX_NEW_DAYS_PER_FILE) {
        await client.query('ROLLBACK');
        return { ...nothing, refused: files.map((file) => refusalOf(file, newDays)) };
      }
      await this.#prepareApart(buffer, days);
      const taken = await sql.takeFiles(
        client,
        files.map((file) => file.record),
      );
      if (taken.size < files.length) {
        await client.query('ROLLBACK');
        return { ...nothing, duplicates: files.map((file) => file.record.sha256) };
      }
      const rest = await this.#write(client, buffer, new Set());
      await client.query('COMMIT');
      return {
        ...nothing,
        insertedBlocks: transaction.inserted + rest.inserted,
        mergedBlocks: transaction.merged + rest.merged,
      };
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
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

  /** `#prepare` on a connection of its own, while that of the writer has a transaction open. */
  async #prepareApart(buffer: BlockBuffer, days: ReadonlySet<number>): Promise<void> {
    const client = await this.#connect();
    try {
      await this.#prepare(client, buffer, days);
    } finally {
      client.release();
    }
  }

  /**
   * Writes blocks inside the open transaction. Most deliveries are new, so they are copied straight into the days;
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
      let inserted = 0;
      for (const { day, rows } of buffer.encodeDays(leftOut)) {
        inserted += await copyIn(client, sql.copyBlocksOfDay(day), rows);
      }
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
        const dayIsGone = hasSqlState(error, CHECK_VIOLATION) || hasSqlState(error, UNDEFINED_TABLE);
        const transient = hasSqlState(error, DEADLOCK_DETECTED) || hasSqlState(error, SERIALIZATION_FAILURE);
        if (!(transient || dayIsGone) || attempt === MAX_ATTEMPTS) throw error;
        if (dayIsGone) this.#knownDays.clear();
      }
    }
  }

  async #connected(): Promise<pg.PoolClient> {
    if (!this.#client) {
      const client = await this.#connect();
      this.#client = client;
      // Copies, and waiting for another writer, may take longer than the pool lets statements take.
      await client.query('SET statement_timeout = 0');
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
    this.#buffer = this.#spare ?? new BlockBuffer(this.#identities);
    this.#spare = null;
    return buffer;
  }

  /** Keeps the memory of a written buffer for the next one. */
  #recycle(buffer: BlockBuffer): void {
    buffer.truncate(0);
    this.#spare = buffer;
  }

  #unknown(days: ReadonlySet<number>): number[] {
    return [...days].filter((day) => !this.#knownDays.has(day));
  }

  #checkNames(block: MeasurementBlock): void {
    checkObjectName(block.ldn);
    if (!this.#checkedNames.has(block.managedElement)) {
      const { name, userLabel, vendor, swVersion } = block.managedElement;
      checkNotEmpty(name, 'network element');
      for (const text of [name, userLabel, vendor, swVersion]) if (text !== null) checkName(text, 'network element');
      this.#checkedNames.add(block.managedElement);
    }
    if (!this.#checkedNames.has(block.layout)) {
      for (const name of block.layout.names) checkCounterName(name, 'counter');
      if (block.layout.family !== null) checkCounterName(block.layout.family, 'family');
      this.#checkedNames.add(block.layout);
    }
  }
}

function checkObjectName(ldn: string): void {
  checkName(ldn, 'measured object');
  if (ldn.length * 3 > MAX_COUNTER_NAME_BYTES)
    checkName(identifyObject(ldn).objectClass, 'class of a measured object', MAX_COUNTER_NAME_BYTES);
}

function checkCounterName(name: string, what: string): void {
  checkNotEmpty(name, what);
  checkName(name, what, MAX_COUNTER_NAME_BYTES);
}

function checkNotEmpty(name: string, what: string): void {
  if (name === '') throw new SamplesRefusedError('name_invalid', `the name of a ${what} is empty`);
}

function checkName(name: string, what: string, maxBytes = MAX_NAME_BYTES): void {
  if (name.length * 3 > maxBytes && Buffer.byteLength(name) > maxBytes) {
    throw new SamplesRefusedError(
      'name_too_long',
      `the name of a ${what} has ${Buffer.byteLength(name)} bytes, at most ${maxBytes} are taken: ${name.slice(0, 60)}…`,
    );
  }
  if (name.includes('\0')) throw new SamplesRefusedError('name_invalid', `the name of a ${what} holds a NUL character`);
  if (!name.isWellFormed())
    throw new SamplesRefusedError('name_invalid', `the name of a ${what} holds half a surrogate pair`);
}

type Refusal = CommitReport['refused'][number];

function refusalOf(file: EndedFile, newDays: number): Refusal {
  const { code, message } = tooManyDays(newDays);
  return { sha256: file.record.sha256, code, message };
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
