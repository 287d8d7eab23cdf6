import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChunks, readText } from '../testing/read-text.ts';

const BEGIN_MS = Date.UTC(2026, 10, 20);
const NAMES = ['a.Att', 'b_Succ', 'c'];

/** Objects, each with its three values as written, over two periods. */
const documents = fc.array(
  fc.array(
    fc.oneof(
      fc.integer({ min: -1_000_000, max: 1_000_000 }).map(String),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(3)),
      fc.constantFrom('', '0', '0.000000'),
    ),
    { minLength: 3, maxLength: 3 },
  ),
  { minLength: 1, maxLength: 12 },
);
type Document = readonly (readonly string[])[];

const periodOf = (i: number) => Math.floor(i / 6);
const objectOf = (i: number) => i % 6;
const instant = (period: number) => new Date(BEGIN_MS + period * 900_000).toISOString();
const basic = (period: number) =>
  `${instant(period)
    .replace(/[-:]|\..*/g, '')
    .replace('T', '')}Z`;
const epoch = (period: number) => (BEGIN_MS + period * 900_000) * 1000;

/** Each format: how it writes a document. */
const FORMATS: Readonly<Record<string, { write: (document: Document) => string }>> = {
  '3gpp-32.401-mdc-xml': {
    write: (document) =>
      `<mdc><mfh><sn>n</sn></mfh><md><neid><nedn>n</nedn></neid>${document
        .map(
          (values, i) =>
            `<mi><mts>${basic(periodOf(i) + 1)}</mts><gp>900</gp>${NAMES.map((name) => `<mt>${name}</mt>`).join('')}\n<mv><moid>Cell=${objectOf(i)}</moid>${values.map((value) => `<r>${value}</r>`).join('\n')}</mv></mi>`,
        )
        .join('\n')}</md><mff/></mdc>`,
  },
  'nokia-omes-xml': {
    write: (document) =>
      `<OMeS>${document
        .map(
          (values, i) =>
            `<PMSetup startTime="${instant(periodOf(i))}" interval="15"><PMMOResult><MO><DN>PLMN-PLMN/n/Cell-${objectOf(i)}</DN></MO><PMTarget>${values.map((value, k) => `<${NAMES[k]}>${value}</${NAMES[k]}>`).join('')}</PMTarget></PMMOResult></PMSetup>`,
        )
        .join('\n')}</OMeS>`,
  },
  'ves-perf3gpp-json': {
    write: (document) =>
      document
        .map((values, i) =>
          JSON.stringify({
            commonEventHeader: { domain: 'perf3gpp', startEpochMicrosec: epoch(periodOf(i)) },
            perf3gppFields: {
              measDataCollection: {
                granularityPeriod: 900,
                measuredEntityDn: 'n',
                measInfoList: [
                  {
                    measTypes: { sMeasTypesList: NAMES },
                    measValuesList: [
                      {
                        measObjInstId: `Cell=${objectOf(i)}`,
                        measResults: values.map((sValue, k) => ({ p: k + 1, sValue })).reverse(),
                      },
                    ],
                  },
                ],
              },
            },
          }),
        )
        .join('\n'),
  },
  'csv-long': {
    write: (document) =>
      `peg,value,time,ne,cell,granularity\n${document
        .flatMap((values, i) =>
          values.map((value, k) => `${NAMES[k]},${value},${instant(periodOf(i))},n,${objectOf(i)},900\n`),
        )
        .join('')}`,
  },
  'csv-wide': {
    write: (document) =>
      `time;ne;cell;granularity;${NAMES.join(';')}\n${document
        .map((values, i) => `${instant(periodOf(i))};n;${objectOf(i)};900;${values.join(';')}\n`)
        .join('')}`,
  },
  'csv-slots': {
    write: (document) =>
      `NE,Cell,Peg,${instant(0)},${instant(1)}\n${document
        .slice(0, 6)
        .flatMap((values, i) => values.map((value, k) => `n,${i},${NAMES[k]},${value},${document[i + 6]?.[k] ?? ''}\n`))
        .join('')}`,
  },
};

/** The numbers of a document by period, object and counter. */
function expected(document: Document): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [i, values] of document.entries()) {
    for (const [k, value] of values.entries()) {
      if (value !== '') numbers.set(`${instant(periodOf(i))} Cell=${objectOf(i)} ${NAMES[k]}`, Number(value) + 0);
    }
  }
  return numbers;
}

function numbersOf(blocks: ReturnType<typeof readText>['blocks']): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const { begin, ldn, values } of blocks) {
    for (const [name, value] of Object.entries(values)) numbers.set(`${begin} ${ldn} ${name}`, value);
  }
  return numbers;
}

describe.each(Object.entries(FORMATS))('any file of %s', { timeout: 60_000 }, (format, { write }) => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { result, blocks } = readText(write(document));
        expect(result).toMatchObject({ status: 'ok', format });
        expect(numbersOf(blocks)).toEqual(expected(document));
        for (const { ne, granularityS } of blocks) expect([ne, granularityS]).toEqual(['n', 900]);
      }),
    );
  });

  it('gives the same blocks and result however the bytes are cut, packed or not', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(documents, sizes, fc.boolean(), async (document, cuts, isPacked) => {
        const bytes = Buffer.from(write(document));
        expect(await readChunks(isPacked ? gzipSync(bytes) : bytes, cuts)).toEqual(readText(bytes));
      }),
      { numRuns: 40 },
    );
  });

  it('never throws, whatever is changed in it', () => {
    const bytes = Buffer.from(write([['1', '2.5', '']]));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ maxLength: 4 }), fc.nat(6), (at, inserted, removed) => {
        const changed = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
        expect(['ok', 'rejected', 'skipped']).toContain(readText(changed).result.status);
      }),
      { numRuns: 1000 },
    );
  });

  it('says that it is cut off, except at the end of a line of a table', () => {
    const bytes = Buffer.from(
      write([
        ['1', '2.5', ''],
        ['3', '4', '5'],
      ]),
    );
    for (let end = 1; end < bytes.length - 1; end += 1) {
      const { result } = readText(bytes.subarray(0, end));
      if (result.status !== 'ok') continue;
      const isWholeDocument = bytes[end - 1] === 0x0a || (format === 'ves-perf3gpp-json' && bytes[end] === 0x0a);
      if (!isWholeDocument) expect(result.warnings.map(({ code }) => code)).toContain('last_line_unterminated');
    }
  });
});
