/**
 * `npm run bench:formats`: files of every format with the same samples to typed blocks, with all checks, each against what
 * reads the syntax alone in the same run: saxes, JSON.parse, csv-parse, and zlib for what is packed.
 *
 * `--files N` how many of each, `--rounds N`.
 */
import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib';
import { archiveEntries, bufferAccess, readPmBuffer } from '@pegboard/pm-files';
import { parse as parseCsv } from 'csv-parse/sync';
import { SaxesParser } from 'saxes';
import { zipOf } from '../../apps/server/src/features/ingest/testing/zip-file.ts';
import { FORMAT_FILES, nodeSamples, VALUES_A_FILE } from './format-files.ts';
import { option, peakMemoryMb, printHeading, printLine, roundsText, type Timing } from './measure.ts';

const FILES = Number(option('files') ?? 40);
const ROUNDS = Number(option('rounds') ?? 5);
/** Packed are files of this format. */
const PACKED_FORMAT = '3gpp-32.435-xml';

/** What a set of files is read by. */
interface Contest {
  readonly name: string;
  readonly bytes: number;
  readonly reference: string;
  readonly read: () => unknown;
  readonly readByReference: () => unknown;
}

/** Of the numbers read: every format must read the same. */
let checksum = 0;
const checksums = new Set<string>();

function read(content: Uint8Array): void {
  const result = readPmBuffer(
    content,
    ({ values, layout }) => {
      for (let i = 0; i < layout.names.length; i++) checksum += values[i];
    },
    { nowMs: Date.now() },
  );
  if (result.status !== 'ok' || result.counts.numbers !== VALUES_A_FILE) throw new Error(JSON.stringify(result));
}

const REFERENCES: readonly (readonly [of: RegExp, name: string, read: (content: Buffer) => unknown])[] = [
  [/xml$/, 'bare saxes', (content) => new SaxesParser({}).write(content.toString('utf8')).close()],
  [/json$/, 'JSON.parse', (content) => linesOf(content).map((line) => JSON.parse(line))],
  [/^csv/, 'csv-parse', (content) => parseCsv(content)],
];

function linesOf(content: Buffer): string[] {
  return content.toString('utf8').trimEnd().split('\n');
}

function plainContest(name: string, files: readonly Buffer[]): Contest {
  const [, reference, readOne] = REFERENCES.find(([of]) => of.test(name)) ?? REFERENCES[0];
  return {
    name,
    bytes: bytesOf(files),
    reference,
    read: () => files.forEach(read),
    readByReference: () => files.forEach(readOne),
  };
}

function gzipContest(files: readonly Buffer[]): Contest {
  const packed = files.map((file) => gzipSync(file));
  return {
    name: `${PACKED_FORMAT} in gzip`,
    bytes: bytesOf(files),
    reference: 'gunzipSync',
    read: () => packed.forEach(read),
    readByReference: () => packed.map((file) => gunzipSync(file)),
  };
}

async function zipContest(files: readonly Buffer[]): Promise<Contest> {
  const packed = files.map((file) => deflateRawSync(file));
  const archive = bufferAccess(zipOf(Object.fromEntries(files.map((file, i) => [`${i}.xml`, file]))));
  return {
    name: `${PACKED_FORMAT} in a zip archive`,
    bytes: bytesOf(files),
    reference: 'inflateRawSync',
    read: async () => {
      for (const entry of await archiveEntries(archive)) read(await entry.bytes());
    },
    readByReference: () => packed.map((file) => inflateRawSync(file)),
  };
}

function bytesOf(files: readonly Buffer[]): number {
  return files.reduce((sum, { length }) => sum + length, 0);
}

/** Times of the rounds, which take turns, so that the mood of the machine meets both alike. */
interface Result {
  readonly contest: Contest;
  readonly own: Timing;
  readonly reference: Timing;
  /** The middle over the rounds of how many times as fast it is as the reference. */
  readonly ratio: number;
}

async function hold(contest: Contest): Promise<Result> {
  checksum = 0;
  await contest.read();
  await contest.readByReference();
  const own: number[] = [];
  const reference: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    own.push(await msOf(contest.read));
    reference.push(await msOf(contest.readByReference));
  }
  checksums.add((checksum / (ROUNDS + 1)).toFixed(0));
  if (checksums.size > 1) throw new Error(`${contest.name} reads other samples: ${[...checksums].join(', ')}`);
  return {
    contest,
    own: timing(contest.name, own),
    reference: timing(contest.reference, reference),
    ratio: middle(own.map((ms, round) => reference[round] / ms)),
  };
}

async function msOf(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function timing(name: string, rounds: readonly number[]): Timing {
  return { name, rounds, medianMs: middle(rounds) };
}

function print(results: readonly Result[]): void {
  const values = FILES * VALUES_A_FILE;
  printHeading(`bench:formats: ${FILES} files of each format with the same ${VALUES_A_FILE} values, by speed`);
  for (const { contest, ratio } of results) printLine(`${contest.name} / ${contest.reference}`, ratio.toFixed(2));
  for (const { contest, own, reference } of results) {
    const speed = (ms: number) => `${(contest.bytes / ms / 1000).toFixed(0)} MB/s`;
    const rate = `${(values / own.medianMs / 1000).toFixed(2)} M values/s`;
    printLine(contest.name, `${speed(own.medianMs)}, ${rate}; ${roundsText(own)}`);
    printLine(`  ${contest.reference}`, `${speed(reference.medianMs)}; ${roundsText(reference)}`);
  }
  printLine('peak memory of this process', `${peakMemoryMb().toFixed(0)} MB`);
}

async function main(): Promise<void> {
  const samples = Array.from({ length: FILES }, (_, i) => nodeSamples(i));
  const results: Result[] = [];
  for (const [name, write] of Object.entries(FORMAT_FILES)) {
    const files = samples.map((each) => Buffer.from(write(each)));
    results.push(await hold(plainContest(name, files)));
  }
  const packable = samples.map((each) => Buffer.from(FORMAT_FILES[PACKED_FORMAT](each)));
  results.push(await hold(gzipContest(packable)), await hold(await zipContest(packable)));
  print(results);
}

await main();
