/** Reads the inputs below, which have no end, and prints a line of JSON for each. Run as a process of its own. */
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { readPmFile } from '../read-pm-file.ts';
import { NOW_MS } from './read-text.ts';

const PIECE_BYTES = 1 << 16;
const XML = '<measCollecFile><fileHeader/><measData><managedElement localDn="n"/><measInfo>';
const PERIOD = '<granPeriod duration="PT900S" endTime="2026-11-20T00:15:00Z"/>';
const VALUE = `${XML}${PERIOD}<measTypes>a</measTypes><measValue measObjLdn="A">`;
const CSV = 'time,ne,cell,peg,value\n';
const JSON_START = '{"perf3gppFields":';

type Part = string | ((i: number) => string);

/** What begins the input, and what then comes without end. */
const INPUTS: Readonly<Record<string, readonly [start: string, part: Part]>> = {
  'an attribute': [`${XML}<job a="`, 'x'],
  attributes: [`${XML}<job `, (i) => `a${i}="" `],
  'a tag name': [`${XML}<`, 'x'],
  'a text': [`${VALUE}<r p="1">`, '1'],
  'a vector': [`${VALUE}<r p="1">`, '1,'],
  'a comment': [XML, 'x'],
  'a CDATA section': [`${VALUE}<r p="1"><![CDATA[`, 'x'],
  'a processing instruction': [`${XML}<?pi `, 'x'],
  'a document type': ['<!DOCTYPE measCollecFile SYSTEM "', 'x'],
  'white space': [XML, ' '],
  'nested elements': [XML, '<a>'],
  counters: [XML, (i) => `<measType p="${i}">counter.${i}</measType>`],
  'counter lists': [
    XML,
    (i) =>
      `${PERIOD}<measType p="1">c${i}</measType><measValue measObjLdn="A"><r p="1">1</r></measValue></measInfo><measInfo>`,
  ],
  objects: [
    `${XML}${PERIOD}<measTypes>a</measTypes>`,
    (i) => `<measValue measObjLdn="Object=${i}"><r p="1">1</r></measValue>`,
  ],
  'a row': [`${CSV}2026-11-20T00:00:00Z,n,1,`, 'x'],
  'a quoted field': [`${CSV}2026-11-20T00:00:00Z,n,1,"`, 'x\n'],
  columns: ['time,ne,cell', (i) => `,c${i}`],
  PEGs: [CSV, (i) => `2026-11-20T00:00:00Z,n,1,peg${i},1\n`],
  cells: [CSV, (i) => `2026-11-20T00:00:00Z,n,${i},peg,1\n`],
  'a JSON text': [`${JSON_START}"`, 'x'],
  'JSON arrays': [`${JSON_START}[`, '[],'],
  'nested JSON': [JSON_START, '['],
};

/** Objects cost more memory than anything else; the rest is as it is by default. */
const LIMITS = { maxObjects: 300_000 };

async function* endless(start: string, part: Part, taken: { bytes: number }): AsyncGenerator<Buffer> {
  yield Buffer.from(start);
  for (let i = 0; ; ) {
    let text = '';
    while (text.length < PIECE_BYTES) text += typeof part === 'string' ? part : part(i++);
    taken.bytes += text.length;
    yield Buffer.from(text);
  }
}

async function read(name: string, start: string, part: Part, isPacked: boolean): Promise<void> {
  const taken = { bytes: 0 };
  const source = endless(start, part, taken);
  const input = isPacked ? Readable.from(source).pipe(createGzip()) : source;
  const result = await readPmFile(input, () => undefined, { nowMs: NOW_MS, limits: LIMITS });
  const code = result.status === 'rejected' ? result.rejection.code : result.status;
  // Linux counts in KiB.
  const peakMegabytes = process.resourceUsage().maxRSS / 1000;
  process.stdout.write(`${JSON.stringify({ name, code, megabytes: taken.bytes / 1e6, peakMegabytes })}\n`);
}

for (const [name, [start, part]] of Object.entries(INPUTS)) await read(name, start, part, false);
await read('what gzip packs well', ...INPUTS['a text'], true);
