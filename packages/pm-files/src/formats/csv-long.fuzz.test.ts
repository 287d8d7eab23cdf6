import fc from 'fast-check';
import { describe } from 'vitest';
import { type GeneratedFile, itReadsAnyFile } from '../testing/format-properties.ts';
import { documents, type GeneratedGroup, granularities } from '../testing/generated-document.ts';
import { oddName } from '../testing/generated-names.ts';
import { scalarValues } from '../testing/generated-values.ts';
import {
  CSV_SNIPPETS,
  CSV_UNITS,
  type CsvStyle,
  csvFiller,
  csvStyle,
  csvTime,
  writtenCsv,
} from '../testing/written-csv.ts';

const HEADERS = [
  ['timestamp', 'ne', 'object', 'peg', 'value', 'granularity', 'suspect'],
  ['일시', '장비명', 'LDN', '지표명', '값', 'Period', 'Suspect Flag'],
  ['Date-Time', 'NE Name', 'Measured Object', 'Counter', 'Val', 'Interval', 'suspect'],
] as const;

interface Style {
  readonly csv: CsvStyle;
  readonly time: (utcMs: number) => string;
  readonly names: readonly string[];
  /** Where each column stands, and whether rows come by PEG rather than by object. */
  readonly order: readonly number[];
  readonly isByPeg: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  csv: csvStyle,
  time: csvTime,
  names: fc.constantFrom(...HEADERS),
  order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }),
  isByPeg: fc.boolean(),
});

function written(groups: readonly GeneratedGroup[], { csv, time, names, order, isByPeg }: Style): string {
  const rows = groups.flatMap(({ ne, beginMs, granularityS, counters, objects }) => {
    const row = (k: number, i: number) => {
      const { ldn, suspect, values } = objects[i];
      return [time(beginMs), ne, ldn, counters[k], values[k].text, `${granularityS}`, suspect ? 'true' : ''];
    };
    const places = objects.flatMap((_, i) => counters.map((__, k) => [k, i] as const));
    if (isByPeg) places.sort(([a], [b]) => a - b);
    return places.map(([k, i]) => row(k, i));
  });
  return writtenCsv(
    [names, ...rows].map((row) => order.map((place) => row[place])),
    csv,
  );
}

const groups = documents({
  ne: oddName,
  ldn: oddName,
  counter: oddName,
  value: scalarValues(['', ' ', '-', 'NA', 'N/D', 'Deno0', 'nan', 'NULL']),
  suspect: fc.boolean(),
  granularityS: granularities,
});
const files = fc
  .tuple(groups, style)
  .map(([all, chosen]): GeneratedFile => ({ text: written(all, chosen), groups: all }));

describe('any file of csv-long', () => {
  itReadsAnyFile({
    name: 'csv-long',
    files,
    units: CSV_UNITS,
    snippets: CSV_SNIPPETS,
    filler: { behind: '\n', text: csvFiller },
  });
});
