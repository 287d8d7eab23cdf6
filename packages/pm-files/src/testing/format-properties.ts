import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ReadOptions } from '../measurement.ts';
import { encoding, encodingOf } from './encoded.ts';
import { contentOf, contentRead, type GeneratedGroup } from './generated-document.ts';
import { mutated } from './mutations.ts';
import { NOW_MS, type ReadOutcome, readChunks, readText } from './read-text.ts';

/** A file written from a document, with what it should be read as. */
export interface GeneratedFile {
  readonly text: string;
  readonly groups: readonly GeneratedGroup[];
}

/** What the properties need to know of a format. */
export interface FormatUnderTest {
  readonly name: string;
  readonly files: fc.Arbitrary<GeneratedFile>;
  readonly options?: Partial<ReadOptions>;
  /** The units of the format in Latin-1 text: tags and texts, fields, brackets. */
  readonly units: RegExp;
  readonly snippets: readonly string[];
  /** What can be put into a file of the format without a change of its meaning, and behind what. */
  readonly filler: { readonly behind: string; readonly text: (length: number) => string };
}

/** The first 64 KiB are gathered before anything is read, so that cuts count only behind them. */
const HEAD_BYTES = 65_536;
const EARLIEST_MS = Date.UTC(1990, 0, 1);
const LATEST_MS = NOW_MS + 48 * 3_600_000;
/** Slots handed on a value of the file, and a block: else small files could make work without measure. */
const SLOTS_A_VALUE = 8;
const SLOTS_A_BLOCK = 64;

/** Tests that hold for the reader of every format. */
export function itReadsAnyFile(format: FormatUnderTest): void {
  const { options = {} } = format;
  const encoded = fc
    .tuple(format.files, encoding)
    .map(([{ text, groups }, encode]) => ({ bytes: encode(text), groups }));
  const changed = mutated(
    encoded.map(({ bytes }) => bytes),
    format.units,
    format.snippets,
  );
  const places = fc.array(fc.nat(), { maxLength: 24 });

  it('reads a file back as it was written', () => {
    fc.assert(
      fc.property(encoded, ({ bytes, groups }) => {
        const outcome = readText(bytes, options);
        expect(outcome.result).toMatchObject({ status: 'ok', format: format.name });
        expect(contentRead(outcome)).toEqual(contentOf(groups));
      }),
    );
  });

  it('takes, skips or refuses whatever a file is changed to, and says why', () => {
    fc.assert(
      fc.property(changed, (bytes) => {
        expectSound(readText(bytes, options), bytes);
      }),
    );
  });

  it('gives the same result however the bytes are cut, packed or not', async () => {
    await fc.assert(
      fc.asyncProperty(changed, places, fc.nat(9), async (bytes, cuts, packed) => {
        const long = filled(bytes, format.filler);
        const isPacked = packed === 0;
        const sizes = sizesOf(cuts, isPacked ? 0 : HEAD_BYTES, long.length);
        const outcome = await readChunks(isPacked ? gzipSync(long) : long, sizes, options);
        expect(outcome).toEqual(readText(long, options));
      }),
    );
  });

  it('takes long runs of anything', () => {
    const run = fc.constantFrom(...' \n"\'<>&(){}[]/,;:.-=09aé', '\0', '\ufeff', ...format.snippets);
    // What takes more than linear time shows at the rare long ones.
    const lengths = fc.oneof({ weight: 40, arbitrary: fc.nat(4000) }, fc.constant(300_000));
    fc.assert(
      fc.property(format.files, fc.nat(), run, lengths, ({ text }, at, piece, length) => {
        const place = at % (text.length + 1);
        const runs = piece.repeat(Math.ceil(length / piece.length));
        const bytes = Buffer.from(text.slice(0, place) + runs + text.slice(place));
        expectSound(readText(bytes, options), bytes);
      }),
    );
  });
}

/** What holds of any result, whatever was read. */
function expectSound({ result, blocks, layouts }: ReadOutcome, bytes: Uint8Array): void {
  if (result.status === 'skipped') {
    expect(result.reason).toMatch(/^no PM file format recognised; .{10,300}$/su);
    return;
  }
  if (result.status === 'rejected') {
    const { code, message, line, column } = result.rejection;
    expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    expect(message.length).toBeGreaterThan(10);
    expect(message.length).toBeLessThan(600);
    if (line !== null) expect(line).toBeLessThanOrEqual(linesIn(bytes));
    expect(Math.min(line ?? 1, column ?? 1)).toBeGreaterThan(0);
  }
  for (const { ne, begin, granularityS, values } of blocks) {
    expect(ne).not.toBe('');
    expect(Number.isInteger(granularityS) && granularityS > 0).toBe(true);
    expect(Date.parse(begin)).toBeGreaterThanOrEqual(EARLIEST_MS);
    expect(Date.parse(begin) + granularityS * 1000).toBeLessThanOrEqual(LATEST_MS);
    expect(Object.values(values).every(Number.isFinite)).toBe(true);
  }
  for (const names of layouts) expect(new Set(names).size).toBe(names.length);
  if (result.status === 'ok') expectCounts(result, blocks, layouts);
}

function expectCounts(
  { counts, period, warnings }: ReadOutcome['result'] & { status: 'ok' },
  blocks: ReadOutcome['blocks'],
  layouts: ReadOutcome['layouts'],
): void {
  const given = blocks.reduce((sum, { values }) => sum + Object.keys(values).length, 0);
  const slots = layouts.reduce((sum, names) => sum + names.length, 0);
  expect(counts.blocks).toBe(blocks.length);
  expect(given).toBeLessThanOrEqual(counts.numbers);
  expect(slots).toBeLessThanOrEqual(SLOTS_A_VALUE * counts.values + SLOTS_A_BLOCK * counts.blocks);
  expect(period === null).toBe(blocks.length === 0);
  for (const { code, message, count } of warnings) {
    expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
    expect(message.length).toBeLessThan(600);
    expect(count).toBeGreaterThan(0);
  }
}

function linesIn(bytes: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').split('\n').length;
}

/** Sizes of the parts between cuts at these places behind `from`. */
function sizesOf(cuts: readonly number[], from: number, length: number): readonly number[] {
  const places = cuts.map((cut) => from + 1 + (cut % Math.max(1, length - from))).sort((a, b) => a - b);
  const sizes = places.map((place, i) => place - (places[i - 1] ?? 0)).filter((size) => size > 0);
  return [...sizes, length];
}

function filled(bytes: Buffer, { behind, text }: FormatUnderTest['filler']): Buffer {
  const encode = encodingOf(bytes);
  const found = bytes.indexOf(encode(behind));
  const at = found < 0 ? 0 : found + encode(behind).length;
  return Buffer.concat([bytes.subarray(0, at), encode(text(HEAD_BYTES)), bytes.subarray(at)]);
}
