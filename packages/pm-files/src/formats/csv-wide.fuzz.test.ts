import fc from 'fast-check';
import { describe } from 'vitest';
import { type GeneratedFile, itReadsAnyFile } from '../testing/format-properties.ts';
import { documents, type GeneratedGroup, granularities } from '../testing/generated-document.ts';
import { oddName } from '../testing/generated-names.ts';
import { scalarValues, type WrittenValue } from '../testing/generated-values.ts';
import {
  CSV_SNIPPETS,
  CSV_UNITS,
  type CsvStyle,
  csvFiller,
  csvStyle,
  csvTime,
  writtenCsv,
} from '../testing/written-csv.ts';

const KNOWN = ['time', 'ne', 'object', 'granularity', 'suspect'];

interface Style {
  readonly csv: CsvStyle;
  readonly time: (utcMs: number) => string;
  /** PEG columns before the others. */
  readonly isTurned: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({ csv: csvStyle, time: csvTime, isTurned: fc.boolean() });

/** The columns of all groups; a cell of a group that has no such counter is empty. */
function written(groups: readonly GeneratedGroup[], { csv, time, isTurned }: Style): string {
  const pegs = [...new Set(groups.flatMap(({ counters }) => counters))];
  const joined = (known: readonly string[], cells: readonly string[]) =>
    isTurned ? [...cells, ...known] : [...known, ...cells];
  const rows = groups.flatMap(({ ne, beginMs, granularityS, counters, objects }) =>
    objects.map(({ ldn, suspect, values }) => {
      const cell = (peg: string) =>
        (values as readonly (WrittenValue | undefined)[])[counters.indexOf(peg)]?.text ?? '';
      return joined([time(beginMs), ne, ldn, `PT${granularityS}S`, suspect ? 'yes' : 'no'], pegs.map(cell));
    }),
  );
  return writtenCsv([joined(KNOWN, pegs), ...rows], csv);
}

/** Names that have a meaning of their own are no PEGs; nor are times. */
const peg = oddName.filter((name) => /^[A-Z]/.test(name) && !/^(?:NE|Unit|QCI|PLMN|NIL|NaN)/i.test(name));

const groups = documents({
  ne: oddName,
  ldn: oddName,
  counter: peg,
  value: scalarValues(['', ' ', '-', 'NA', 'N/D', 'Deno0', 'nan', 'NULL']),
  suspect: fc.boolean(),
  granularityS: granularities,
});
const files = fc
  .tuple(groups, style)
  .map(([all, chosen]): GeneratedFile => ({ text: written(all, chosen), groups: all }));

describe('any file of csv-wide', () => {
  itReadsAnyFile({
    name: 'csv-wide',
    files,
    units: CSV_UNITS,
    snippets: CSV_SNIPPETS,
    filler: { behind: '\n', text: csvFiller },
  });
});
