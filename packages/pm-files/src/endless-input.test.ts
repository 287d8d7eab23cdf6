import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

/** A few times 16 MiB, the longest text of an element, and 64 MiB, the largest JSON document. */
const MOST_TAKEN_MEGABYTES = 70;
/** Of the whole process, for all inputs one after another; each alone takes 90 to 400. */
const MOST_MEMORY_MEGABYTES = 800;

interface Reading {
  readonly name: string;
  readonly code: string;
  /** Taken of the input before it was refused. */
  readonly megabytes: number;
  readonly peakMegabytes: number;
}

const readings = new Map<string, Reading>();

/** In a process of its own, whose memory is that of the reading. */
beforeAll(async () => {
  const script = fileURLToPath(new URL('./testing/endless-input.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
  let output = '';
  for await (const part of child.stdout.setEncoding('utf8')) output += part;
  for (const line of output.trim().split('\n')) {
    const reading: Reading = JSON.parse(line);
    readings.set(reading.name, reading);
  }
}, 180_000);

describe('input without end is refused before much of it is read, within bounds of memory', () => {
  it.each([
    ['an attribute', 'tag_too_long', 3],
    ['attributes', 'tag_too_long', 3],
    ['a tag name', 'tag_too_long', 3],
    ['a processing instruction', 'tag_too_long', 3],
    ['nested elements', 'too_deep', 1],
    ['a text', 'text_too_long', 40],
    ['a vector', 'text_too_long', 40],
    ['a comment', 'text_too_long', 40],
    ['a CDATA section', 'text_too_long', 40],
    ['a document type', 'text_too_long', 40],
    ['white space', 'text_too_long', 40],
    ['counters', 'too_many_counters', 40],
    ['counter lists', 'too_many_counters', 20],
    ['objects', 'too_many_objects', 25],
    ['a row', 'row_too_long', 2],
    ['a quoted field', 'row_too_long', 2],
    ['columns', 'row_too_long', 2],
    ['PEGs', 'too_many_counters', 5],
    ['cells', 'too_many_objects', 25],
    ['a JSON text', 'document_too_large', MOST_TAKEN_MEGABYTES],
    ['JSON arrays', 'document_too_large', 10],
    ['nested JSON', 'too_deep', 1],
    ['what gzip packs well', 'gzip_bomb', 30],
  ])('%s: %s', (name, code, megabytes) => {
    const reading = readings.get(name);
    expect(reading?.code).toBe(code);
    expect(reading?.megabytes).toBeLessThan(megabytes);
    expect(reading?.peakMegabytes).toBeLessThan(MOST_MEMORY_MEGABYTES);
  });
});
