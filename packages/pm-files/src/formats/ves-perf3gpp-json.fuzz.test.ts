import fc from 'fast-check';
import { describe } from 'vitest';
import { type GeneratedFile, itReadsAnyFile } from '../testing/format-properties.ts';
import { documents, type GeneratedGroup, granularities } from '../testing/generated-document.ts';
import { counterName, oddName } from '../testing/generated-names.ts';
import { valuesWithVectors, type WrittenValue } from '../testing/generated-values.ts';

/** How an event is written. */
interface Style {
  /** Values with their p, in another order; else in the order of the counters. */
  readonly turn: number | null;
  /** Numbers as numbers, and what is missing as null. */
  readonly isTyped: boolean;
  readonly hasGranularity: boolean;
  readonly dnField: 'measuredEntityDn' | 'measuredEntityUserName';
}

const style: fc.Arbitrary<Style> = fc.record({
  turn: fc.option(fc.nat(5)),
  isTyped: fc.boolean(),
  hasGranularity: fc.boolean(),
  dnField: fc.constantFrom('measuredEntityDn', 'measuredEntityUserName'),
});

function event(group: GeneratedGroup, { turn, isTyped, hasGranularity, dnField }: Style): object {
  const results = (values: readonly WrittenValue[]) => {
    const all = values.map((value, i) => ({ ...(turn === null ? {} : { p: i + 1 }), ...valueField(value, isTyped) }));
    return turn === null ? all : [...all.slice(turn), ...all.slice(0, turn)];
  };
  return {
    commonEventHeader: {
      domain: 'perf3gpp',
      startEpochMicrosec: group.beginMs * 1000,
      lastEpochMicrosec: (group.beginMs + group.granularityS * 1000) * 1000,
    },
    perf3gppFields: {
      measDataCollection: {
        ...(hasGranularity ? { granularityPeriod: group.granularityS } : {}),
        [dnField]: group.ne,
        measInfoList: [
          {
            measTypes: { sMeasTypesList: group.counters },
            measValuesList: group.objects.map(({ ldn, suspect, values }) => ({
              measObjInstId: ldn,
              suspectFlag: isTyped ? suspect : String(suspect),
              measResults: results(values),
            })),
          },
        ],
      },
    },
  };
}

function valueField({ text, numbers }: WrittenValue, isTyped: boolean): object {
  const number = numbers.get(-1);
  if (!isTyped) return { sValue: text };
  if (number !== undefined) return Number.isInteger(number) ? { iValue: number } : { rValue: number };
  return text.includes(',') ? { sValue: text } : { isNull: 'true' };
}

const groups = documents({
  ne: oddName,
  ldn: fc.oneof(oddName, fc.constantFrom('', 'NRCellDU=20')),
  counter: counterName,
  value: valuesWithVectors(['', ' ', 'NIL', 'NaN', 'nil', 'null']),
  suspect: fc.boolean(),
  granularityS: granularities,
});

/** The ways to put events into one file. */
const packing = fc.constantFrom(
  (events: readonly object[]) => JSON.stringify({ eventList: events }),
  (events: readonly object[]) => JSON.stringify(events, null, 1),
  (events: readonly object[]) => events.map((each) => `${JSON.stringify({ event: each })}\n`).join(''),
  (events: readonly object[]) => `\ufeff${events.map((each) => JSON.stringify(each, null, '\t')).join('\r\n')}`,
);
const files = fc
  .tuple(groups, fc.array(style, { minLength: 1, maxLength: 3 }), packing)
  .map(([all, styles, pack]): GeneratedFile => {
    const events = all.map((group, i) => event(group, styles[i % styles.length]));
    return { text: pack(events), groups: all };
  });

describe('any file of ves-perf3gpp-json', () => {
  itReadsAnyFile({
    name: 'ves-perf3gpp-json',
    files,
    // Brackets, texts, and what is between them.
    units: /[{}[\],:]|"(?:[^"\\]|\\.)*"|[^{}[\],:"]+|"/g,
    snippets: [
      ...[
        'null',
        'true',
        '{}',
        '[]',
        '""',
        '1e999',
        '-0',
        '[[[[',
        '{"a":',
        '"\\ud800"',
        '"\\u0000"',
        '"perf3gppFields"',
        '//',
      ],
      ...[
        '"measResults":5',
        '{"p":1,"sValue":"5"}',
        '{"p":"1","iValue":5}',
        '"p":0',
        '"p":-1',
        '"p":1.5',
        '"p":1e99',
        '"__proto__":{"p":1}',
      ],
      ...[
        '"granularityPeriod":0.0001',
        '"startEpochMicrosec":1795132800000001',
        '"startEpochMicrosec":"1795132800000000.5"',
      ],
    ],
    filler: { behind: '{', text: (length) => ' '.repeat(length) },
  });
});
