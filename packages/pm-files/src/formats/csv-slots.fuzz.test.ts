import fc from 'fast-check';
import { describe } from 'vitest';
import { type GeneratedFile, itReadsAnyFile } from '../testing/format-properties.ts';
import type { GeneratedGroup, GeneratedObject } from '../testing/generated-document.ts';
import { oddName } from '../testing/generated-names.ts';
import { scalarValues, type WrittenValue } from '../testing/generated-values.ts';
import { CSV_SNIPPETS, CSV_UNITS, type CsvStyle, csvFiller, csvStyle, writtenCsv } from '../testing/written-csv.ts';

/** A row of an object for each PEG, with a value for each slot. */
interface Table {
  readonly ne: string;
  readonly firstMs: number;
  readonly stepS: number;
  readonly pegs: readonly string[];
  readonly slots: number;
  readonly objects: readonly {
    readonly ldn: string;
    readonly suspect: boolean;
    readonly rows: readonly (readonly WrittenValue[])[];
  }[];
}

const value = scalarValues(['', ' ', '-', 'NA', 'N/D', 'Deno0', 'nan', 'NULL']);

const table: fc.Arbitrary<Table> = fc
  .tuple(fc.uniqueArray(oddName, { minLength: 1, maxLength: 5 }), fc.integer({ min: 2, max: 5 }))
  .chain(([pegs, slots]) => {
    const row = fc.array(value, { minLength: slots, maxLength: slots });
    const rows = fc.array(row, { minLength: pegs.length, maxLength: pegs.length });
    return fc.record({
      ne: oddName,
      firstMs: fc.nat(10_000).map((i) => Date.UTC(2026, 5, 1) + i * 900_000),
      stepS: fc.constantFrom(60, 300, 900, 3600),
      pegs: fc.constant(pegs),
      slots: fc.constant(slots),
      objects: fc.uniqueArray(fc.record({ ldn: oddName, suspect: fc.boolean(), rows }), {
        maxLength: 3,
        selector: ({ ldn }) => ldn,
      }),
    });
  });

const TIMES: readonly ((utcMs: number) => string)[] = [
  (utcMs) => new Date(utcMs).toISOString(),
  (utcMs) => new Date(utcMs).toISOString().slice(0, 16).replace('T', ' '),
  (utcMs) => `${new Date(utcMs).toISOString().slice(0, 16)}~23:59`,
  (utcMs) => new Date(utcMs).toISOString().slice(0, 16).replaceAll(/[-T:]/g, ''),
];

const beginOf = ({ firstMs, stepS }: Table, slot: number) => firstMs + slot * stepS * 1000;

function written(all: Table, csv: CsvStyle, time: (utcMs: number) => string): string {
  const times = Array.from({ length: all.slots }, (_, slot) => time(beginOf(all, slot)));
  const rows = all.objects.flatMap(({ ldn, suspect, rows: values }) =>
    all.pegs.map((peg, k) => [all.ne, ldn, peg, String(suspect), ...values[k].map(({ text }) => text)]),
  );
  return writtenCsv([['NE', 'Object', 'Peg', 'Suspect', ...times], ...rows], csv);
}

function groupsOf(all: Table): GeneratedGroup[] {
  return Array.from({ length: all.slots }, (_, slot) => ({
    ne: all.ne,
    beginMs: beginOf(all, slot),
    granularityS: all.stepS,
    counters: all.pegs,
    objects: all.objects.map(
      ({ ldn, suspect, rows }): GeneratedObject => ({ ldn, suspect, values: rows.map((row) => row[slot]) }),
    ),
  }));
}

const files = fc
  .tuple(table, csvStyle, fc.constantFrom(...TIMES))
  .map(([all, csv, time]): GeneratedFile => ({ text: written(all, csv, time), groups: groupsOf(all) }));

describe('any file of csv-slots', () => {
  itReadsAnyFile({
    name: 'csv-slots',
    files,
    units: CSV_UNITS,
    snippets: CSV_SNIPPETS,
    filler: { behind: '\n', text: csvFiller },
  });
});
