import { dimensionSuffix } from '../csv/csv-dimensions.ts';
import { type CsvBody, CsvFile } from '../csv/csv-file.ts';
import { csvHead } from '../csv/csv-head.ts';
import { isCsvOf, pegColumns } from '../csv/csv-shape.ts';
import type { CsvTable } from '../csv/csv-table.ts';
import { MISSING, NO_NUMBER, parseCsvValue } from '../csv/csv-value.ts';
import { type HeldBlock, HeldBlocks } from '../csv/held-blocks.ts';
import type { CounterLayout } from '../measurement.ts';
import type { PmFormat } from './format.ts';
import { NamedCounters } from './named-counters.ts';

const MAX_TABLES = 4096;

/** CSV with a row a (time, NE, cell) and a column a PEG. */
export const csvWide: PmFormat = {
  name: 'csv-wide',
  detect(head, options) {
    return isCsvOf('wide', head, options) ? { isMatch: true } : { isMatch: false, reason: null };
  },
  open: (head, session) => new CsvFile(head, session, (table) => new CsvWideBody(table, csvHead(head)?.rows ?? [])),
};

interface WideBlock extends HeldBlock {
  readonly layout: CounterLayout;
  readonly values: Float64Array;
}

/** The PEGs of one family and one combination of dimensions. */
interface WideCounters {
  readonly names: readonly string[];
  readonly counters: NamedCounters;
}

class CsvWideBody implements CsvBody {
  readonly #table: CsvTable;
  readonly #pegs: readonly (readonly [place: number, name: string])[];
  readonly #held: HeldBlocks<WideBlock>;
  readonly #counters = new Map<string, WideCounters>();
  #rows = 0;

  constructor(table: CsvTable, sample: readonly (readonly string[])[]) {
    this.#table = table;
    const { places, names } = table.header;
    this.#pegs = pegColumns(table.header, sample);
    this.#checkNames();
    table.needed = Math.max(places.get('time') ?? 0, table.hasDefaultNe ? 0 : (places.get('ne') ?? 0)) + 1;
    this.#held = new HeldBlocks(table.session, table.has('granularity'), (block) => block);
    const known = new Set([
      ...places.values(),
      ...table.header.dimensions.keys(),
      ...this.#pegs.map(([place]) => place),
    ]);
    const leftOut = names.filter((name, place) => name.trim() !== '' && !known.has(place));
    for (const name of leftOut) {
      table.warn(
        'column_ignored',
        () => `the column ${JSON.stringify(name.slice(0, 100))} holds no numbers and is left out`,
      );
    }
  }

  row(fields: readonly string[]): void {
    const table = this.#table;
    const suffix = dimensionSuffix(fields, table.header.dimensions);
    const family = table.field(fields, 'family') || null;
    const { counters, names } = this.#countersOf(family, suffix);
    counters.beginBlock();
    const written = this.#take(fields, counters, names);
    const layout = counters.endBlock();
    this.#hold(fields, `${family ?? ''}\n${suffix}`, layout, counters.values.slice(0, layout.names.length));
    if (this.#held.isFullWith(written)) this.#held.flush();
  }

  end(): void {
    this.#held.flush();
  }

  /** Takes the values of a row; returns how many there are. */
  #take(fields: readonly string[], counters: NamedCounters, names: readonly string[]): number {
    const table = this.#table;
    const { session } = table;
    let written = 0;
    for (let i = 0; i < names.length; i += 1) {
      const cell = fields[this.#pegs[i][0]];
      if (cell === undefined) break;
      written += 1;
      const value = parseCsvValue(cell, table.decimalMark);
      if (value === MISSING) session.counts.missing += 1;
      else if (value === NO_NUMBER) table.warnNoNumber(cell.trim(), names[i]);
      else {
        session.counts.numbers += 1;
        const known = counters.count;
        counters.set(names[i], value);
        if (counters.count > known) session.addCounter(counters.qualified(names[i]), table.position);
      }
    }
    session.counts.values += written;
    return written;
  }

  #hold(fields: readonly string[], subKey: string, layout: CounterLayout, values: Float64Array): void {
    const table = this.#table;
    const timeText = table.timeText(fields);
    const ne = table.ne(fields);
    const ldn = table.ldn(fields);
    const key = `${timeText}\n${ne}\n${ldn}\n${subKey}\n${table.field(fields, 'granularity')}`;
    const earlier = this.#held.get(key);
    if (earlier !== undefined) {
      const message = () =>
        'two rows are of one object and time; where both have a value, the later one is taken. A column may tell them apart that is not known as a dimension';
      table.warn('row_repeated', message);
    }
    this.#rows += 1;
    this.#held.add(earlier === undefined ? key : `${key}\n${this.#rows}`, {
      managedElement: table.managedElement(ne),
      ldn,
      beginMs: table.timeMs(timeText),
      timeText,
      granularityS: table.granularityS(fields),
      line: table.line,
      suspect: table.isSuspect(fields),
      layout,
      values,
    });
  }

  #countersOf(family: string | null, suffix: string): WideCounters {
    const key = `${family ?? ''}\n${suffix}`;
    let known = this.#counters.get(key);
    if (known === undefined) {
      if (this.#counters.size >= MAX_TABLES) this.#counters.clear();
      known = { names: this.#pegs.map(([, name]) => name + suffix), counters: new NamedCounters(family) };
      this.#counters.set(key, known);
    }
    return known;
  }

  #checkNames(): void {
    const seen = new Set<string>();
    for (const [, name] of this.#pegs) {
      if (seen.has(name)) {
        const message = `two columns have the name ${JSON.stringify(name.slice(0, 100))}`;
        const hint = 'Give each PEG a name of its own, or a row a value with a column "family".';
        throw this.#table.refuse('column_repeated', message, hint);
      }
      seen.add(name);
    }
  }
}
