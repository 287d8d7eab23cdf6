import { type LayoutNode, layoutOf, nextNode, rootNode } from '../csv/csv-blocks.ts';
import { withDimensions } from '../csv/csv-dimensions.ts';
import { type CsvBody, CsvFile } from '../csv/csv-file.ts';
import type { CsvField } from '../csv/csv-header.ts';
import { csvShape, isCsvOf } from '../csv/csv-shape.ts';
import type { CsvTable } from '../csv/csv-table.ts';
import { MISSING, NO_NUMBER, parseCsvValue } from '../csv/csv-value.ts';
import { type HeldBlock, HeldBlocks } from '../csv/held-blocks.ts';
import type { PmFormat } from './format.ts';

const MAX_LAYOUT_NODES = 200_000;

/** CSV with a row a value: `timestamp,ne,cell,peg,value` in any order. */
export const csvLong: PmFormat = {
  name: 'csv-long',
  detect(head, options) {
    if (isCsvOf('long', head, options)) return { isMatch: true };
    const shape = csvShape(head, options);
    return { isMatch: false, reason: shape.kind === 'none' ? shape.reason : null };
  },
  open: (head, session) => new CsvFile(head, session, (table) => new CsvLongBody(table)),
};

/** Rows of one (time, NE, object, family). */
interface LongBlock extends HeldBlock {
  readonly family: string | null;
  node: LayoutNode;
  readonly values: number[];
}

class CsvLongBody implements CsvBody {
  readonly #table: CsvTable;
  readonly #held: HeldBlocks<LongBlock>;
  readonly #roots = new Map<string | null, LayoutNode>();
  /** Places of the columns that say which block a row belongs to. */
  readonly #keyPlaces: readonly number[];
  #lastFields: readonly string[] = [];
  #lastBlock: LongBlock | null = null;
  #nodes = 0;

  constructor(table: CsvTable) {
    this.#table = table;
    const { places } = table.header;
    const fields: readonly CsvField[] = ['time', 'peg', 'value', ...(table.hasDefaultNe ? [] : (['ne'] as const))];
    table.needed = Math.max(...fields.map((field) => places.get(field) ?? 0)) + 1;
    this.#keyPlaces = [...places]
      .filter(([field]) => field !== 'peg' && field !== 'value' && field !== 'category')
      .map(([, place]) => place);
    const contentOf = ({ node, family, values }: LongBlock) => ({
      layout: layoutOf(node, family),
      values: Float64Array.from(values),
    });
    this.#held = new HeldBlocks(table.session, table.has('granularity'), contentOf);
  }

  row(fields: readonly string[]): void {
    const table = this.#table;
    const { counts } = table.session;
    const peg = table.field(fields, 'peg');
    if (peg === '') throw table.refuse('counter_name_missing', 'the row names no PEG', 'Each row needs one.');
    const block = this.#isLikeLastRow(fields) && this.#lastBlock !== null ? this.#lastBlock : this.#blockOf(fields);
    this.#lastBlock = block;
    this.#lastFields = fields;
    counts.values += 1;
    const value = parseCsvValue(table.field(fields, 'value'), table.decimalMark);
    if (value === MISSING) counts.missing += 1;
    else if (value === NO_NUMBER) table.warnNoNumber(table.field(fields, 'value'), peg);
    else this.#add(block, withDimensions(peg, fields, table.header.dimensions), value, table.field(fields, 'family'));
    if (this.#held.isFullWith(1) || (this.#nodes > MAX_LAYOUT_NODES && this.#held.isGranularityKnown)) this.#flush();
  }

  end(): void {
    this.#flush();
  }

  #add(block: LongBlock, peg: string, value: number, family: string): void {
    const table = this.#table;
    table.session.counts.numbers += 1;
    const next = nextNode(block.node, peg);
    if (typeof next === 'number') {
      if (block.values[next] !== value) table.warnRepeated(peg);
      block.values[next] = value;
      return;
    }
    if (!next.isCounted) {
      next.isCounted = true;
      this.#nodes += 1;
      table.session.addCounter(`${family}/${peg}`, table.position);
    }
    block.node = next;
    block.values.push(value);
  }

  #blockOf(fields: readonly string[]): LongBlock {
    const table = this.#table;
    const timeText = table.timeText(fields);
    const ne = table.ne(fields);
    const ldn = table.ldn(fields);
    const family = table.field(fields, 'family') || null;
    const key = `${timeText}\n${ne}\n${ldn}\n${family ?? ''}\n${table.field(fields, 'granularity')}`;
    let block = this.#held.get(key);
    if (block === undefined) {
      block = {
        managedElement: table.managedElement(ne),
        family,
        ldn,
        beginMs: table.timeMs(timeText),
        timeText,
        granularityS: table.granularityS(fields),
        line: table.line,
        suspect: false,
        node: this.#root(family),
        values: [],
      };
      this.#held.add(key, block);
    }
    if (table.isSuspect(fields)) block.suspect = true;
    return block;
  }

  /** Rows mostly differ from the one before in PEG and value alone, and then belong to the same block. */
  #isLikeLastRow(fields: readonly string[]): boolean {
    for (const place of this.#keyPlaces) if (fields[place] !== this.#lastFields[place]) return false;
    return true;
  }

  #root(family: string | null): LayoutNode {
    let root = this.#roots.get(family);
    if (root === undefined) {
      root = rootNode();
      this.#roots.set(family, root);
    }
    return root;
  }

  #flush(): void {
    this.#held.flush();
    this.#lastBlock = null;
    if (this.#nodes <= MAX_LAYOUT_NODES) return;
    this.#roots.clear();
    this.#nodes = 0;
  }
}
